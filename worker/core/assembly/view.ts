/** A simulated camera: what a frame would show of a picture. For grading targets, training and tests. */

import { blurPadded, halve, paddedBytes, paddedOrigin, paddedStride } from "./image";
import { allocate, mark, release } from "./memory";

/**
 * Draws `picture` into `frame`, which keeps what it holds outside the picture. `pictureFromFrame` are nine f64, row by
 * row, that take frame px to picture px. Samples are bilinear, from a halved picture where the view shrinks it.
 */
export function drawView(
  picture: usize,
  pictureWidth: i32,
  pictureHeight: i32,
  pictureFromFrame: usize,
  frame: usize,
  width: i32,
  height: i32,
): void {
  const before = mark();
  const a = load<f64>(pictureFromFrame),
    b = load<f64>(pictureFromFrame, 8),
    c = load<f64>(pictureFromFrame, 16);
  const d = load<f64>(pictureFromFrame, 24),
    e = load<f64>(pictureFromFrame, 32),
    f = load<f64>(pictureFromFrame, 40);
  const g = load<f64>(pictureFromFrame, 48),
    h = load<f64>(pictureFromFrame, 56),
    i = load<f64>(pictureFromFrame, 64);

  let source = picture,
    sourceWidth = pictureWidth,
    sourceHeight = pictureHeight;
  let shrunkBy: f64 = 1;
  for (let step = stepAt(pictureFromFrame, 0.5 * <f64>width, 0.5 * <f64>height); step >= 1.6; step *= 0.5) {
    const half = allocate((sourceWidth >> 1) * (sourceHeight >> 1) + 32);
    halve(source, sourceWidth, half, sourceWidth >> 1, sourceHeight >> 1);
    source = half;
    sourceWidth >>= 1;
    sourceHeight >>= 1;
    shrunkBy *= 2;
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const z = g * x + h * y + i;
      if (z <= 0) continue;
      const u = ((a * x + b * y + c) / z + 0.5) / shrunkBy - 0.5;
      const v = ((d * x + e * y + f) / z + 0.5) / shrunkBy - 0.5;
      if (u < 0 || v < 0 || u >= sourceWidth - 1 || v >= sourceHeight - 1) continue;
      store<u8>(
        frame + y * width + x,
        bilinear(source + <i32>v * sourceWidth + <i32>u, sourceWidth, u - Math.floor(u), v - Math.floor(v)),
      );
    }
  }
  release(before);
}

/** Picture px per frame px at the frame's middle: the root of the area ratio, by a forward difference. */
function stepAt(matrix: usize, x: f64, y: f64): f64 {
  const x0 = mapX(matrix, x, y),
    y0 = mapY(matrix, x, y);
  const ux = mapX(matrix, x + 1, y) - x0,
    uy = mapY(matrix, x + 1, y) - y0;
  const vx = mapX(matrix, x, y + 1) - x0,
    vy = mapY(matrix, x, y + 1) - y0;
  return Math.sqrt(Math.abs(ux * vy - uy * vx));
}

function mapX(m: usize, x: f64, y: f64): f64 {
  return (load<f64>(m) * x + load<f64>(m, 8) * y + load<f64>(m, 16)) / mapZ(m, x, y);
}

function mapY(m: usize, x: f64, y: f64): f64 {
  return (load<f64>(m, 24) * x + load<f64>(m, 32) * y + load<f64>(m, 40)) / mapZ(m, x, y);
}

function mapZ(m: usize, x: f64, y: f64): f64 {
  return load<f64>(m, 48) * x + load<f64>(m, 56) * y + load<f64>(m, 64);
}

function bilinear(at: usize, stride: i32, fx: f64, fy: f64): i32 {
  const upper = <f64>load<u8>(at) * (1 - fx) + <f64>load<u8>(at, 1) * fx;
  const lower = <f64>load<u8>(at + stride) * (1 - fx) + <f64>load<u8>(at + stride, 1) * fx;
  return <i32>(upper * (1 - fy) + lower * fy + 0.5);
}

/** Blurs `frame` in place, `passes` times by one px of standard deviation. */
export function blurFrame(frame: usize, width: i32, height: i32, passes: i32): void {
  const before = mark();
  const blurred = allocate(paddedBytes(width, height));
  for (let pass = 0; pass < passes; pass++) {
    blurPadded(frame, width, height, blurred);
    const origin = paddedOrigin(blurred, width),
      stride = paddedStride(width);
    for (let y = 0; y < height; y++) memory.copy(frame + y * width, origin + y * stride, width);
  }
  release(before);
}

/** Light and sensor, in place: 255 · gain · (gray / 255) ^ gamma + offset, then Gaussian noise of `sigma` gray levels. */
export function exposeFrame(
  frame: usize,
  byteCount: i32,
  gain: f64,
  gamma: f64,
  offset: f64,
  sigma: f64,
  seed: u32,
): void {
  const before = mark();
  const tone = allocate(4 * 256);
  for (let i = 0; i < 256; i++) {
    store<f32>(tone + 4 * i, <f32>(255 * gain * (<f64>i / 255) ** gamma + offset));
  }
  let random = seed | 1;
  for (let i = 0; i < byteCount; i++) {
    // Four uniform bytes of one xorshift32 step: their sum is nearly normal, with standard deviation 147.8.
    random ^= random << 13;
    random ^= random >> 17;
    random ^= random << 5;
    const sum = (random & 255) + ((random >> 8) & 255) + ((random >> 16) & 255) + (random >> 24);
    const noise = <f32>(<i32>sum - 510) * <f32>(sigma / 147.8);
    const gray = load<f32>(tone + 4 * <i32>load<u8>(frame + i)) + noise + 0.5;
    store<u8>(frame + i, <i32>max<f32>(0, min<f32>(255, gray)));
  }
  release(before);
}
