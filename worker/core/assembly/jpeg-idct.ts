/**
 * The inverse cosine transform of JPEG blocks, whole or of their low frequencies alone: 8, 4, 2 or 1 pixels a side.
 * Coefficients are i16, dequantized, the vertical frequencies of one horizontal frequency together; pixels get + 128.
 *
 * Fixed point as in the Independent JPEG Group's "islow": 13 bits of fraction, 2 of them kept between the passes.
 */

const FRACTION_BITS: i32 = 13;
const KEPT_BITS: i32 = 2;
/** The transform's own factor of 1/8. */
const SCALE_BITS: i32 = 3;
const FIRST_SHIFT: i32 = FRACTION_BITS - KEPT_BITS;
const SECOND_SHIFT: i32 = FRACTION_BITS + KEPT_BITS + SCALE_BITS;
const FIRST_BIAS: i32 = 1 << (FIRST_SHIFT - 1);
const SECOND_BIAS: i32 = (1 << (SECOND_SHIFT - 1)) + (128 << SECOND_SHIFT);

/** √2 cos(kπ/16) in 1/8192; ONE is k = 4. */
const ONE: i16 = 8192;
const C1: i16 = 11363;
const C2: i16 = 10703;
const C3: i16 = 9633;
const C5: i16 = 6436;
const C6: i16 = 4433;
const C7: i16 = 2260;

/** 8 × 8 pixels to `target`. Overwrites `block`. */
export function inverse8(block: usize, target: usize, stride: i32): void {
  transform8(block, FIRST_BIAS, FIRST_SHIFT);
  transpose8(block);
  transform8(block, SECOND_BIAS, SECOND_SHIFT);
  for (let y = 0; y < 8; y++) {
    const row = v128.load(block + 16 * y);
    v128.store64_lane(target + y * stride, i8x16.narrow_i16x8_u(row, row), 0);
  }
}

/** Across the eight vectors of `block`: outputs j and 7 − j are the sum and the difference of an even and an odd part. */
function transform8(block: usize, bias: i32, shift: i32): void {
  const s0 = v128.load(block),
    s1 = v128.load(block, 16),
    s2 = v128.load(block, 32),
    s3 = v128.load(block, 48);
  const s4 = v128.load(block, 64),
    s5 = v128.load(block, 80),
    s6 = v128.load(block, 96),
    s7 = v128.load(block, 112);
  const low04 = lowPairs(s0, s4),
    low26 = lowPairs(s2, s6),
    low13 = lowPairs(s1, s3),
    low57 = lowPairs(s5, s7);
  const high04 = highPairs(s0, s4),
    high26 = highPairs(s2, s6),
    high13 = highPairs(s1, s3),
    high57 = highPairs(s5, s7);
  const rounding = i32x4.splat(bias);
  const plus = pairOf(ONE, ONE),
    minus = pairOf(ONE, -ONE);

  let even = pairOf(C2, C6),
    odd13 = pairOf(C1, C3),
    odd57 = pairOf(C5, C7);
  let a = sum3(low04, plus, low26, even, rounding),
    b = sum3(high04, plus, high26, even, rounding);
  let c = sum2(low13, odd13, low57, odd57),
    d = sum2(high13, odd13, high57, odd57);
  v128.store(block, shrunkSum(a, b, c, d, shift));
  v128.store(block, shrunkDifference(a, b, c, d, shift), 112);

  even = pairOf(C6, -C2);
  odd13 = pairOf(C3, -C7);
  odd57 = pairOf(-C1, -C5);
  a = sum3(low04, minus, low26, even, rounding);
  b = sum3(high04, minus, high26, even, rounding);
  c = sum2(low13, odd13, low57, odd57);
  d = sum2(high13, odd13, high57, odd57);
  v128.store(block, shrunkSum(a, b, c, d, shift), 16);
  v128.store(block, shrunkDifference(a, b, c, d, shift), 96);

  even = pairOf(-C6, C2);
  odd13 = pairOf(C5, -C1);
  odd57 = pairOf(C7, C3);
  a = sum3(low04, minus, low26, even, rounding);
  b = sum3(high04, minus, high26, even, rounding);
  c = sum2(low13, odd13, low57, odd57);
  d = sum2(high13, odd13, high57, odd57);
  v128.store(block, shrunkSum(a, b, c, d, shift), 32);
  v128.store(block, shrunkDifference(a, b, c, d, shift), 80);

  even = pairOf(-C2, -C6);
  odd13 = pairOf(C7, -C5);
  odd57 = pairOf(C3, -C1);
  a = sum3(low04, plus, low26, even, rounding);
  b = sum3(high04, plus, high26, even, rounding);
  c = sum2(low13, odd13, low57, odd57);
  d = sum2(high13, odd13, high57, odd57);
  v128.store(block, shrunkSum(a, b, c, d, shift), 48);
  v128.store(block, shrunkDifference(a, b, c, d, shift), 64);
}

function lowPairs(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

function highPairs(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

function pairOf(a: i16, b: i16): v128 {
  return i32x4.splat(((<i32>b) << 16) | (<i32>a & 0xffff));
}

function sum2(p: v128, kp: v128, q: v128, kq: v128): v128 {
  return i32x4.add(i32x4.dot_i16x8_s(p, kp), i32x4.dot_i16x8_s(q, kq));
}

function sum3(p: v128, kp: v128, q: v128, kq: v128, rounding: v128): v128 {
  return i32x4.add(sum2(p, kp, q, kq), rounding);
}

function shrunkSum(lowEven: v128, highEven: v128, lowOdd: v128, highOdd: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(lowEven, lowOdd), shift),
    i32x4.shr_s(i32x4.add(highEven, highOdd), shift),
  );
}

