/**
 * Dominant gradient direction around a keypoint (Lowe, "Distinctive image features from scale-invariant keypoints",
 * IJCV 2004, section 5), from the blurred level. More true matches than the intensity centroid of ORB.
 */

import { allocate } from "./memory";

const RADIUS_PX: i32 = 10;
const SIGMA_PX: f64 = 4;
const BIN_COUNT: i32 = 32;
const SMOOTHING_PASSES: i32 = 2;

/** Gradients reach ±255; their direction in 1/256 turns is looked up. */
const GRADIENT_RANGE: i32 = 512;
let directionOf: usize = 0;
let weightOf: usize = 0;
let rowReach: usize = 0;

/** Fills the tables; once per instance. */
export function prepareOrientation(): void {
  directionOf = allocate(GRADIENT_RANGE * GRADIENT_RANGE);
  for (let dy = -256; dy < 256; dy++) {
    for (let dx = -256; dx < 256; dx++) {
      const turns = Math.atan2(<f64>dy, <f64>dx) / (2 * Math.PI);
      store<u8>(directionOf + ((dy + 256) << 9) + dx + 256, <i32>Math.round(turns * 256) & 255);
    }
  }
  const side = 2 * RADIUS_PX + 1;
  weightOf = allocate(4 * side * side);
  rowReach = allocate(4 * side);
  for (let dy = -RADIUS_PX; dy <= RADIUS_PX; dy++) {
    store<i32>(rowReach + 4 * (dy + RADIUS_PX), <i32>Math.sqrt(<f64>(RADIUS_PX * RADIUS_PX - dy * dy)));
    for (let dx = -RADIUS_PX; dx <= RADIUS_PX; dx++) {
      const weight = Math.exp(-(<f64>(dx * dx + dy * dy)) / (2 * SIGMA_PX * SIGMA_PX));
      store<f32>(weightOf + 4 * ((dy + RADIUS_PX) * side + dx + RADIUS_PX), <f32>weight);
    }
  }
}

const histogram = memory.data(4 * (BIN_COUNT + 2), 16);

/** Direction in turns, [0, 1), of the level's gradients around (x, y) of `pixels`. */
export function orientationAt(pixels: usize, stride: i32, x: i32, y: i32): f32 {
  memory.fill(histogram, 0, 4 * (BIN_COUNT + 2));
  collectGradients(pixels + y * stride + x, stride);
  for (let i = 0; i < SMOOTHING_PASSES; i++) smoothHistogram();
  return histogramPeak();
}

function collectGradients(center: usize, stride: i32): void {
  const directions = directionOf + (256 << 9) + 256;
  for (let dy = -RADIUS_PX; dy <= RADIUS_PX; dy++) {
    const reach = load<i32>(rowReach + 4 * (dy + RADIUS_PX));
    const row = center + dy * stride;
    const weights = weightOf + 4 * ((dy + RADIUS_PX) * (2 * RADIUS_PX + 1) + RADIUS_PX);
    for (let dx = -reach; dx <= reach; dx++) {
      const at = row + dx;
      const gx = <i32>load<u8>(at + 1) - <i32>load<u8>(at - 1);
      const gy = <i32>load<u8>(at + stride) - <i32>load<u8>(at - stride);
      const magnitude = Mathf.sqrt(<f32>(gx * gx + gy * gy)) * load<f32>(weights + 4 * dx);
      const direction = <i32>load<u8>(directions + (gy << 9) + gx);
      const bin = histogram + 4 * (direction >> 3);
      const part = magnitude * <f32>(direction & 7) * 0.125;
      store<f32>(bin, load<f32>(bin) + magnitude - part);
      store<f32>(bin, load<f32>(bin, 4) + part, 4);
    }
  }
  store<f32>(histogram, load<f32>(histogram) + load<f32>(histogram + 4 * BIN_COUNT));
}

/** Circular (1 2 1)/4. */
function smoothHistogram(): void {
  const first = load<f32>(histogram);
  let before = load<f32>(histogram + 4 * (BIN_COUNT - 1));
  store<f32>(histogram + 4 * BIN_COUNT, first);
  for (let i = 0; i < BIN_COUNT; i++) {
    const bin = histogram + 4 * i;
    const value = load<f32>(bin);
    store<f32>(bin, 0.25 * (before + load<f32>(bin, 4)) + 0.5 * value);
    before = value;
  }
}

function histogramPeak(): f32 {
  let best = 0;
  for (let i = 1; i < BIN_COUNT; i++) {
    if (load<f32>(histogram + 4 * i) > load<f32>(histogram + 4 * best)) best = i;
  }
  const left = load<f32>(histogram + 4 * ((best + BIN_COUNT - 1) % BIN_COUNT));
  const middle = load<f32>(histogram + 4 * best);
  const right = load<f32>(histogram + 4 * ((best + 1) % BIN_COUNT));
  const curvature = left - 2 * middle + right;
  const peak = <f32>best + (curvature < 0 ? (0.5 * (left - right)) / curvature : 0);
  return (peak < 0 ? peak + <f32>BIN_COUNT : peak) / <f32>BIN_COUNT;
}
