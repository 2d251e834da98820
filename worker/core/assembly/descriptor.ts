/**
 * The descriptor: a histogram of gradients over a turned patch, square-rooted (Arandjelović & Zisserman, "Three things
 * everyone should know to improve object retrieval", CVPR 2012), projected and rounded to 48 signed bytes.
 */

import { allocate } from "./memory";
import { DESCRIPTOR_SIZE, HISTOGRAM_SIZE, meanHistogram, projection } from "./model";

/** Gradients are taken at 16 × 16 points that cover 22 × 22 level px. */
const PATCH_SIDE: i32 = 16;
const SAMPLE_SIDE: i32 = PATCH_SIDE + 2;
const SAMPLE_STEP_PX: f32 = 22.0 / 16.0;
const CELLS: i32 = 3;
const DIRECTIONS: i32 = 8;
/** A gradient counts for a direction as far as it leans to it by more than 45 degrees. */
const LEAN: f32 = 0.7;
/** Standard deviation of the patch's Gaussian window, in sides of the patch. */
const WINDOW_SIGMA: f64 = 0.5;
/** Descriptor values are stored in these units of the projection, whose noise has variance 1. */
const UNITS_PER_SIGMA: f32 = 8;
const ROW_BYTES: usize = 4 * HISTOGRAM_SIZE;

let samples: usize = 0;
let gradients: usize = 0;
let cellWeights: usize = 0;
let histogram: usize = 0;

/** Takes the buffers and fills the tables; once per instance. */
export function prepareDescriptor(): void {
  samples = allocate(4 * SAMPLE_SIDE * SAMPLE_SIDE + 16);
  gradients = allocate(3 * 4 * PATCH_SIDE * PATCH_SIDE);
  histogram = allocate(4 * HISTOGRAM_SIZE);
  cellWeights = allocate(4 * CELLS * PATCH_SIDE);
  for (let cell = 0; cell < CELLS; cell++) {
    for (let i = 0; i < PATCH_SIDE; i++) {
      const offset = <f64>i - 0.5 * <f64>(PATCH_SIDE - 1);
      const place = (offset / PATCH_SIDE + 0.5) * CELLS - 0.5;
      const window = Math.exp(-0.5 * (offset / (WINDOW_SIGMA * PATCH_SIDE)) ** 2);
      store<f32>(cellWeights + 4 * (cell * PATCH_SIDE + i), <f32>(window * max(0.0, 1 - Math.abs(place - cell))));
    }
  }
}

/** Measures the patch around (x, y) of a padded level, turned by `turns`, as a histogram (f32 × HISTOGRAM_SIZE). */
export function measurePatch(pixels: usize, stride: i32, x: f32, y: f32, turns: f32): usize {
  const angle = turns * <f32>(2 * Math.PI);
  const c = Mathf.cos(angle),
    s = Mathf.sin(angle);
  return measureSheared(pixels, stride, x, y, c, s, -s, c);
}

/** The same of a patch whose rows go along (rowX, rowY) level px and whose columns go along (columnX, columnY). */
export function measureSheared(
  pixels: usize,
  stride: i32,
  x: f32,
  y: f32,
  rowX: f32,
  rowY: f32,
  columnX: f32,
  columnY: f32,
): usize {
  samplePatch(pixels, stride, x, y, rowX, rowY, columnX, columnY);
  takeGradients();
  pool();
  normalize();
  return histogram;
}

/** By so many level px, times the sum of what the axes go across (or down), a patch reaches from its middle. */
export const PATCH_REACH_PX: f32 = 0.5 * <f32>(SAMPLE_SIDE - 1) * SAMPLE_STEP_PX;

/** Bilinear samples as f32, in 1/65536 px steps. */
function samplePatch(
  pixels: usize,
  stride: i32,
  x: f32,
  y: f32,
  rowX: f32,
  rowY: f32,
  columnX: f32,
  columnY: f32,
): void {
  const stepX = fixed(rowX * SAMPLE_STEP_PX),
    stepY = fixed(rowY * SAMPLE_STEP_PX);
  const downX = fixed(columnX * SAMPLE_STEP_PX),
    downY = fixed(columnY * SAMPLE_STEP_PX);
  const half = SAMPLE_SIDE - 1; // in half samples
  let lineX = fixed(x) - ((half * (stepX + downX)) >> 1);
  let lineY = fixed(y) - ((half * (stepY + downY)) >> 1);
  let out = samples;
  for (let j = 0; j < SAMPLE_SIDE; j++) {
    let u = lineX,
      v = lineY;
    for (let i = 0; i < SAMPLE_SIDE; i++) {
      const at = pixels + (v >> 16) * stride + (u >> 16);
      const fx = (u >> 8) & 255,
        fy = (v >> 8) & 255;
      const upper = ((<i32>load<u8>(at)) << 8) + (<i32>load<u8>(at, 1) - <i32>load<u8>(at)) * fx;
      const below = at + stride;
      const lower = ((<i32>load<u8>(below)) << 8) + (<i32>load<u8>(below, 1) - <i32>load<u8>(below)) * fx;
      store<f32>(out, <f32>((upper << 8) + (lower - upper) * fy));
      out += 4;
      u += stepX;
      v += stepY;
    }
    lineX += downX;
    lineY += downY;
  }
}

