/** The image kernels against slow twins in double precision. */

import { describe, expect, it } from "vitest";
import type { GrayImage } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { Kernels } from "./kernels.ts";
import { collage, flat, noise } from "./scenes.ts";

const PADDING = 16;

function areaMean(
  { width, height, pixels }: GrayImage,
  newWidth: number,
  newHeight: number,
  x: number,
  y: number,
): number {
  const [left, right] = [(x * width) / newWidth, ((x + 1) * width) / newWidth];
  const [top, bottom] = [(y * height) / newHeight, ((y + 1) * height) / newHeight];
  let sum = 0;
  for (let v = Math.floor(top); v < Math.min(height, bottom); v++) {
    for (let u = Math.floor(left); u < Math.min(width, right); u++) {
      const covered = (Math.min(right, u + 1) - Math.max(left, u)) * (Math.min(bottom, v + 1) - Math.max(top, v));
      sum += covered * (pixels[v * width + u] as number);
    }
  }
  return sum / ((right - left) * (bottom - top));
}

describe("shrinking", () => {
  it.each([
    [640, 480, 453],
    [1000, 700, 640],
    [333, 517, 480],
    [4000, 61, 640],
  ])("makes each pixel the mean of its area: %i × %i to %i px", (width, height, side) => {
    const image = noise(1, width, height);
    const small = loadCore().shrink(image, side);
    expect(Math.max(small.width, small.height)).toBe(side);
    const worst = small.pixels.reduce((most, gray, i) => {
      const mean = areaMean(image, small.width, small.height, i % small.width, Math.floor(i / small.width));
      return Math.max(most, Math.abs(gray - mean));
    }, 0);
    expect(worst).toBeLessThan(3); // weights are in 1/256, so noise of 255 levels errs by little more than 1
  });

  it("keeps flat gray exactly, and never enlarges", () => {
    const core = loadCore();
    expect(new Set(core.shrink(flat(255, 1023, 511), 640).pixels)).toEqual(new Set([255]));
    const image = noise(2, 100, 80);
    expect(core.shrink(image, 640)).toBe(image);
  });
});

it("halves by the rounded mean of four pixels", () => {
  const kernels = new Kernels();
  const image = noise(3, 75, 53);
  const out = kernels.take(37 * 26);
  kernels.run("halve", kernels.place(image.pixels), 75, out, 37, 26);
  const at = (x: number, y: number) => image.pixels[y * 75 + x] as number;
  const expected = Array.from({ length: 37 * 26 }, (_, i) => {
    const [x, y] = [2 * (i % 37), 2 * Math.floor(i / 37)];
    return (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1) + 2) >> 2;
  });
  expect([...kernels.bytes(out, 37 * 26)]).toEqual(expected);
});

it("blurs by the binomial window with repeated edges, and pads by repeating the blurred edge", () => {
  const kernels = new Kernels();
  const [width, height] = [61, 47];
  const image = collage(4, width, height);
  const out = kernels.take(kernels.run("paddedBytes", width, height));
  kernels.run("blurPadded", kernels.place(image.pixels), width, height, out);
  const stride = kernels.run("paddedStride", width);
  const padded = kernels.bytes(out, kernels.run("paddedBytes", width, height));
  const window = [1, 4, 6, 4, 1];
  const inside = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  const blurred = (x: number, y: number) => {
    let sum = 0;
    for (const [j, wy] of window.entries()) {
      for (const [i, wx] of window.entries()) {
        sum += wx * wy * (image.pixels[inside(y + j - 2, height) * width + inside(x + i - 2, width)] as number);
      }
    }
    return (sum + 128) >> 8;
  };
  for (let y = -PADDING; y < height + PADDING; y++) {
    for (let x = -PADDING; x < width + PADDING; x++) {
      expect(padded[(y + PADDING) * stride + x + PADDING]).toBe(blurred(inside(x, width), inside(y, height)));
    }
  }
});
