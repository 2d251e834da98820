/** Pages: the postings of one visual word, in blocks of 65,536 target numbers. Byte by byte in FORMAT.md. */

import { TARGET_FEATURE_BYTES } from "../core/core.ts";
import type { NumberedTarget } from "./segment.ts";

export const WORD_COUNT = 65_536;
/** Of a target's features so many lie on pages, the best, … */
export const PAGED_FEATURES_MOST = 125;
/**
 * … but for those with the commonest words (stop list: Sivic & Zisserman, ICCV 2003), in the steps of words.bin: they tell
 * least, and their pages are the longest.
 */
export const COMMONNESS_MOST = 110;
/** Of a batch of targets a page takes so many postings: a word that more of its features share tells nothing. */
const BATCH_POSTINGS_MOST = 8192;
/** And a page so many bytes; a row may have 2 MB. */
const PAGE_BYTES_MOST = 1 << 20;

const HEADER_BYTES = 8;
/** In a block a target is the low 16 bits of its number (containers: Chambi et al., "Better bitmap performance with Roaring bitmaps", 2016). */
const NUMBER_BYTES = 2;
const BLOCK_TARGETS = 65_536;
const SIGNATURE_BYTES = 8;
const POSTING_BYTES = NUMBER_BYTES + 1 + SIGNATURE_BYTES;

/** Postings as they lie somewhere, in the order of their targets: a pass writes a million of them, too many to be objects. */
interface Postings {
  readonly count: number;
  targetOf(i: number): number;
  /** Direction in 1/32 turns (the high five bits) and pyramid level. */
  geometryOf(i: number): number;
  signatureOf(i: number): Uint8Array;
}

/** A block's columns, as they lie on its page. */
interface Block {
  readonly word: number;
  readonly count: number;
  /** What the low 16 bits of its targets' numbers are added to. */
  readonly first: number;
  readonly numbers: Uint8Array;
  readonly geometries: Uint8Array;
  readonly signatures: Uint8Array;
}

/** Whether the word has a page at all. `commonness` has a byte for each word. */
export function isTelling(word: number, commonness: Uint8Array): boolean {
  return (commonness[word] as number) <= COMMONNESS_MOST;
}

/** The target with those of its features that lie on pages, in the order of their words. */
export function thinned({ id, target }: NumberedTarget, commonness: Uint8Array): NumberedTarget {
  const { features } = target;
  const count = features.length / TARGET_FEATURE_BYTES;
  const chosen: number[] = [];
  for (let k = 0; k < count && chosen.length < PAGED_FEATURES_MOST; k++) {
    if (isTelling(wordOf(features, k), commonness)) chosen.push(k);
  }
  chosen.sort((a, b) => wordOf(features, a) - wordOf(features, b));
  const kept = new Uint8Array(chosen.length * TARGET_FEATURE_BYTES);
  for (const [at, k] of chosen.entries()) {
    const from = TARGET_FEATURE_BYTES * k;
    kept.set(features.subarray(from, from + TARGET_FEATURE_BYTES), TARGET_FEATURE_BYTES * at);
  }
  return { id, target: { ...target, features: kept } };
}

/**
 * What these targets add to the pages of the words from `first` up to `end`, for those words that one of them has: pages as
 * well, to append. `targets` in the order of their numbers, thinned.
 */
export function pagesOf(targets: readonly NumberedTarget[], first = 0, end = WORD_COUNT): Map<number, Uint8Array> {
  const pages = new Map<number, Uint8Array>();
  for (const [word, features] of featuresBetween(targets, first, end))
    pages.set(word, pageOfWord(word, targets, features));
  return pages;
}

/** By word, each as two numbers: the place of its target, and its own in the target. */
function featuresBetween(targets: readonly NumberedTarget[], first: number, end: number): Map<number, number[]> {
  const byWord = new Map<number, number[]>();
  for (const [i, { target }] of targets.entries()) {
    const count = target.features.length / TARGET_FEATURE_BYTES;
    for (let k = firstFrom(target.features, first); k < count; k++) {
      const word = wordOf(target.features, k);
      if (word >= end) break;
      const features = byWord.get(word);
      if (features) features.push(i, k);
      else byWord.set(word, [i, k]);
    }
  }
  return byWord;
}

function pageOfWord(word: number, targets: readonly NumberedTarget[], features: readonly number[]): Uint8Array {
  const targetOf = (i: number) => targets[features[2 * i] as number] as NumberedTarget;
  const from = (i: number) => TARGET_FEATURE_BYTES * (features[2 * i + 1] as number);
  return writePage(word, {
    count: Math.min(features.length / 2, BATCH_POSTINGS_MOST),
    targetOf: (i) => targetOf(i).id,
    geometryOf: (i) => geometryOf(targetOf(i).target.features, from(i)),
    signatureOf: (i) => targetOf(i).target.features.subarray(from(i), from(i) + SIGNATURE_BYTES),
  });
}

