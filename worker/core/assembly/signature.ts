/**
 * Signatures: on which side of 64 planes a descriptor lies. A target keeps only these bits; a query keeps how far it
 * lies from each plane, and so knows which of its bits a little noise would flip. Weighing the differing bits by that
 * distance makes 64 bits tell as much as 128 compared plainly (asymmetric distances: Gordo et al., PAMI 2014).
 */

import { DESCRIPTOR_SIZE, planes, SIGNATURE_BITS } from "./model";

/** Per query feature: 16 tables of 16 weights (u16), one table for each four bits of a signature. */
export const WEIGHTS_BYTES: i32 = 2 * 16 * 16;
/** Disagreement of a signature with its complement. */
export const DISAGREEMENT_MAX: i32 = 65535;
/** A plane's weight is at most this often the mean one: one far value must not decide alone. */
const WEIGHT_CAP: f32 = 2.4;

const distances = memory.data(4 * SIGNATURE_BITS, 16);
const values = memory.data(4 * DESCRIPTOR_SIZE, 16);

/** The signature of `descriptor` (i8 × DESCRIPTOR_SIZE). */
export function signatureOf(descriptor: usize): u64 {
  measureDistances(descriptor);
  let bits: u64 = 0;
  for (let i = 0; i < SIGNATURE_BITS; i++) {
    if (load<f32>(distances + 4 * i) > 0) bits |= (<u64>1) << i;
  }
  return bits;
}

/** Writes the weight tables of the descriptor whose signature was taken last. */
export function writeWeights(weights: usize): void {
  let sum: f32 = 0;
  for (let i = 0; i < SIGNATURE_BITS; i++) sum += Mathf.abs(load<f32>(distances + 4 * i));
  const cap = (WEIGHT_CAP * sum) / <f32>SIGNATURE_BITS;
  let total: f32 = f32.EPSILON;
  for (let i = 0; i < SIGNATURE_BITS; i++) {
    const weight = min(Mathf.abs(load<f32>(distances + 4 * i)), cap);
    store<f32>(distances + 4 * i, weight);
    total += weight;
  }
  const unit = <f32>(DISAGREEMENT_MAX - SIGNATURE_BITS) / total; // rounding up adds at most one a bit
  for (let nibble = 0; nibble < 16; nibble++) {
    const table = weights + 32 * nibble;
    store<u16>(table, 0);
    for (let bits = 1; bits < 16; bits++) {
      const weight = load<f32>(distances + 4 * (4 * nibble + ctz(bits))) * unit;
      store<u16>(table + 2 * bits, load<u16>(table + 2 * (bits & (bits - 1))) + <u16>(weight + 0.5));
    }
  }
}

/** The weight of the bits in which two signatures differ (`difference` = a ^ b), from 0 to DISAGREEMENT_MAX. */
export function disagreement(weights: usize, difference: u64): i32 {
  let sum = 0;
  for (let table = weights; difference != 0; table += 32, difference >>= 4) {
    sum += <i32>load<u16>(table + 2 * <usize>(difference & 15));
  }
  return sum;
}

function measureDistances(descriptor: usize): void {
  for (let i = 0; i < DESCRIPTOR_SIZE; i += 4) {
    const four = i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(descriptor + i)));
    v128.store(values + 4 * i, f32x4.convert_i32x4_s(four));
  }
  let row = planes();
  for (let i = 0; i < SIGNATURE_BITS; i++) {
    let sum = f32x4.splat(0);
    for (let k = 0; k < DESCRIPTOR_SIZE; k += 4, row += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(values + 4 * k), v128.load(row)));
    }
    store<f32>(
      distances + 4 * i,
      f32x4.extract_lane(sum, 0) +
        f32x4.extract_lane(sum, 1) +
        (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)),
    );
  }
}
