/** Orientation, gradient histogram and descriptor against slow twins. */

import { describe, expect, it } from "vitest";
import type { GrayImage } from "../../worker/core/core.ts";
import { Kernels, model } from "./kernels.ts";
import { collage } from "./scenes.ts";

const SIDE = 96;
const MIDDLE = 48;

function placed(kernels: Kernels, { width, height, pixels }: GrayImage): { pixels: number; stride: number } {
  return { pixels: kernels.place(pixels), stride: width + 0 * height };
}

/** A picture whose light falls off towards one direction around its middle. */
function slope(angle: number): GrayImage {
  const pixels = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [(i % SIDE) - MIDDLE, Math.floor(i / SIDE) - MIDDLE];
    return 128 + 60 * Math.tanh((x * Math.cos(angle) + y * Math.sin(angle)) / 6);
  });
  return { width: SIDE, height: SIDE, pixels };
}

it("finds the direction of a slope to two degrees, in every direction", () => {
  const kernels = new Kernels();
  for (let degrees = 0; degrees < 360; degrees += 7) {
    const { pixels, stride } = placed(kernels, slope((degrees * Math.PI) / 180));
    const found = 360 * kernels.run("orientationAt", pixels, stride, MIDDLE, MIDDLE);
    const off = ((found - degrees + 540) % 360) - 180;
    expect(Math.abs(off)).toBeLessThan(2);
  }
});

/** The histogram by its definition, in double precision: bilinear samples, central differences, pooled by weight. */
function histogramAt({ width, pixels }: GrayImage, cx: number, cy: number, turns: number): number[] {
  const sample = (x: number, y: number) => {
    const [u, v] = [Math.floor(x), Math.floor(y)];
    const at = (i: number, j: number) => pixels[(v + j) * width + u + i] as number;
    const row = (j: number) => at(0, j) + (at(1, j) - at(0, j)) * (x - u);
    return row(0) + (row(1) - row(0)) * (y - v);
  };
  const [c, s] = [Math.cos(2 * Math.PI * turns) * 1.375, Math.sin(2 * Math.PI * turns) * 1.375];
  const patch = (i: number, j: number) =>
    sample(cx + c * (i - 8.5) - s * (j - 8.5), cy + s * (i - 8.5) + c * (j - 8.5));
  const weight = (cell: number, i: number) => {
    const offset = i - 7.5;
    return Math.max(0, 1 - Math.abs((offset / 16 + 0.5) * 3 - 0.5 - cell)) * Math.exp(-0.5 * (offset / 8) ** 2);
  };
  const histogram = new Array(72).fill(0);
  for (let j = 0; j < 16; j++) {
    for (let i = 0; i < 16; i++) {
      const dx = patch(i + 2, j + 1) - patch(i, j + 1);
      const dy = patch(i + 1, j + 2) - patch(i + 1, j);
      for (let k = 0; k < 8; k++) {
        const angle = (k * Math.PI) / 4;
        const lean = Math.max(0, dx * Math.cos(angle) + dy * Math.sin(angle) - 0.7 * Math.hypot(dx, dy));
        for (let cell = 0; cell < 9; cell++) {
          histogram[8 * cell + k] += lean * weight(cell % 3, i) * weight(Math.floor(cell / 3), j);
        }
      }
    }
  }
  const sum = histogram.reduce((a, b) => a + b, 0);
  return histogram.map((value) => Math.sqrt(value / sum));
}

describe("the gradient histogram", () => {
  it.each([0, 0.1, 0.37, 0.5, 0.81])("is the definition's, turned by %f", (turns) => {
    const kernels = new Kernels();
    const image = collage(8, SIDE, SIDE, 60);
    const { pixels, stride } = placed(kernels, image);
    const found = kernels.floats(kernels.run("measurePatch", pixels, stride, 47.3, 49.6, turns), 72);
    for (const [i, value] of histogramAt(image, 47.3, 49.6, turns).entries()) {
      expect(Math.abs((found[i] as number) - value)).toBeLessThan(0.004);
    }
  });

  it("does not change with brightness and contrast", () => {
    const kernels = new Kernels();
    const image = collage(9, SIDE, SIDE, 60);
    const dim = { ...image, pixels: image.pixels.map((gray) => 40 + gray * 0.5) };
    const measured = [image, dim].map((picture) => {
      const { pixels, stride } = placed(kernels, picture);
      return kernels.floats(kernels.run("measurePatch", pixels, stride, MIDDLE, MIDDLE, 0), 72);
    });
    for (let i = 0; i < 72; i++) expect(Math.abs((measured[0]?.[i] ?? 0) - (measured[1]?.[i] ?? 9))).toBeLessThan(0.02);
  });
});

it("projects the centered histogram and rounds it to signed bytes", () => {
  const kernels = new Kernels();
  const { pixels, stride } = placed(kernels, collage(10, SIDE, SIDE, 60));
  const histogram = kernels.floats(kernels.run("measurePatch", pixels, stride, MIDDLE, MIDDLE, 0.2), 72);
  const out = kernels.take(48);
  kernels.run("describePatch", out);
  const descriptor = new Int8Array(kernels.bytes(out, 48).buffer);
  for (let k = 0; k < 48; k++) {
    let value = 0;
    for (let i = 0; i < 72; i++) {
      value += ((histogram[i] as number) - (model[i] as number)) * (model[72 + 72 * k + i] as number);
    }
    expect(Math.abs((descriptor[k] as number) - Math.max(-127, Math.min(127, 8 * value)))).toBeLessThan(0.51);
  }
});
