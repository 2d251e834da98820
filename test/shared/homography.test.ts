/** Homographies, against what geometry says of them. */

import { describe, expect, it } from "vitest";
import { applyHomography, cornersOf, type Homography, invert, multiply, scaling } from "../../shared/homography.ts";
import { between, randomFrom } from "../../shared/random.ts";

const random = randomFrom(7);
/** Strongly tilted, but with nothing at infinity near the picture. */
const homographies: Homography[] = Array.from({ length: 50 }, () => [
  between(random, 0.5, 2),
  between(random, -0.4, 0.4),
  between(random, -100, 100),
  between(random, -0.4, 0.4),
  between(random, 0.5, 2),
  between(random, -100, 100),
  between(random, -1e-4, 1e-4),
  between(random, -1e-4, 1e-4),
  between(random, 0.5, 2),
]);
const points = [...cornersOf(640, 480), [123, 45] as const];

function expectPoint([x, y]: readonly [number, number], [trueX, trueY]: readonly [number, number]): void {
  expect(x).toBeCloseTo(trueX, 6);
  expect(y).toBeCloseTo(trueY, 6);
}

describe("a homography", () => {
  it("moves points as its numbers say", () => {
    expect(applyHomography([1, 0, 5, 0, 1, -3, 0, 0, 1], [10, 20])).toEqual([15, 17]);
    expect(applyHomography([0, -1, 0, 1, 0, 0, 0, 0, 1], [2, 3])).toEqual([-3, 2]);
    expect(applyHomography([1, 0, 0, 0, 1, 0, 0.1, 0, 1], [10, 20])).toEqual([5, 10]);
    expect(applyHomography(scaling(2, 3), [5, 7])).toEqual([10, 21]);
  });

  it("does the same whatever it is multiplied by", () => {
    for (const h of homographies) {
      for (const point of points) {
        const scaled = h.map((value) => -3 * value);
        expectPoint(applyHomography(scaled, point), applyHomography(h, point));
      }
    }
  });

  it("after another one is their product", () => {
    homographies.forEach((bFromA, i) => {
      const cFromB = homographies[(i + 1) % homographies.length] as Homography;
      for (const point of points) {
        const expected = applyHomography(cFromB, applyHomography(bFromA, point));
        expectPoint(applyHomography(multiply(cFromB, bFromA), point), expected);
      }
    });
  });

  it("is undone by its inverse", () => {
    for (const h of homographies) {
      for (const point of points) expectPoint(applyHomography(invert(h), applyHomography(h, point)), point);
    }
  });

  it("has no inverse where it is singular", () => {
    expect(() => invert([1, 2, 3, 2, 4, 6, 0, 0, 1])).toThrow(RangeError);
    expect(() => invert(new Array(9).fill(0))).toThrow(RangeError);
  });
});

it("the corners of a rectangle go clockwise from the top left", () => {
  expect(cornersOf(4, 3)).toEqual([
    [0, 0],
    [4, 0],
    [4, 3],
    [0, 3],
  ]);
});
