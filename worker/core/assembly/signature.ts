/**
 * Signatures: on which side of 64 planes a descriptor lies, each plane moved to go through the center of the
 * descriptor's visual word (Hamming embedding: Jégou et al., ECCV 2008). So a bit tells what the word does not: of other
 * points with the same word half the bits differ, where a third differ by planes through the origin. A target keeps only
 * these bits; a query keeps how far it lies from each plane, and so knows which of its bits a little noise would flip: two
 * disagree by the sum of those distances where their bits differ (asymmetric distances: Gordo et al., PAMI 2014).
 */

import { allocate } from "./memory";
import { CODE_COUNT, CODE_SIZE, codebooks, DESCRIPTOR_SIZE, planes, SIGNATURE_BITS } from "./model";

/** A descriptor's projection: how far from each plane through the origin it lies (i16, eighths of a descriptor unit). */
export const PROJECTION_BYTES: i32 = 2 * SIGNATURE_BITS;
const UNIT_PARTS: f32 = 8;
/** Disagreements reach this far: 1,024 descriptor units. */
export const DISAGREEMENT_MAX: i32 = 65535;
const DISAGREEMENT_PARTS: i32 = 65536 / (1024 * <i32>UNIT_PARTS);
/** A plane counts at most five standard deviations of the noise: one far value must not decide alone. */
const DISTANCE_MOST: i16 = 5 * 8 * <i16>UNIT_PARTS;

const values = memory.data(4 * DESCRIPTOR_SIZE, 16);
/** Which bit of a byte each of eight lanes has. */
const LANE_BITS = i16x8(1, 2, 4, 8, 16, 32, 64, 128);

/** For each code of the even book, then of the odd one, the projection of its center. */
let centers: usize = 0;

/** Takes the buffer; `projectCenters` fills it once the model is there. */
export function prepareSignatures(): void {
  centers = allocate(2 * CODE_COUNT * PROJECTION_BYTES);
}

export function projectCenters(): void {
  for (let book = 0; book < 2; book++) {
    for (let code = 0; code < CODE_COUNT; code++) {
      const center = codebooks() + 4 * CODE_SIZE * (book * CODE_COUNT + code);
      memory.fill(values, 0, 4 * DESCRIPTOR_SIZE);
      for (let i = 0; i < CODE_SIZE; i++) store<f32>(values + 4 * (2 * i + book), load<f32>(center + 4 * i));
      projectValues(centers + PROJECTION_BYTES * (book * CODE_COUNT + code));
    }
  }
}

/** Projects `descriptor` (i8 × DESCRIPTOR_SIZE). */
export function project(descriptor: usize, projection: usize): void {
  for (let i = 0; i < DESCRIPTOR_SIZE; i += 4) {
    const four = i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(descriptor + i)));
    v128.store(values + 4 * i, f32x4.convert_i32x4_s(four));
  }
  projectValues(projection);
}

/** The signature that a descriptor of this projection has with that word. */
export function signatureOf(projection: usize, word: u32): u64 {
  const even = evenCenter(word),
    odd = oddCenter(word);
  let signature: u64 = 0;
  for (let at = 0; at < PROJECTION_BYTES; at += 32) {
    const low = i16x8.gt_s(fromCenter(projection, even, odd, at), i16x8.splat(0)),
      high = i16x8.gt_s(fromCenter(projection, even, odd, at + 16), i16x8.splat(0));
    signature |= (<u64>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high))) << (at >> 1);
  }
  return signature;
}

/** How much a query of this projection disagrees with a target's feature, from 0 to DISAGREEMENT_MAX. */
export function disagreement(projection: usize, word: u32, signature: u64): i32 {
  const even = evenCenter(word),
    odd = oddCenter(word);
  let sum = i16x8.splat(0);
  for (let at = 0; at < PROJECTION_BYTES; at += 16, signature >>= 8) {
    const distance = fromCenter(projection, even, odd, at);
    const above = i16x8.gt_s(distance, i16x8.splat(0));
    const bits = v128.and(i16x8.splat(<i16>(signature & 255)), LANE_BITS);
    const differs = v128.xor(i16x8.eq(bits, LANE_BITS), above);
    const counted = i16x8.min_s(i16x8.abs(distance), i16x8.splat(DISTANCE_MOST));
    sum = i16x8.add(sum, v128.and(counted, differs));
  }
  const four = i32x4.extadd_pairwise_i16x8_s(sum);
  const parts =
    i32x4.extract_lane(four, 0) +
    i32x4.extract_lane(four, 1) +
    (i32x4.extract_lane(four, 2) + i32x4.extract_lane(four, 3));
  return min(DISAGREEMENT_PARTS * parts, DISAGREEMENT_MAX);
}

function evenCenter(word: u32): usize {
  return centers + PROJECTION_BYTES * (word >> 8);
}
function oddCenter(word: u32): usize {
  return centers + PROJECTION_BYTES * (CODE_COUNT + (word & 255));
}

/** Of eight planes, how far the projection lies from the word's center. */
function fromCenter(projection: usize, even: usize, odd: usize, at: usize): v128 {
  return i16x8.sub(v128.load(projection + at), i16x8.add(v128.load(even + at), v128.load(odd + at)));
}

function projectValues(projection: usize): void {
  let row = planes();
  for (let i = 0; i < SIGNATURE_BITS; i++) {
    let sum = f32x4.splat(0);
    for (let k = 0; k < DESCRIPTOR_SIZE; k += 4, row += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(values + 4 * k), v128.load(row)));
    }
    const distance =
      f32x4.extract_lane(sum, 0) +
      f32x4.extract_lane(sum, 1) +
      (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
    store<i16>(projection + 2 * i, <i16>Mathf.round(UNIT_PARTS * distance));
  }
}
