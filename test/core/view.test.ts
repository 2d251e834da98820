/** The simulated camera's pixels. */

import { expect, it } from "vitest";
import { applyHomography, invert } from "../../shared/homography.ts";
import { frameFromPicture } from "../../worker/core/camera.ts";
import { loadCore } from "../../worker/core/node.ts";
import { collage, flat } from "./scenes.ts";

const CLEAR = { blurPasses: 0, gain: 1, gamma: 1, offset: 0, noise: 0 };

it("shows the picture itself through the identity, and the background beyond it", () => {
  const core = loadCore();
  const picture = collage(1, 100, 80);
  const frame = core.drawView(picture, [1, 0, 0, 0, 1, 0, 0, 0, 1], flat(7, 140, 90), CLEAR, 1);
  for (let y = 0; y < 90; y++) {
    for (let x = 0; x < 140; x++) {
      const inside = x < 99 && y < 79;
      expect(frame.pixels[y * 140 + x]).toBe(inside ? picture.pixels[y * 100 + x] : 7);
    }
  }
});

it("puts a spot of the picture where the homography says", () => {
  const core = loadCore();
  const picture = flat(20, 300, 200);
  for (let y = 118; y < 123; y++) picture.pixels.fill(250, y * 300 + 218, y * 300 + 223);
  const map = frameFromPicture(
    picture,
    { width: 320, height: 240 },
    { scale: 0.8, rotation: 0.5, tilt: 0.6, tiltAxis: 2, center: [150, 130] },
  );
  const frame = core.drawView(picture, invert(map), flat(20, 320, 240), CLEAR, 1);
  let [weight, sumX, sumY] = [0, 0, 0];
  for (const [i, gray] of frame.pixels.entries()) {
    weight += gray - 20;
    sumX += (gray - 20) * (i % 320);
    sumY += (gray - 20) * Math.floor(i / 320);
  }
  const [x, y] = applyHomography(map, [220, 120]);
  expect(Math.hypot(sumX / weight - x, sumY / weight - y)).toBeLessThan(0.3);
});

it("exposes by gain, gamma and offset, with noise of the given deviation", () => {
  const core = loadCore();
  const frame = core.drawView(
    flat(0, 8, 8),
    [1, 0, 1e6, 0, 1, 1e6, 0, 0, 1],
    flat(128, 200, 200),
    { ...CLEAR, gain: 0.5, gamma: 2, offset: 30, noise: 6 },
    9,
  );
  const mean = frame.pixels.reduce((a, b) => a + b) / 40000;
  const deviation = Math.sqrt(frame.pixels.reduce((sum, gray) => sum + (gray - mean) ** 2, 0) / 40000);
  expect(mean).toBeCloseTo(255 * 0.5 * (128 / 255) ** 2 + 30, 0);
  expect(deviation).toBeGreaterThan(5.5);
  expect(deviation).toBeLessThan(6.5);
});
