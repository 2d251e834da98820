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

/** The same value of four planes in one vector (f32). */
let planesByFour: usize = 0;
/** For each code of the even book, then of the odd one, the projection of its center. */
let centers: usize = 0;

/** Takes the buffers; `arrangePlanes` and `projectCenters` fill them once the model is there. */
export function prepareSignatures(): void {
  planesByFour = allocate(4 * SIGNATURE_BITS * DESCRIPTOR_SIZE);
  centers = allocate(2 * CODE_COUNT * PROJECTION_BYTES);
}

export function arrangePlanes(): void {
  for (let plane = 0; plane < SIGNATURE_BITS; plane++) {
    for (let i = 0; i < DESCRIPTOR_SIZE; i++) {
      const value = load<f32>(planes() + 4 * (plane * DESCRIPTOR_SIZE + i));
      store<f32>(planesByFour + 16 * ((plane >> 2) * DESCRIPTOR_SIZE + i) + 4 * (plane & 3), value);
    }
  }
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

/** In how many bits the signature at an address differs. */
export function differingBits(at: usize, signature: u64): i32 {
  return <i32>popcnt(load<u64>(at) ^ signature);
}

/** The least of four in a row: most are far from most, which one branch for four tells sooner. */
export function leastDifferingBits(at: usize, signature: u64): i32 {
  return min(
    min(differingBits(at, signature), differingBits(at + 8, signature)),
    min(differingBits(at + 16, signature), differingBits(at + 24, signature)),
  );
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
  for (let plane = 0; plane < SIGNATURE_BITS; plane += 8) {
    const low = f32x4.nearest(fourDistances(plane)),
      high = f32x4.nearest(fourDistances(plane + 4));
    const eight = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(low), i32x4.trunc_sat_f32x4_s(high));
    v128.store(projection + 2 * plane, eight);
  }
}

/** How far the values lie from four planes. */
function fourDistances(plane: i32): v128 {
  let a = f32x4.splat(0),
    b = f32x4.splat(0),
    c = f32x4.splat(0),
    d = f32x4.splat(0);
  let row = planesByFour + 4 * plane * DESCRIPTOR_SIZE;
  for (let i = 0; i < DESCRIPTOR_SIZE; i += 4, row += 64) {
    const value = values + 4 * i;
    a = f32x4.add(a, f32x4.mul(v128.load32_splat(value), v128.load(row)));
    b = f32x4.add(b, f32x4.mul(v128.load32_splat(value, 4), v128.load(row, 16)));
    c = f32x4.add(c, f32x4.mul(v128.load32_splat(value, 8), v128.load(row, 32)));
    d = f32x4.add(d, f32x4.mul(v128.load32_splat(value, 12), v128.load(row, 48)));
  }
  return f32x4.mul(f32x4.splat(UNIT_PARTS), f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}
