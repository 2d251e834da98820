/**
 * The query's inverted lists: for each visual word the query features that look it up. Targets stream past them, so
 * targets need no lists of their own, and one target costs the same alone and among thousands.
 */

import { allocate, mark, release } from "./memory";
import { WORD_COUNT } from "./model";
import { PROJECTION_BYTES, signatureOf } from "./signature";
import { wordsNear } from "./words";

/** A query feature looks up so many words at most. */
const WORDS_MOST: i32 = 256;

/**
 * Lists: for each word the number of its first looker and how many there are (u32: 20 and 12 bits); then the lookers'
 * signatures with that word (u64), word by word, so that comparing needs no detour. Before them the address of the lookers (u16 each).
 */
const COUNT_BITS: i32 = 12;
const SIGNATURES: i32 = 4 * WORD_COUNT;

export function listOf(lists: usize, word: u32): u32 {
  return load<u32>(lists + 4 * word);
}
export function lookerCount(list: u32): i32 {
  return list & ((1 << COUNT_BITS) - 1);
}
export function firstLooker(list: u32): i32 {
  return list >> COUNT_BITS;
}
/** Three more can be read after the last one. */
export function lookerSignatureAt(lists: usize, at: i32): usize {
  return lists + SIGNATURES + 8 * at;
}
export function lookerSignature(lists: usize, at: i32): u64 {
  return load<u64>(lookerSignatureAt(lists, at));
}
export function lookerAt(lists: usize, at: i32): i32 {
  return load<u16>(load<usize>(lists - 16) + 2 * at);
}

/**
 * Lists the words within `radius` (squared descriptor units) of each of `count` query features, whose codes (addresses)
 * and projections are given; of the words only those whose byte in `wanted` is not 0 (0 for all). The lists stay on the
 * memory stack.
 */
export function invertWords(codes: usize, projections: usize, count: i32, radius: i32, wanted: usize): usize {
  const lists = allocate(SIGNATURES + 8 * (WORDS_MOST * count + 3) + 16) + 16;
  const lookers = allocate(2 * WORDS_MOST * count);
  store<usize>(lists - 16, lookers);
  const before = mark();
  const words = allocate(2 * WORDS_MOST * count);
  const ends = allocate(4 * count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const first = words + 2 * total;
    const near = wordsNear(load<usize>(codes + 4 * i), radius, first, WORDS_MOST);
    total += wanted == 0 ? near : keepWanted(first, near, wanted);
    store<i32>(ends + 4 * i, total);
  }
  layOutLists(lists, words, total);
  for (let i = 0, at = 0; i < count; i++) {
    for (; at < load<i32>(ends + 4 * i); at++) {
      const word = <u32>load<u16>(words + 2 * at);
      const list = lists + 4 * word;
      const place = firstLooker(load<u32>(list)) + lookerCount(load<u32>(list));
      store<u16>(lookers + 2 * place, i);
      store<u64>(lists + 8 * place, signatureOf(projections + PROJECTION_BYTES * i, word), SIGNATURES);
      store<u32>(list, load<u32>(list) + 1);
    }
  }
  release(before);
  return lists;
}

function keepWanted(words: usize, count: i32, wanted: usize): i32 {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const word = load<u16>(words + 2 * i);
    store<u16>(words + 2 * kept, word);
    kept += i32(load<u8>(wanted + word) != 0);
  }
  return kept;
}

/** Gives each word its place for as many lookers as it has among `words`; the lists are empty as yet. */
function layOutLists(lists: usize, words: usize, total: i32): void {
  memory.fill(lists, 0, SIGNATURES);
  for (let at = 0; at < total; at++) {
    const list = lists + 4 * <usize>load<u16>(words + 2 * at);
    store<u32>(list, load<u32>(list) + 1);
  }
  let first: u32 = 0;
  for (let word = 0; word < WORD_COUNT; word++) {
    const count = load<u32>(lists + 4 * word);
    store<u32>(lists + 4 * word, first << COUNT_BITS);
    first += count;
  }
}
