/**
 * A frame's thumbnail of at most 80 px, taken of every frame: how sharp, how bright, how much moved, and by how much it shifted.
 * Phones without a JIT have half a millisecond for it (`npm run bench:scanner`), so it samples green alone, without averaging.
 */

import type { Frame } from "./frame.ts";

/** 480 × 640 becomes 60 × 80. */
export const PROBE_SIDE_PX = 80;
/** A shift is searched this far from where the last one was. */
const SHIFT_STEPS_MAX = 12;

export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export interface Probe extends Thumbnail {
  /** Mean, 0–255. */
  readonly brightness: number;
  /** Mean absolute Laplacian: edges. Comparable within one camera only. */
  readonly sharpness: number;
  /** Mean absolute difference from the probe before, 0–255; Infinity for the first. */
  readonly motion: number;
}

/** In px of the probe. */
export interface Shift {
  readonly x: number;
  readonly y: number;
  /** Mean absolute difference that remains, 0–255. */
  readonly residual: number;
}

/** A box in px of the probe. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The probe's size with every second pixel's green averaged: single samples of print change too much for `findShift`. */
export function takeThumbnail(frame: Frame): Thumbnail {
  const cell = cellOf(frame);
  const [width, height] = [Math.max(1, Math.floor(frame.width / cell)), Math.max(1, Math.floor(frame.height / cell))];
  const pixels = new Uint8Array(width * height);
  const pixelBytes = frame.format === "rgba" ? 4 : 1;
  const green = frame.format === "rgba" ? 1 : 0;
  const { data, stride } = frame;
  const step = 2 * pixelBytes;
  const count = Math.ceil(cell / 2) ** 2;
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let row = 0; row < cell; row += 2) {
        const from = (y * cell + row) * stride + x * cell * pixelBytes + green;
        const end = from + cell * pixelBytes;
        for (let i = from; i < end; i += step) sum += data[i] as number;
      }
      pixels[to++] = sum / count;
    }
  }
  return { width, height, pixels };
}

function cellOf({ width, height }: Frame): number {
  return Math.max(1, Math.ceil(Math.max(width, height) / PROBE_SIDE_PX));
}

/** `before` is compared with; `buffer` is reused where it is large enough, and must not be `before`'s. */
export function takeProbe(frame: Frame, before?: Probe, buffer?: Uint8Array): Probe {
  const cell = cellOf(frame);
  const width = Math.max(1, Math.floor(frame.width / cell));
  const height = Math.max(1, Math.floor(frame.height / cell));
  const pixels = buffer && buffer.length === width * height ? buffer : new Uint8Array(width * height);
  const brightness = sample(frame, cell, width, height, pixels) / pixels.length;
  const sharpness = meanLaplacian(pixels, width, height);
  const probe = { width, height, pixels, brightness, sharpness, motion: Number.POSITIVE_INFINITY };
  return before ? { ...probe, motion: meanDifference(before, probe) } : probe;
}

/** Mean absolute difference, 0–255; Infinity between probes of different sizes. */
export function meanDifference(a: Probe, b: Probe): number {
  return a.width === b.width && a.height === b.height ? differenceOf(a.pixels, b.pixels) : Number.POSITIVE_INFINITY;
}

/** The sum of the sampled pixels; the middle of each cell stands for it. */
function sample(frame: Frame, cell: number, width: number, height: number, pixels: Uint8Array): number {
  const { data, stride } = frame;
  const pixelBytes = frame.format === "rgba" ? 4 : 1;
  const green = frame.format === "rgba" ? 1 : 0;
  const middle = cell >> 1;
  const step = cell * pixelBytes;
  let sum = 0;
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = (y * cell + middle) * stride + middle * pixelBytes + green;
    for (let x = 0; x < width; x++, from += step) {
      const value = data[from] as number;
      pixels[to++] = value;
      sum += value;
    }
  }
  return sum;
}

/** At every third pixel: it tells as much. */
function meanLaplacian(pixels: Uint8Array, width: number, height: number): number {
  let sum = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    const end = (y + 1) * width - 1;
    for (let i = y * width + 1 + (y & 1); i < end; i += 3) {
      const laplacian =
        4 * (pixels[i] as number) -
        (pixels[i - 1] as number) -
        (pixels[i + 1] as number) -
        (pixels[i - width] as number) -
        (pixels[i + width] as number);
      sum += laplacian < 0 ? -laplacian : laplacian;
      count++;
    }
  }
  return count > 0 ? sum / count : 0;
}

function differenceOf(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < a.length; i += 4, count++) {
    const difference = (a[i] as number) - (b[i] as number);
    sum += difference < 0 ? -difference : difference;
  }
  return sum / count;
}

/**
 * Where the content of `box` in `reference` has moved to in `current`, searched downhill from the best of `starts` and refined
 * to fractions of a pixel. Undefined where the sizes differ or the box has moved out of the frame.
 */
export function findShift(
  reference: Thumbnail,
  current: Thumbnail,
  box: Box,
  starts: readonly Shift[],
): Shift | undefined {
  if (reference.width !== current.width || reference.height !== current.height) return undefined;
  let [x, y, best] = [0, 0, Number.POSITIVE_INFINITY];
  for (const start of starts) {
    const [startX, startY] = [Math.round(start.x), Math.round(start.y)];
    const difference = differenceAt(reference, current, box, startX, startY);
    if (difference < best) [best, x, y] = [difference, startX, startY];
  }
  for (let step = 0; step < SHIFT_STEPS_MAX; step++) {
    const [fromX, fromY] = [x, y];
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const difference = dx || dy ? differenceAt(reference, current, box, fromX + dx, fromY + dy) : best;
        if (difference < best) [best, x, y] = [difference, fromX + dx, fromY + dy];
      }
    }
    if (x === fromX && y === fromY) break;
  }
  if (best === Number.POSITIVE_INFINITY) return undefined;
  const at = (dx: number, dy: number) => differenceAt(reference, current, box, x + dx, y + dy);
  return { x: x + vertex(at(-1, 0), best, at(1, 0)), y: y + vertex(at(0, -1), best, at(0, 1)), residual: best };
}

/** Mean absolute difference of the part of the box that is still in the frame; Infinity where less than half is. */
function differenceAt(reference: Thumbnail, current: Thumbnail, box: Box, dx: number, dy: number): number {
  const { width, height } = reference;
  const left = Math.max(box.left, 0, -dx);
  const right = Math.min(box.right, width, width - dx);
  const top = Math.max(box.top, 0, -dy);
  const bottom = Math.min(box.bottom, height, height - dy);
  if (2 * (right - left) * (bottom - top) < (box.right - box.left) * (box.bottom - box.top))
    return Number.POSITIVE_INFINITY;
  if (right <= left || bottom <= top) return Number.POSITIVE_INFINITY;
  let sum = 0;
  let count = 0;
  for (let y = top; y < bottom; y++) {
    const shifted = (y + dy) * width + dx;
    for (let x = left + (y & 1); x < right; x += 2) {
      const difference = (reference.pixels[y * width + x] as number) - (current.pixels[shifted + x] as number);
      sum += difference < 0 ? -difference : difference;
      count++;
    }
  }
  return count > 0 ? sum / count : Number.POSITIVE_INFINITY;
}

/** The lowest point between three values: absolute differences meet in a V, so that two lines fit better than a parabola. */
function vertex(before: number, middle: number, after: number): number {
  if (before === Number.POSITIVE_INFINITY || after === Number.POSITIVE_INFINITY) return 0;
  const steeper = Math.max(before, after) - middle;
  return steeper > 0 ? (before - after) / (2 * steeper) : 0;
}
