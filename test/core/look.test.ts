/** The second look: what a picture's features are like in an image where a map puts them, and what that does to its evidence. */

import { beforeAll, describe, expect, it } from "vitest";
import { type Homography, invert } from "../../shared/homography.ts";
import { between, randomFrom } from "../../shared/random.ts";
import { frameFromPicture } from "../../worker/core/camera.ts";
import type { GrayImage } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { isUnsure, lookAgain, mostOf } from "../../worker/index/second-look.ts";
import { collage } from "./scenes.ts";

const FRAME = { width: 640, height: 480 };
const core = loadCore();
const picture = collage(1, 400, 300);
const { features } = core.encodeTarget(core.extract(picture, 250), picture);
const pose = { scale: 0.8, rotation: 0.7, tilt: 0.8, tiltAxis: 2, center: [330, 230] as const };
const map = frameFromPicture(picture, FRAME, pose);
let frame: GrayImage;

beforeAll(() => {
  const background = collage(2, FRAME.width, FRAME.height);
  frame = core.drawView(
    picture,
    invert(map),
    background,
    { blurPasses: 1, gain: 0.7, gamma: 1, offset: 20, noise: 4 },
    1,
  );
});

function differenceBy(queryFromTarget: Homography, image = frame, of = features): number {
  return core.differencesInPlace(image, [{ features: of, queryFromTarget }])[0] as number;
}

describe("the difference in place", () => {
  it("is small where the picture is, turned, tilted and dim as it may be", () => {
    expect(differenceBy(map)).toBeLessThan(0.1);
  });

  it("is that of chance where it is not", () => {
    const aside = frameFromPicture(picture, FRAME, { ...pose, center: [370, 260] });
    expect(differenceBy(aside)).toBeGreaterThan(0.5);
    expect(differenceBy(map, collage(3, FRAME.width, FRAME.height))).toBeGreaterThan(0.5);
  });

  it("is between where a part of the picture is covered", () => {
    const covered = { ...frame, pixels: frame.pixels.slice() };
    const other = collage(3, FRAME.width, FRAME.height);
    covered.pixels.set(other.pixels.subarray(0, FRAME.width * 230));
    expect(differenceBy(map, covered)).toBeGreaterThan(2 * differenceBy(map));
    expect(differenceBy(map, covered)).toBeLessThan(0.7 * differenceBy(map, other));
  });

  it("is 1 where the map puts the picture out of sight, behind the camera or too small to see", () => {
    expect(differenceBy([1, 0, 5000, 0, 1, 0, 0, 0, 1])).toBe(1);
    expect(differenceBy([1, 0, 0, 0, 1, 0, 0, 0, -1])).toBe(1);
    expect(differenceBy([0.05, 0, 100, 0, 0.05, 100, 0, 0, 1])).toBe(1);
    expect(differenceBy(map, frame, new Uint8Array(0))).toBe(1);
  });

  it("is of 0 to 1 by any map, of an image of any size", () => {
    const random = randomFrom(5);
    for (let i = 0; i < 300; i++) {
      const h = Array.from(
        { length: 9 },
        (_, k) => between(random, -2, 2) * (k === 2 || k === 5 ? 300 : k > 5 ? 0.005 : 1),
      );
      h[8] = 1;
      const image = collage(i, 20 + Math.floor(200 * random()), 20 + Math.floor(200 * random()), 20);
      const difference = differenceBy(h, image);
      expect(difference).toBeGreaterThanOrEqual(0);
      expect(difference).toBeLessThanOrEqual(1);
    }
  });
});

describe("evidence", () => {
  const looked = (evidence: number, queryFromTarget: Homography) => {
    const [one] = lookAgain(core, frame, [{ evidence, worth: 0.5, queryFromTarget, features }]);
    return { evidence: one?.evidence as number, worth: one?.worth };
  };
  const elsewhere = frameFromPicture(picture, FRAME, { ...pose, center: [370, 260] });

  it("rises where the picture looks alike, is worth all of it, and not more than a sure one has", () => {
    expect(looked(4, map).evidence).toBeGreaterThan(10);
    expect(looked(4, map).evidence).toBeLessThanOrEqual(mostOf({ evidence: 4, worth: 0.5 }).evidence);
    expect(looked(59, map)).toEqual({ evidence: 60, worth: 1 });
    expect(looked(90, map)).toEqual({ evidence: 90, worth: 1 });
  });

  it("stays where it does not", () => {
    expect(looked(8, elsewhere)).toEqual({ evidence: 8, worth: 0.5 });
  });

  it("is unsure neither where next to nothing was found nor where it is plain", () => {
    const whole = [2.9, 3, 59.9, 60].map((evidence) => ({ evidence, worth: 1 }));
    expect(whole.map(isUnsure)).toEqual([false, true, true, false]);
    expect([whole[0], whole[3]].map((one) => one && mostOf(one))).toEqual([whole[0], whole[3]]);
    expect(isUnsure({ evidence: 80, worth: 0.5 })).toBe(true);
  });
});
