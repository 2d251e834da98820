/** Frames made up for the scanner: textures that can be moved, blurred and darkened by known amounts. */

import type { Frame } from "../../../miniprogram/scanner/frame.ts";
import { randomFrom } from "../../../shared/random.ts";

export interface Look {
  readonly width?: number;
  readonly height?: number;
  /** The content moves by so many px to the right and down. */
  readonly x?: number;
  readonly y?: number;
  /** 0: a plain wall; 1: from black to white. */
  readonly contrast?: number;
  readonly brightness?: number;
  readonly seed?: number;
}

const WORLD_PX = 1400;
const MARGIN_PX = 300;
const BLOB_PX = 26;
const worlds = new Map<number, Uint8Array>();

/** Blobs of 26 px bilinearly joined: edges at every scale that a probe sees, and none that it aliases. */
function worldOf(seed: number): Uint8Array {
  const known = worlds.get(seed);
  if (known) return known;
  const random = randomFrom(seed);
  const side = Math.ceil(WORLD_PX / BLOB_PX) + 2;
  const blobs = Float32Array.from({ length: side * side }, random);
  const world = new Uint8Array(WORLD_PX * WORLD_PX);
  for (let y = 0; y < WORLD_PX; y++) {
    for (let x = 0; x < WORLD_PX; x++) {
      const [u, v] = [x / BLOB_PX, y / BLOB_PX];
      const at = Math.floor(v) * side + Math.floor(u);
      const [fx, fy] = [u % 1, v % 1];
      const top = (blobs[at] as number) * (1 - fx) + (blobs[at + 1] as number) * fx;
      const bottom = (blobs[at + side] as number) * (1 - fx) + (blobs[at + side + 1] as number) * fx;
      world[y * WORLD_PX + x] = 255 * (top * (1 - fy) + bottom * fy);
    }
  }
  worlds.set(seed, world);
  return world;
}

export function frameWith(look: Look = {}): Frame {
  const { width = 480, height = 640, x = 0, y = 0, contrast = 1, brightness = 128, seed = 1 } = look;
  const world = worldOf(seed);
  const data = new Uint8Array(4 * width * height).fill(255);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += 4) {
      const value = world[(row + MARGIN_PX - y) * WORLD_PX + column + MARGIN_PX - x] as number;
      data[at] = data[at + 1] = data[at + 2] = brightness + contrast * (value - 128);
    }
  }
  return { format: "rgba", data, width, height, stride: 4 * width };
}