function fixed(px: f32): i32 {
  return <i32>(px * 65536);
}

/** Central differences and what a gradient must exceed to count, as three planes. */
function takeGradients(): void {
  const plane = 4 * PATCH_SIDE * PATCH_SIDE,
    line = 4 * SAMPLE_SIDE;
  const lean = f32x4.splat(LEAN);
  let out = gradients;
  for (let j = 1; j <= PATCH_SIDE; j++) {
    let at = samples + j * line + 4;
    for (let i = 0; i < PATCH_SIDE; i += 4) {
      const dx = f32x4.sub(v128.load(at + 4), v128.load(at - 4));
      const dy = f32x4.sub(v128.load(at + line), v128.load(at - line));
      const magnitude = f32x4.sqrt(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)));
      v128.store(out, dx);
      v128.store(out + plane, dy);
      v128.store(out + 2 * plane, f32x4.mul(magnitude, lean));
      out += 16;
      at += 16;
    }
  }
}

/** Sums, for each cell and direction, by how much the gradients lean to it. Opposite directions are done together. */
function pool(): void {
  const diagonal: f32 = Mathf.SQRT1_2;
  poolPair(0, 1, 0);
  poolPair(1, diagonal, diagonal);
  poolPair(2, 0, 1);
  poolPair(3, -diagonal, diagonal);
}

function poolPair(direction: i32, x: f32, y: f32): void {
  const plane = 4 * PATCH_SIDE * PATCH_SIDE;
  const unitX = f32x4.splat(x),
    unitY = f32x4.splat(y),
    zero = f32x4.splat(0);
  // Columns 0–7 of the patch reach cells 0 and 1, columns 8–15 cells 1 and 2.
  const w00 = v128.load(cellWeights),
    w01 = v128.load(cellWeights, 16);
  const middle = cellWeights + 4 * PATCH_SIDE;
  const w10 = v128.load(middle),
    w11 = v128.load(middle, 16),
    w12 = v128.load(middle, 32),
    w13 = v128.load(middle, 48);
  const last = middle + 4 * PATCH_SIDE;
  const w22 = v128.load(last, 32),
    w23 = v128.load(last, 48);
  let a0 = zero,
    a1 = zero,
    a2 = zero,
    a3 = zero,
    a4 = zero,
    a5 = zero,
    a6 = zero,
    a7 = zero,
    a8 = zero;
  let b0 = zero,
    b1 = zero,
    b2 = zero,
    b3 = zero,
    b4 = zero,
    b5 = zero,
    b6 = zero,
    b7 = zero,
    b8 = zero;
  for (let j = 0; j < PATCH_SIDE; j++) {
    const row = gradients + 4 * PATCH_SIDE * j;
    const d0 = lean(row, plane, unitX, unitY),
      d1 = lean(row + 16, plane, unitX, unitY);
    const d2 = lean(row + 32, plane, unitX, unitY),
      d3 = lean(row + 48, plane, unitX, unitY);
    const m0 = v128.load(row + 2 * plane),
      m1 = v128.load(row + 2 * plane, 16);
    const m2 = v128.load(row + 2 * plane, 32),
      m3 = v128.load(row + 2 * plane, 48);

    const f0 = f32x4.max(f32x4.sub(d0, m0), zero),
      f1 = f32x4.max(f32x4.sub(d1, m1), zero);
    const f2 = f32x4.max(f32x4.sub(d2, m2), zero),
      f3 = f32x4.max(f32x4.sub(d3, m3), zero);
    const r0 = f32x4.splat(load<f32>(cellWeights + 4 * j));
    const r1 = f32x4.splat(load<f32>(middle + 4 * j));
    const r2 = f32x4.splat(load<f32>(last + 4 * j));
    const fc0 = sumOf2(f0, w00, f1, w01),
      fc1 = sumOf4(f0, w10, f1, w11, f2, w12, f3, w13),
      fc2 = sumOf2(f2, w22, f3, w23);
    (a0 = f32x4.add(a0, f32x4.mul(r0, fc0))),
      (a1 = f32x4.add(a1, f32x4.mul(r0, fc1))),
      (a2 = f32x4.add(a2, f32x4.mul(r0, fc2)));
    (a3 = f32x4.add(a3, f32x4.mul(r1, fc0))),
      (a4 = f32x4.add(a4, f32x4.mul(r1, fc1))),
      (a5 = f32x4.add(a5, f32x4.mul(r1, fc2)));
    (a6 = f32x4.add(a6, f32x4.mul(r2, fc0))),
      (a7 = f32x4.add(a7, f32x4.mul(r2, fc1))),
      (a8 = f32x4.add(a8, f32x4.mul(r2, fc2)));

    const g0 = f32x4.max(f32x4.sub(f32x4.neg(d0), m0), zero),
      g1 = f32x4.max(f32x4.sub(f32x4.neg(d1), m1), zero);
    const g2 = f32x4.max(f32x4.sub(f32x4.neg(d2), m2), zero),
      g3 = f32x4.max(f32x4.sub(f32x4.neg(d3), m3), zero);
    const gc0 = sumOf2(g0, w00, g1, w01),
      gc1 = sumOf4(g0, w10, g1, w11, g2, w12, g3, w13),
      gc2 = sumOf2(g2, w22, g3, w23);
    (b0 = f32x4.add(b0, f32x4.mul(r0, gc0))),
      (b1 = f32x4.add(b1, f32x4.mul(r0, gc1))),
      (b2 = f32x4.add(b2, f32x4.mul(r0, gc2)));
    (b3 = f32x4.add(b3, f32x4.mul(r1, gc0))),
      (b4 = f32x4.add(b4, f32x4.mul(r1, gc1))),
      (b5 = f32x4.add(b5, f32x4.mul(r1, gc2)));
    (b6 = f32x4.add(b6, f32x4.mul(r2, gc0))),
      (b7 = f32x4.add(b7, f32x4.mul(r2, gc1))),
      (b8 = f32x4.add(b8, f32x4.mul(r2, gc2)));
  }
  const forward = histogram + 4 * direction,
    backward = forward + 4 * (DIRECTIONS / 2);
  storeCells(forward, a0, a1, a2, a3, a4, a5, a6, a7, a8);
  storeCells(backward, b0, b1, b2, b3, b4, b5, b6, b7, b8);
}

