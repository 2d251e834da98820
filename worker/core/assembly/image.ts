/** Gray images, one byte a pixel: area resize, halving, and the binomial blur that every later stage reads. */

import { allocate, mark, release } from "./memory";

/** Edge pixels repeated around a padded image, so that a rotated patch at the border needs no bounds checks. */
export const PADDING: i32 = 16;

/** Bytes from one row of a padded image to the next. */
export function paddedStride(width: i32): i32 {
  return (width + 2 * PADDING + 15) & ~15;
}

export function paddedBytes(width: i32, height: i32): i32 {
  return paddedStride(width) * (height + 2 * PADDING) + 16;
}

/** Address of pixel (0, 0) in a padded image that starts at `image`. */
export function paddedOrigin(image: usize, width: i32): usize {
  return image + PADDING * paddedStride(width) + PADDING;
}

/** Shrinks `source` to `width` × `height`; each pixel becomes the mean of the area that it covers. */
export function resizeArea(
  source: usize,
  sourceWidth: i32,
  sourceHeight: i32,
  target: usize,
  width: i32,
  height: i32,
): void {
  resizeExtent(source, sourceWidth, sourceWidth, sourceHeight, target, width, height);
}

/**
 * The same where the picture ends within the last column or row of the source: its extent is what it fills of them.
 * Rows first, eight pixels at a time, then columns. Weights are in 1/256 and add up to 256 exactly.
 */
export function resizeExtent(
  source: usize,
  sourceWidth: i32,
  extentWidth: f64,
  extentHeight: f64,
  target: usize,
  width: i32,
  height: i32,
): void {
  if (width == sourceWidth && <f64>width == extentWidth && <f64>height == extentHeight) {
    memory.copy(target, source, width * height);
    return;
  }
  const before = mark();
  const columns = areaTaps(extentWidth, width);
  const rows = areaTaps(extentHeight, height);
  const line = allocate(2 * sourceWidth + 32);
  for (let y = 0; y < height; y++) {
    mixRows(source, sourceWidth, rows + y * TAP_BYTES, line);
    mixColumns(line, columns, target + y * width, width);
  }
  release(before);
}

/** For each target pixel: first source index (i32), tap count (i32), weights (u16 each, at most MAX_TAPS). */
const MAX_TAPS: i32 = 28;
const TAP_BYTES: i32 = 8 + 2 * MAX_TAPS;

function areaTaps(from: f64, to: i32): usize {
  const table = allocate(to * TAP_BYTES);
  const ratio = from / <f64>to;
  for (let i = 0; i < to; i++) {
    const begin = <f64>i * ratio,
      end = min(<f64>(i + 1) * ratio, from);
    const first = <i32>begin;
    const count = min(<i32>ceil(end) - first, MAX_TAPS);
    const tap = table + i * TAP_BYTES;
    store<i32>(tap, first);
    store<i32>(tap, count, 4);
    let used = 0;
    for (let k = 0; k < count; k++) {
      const covered = min(end, <f64>(first + k + 1)) - begin;
      const sum = <i32>Math.round((256 * covered) / (end - begin));
      store<u16>(tap + 2 * k, k == count - 1 ? 256 - used : sum - used, 8);
      used = sum;
    }
  }
  return table;
}

/** Weighted sum of source rows, as u16 in 1/256 gray levels. */
function mixRows(source: usize, width: i32, tap: usize, line: usize): void {
  const first = source + load<i32>(tap) * width;
  const count = load<i32>(tap, 4);
  for (let x = 0; x < width; x += 8) {
    let sum = i16x8.splat(0);
    let pixel = first + x;
    for (let k = 0; k < count; k++, pixel += width) {
      const weight = i16x8.splat(load<u16>(tap + 2 * k, 8));
      sum = i16x8.add(sum, i16x8.mul(v128.load_ext<u8>(pixel), weight));
    }
    v128.store(line + 2 * x, sum);
  }
}

function mixColumns(line: usize, taps: usize, target: usize, width: i32): void {
  for (let x = 0; x < width; x++, taps += TAP_BYTES) {
    const first = line + 2 * load<i32>(taps);
    const count = load<i32>(taps, 4);
    let sum: u32 = 1 << 15;
    for (let k = 0; k < count; k++) sum += <u32>load<u16>(first + 2 * k) * load<u16>(taps + 2 * k, 8);
    store<u8>(target + x, sum >> 16);
  }
}

