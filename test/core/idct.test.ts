/** The inverse cosine transforms against their definition in double precision. */

import { expect, it } from "vitest";
import { between, type Random, randomFrom } from "../../shared/random.ts";
import { Kernels } from "./kernels.ts";

const STRIDE = 24;

/** T.81, A.3.3, of the side × side lowest frequencies alone; coefficients by (column, row). */
function slowInverse(coefficients: readonly number[], side: number): number[] {
  const weight = (k: number) => (k === 0 ? 1 : Math.SQRT2);
  const wave = (k: number, x: number) => weight(k) * Math.cos(((2 * x + 1) * k * Math.PI) / (2 * side));
  return Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    let sum = 0;
    for (let u = 0; u < side; u++) {
      for (let v = 0; v < side; v++) sum += (coefficients[u * side + v] as number) * wave(u, x) * wave(v, y);
    }
    return Math.max(0, Math.min(255, 128 + sum / 8));
  });
}

/** As pictures have them, large ones rare; `reach` beyond 1024 goes past black and white. */
function randomBlock(random: Random, side: number, reach: number): number[] {
  return Array.from({ length: side * side }, () =>
    random() < 0.6 ? 0 : Math.round(between(random, -reach, reach) * random() ** 3),
  );
}

it.each([8, 4, 2])("pixels are at most one gray level off, and nothing is written beside them: %i a side", (side) => {
  const kernels = new Kernels();
  const random = randomFrom(side);
  for (let round = 0; round < 500; round++) {
    const coefficients = randomBlock(random, side, [200, 1024, 2047][round % 3] as number);
    const target = kernels.place(new Uint8Array(STRIDE * side).fill(77));
    kernels.run(`inverse${side}`, kernels.place(Int16Array.from(coefficients)), target, STRIDE);
    const written = kernels.bytes(target, STRIDE * side);
    const slow = slowInverse(coefficients, side);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < STRIDE; x++) {
        const gray = written[y * STRIDE + x] as number;
        if (x >= side) expect(gray).toBe(77);
        else expect(Math.abs(gray - (slow[y * side + x] as number))).toBeLessThanOrEqual(1);
      }
    }
  }
});

it.each([8, 4, 2, 1])("a block with nothing but its mean is flat: %i a side", (side) => {
  const kernels = new Kernels();
  for (const mean of [-2000, -1024, -5, 0, 3, 4, 511, 1020, 2000]) {
    const target = kernels.take(STRIDE * side);
    kernels.run("inverseFlat", mean, target, STRIDE, side);
    const gray = Math.max(0, Math.min(255, Math.round(128 + mean / 8)));
    for (let y = 0; y < side; y++) {
      expect([...kernels.bytes(target + y * STRIDE, side)]).toEqual(new Array(side).fill(gray));
    }
  }
});
