/**
 * The inverted index in memory: for each visual word the features of all targets that carry it, sorted by target.
 * Arrays side by side (signatures, places, owners), so that voting reads what it needs in a row; a target's words are
 * kept too, which find all its features again for verification. 16 bytes a feature.
 */

import { allocate, mark, release } from "./memory";
import { WORD_COUNT } from "./model";
import { TARGET_FEATURE_BYTES } from "./target";

/** Slots name targets within an index. Those of removed targets are given again. */
const SLOTS_MOST: i32 = 65535;
/** Of the declared 48 MB, what the index may take; the rest serves a query. */
const INDEX_BYTES_MOST: i32 = 36 << 20;

/** Signature, place, owner and word. */
const POSTING_BYTES: i32 = 16;
/** Per slot: first word (u32), feature count, width, height, 0 (u16 each). */
const SLOT_BYTES: i32 = 12;

/** A target keeps at most this many features. */
export const TARGET_FEATURES_MAX: i32 = 256;

/** Where a target to be inserted is put: below the regions, which move. */
export let staging: usize = 0;
let base: usize = 0;
let capacity: i32 = 0;
let slotCapacity: i32 = 0;
let postingCount: i32 = 0;

export let slotCount: i32 = 0;

/** Starts an empty index on top of everything that lives as long as the instance. */
export function prepareIndex(): void {
  staging = allocate(TARGET_FEATURES_MAX * TARGET_FEATURE_BYTES);
  base = mark();
  clearIndex();
}

/** Takes all targets out at once. */
export function clearIndex(): void {
  postingCount = 0;
  slotCount = 0;
  capacity = 0;
  slotCapacity = 0;
  layOut(1, 1);
  memory.fill(starts(), 0, 4 * (WORD_COUNT + 1));
}

// Regions, one after the other.
function starts(): usize {
  return base;
}
function signatures(): usize {
  return base + 4 * (WORD_COUNT + 4);
}
function places(): usize {
  return signatures() + 8 * capacity;
}
function owners(): usize {
  return places() + 4 * capacity;
}
function words(): usize {
  return owners() + 2 * capacity;
}
function slots(): usize {
  return words() + 2 * capacity;
}

/** First posting of a word; the word after it starts where this one ends. */
export function listStart(word: u32): i32 {
  return load<i32>(starts() + 4 * word);
}
export function signatureAt(posting: i32): u64 {
  return load<u64>(signatures() + 8 * posting);
}
export function placeAt(posting: i32): u32 {
  return load<u32>(places() + 4 * posting);
}
export function ownerAt(posting: i32): i32 {
  return load<u16>(owners() + 2 * posting);
}
export function targetWidth(slot: i32): i32 {
  return load<u16>(slots() + SLOT_BYTES * slot, 6);
}
export function targetHeight(slot: i32): i32 {
  return load<u16>(slots() + SLOT_BYTES * slot, 8);
}
export function featureCount(slot: i32): i32 {
  return load<u16>(slots() + SLOT_BYTES * slot, 4);
}

/** Postings of one target, one for each of its features, into `postings` (i32 each). */
export function postingsOf(slot: i32, postings: usize): void {
  const first = words() + 2 * load<u32>(slots() + SLOT_BYTES * slot);
  const count = featureCount(slot);
  for (let i = 0; i < count; i++) {
    const word = load<u16>(first + 2 * i);
    // A target's words are sorted, and its features with one word lie side by side.
    const again = i > 0 && load<u16>(first + 2 * (i - 1)) == word;
    store<i32>(postings + 4 * i, again ? load<i32>(postings + 4 * (i - 1)) + 1 : firstOfOwner(word, slot));
  }
}

