/** What the benchmarks compute beside the recognizer: bounds of rates, and the simulator's own steps. */

import { expect, test } from "vitest";
import { applyHomography } from "../../shared/homography.ts";
import { randomFrom } from "../../shared/random.ts";
import { loadCore } from "../../worker/core/node.ts";
import { upperBound } from "../bench/bounds.ts";
import { addGlare, CONDITIONS, FRAME, motionBlur, render } from "../bench/simulator.ts";

test("a rate that was never seen is bounded by three in the number of trials", () => {
  expect(upperBound(0, 50_000)).toBeCloseTo(1 - 0.05 ** (1 / 50_000), 10);
  expect(50_000 * upperBound(0, 50_000)).toBeCloseTo(3, 1);
});

test("the bound of a rate is the tabulated one of Clopper and Pearson", () => {
  expect(upperBound(1, 100)).toBeCloseTo(0.04656, 4);
  expect(upperBound(5, 50)).toBeCloseTo(0.19993, 2);
  expect(upperBound(100, 100)).toBe(1);
});

test("motion blur spreads a point along its path and keeps its light", () => {
  const pixels = new Uint8Array(21 * 21);
  pixels[10 * 21 + 10] = 250;
  const blurred = motionBlur({ width: 21, height: 21, pixels }, 4, 0).pixels;
  expect([...blurred.subarray(10 * 21 + 7, 10 * 21 + 14)]).toEqual([0, 50, 50, 50, 50, 50, 0]);
  expect(blurred.reduce((sum, value) => sum + value)).toBe(250);
});

test("glare burns out a disk of the wanted diameter", () => {
  const black = { width: 101, height: 101, pixels: new Uint8Array(101 * 101) };
  const { pixels } = addGlare(black, 40, [50, 50]);
  expect(pixels[50 * 101 + 69]).toBe(255);
  expect(pixels[50 * 101 + 72]).toBeLessThan(255);
  expect(pixels[50 * 101 + 100]).toBeLessThan(16);
});

test("a partial view leaves the wanted share of the picture inside the frame", () => {
  const picture = { width: 300, height: 200, pixels: new Uint8Array(300 * 200).fill(200) };
  const condition = CONDITIONS.find(({ name }) => name === "partial view");
  const { frameFromPicture } = render(loadCore(), picture, [picture], condition, 0.4, randomFrom(3));
  let inside = 0;
  for (let i = 0; i < picture.pixels.length; i++) {
    const [x, y] = applyHomography(frameFromPicture, [i % picture.width, Math.floor(i / picture.width)]);
    if (x >= 0 && y >= 0 && x < FRAME.width && y < FRAME.height) inside++;
  }
  expect(inside / picture.pixels.length).toBeCloseTo(0.4, 1);
});

test("under low contrast the picture is drawn where the homography says, with the contrast that is left", () => {
  const core = loadCore();
  const picture = { width: 300, height: 200, pixels: new Uint8Array(300 * 200).fill(255) };
  const condition = CONDITIONS.find(({ name }) => name === "low contrast");
  const { file, frameFromPicture } = render(core, picture, [picture], condition, 0.2, randomFrom(3));
  const frame = core.decodeJpeg(file, 1);
  if (typeof frame === "number") throw new Error(`the JPEG was refused with ${frame}`);
  const grayAt = ([x, y]: readonly [number, number]) => frame.pixels[Math.round(y) * FRAME.width + Math.round(x)] ?? 0;
  const middle = grayAt(applyHomography(frameFromPicture, [150, 100]));
  const beside = grayAt(applyHomography(frameFromPicture, [-40, 100]));
  expect(middle - beside).toBeGreaterThan(20);
  expect(middle - beside).toBeLessThan(40);
});
