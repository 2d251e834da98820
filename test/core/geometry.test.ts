/** Plane maps: the kernel's fits and the shared homographies, against known truth. */

import { describe, expect, it } from "vitest";
import { applyHomography, cornersOf, type Homography, invert, multiply } from "../../shared/homography.ts";
import { between, randomFrom } from "../../shared/random.ts";
import { frameFromPicture } from "../../worker/core/camera.ts";
import { Kernels } from "./kernels.ts";

const TARGET = { width: 480, height: 360 };
const FRAME = { width: 640, height: 480 };

function randomMap(seed: number): Homography {
  const random = randomFrom(seed);
  return frameFromPicture(TARGET, FRAME, {
    scale: between(random, 0.4, 1.2),
    rotation: between(random, -3, 3),
    tilt: between(random, 0, 0.9),
    tiltAxis: between(random, 0, 6),
    center: [320, 240],
  });
}

function correspondences(map: Homography, count: number, jitter: number, seed = 1): Float32Array {
  const random = randomFrom(seed);
  return Float32Array.from(
    Array.from({ length: count }, () => {
      const point = [random() * TARGET.width, random() * TARGET.height] as const;
      const [u, v] = applyHomography(map, point);
      return [...point, u + between(random, -jitter, jitter), v + between(random, -jitter, jitter)];
    }).flat(),
  );
}

function worstCorner(found: Homography, truth: Homography): number {
  return Math.max(
    ...cornersOf(TARGET.width, TARGET.height).map((corner) => {
      const [a, b] = [applyHomography(found, corner), applyHomography(truth, corner)];
      return Math.hypot(a[0] - b[0], a[1] - b[1]);
    }),
  );
}

function fitted(points: Float32Array, affine = false): Homography | undefined {
  const kernels = new Kernels();
  const out = kernels.take(72);
  const sizes = affine ? [] : [TARGET.width, TARGET.height, FRAME.width, FRAME.height];
  const found = kernels.run(
    affine ? "fitAffine" : "fitHomography",
    kernels.place(points),
    points.length / 4,
    ...sizes,
    out,
  );
  return found ? [...kernels.doubles(out, 9)] : undefined;
}

describe("fitting", () => {
  it("recovers a homography from exact points within a pixel at the corners", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const truth = randomMap(seed);
      const found = fitted(correspondences(truth, 40, 0, seed)) as Homography;
      expect(worstCorner(found, truth)).toBeLessThan(1);
    }
  });

  it("averages out half a pixel of jitter", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const truth = randomMap(seed);
      expect(worstCorner(fitted(correspondences(truth, 80, 0.5, seed)) as Homography, truth)).toBeLessThan(3);
    }
  });

  it("recovers an affine map from three points", () => {
    const truth = [0.8, -0.3, 40, 0.2, 0.9, -15, 0, 0, 1];
    expect(worstCorner(fitted(correspondences(truth, 3, 0), true) as Homography, truth)).toBeLessThan(0.01);
  });

  it("says no where the points lie on a line", () => {
    const line = Float32Array.from(Array.from({ length: 12 }, (_, i) => [i * 10, i * 5, i * 3, i * 7]).flat());
    expect(fitted(line, true)).toBeUndefined();
  });
});

describe("shared homographies", () => {
  it("invert and multiply to the identity", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const map = randomMap(seed);
      const [x, y] = applyHomography(multiply(invert(map), map), [123, 45]);
      expect(x).toBeCloseTo(123, 6);
      expect(y).toBeCloseTo(45, 6);
    }
  });

  it("refuse to invert a singular map", () => {
    expect(() => invert([1, 2, 3, 2, 4, 6, 0, 0, 1])).toThrow(/singular/);
  });
});

describe("the simulated camera", () => {
  it("puts the picture's middle where it was told, at the scale it was told", () => {
    const pose = { scale: 0.5, rotation: 0.4, tilt: 0, tiltAxis: 1, center: [300, 200] as const };
    const map = frameFromPicture(TARGET, FRAME, pose);
    const [x, y] = applyHomography(map, [240, 180]);
    expect([x, y]).toEqual([expect.closeTo(300, 6), expect.closeTo(200, 6)]);
    const [u, v] = applyHomography(map, [241, 180]);
    expect(Math.hypot(u - x, v - y)).toBeCloseTo(0.5, 6);
  });

  it("shortens a picture that leans away, and its far side more", () => {
    const map = frameFromPicture(TARGET, FRAME, { scale: 1, rotation: 0, tilt: 0.8, tiltAxis: 0, center: [320, 240] });
    const [a, b, c, d] = cornersOf(TARGET.width, TARGET.height).map((corner) => applyHomography(map, corner)) as [
      readonly [number, number],
      readonly [number, number],
      readonly [number, number],
      readonly [number, number],
    ];
    expect(d[1] - a[1]).toBeLessThan(TARGET.height * 0.8);
    expect(b[0] - a[0]).toBeGreaterThan(c[0] - d[0] + 50);
  });
});
