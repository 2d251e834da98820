/**
 * The targets in memory: slots of equal size, so that one comes and goes without moving another. A slot keeps words,
 * signatures and places apart, since a search reads all words and only few of the rest.
 */

import { allocate, mark, release } from "./memory";
import { TARGET_FEATURE_BYTES } from "./target";

/** Of the declared 48 MB, what the targets may take; the rest serves a query. */
const TARGETS_BYTES_MOST: i32 = 36 << 20;
/** Of a target so many features are kept (core.ts). */
export const TARGET_FEATURES_MAX: i32 = 289;

/** Feature count, width, height (u16 each), 0; then all words (u16), all signatures (u64), all places (u32). */
const WORDS: i32 = 8;
const SIGNATURES: i32 = WORDS + 2 * TARGET_FEATURES_MAX;
const PLACES: i32 = SIGNATURES + 8 * TARGET_FEATURES_MAX;
const SLOT_BYTES: i32 = PLACES + 4 * TARGET_FEATURES_MAX + 8;
const SLOTS_MOST: i32 = TARGETS_BYTES_MOST / SLOT_BYTES;
const SLOTS_GROWTH: i32 = 64;

/** Where a target to be inserted is put. */
export let staging: usize = 0;
let base: usize = 0;
let slotCapacity: i32 = 0;

/** Slots given so far, some of which may be free again. */
export let slotCount: i32 = 0;
/** No slot before it is free. */
let firstFree: i32 = 0;

/** Starts without targets, on top of everything that lives as long as the instance. */
export function prepareTargets(): void {
  staging = allocate(TARGET_FEATURES_MAX * TARGET_FEATURE_BYTES);
  base = mark();
}

/** The target in a slot. */
export function targetIn(slot: i32): usize {
  return base + SLOT_BYTES * slot;
}
/** 0 where the slot is free. */
export function featureCount(target: usize): i32 {
  return load<u16>(target);
}
export function targetWidth(target: usize): i32 {
  return load<u16>(target, 2);
}
export function targetHeight(target: usize): i32 {
  return load<u16>(target, 4);
}
export function wordOf(target: usize, feature: i32): u32 {
  return load<u16>(target + 2 * feature, WORDS);
}
export function signatureOfFeature(target: usize, feature: i32): u64 {
  return load<u64>(target + 8 * feature, SIGNATURES);
}
export function placeOf(target: usize, feature: i32): u32 {
  return load<u32>(target + 4 * feature, PLACES);
}

/** Takes the target in `staging`. Returns its slot, or -1 when all are taken. */
export function insertTarget(count: i32, width: i32, height: i32): i32 {
  const slot = freeSlot();
  if (slot < 0) return -1;
  const target = targetIn(slot);
  store<u16>(target, count);
  store<u16>(target, width, 2);
  store<u16>(target, height, 4);
  for (let i = 0; i < count; i++) {
    const feature = staging + i * TARGET_FEATURE_BYTES;
    store<u64>(target + 8 * i, load<u64>(feature), SIGNATURES);
    store<u32>(target + 4 * i, load<u32>(feature, 8), PLACES);
    store<u16>(target + 2 * i, load<u16>(feature, 12), WORDS);
  }
  return slot;
}

/** Frees the slot. */
export function removeTarget(slot: i32): void {
  store<u16>(targetIn(slot), 0);
  firstFree = min(firstFree, slot);
  while (slotCount > 0 && featureCount(targetIn(slotCount - 1)) == 0) slotCount--;
}

/** Takes all targets out at once. */
export function clearTargets(): void {
  slotCount = 0;
  firstFree = 0;
}

function freeSlot(): i32 {
  while (firstFree < slotCount && featureCount(targetIn(firstFree)) > 0) firstFree++;
  if (firstFree < slotCount) return firstFree;
  if (slotCount == slotCapacity && !reserveSlots(1)) return -1;
  return slotCount++;
}

/** Makes room for `more` targets, which can then come while a query is under way. False where there is not enough. */
export function reserveSlots(more: i32): bool {
  if (slotCount + more <= slotCapacity) return true;
  if (slotCount + more > SLOTS_MOST) return false;
  slotCapacity = min(SLOTS_MOST, slotCount + more + SLOTS_GROWTH);
  release(base);
  allocate(SLOT_BYTES * slotCapacity);
  return true;
}