/** The first posting in a word's list that belongs to this slot or a later one. */
function firstOfOwner(word: u32, slot: i32): i32 {
  let low = listStart(word),
    high = listStart(word + 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ownerAt(middle) < slot) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Adds the target in `staging`, whose `count` features are sorted by word. Lists are shifted in place, each stretch
 * between two insertions at once, from the end. Returns the slot, or -1 when the index is full.
 */
export function insertTarget(count: i32, width: i32, height: i32): i32 {
  const slot = freeSlot();
  if (slot == SLOTS_MOST || !layOut(postingCount + count, slot + 1)) return -1;
  let end = postingCount;
  let placed = WORD_COUNT;
  for (let i = count - 1; i >= 0; i--) {
    const feature = staging + i * TARGET_FEATURE_BYTES;
    const word = <i32>load<u16>(feature, 12);
    // A list that has taken one feature is no longer sorted for a search; the next one goes before it.
    const place = word == placed ? end : firstOfOwner(word, slot + 1);
    placed = word;
    movePostings(place, place + i + 1, end - place);
    store<u64>(signatures() + 8 * (place + i), load<u64>(feature));
    store<u32>(places() + 4 * (place + i), load<u32>(feature, 8));
    store<u16>(owners() + 2 * (place + i), slot);
    end = place;
  }
  const record = slots() + SLOT_BYTES * slot;
  store<u32>(record, postingCount);
  store<u16>(record, count, 4);
  store<u16>(record, width, 6);
  store<u16>(record, height, 8);
  for (let i = 0; i < count; i++) {
    store<u16>(words() + 2 * (postingCount + i), load<u16>(staging + i * TARGET_FEATURE_BYTES, 12));
  }
  shiftStarts(words() + 2 * postingCount, count, 1);
  postingCount += count;
  slotCount = max(slotCount, slot + 1);
  return slot;
}

/** The first slot without features. */
function freeSlot(): i32 {
  let slot = 0;
  while (slot < slotCount && featureCount(slot) > 0) slot++;
  return slot;
}

/** Takes a target's features out of all lists and frees its slot. */
export function removeTarget(slot: i32): void {
  const count = featureCount(slot);
  const before = mark();
  const gone = allocate(4 * count + 16);
  postingsOf(slot, gone);
  for (let i = 0; i < count; i++) {
    const from = load<i32>(gone + 4 * i) + 1;
    const to = i + 1 < count ? load<i32>(gone + 4 * (i + 1)) : postingCount;
    movePostings(from, from - i - 1, to - from);
  }
  release(before);
  const first = load<u32>(slots() + SLOT_BYTES * slot);
  shiftStarts(words() + 2 * first, count, -1);
  memory.copy(words() + 2 * first, words() + 2 * (first + count), 2 * (postingCount - first - count));
  for (let other = 0; other < slotCount; other++) {
    const start = slots() + SLOT_BYTES * other;
    if (load<u32>(start) > first) store<u32>(start, load<u32>(start) - count);
  }
  store<u16>(slots() + SLOT_BYTES * slot, 0, 4);
  postingCount -= count;
}

function movePostings(from: i32, to: i32, count: i32): void {
  memory.copy(signatures() + 8 * to, signatures() + 8 * from, 8 * count);
  memory.copy(places() + 4 * to, places() + 4 * from, 4 * count);
  memory.copy(owners() + 2 * to, owners() + 2 * from, 2 * count);
}

/** Moves the starts of all words behind each of the `count` sorted words by `step`. */
function shiftStarts(sortedWords: usize, count: i32, step: i32): void {
  let shift = 0;
  let next = 0;
  for (let word = 0; word <= WORD_COUNT; word++) {
    for (; next < count && <i32>load<u16>(sortedWords + 2 * next) < word; next++) shift += step;
    if (shift != 0) store<i32>(starts() + 4 * word, load<i32>(starts() + 4 * word) + shift);
  }
}

/**
 * Makes room for that many postings and slots, moving the regions apart from the last one on. False, with nothing
 * changed, where they would take more than the index may.
 */
function layOut(postings: i32, slotsWanted: i32): bool {
  if (postings <= capacity && slotsWanted <= slotCapacity) return true;
  const newCapacity = roundUp(postings + (postings >> 3), 1024);
  const newSlotCapacity = roundUp(slotsWanted + (slotsWanted >> 3), 64);
  if (POSTING_BYTES * newCapacity + SLOT_BYTES * newSlotCapacity > INDEX_BYTES_MOST) return false;
  const oldWords = words(),
    oldOwners = owners(),
    oldPlaces = places(),
    oldSlots = slots();
  capacity = newCapacity;
  slotCapacity = newSlotCapacity;
  release(base);
  allocate(slots() + SLOT_BYTES * slotCapacity - base);
  memory.copy(slots(), oldSlots, SLOT_BYTES * slotCount);
  memory.copy(words(), oldWords, 2 * postingCount);
  memory.copy(owners(), oldOwners, 2 * postingCount);
  memory.copy(places(), oldPlaces, 4 * postingCount);
  return true;
}

function roundUp(value: i32, multiple: i32): i32 {
  return ((value + multiple - 1) / multiple) * multiple;
}
