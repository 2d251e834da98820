/** Keypoints: where they lie, how they are spread, and that they come back in another view. */

import { describe, expect, it } from "vitest";
import type { GrayImage } from "../../worker/core/core.ts";
import { FEATURE_BYTES, readFeatures } from "../../worker/core/feature.ts";
import { loadCore } from "../../worker/core/node.ts";
import { collage, flat } from "./scenes.ts";

function square(left: number, top: number, side: number): GrayImage {
  const image = flat(60, 200, 160);
  for (let y = top; y < top + side; y++) image.pixels.fill(200, y * 200 + left, y * 200 + left + side);
  return image;
}

describe("keypoints", () => {
  it("lie on the corners of a square", () => {
    const found = readFeatures(loadCore().extract(square(60, 50, 50), 40));
    for (const [x, y] of [
      [60, 50],
      [109, 50],
      [60, 99],
      [109, 99],
    ] as const) {
      const nearest = Math.min(...found.map((feature) => Math.hypot(feature.x - x, feature.y - y)));
      expect(nearest).toBeLessThan(2.5);
    }
  });

  it("are found in a dim picture almost as often as in a bright one", () => {
    const bright = collage(20, 400, 300);
    const dim = { ...bright, pixels: bright.pixels.map((gray) => 30 + gray / 4) };
    const core = loadCore();
    const [inBright, inDim] = [bright, dim].map((image) => core.extract(image, 400).length / FEATURE_BYTES) as [
      number,
      number,
    ];
    expect(inBright).toBe(400);
    expect(inDim).toBeGreaterThan(200);
  });

  it("are spread over the picture although one corner has far more contrast", () => {
    const image = collage(21, 480, 360);
    for (let i = 0; i < image.pixels.length; i++) {
      const corner = i % 480 < 160 && i < 480 * 120;
      if (!corner) image.pixels[i] = 110 + (image.pixels[i] as number) / 8;
    }
    const found = readFeatures(loadCore().extract(image, 250));
    const outside = found.filter(({ x, y }) => x >= 170 || y >= 130);
    expect(outside.length).toBeGreaterThan(125);
  });

  it("are a good choice in any number: the first hundred of three hundred are the hundred", () => {
    const image = collage(22, 480, 360);
    const core = loadCore();
    const [hundred, more] = [core.extract(image, 100), core.extract(image, 300)];
    expect([...more.subarray(0, hundred.length)]).toEqual([...hundred]);
  });

  it("are none in a flat picture", () => {
    expect(loadCore().extract(flat(128, 300, 200), 500)).toHaveLength(0);
  });

  it("cover half of the pyramid's levels at least, the finest most", () => {
    const scales = readFeatures(loadCore().extract(collage(23, 640, 480, 400), 800)).map(({ scale }) =>
      Math.round(2 * Math.log2(scale)),
    );
    const count = (level: number) => scales.filter((scale) => scale === level).length;
    expect(new Set(scales).size).toBe(6);
    expect(count(0)).toBeGreaterThan(count(3));
  });
});