function shrunkDifference(lowEven: v128, highEven: v128, lowOdd: v128, highOdd: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.sub(lowEven, lowOdd), shift),
    i32x4.shr_s(i32x4.sub(highEven, highOdd), shift),
  );
}

/** Three times the perfect shuffle of the two halves. */
function transpose8(block: usize): void {
  for (let round = 0; round < 3; round++) {
    const a0 = v128.load(block),
      a1 = v128.load(block, 16),
      a2 = v128.load(block, 32),
      a3 = v128.load(block, 48);
    const a4 = v128.load(block, 64),
      a5 = v128.load(block, 80),
      a6 = v128.load(block, 96),
      a7 = v128.load(block, 112);
    v128.store(block, lowPairs(a0, a4));
    v128.store(block, highPairs(a0, a4), 16);
    v128.store(block, lowPairs(a1, a5), 32);
    v128.store(block, highPairs(a1, a5), 48);
    v128.store(block, lowPairs(a2, a6), 64);
    v128.store(block, highPairs(a2, a6), 80);
    v128.store(block, lowPairs(a3, a7), 96);
    v128.store(block, highPairs(a3, a7), 112);
  }
}

/** 4 × 4 pixels from the 4 × 4 lowest frequencies; the cosines of k = 2 and 6 of eight are those of 1 and 3 of four. */
export function inverse4(block: usize, target: usize, stride: i32): void {
  const s0 = v128.load_ext<i16>(block),
    s1 = v128.load_ext<i16>(block, 8),
    s2 = v128.load_ext<i16>(block, 16),
    s3 = v128.load_ext<i16>(block, 24);
  const h0 = output4(s0, s1, s2, s3, ONE, C2, C6, FIRST_BIAS, FIRST_SHIFT);
  const h1 = output4(s0, s1, s2, s3, -ONE, C6, -C2, FIRST_BIAS, FIRST_SHIFT);
  const h2 = output4(s0, s1, s2, s3, -ONE, -C6, C2, FIRST_BIAS, FIRST_SHIFT);
  const h3 = output4(s0, s1, s2, s3, ONE, -C2, -C6, FIRST_BIAS, FIRST_SHIFT);
  const a = v128.shuffle<u32>(h0, h1, 0, 4, 1, 5),
    b = v128.shuffle<u32>(h2, h3, 0, 4, 1, 5);
  const c = v128.shuffle<u32>(h0, h1, 2, 6, 3, 7),
    d = v128.shuffle<u32>(h2, h3, 2, 6, 3, 7);
  const t0 = v128.shuffle<u64>(a, b, 0, 2),
    t1 = v128.shuffle<u64>(a, b, 1, 3),
    t2 = v128.shuffle<u64>(c, d, 0, 2),
    t3 = v128.shuffle<u64>(c, d, 1, 3);
  const upper = i16x8.narrow_i32x4_s(
    output4(t0, t1, t2, t3, ONE, C2, C6, SECOND_BIAS, SECOND_SHIFT),
    output4(t0, t1, t2, t3, -ONE, C6, -C2, SECOND_BIAS, SECOND_SHIFT),
  );
  const lower = i16x8.narrow_i32x4_s(
    output4(t0, t1, t2, t3, -ONE, -C6, C2, SECOND_BIAS, SECOND_SHIFT),
    output4(t0, t1, t2, t3, ONE, -C2, -C6, SECOND_BIAS, SECOND_SHIFT),
  );
  const pixels = i8x16.narrow_i16x8_u(upper, lower);
  v128.store32_lane(target, pixels, 0);
  v128.store32_lane(target + stride, pixels, 1);
  v128.store32_lane(target + 2 * stride, pixels, 2);
  v128.store32_lane(target + 3 * stride, pixels, 3);
}

/** s0 + k1 s1 + k2 s2 + k3 s3, where k2 is ±1. */
function output4(s0: v128, s1: v128, s2: v128, s3: v128, k2: i32, k1: i32, k3: i32, bias: i32, shift: i32): v128 {
  const even = i32x4.shl(k2 > 0 ? i32x4.add(s0, s2) : i32x4.sub(s0, s2), FRACTION_BITS);
  const odd = i32x4.add(i32x4.mul(s1, i32x4.splat(k1)), i32x4.mul(s3, i32x4.splat(k3)));
  return i32x4.shr_s(i32x4.add(i32x4.add(even, odd), i32x4.splat(bias)), shift);
}

/** 2 × 2 pixels from the 2 × 2 lowest frequencies: both cosines are 1. */
export function inverse2(block: usize, target: usize, stride: i32): void {
  const mean = <i32>load<i16>(block),
    vertical = <i32>load<i16>(block, 2),
    horizontal = <i32>load<i16>(block, 4),
    diagonal = <i32>load<i16>(block, 6);
  store<u8>(target, pixel(mean + vertical + horizontal + diagonal));
  store<u8>(target, pixel(mean + vertical - horizontal - diagonal), 1);
  store<u8>(target + stride, pixel(mean - vertical + horizontal - diagonal));
  store<u8>(target + stride, pixel(mean - vertical - horizontal + diagonal), 1);
}

/** `side` × `side` pixels of a block whose only coefficient is `mean`. */
export function inverseFlat(mean: i32, target: usize, stride: i32, side: i32): void {
  const gray = pixel(mean);
  if (side == 8) {
    const row = i8x16.splat(<i8>gray);
    for (let y = 0; y < 8; y++) v128.store64_lane(target + y * stride, row, 0);
    return;
  }
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) store<u8>(target + y * stride + x, gray);
  }
}

function pixel(eightfold: i32): i32 {
  return max(0, min(255, 128 + ((eightfold + 4) >> SCALE_BITS)));
}