function lean(at: usize, plane: usize, unitX: v128, unitY: v128): v128 {
  return f32x4.add(f32x4.mul(v128.load(at), unitX), f32x4.mul(v128.load(at + plane), unitY));
}

function sumOf2(a: v128, u: v128, b: v128, v: v128): v128 {
  return f32x4.add(f32x4.mul(a, u), f32x4.mul(b, v));
}

function sumOf4(a: v128, u: v128, b: v128, v: v128, c: v128, w: v128, d: v128, x: v128): v128 {
  return f32x4.add(sumOf2(a, u, b, v), sumOf2(c, w, d, x));
}

function storeCells(
  at: usize,
  c0: v128,
  c1: v128,
  c2: v128,
  c3: v128,
  c4: v128,
  c5: v128,
  c6: v128,
  c7: v128,
  c8: v128,
): void {
  const cell: usize = 4 * DIRECTIONS;
  store<f32>(at, laneSum(c0));
  store<f32>(at + cell, laneSum(c1));
  store<f32>(at + 2 * cell, laneSum(c2));
  store<f32>(at + 3 * cell, laneSum(c3));
  store<f32>(at + 4 * cell, laneSum(c4));
  store<f32>(at + 5 * cell, laneSum(c5));
  store<f32>(at + 6 * cell, laneSum(c6));
  store<f32>(at + 7 * cell, laneSum(c7));
  store<f32>(at + 8 * cell, laneSum(c8));
}

function laneSum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** Makes the histogram sum to 1 and takes the root of each value. */
function normalize(): void {
  let sum = f32x4.splat(0);
  for (let i = 0; i < HISTOGRAM_SIZE; i += 4) sum = f32x4.add(sum, v128.load(histogram + 4 * i));
  const scale = f32x4.splat(1 / (laneSum(sum) + f32.EPSILON));
  for (let i = 0; i < HISTOGRAM_SIZE; i += 4) {
    v128.store(histogram + 4 * i, f32x4.sqrt(f32x4.mul(v128.load(histogram + 4 * i), scale)));
  }
}

/** Projects the histogram measured last into `descriptor` (i8 × DESCRIPTOR_SIZE). */
export function describePatch(descriptor: usize): void {
  const mean = meanHistogram();
  for (let i = 0; i < HISTOGRAM_SIZE; i += 4) {
    v128.store(histogram + 4 * i, f32x4.sub(v128.load(histogram + 4 * i), v128.load(mean + 4 * i)));
  }
  // Four rows at a time: the sum of one alone would wait for each of its additions.
  let row = projection();
  for (let k = 0; k < DESCRIPTOR_SIZE; k += 4, row += 3 * ROW_BYTES) {
    let a = f32x4.splat(0),
      b = a,
      c = a,
      d = a;
    for (let i = 0; i < HISTOGRAM_SIZE; i += 4, row += 16) {
      const values = v128.load(histogram + 4 * i);
      a = f32x4.add(a, f32x4.mul(values, v128.load(row)));
      b = f32x4.add(b, f32x4.mul(values, v128.load(row, ROW_BYTES)));
      c = f32x4.add(c, f32x4.mul(values, v128.load(row, 2 * ROW_BYTES)));
      d = f32x4.add(d, f32x4.mul(values, v128.load(row, 3 * ROW_BYTES)));
    }
    storeValue(descriptor + k, a);
    storeValue(descriptor + k + 1, b);
    storeValue(descriptor + k + 2, c);
    storeValue(descriptor + k + 3, d);
  }
}

function storeValue(at: usize, sum: v128): void {
  const value = Mathf.round(laneSum(sum) * UNITS_PER_SIGMA);
  store<i8>(at, <i8>max<f32>(-127, min<f32>(127, value)));
}