/** Mean of each 2 × 2 block; an odd last row or column is dropped. */
export function halve(source: usize, sourceWidth: i32, target: usize, width: i32, height: i32): void {
  for (let y = 0; y < height; y++) {
    const upper = source + 2 * y * sourceWidth,
      lower = upper + sourceWidth,
      row = target + y * width;
    let x = 0;
    for (; x + 8 <= width; x += 8) {
      const sum = i16x8.add(pairSums(upper + 2 * x), pairSums(lower + 2 * x));
      const mean = i16x8.shr_u(i16x8.add(sum, i16x8.splat(2)), 2);
      v128.store64_lane(row + x, i8x16.narrow_i16x8_u(mean, mean), 0);
    }
    for (; x < width; x++) {
      const a = upper + 2 * x,
        b = lower + 2 * x;
      store<u8>(row + x, (<u32>load<u8>(a) + load<u8>(a, 1) + load<u8>(b) + load<u8>(b, 1) + 2) >> 2);
    }
  }
}

function pairSums(address: usize): v128 {
  return i16x8.extadd_pairwise_i8x16_u(v128.load(address));
}

/**
 * Binomial blur (1 4 6 4 1)/16 in both directions into a padded image, edges repeated.
 * The sums stay exact: 255 · 256 fits 16 bits, and only the end result is rounded.
 */
export function blurPadded(source: usize, width: i32, height: i32, target: usize): void {
  const before = mark();
  const line = allocate(2 * (width + 48)) + 16;
  const stride = paddedStride(width);
  const origin = paddedOrigin(target, width);
  for (let y = 0; y < height; y++) {
    blurRows(source, width, height, y, line);
    repeatEdges16(line, width);
    const row = origin + y * stride;
    for (let x = 0; x < width; x += 8) {
      const at = line + 2 * x;
      const sum = binomial(v128.load(at - 4), v128.load(at - 2), v128.load(at), v128.load(at + 2), v128.load(at + 4));
      const mean = i16x8.shr_u(i16x8.add(sum, i16x8.splat(128)), 8);
      v128.store64_lane(row + x, i8x16.narrow_i16x8_u(mean, mean), 0);
    }
    memory.fill(row - PADDING, load<u8>(row), PADDING);
    memory.fill(row + width, load<u8>(row + width - 1), stride - width - PADDING);
  }
  for (let y = 1; y <= PADDING; y++) {
    memory.copy(origin - PADDING - y * stride, origin - PADDING, stride);
    const last = origin - PADDING + (height - 1) * stride;
    memory.copy(last + y * stride, last, stride);
  }
  release(before);
}

function blurRows(source: usize, width: i32, height: i32, y: i32, line: usize): void {
  const a = source + max(y - 2, 0) * width;
  const b = source + max(y - 1, 0) * width;
  const c = source + y * width;
  const d = source + min(y + 1, height - 1) * width;
  const e = source + min(y + 2, height - 1) * width;
  for (let x = 0; x < width; x += 8) {
    v128.store(
      line + 2 * x,
      binomial(
        v128.load_ext<u8>(a + x),
        v128.load_ext<u8>(b + x),
        v128.load_ext<u8>(c + x),
        v128.load_ext<u8>(d + x),
        v128.load_ext<u8>(e + x),
      ),
    );
  }
}

function binomial(a: v128, b: v128, c: v128, d: v128, e: v128): v128 {
  const inner = i16x8.shl(i16x8.add(b, d), 2);
  const middle = i16x8.add(i16x8.shl(c, 2), i16x8.shl(c, 1));
  return i16x8.add(i16x8.add(a, e), i16x8.add(inner, middle));
}

function repeatEdges16(line: usize, width: i32): void {
  for (let i = 1; i <= 2; i++) {
    store<u16>(line - 2 * i, load<u16>(line));
    store<u16>(line + 2 * (width - 1 + i), load<u16>(line + 2 * (width - 1)));
  }
}
