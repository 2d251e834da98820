/**
 * The trained numbers (worker/core/model/README.md tells how they came about), copied in once per instance:
 * what turns a gradient histogram into a descriptor, and a descriptor into a signature and a visual word.
 */

import { allocate } from "./memory";

/** Gradient histogram: 3 × 3 cells of 8 directions. */
export const HISTOGRAM_SIZE: i32 = 72;
/** Descriptor: the histogram's most discriminative directions, noise made equal in all of them. */
export const DESCRIPTOR_SIZE: i32 = 48;
/** Signature: one bit for the side of each of 64 random planes. */
export const SIGNATURE_BITS: i32 = 64;
/** A word is a pair of codes, one for the even and one for the odd of the first 32 descriptor values. */
export const CODE_COUNT: i32 = 256;
export const CODE_SIZE: i32 = 16;
export const WORD_COUNT: i32 = CODE_COUNT * CODE_COUNT;
/** Disagreement, from 0 to 1, is looked up in this many steps. */
export const EVIDENCE_STEPS: i32 = 64;

const FLOATS: i32 =
  HISTOGRAM_SIZE +
  DESCRIPTOR_SIZE * HISTOGRAM_SIZE +
  SIGNATURE_BITS * DESCRIPTOR_SIZE +
  2 * CODE_COUNT * CODE_SIZE +
  2 * EVIDENCE_STEPS;

let start: usize = 0;

/** Takes the buffer that the caller fills with the model's `modelBytes()` bytes; once per instance. */
export function prepareModel(): usize {
  start = allocate(modelBytes());
  return start;
}

export function modelBytes(): i32 {
  return 4 * FLOATS;
}

/** Mean histogram. */
export function meanHistogram(): usize {
  return start;
}

/** Rows: descriptor values; columns: histogram values. */
export function projection(): usize {
  return meanHistogram() + 4 * HISTOGRAM_SIZE;
}

/** Rows: signature bits; columns: descriptor values. */
export function planes(): usize {
  return projection() + 4 * DESCRIPTOR_SIZE * HISTOGRAM_SIZE;
}

/** CODE_COUNT centers for the even values, then as many for the odd ones. */
export function codebooks(): usize {
  return planes() + 4 * SIGNATURE_BITS * DESCRIPTOR_SIZE;
}

/** For each step of disagreement: the probability density between views of one point, then between different points. */
export function evidence(): usize {
  return codebooks() + 4 * 2 * CODE_COUNT * CODE_SIZE;
}