/** The place of the first feature of that word or a higher one, in features that are sorted by word. */
function firstFrom(features: Uint8Array, word: number): number {
  let [low, high] = [0, features.length / TARGET_FEATURE_BYTES];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wordOf(features, middle) < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

function wordOf(features: Uint8Array, k: number): number {
  const at = TARGET_FEATURE_BYTES * k + 12;
  return (features[at] as number) | ((features[at + 1] as number) << 8);
}

/** The page with the postings of another one, whose targets have higher numbers; without them where it would grow beyond its size. */
export function appendPage(page: Uint8Array, more: Uint8Array): Uint8Array {
  if (page.length + more.length > PAGE_BYTES_MOST) return page;
  const blocks = [...blocksOf(page)];
  const last = blocks.at(-1);
  const [next] = blocksOf(more);
  if (!last || last.first !== next?.first) return joinBytes([page, more]);
  const lastBytes = HEADER_BYTES + POSTING_BYTES * last.count;
  const rest = more.subarray(HEADER_BYTES + POSTING_BYTES * next.count);
  return joinBytes([page.subarray(0, page.length - lastBytes), joinBlocks(last, next), rest]);
}

/** The page without the postings of these targets. */
export function withoutTargets(page: Uint8Array, gone: ReadonlySet<number>): Uint8Array {
  return joinBytes([...blocksOf(page)].map((block) => blockWithout(block, gone)));
}

function blockWithout(
  { word, count, first, numbers, geometries, signatures }: Block,
  gone: ReadonlySet<number>,
): Uint8Array {
  const view = new DataView(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const targetOf = (i: number) => first + view.getUint16(NUMBER_BYTES * i, true);
  const kept = Uint32Array.from({ length: count }, (_, i) => i).filter((i) => !gone.has(targetOf(i)));
  const old = (i: number) => kept[i] as number;
  return writePage(word, {
    count: kept.length,
    targetOf: (i) => targetOf(old(i)),
    geometryOf: (i) => geometries[old(i)] as number,
    signatureOf: (i) => signatures.subarray(SIGNATURE_BYTES * old(i), SIGNATURE_BYTES * (old(i) + 1)),
  });
}

function* blocksOf(page: Uint8Array): Generator<Block> {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  for (let at = 0; at < page.length; ) {
    const count = view.getUint32(at, true);
    const numbers = at + HEADER_BYTES;
    const geometries = numbers + NUMBER_BYTES * count;
    const signatures = geometries + count;
    const end = signatures + SIGNATURE_BYTES * count;
    yield {
      word: view.getUint16(at + 4, true),
      count,
      first: BLOCK_TARGETS * view.getUint16(at + 6, true),
      numbers: page.subarray(numbers, geometries),
      geometries: page.subarray(geometries, signatures),
      signatures: page.subarray(signatures, end),
    };
    at = end;
  }
}

/** Two blocks of the same 65,536 target numbers as one. */
function joinBlocks(a: Block, b: Block): Uint8Array {
  return joinBytes([
    header(a.word, a.count + b.count, a.first),
    a.numbers,
    b.numbers,
    a.geometries,
    b.geometries,
    a.signatures,
    b.signatures,
  ]);
}

/** Of the place of the feature that begins there: its direction and level are the highest ten of 32 bits. */
function geometryOf(features: Uint8Array, from: number): number {
  const high = ((features[from + 11] as number) << 8) | (features[from + 10] as number);
  return ((high >> 11) << 3) | ((high >> 6) & 7);
}

function writePage(word: number, postings: Postings): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let from = 0, end = 0; from < postings.count; from = end) {
    const first = firstOf(postings.targetOf(from));
    for (end = from + 1; end < postings.count && firstOf(postings.targetOf(end)) === first; end++);
    blocks.push(writeBlock(word, postings, from, end, first));
  }
  return joinBytes(blocks);
}

/** The least number of those that share a block with this one. */
function firstOf(target: number): number {
  return target - (target % BLOCK_TARGETS);
}

function writeBlock(word: number, postings: Postings, from: number, end: number, first: number): Uint8Array {
  const { targetOf, geometryOf, signatureOf } = postings;
  const count = end - from;
  const block = new Uint8Array(HEADER_BYTES + POSTING_BYTES * count);
  block.set(header(word, count, first));
  const view = new DataView(block.buffer);
  let at = HEADER_BYTES;
  for (let i = from; i < end; i++, at += NUMBER_BYTES) view.setUint16(at, targetOf(i) - first, true);
  for (let i = from; i < end; i++) block[at++] = geometryOf(i);
  for (let i = from; i < end; i++, at += SIGNATURE_BYTES) block.set(signatureOf(i), at);
  return block;
}

function header(word: number, count: number, first: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, count, true);
  view.setUint16(4, word, true);
  view.setUint16(6, first / BLOCK_TARGETS, true);
  return bytes;
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
