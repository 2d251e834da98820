/** FAST scores, sixteen at a time without branches, against the definition. */

import { expect, it } from "vitest";
import type { GrayImage } from "../../worker/core/core.ts";
import { Kernels } from "./kernels.ts";
import { collage, noise } from "./scenes.ts";

const CIRCLE = [
  [0, -3],
  [1, -3],
  [2, -2],
  [3, -1],
  [3, 0],
  [3, 1],
  [2, 2],
  [1, 3],
  [0, 3],
  [-1, 3],
  [-2, 2],
  [-3, 1],
  [-3, 0],
  [-3, -1],
  [-2, -2],
  [-1, -3],
] as const;

/** The largest threshold that nine neighbors on the circle all pass, brighter or darker. */
function scoreAt({ width, pixels }: GrayImage, x: number, y: number): number {
  const center = pixels[y * width + x] as number;
  const differences = CIRCLE.map(([dx, dy]) => (pixels[(y + dy) * width + x + dx] as number) - center);
  let best = 0;
  for (let start = 0; start < 16; start++) {
    const arc = Array.from({ length: 9 }, (_, i) => differences[(start + i) % 16] as number);
    best = Math.max(best, Math.min(...arc), -Math.max(...arc));
  }
  return best;
}

it.each([
  ["a collage", collage(5, 96, 70), 0],
  ["a collage, from a floor up", collage(6, 96, 70), 12],
  ["noise", noise(7, 64, 40), 4],
] as const)("scores every pixel of %s as the definition does", (_, image, floor) => {
  const kernels = new Kernels();
  const { width, height } = image;
  const scores = kernels.take(width * height);
  const inner = kernels.place(image.pixels) + 3 * width;
  kernels.run("fastScores", inner, width, width, height - 6, scores, floor);
  const found = kernels.bytes(scores, width * (height - 6));
  let corners = 0;
  for (let y = 3; y < height - 3; y++) {
    for (let x = 3; x < width - 3; x++) {
      const score = scoreAt(image, x, y);
      expect(found[(y - 3) * width + x]).toBe(score > floor ? score : 0);
      if (score > floor) corners++;
    }
  }
  expect(corners).toBeGreaterThan(20);
});
