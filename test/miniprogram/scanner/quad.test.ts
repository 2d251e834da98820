/** From the frame to the screen, against the homography's own definition. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillView, matrix3d, quadFromBox, quadOf } from "../../../miniprogram/scanner/quad.ts";
import { applyHomography, cornersOf, type Point } from "../../../shared/homography.ts";

const nudge = fc.double({ min: -0.15, max: 0.15, noNaN: true });
const quads = fc
  .array(nudge, { minLength: 8, maxLength: 8 })
  .map((d) => cornersOf(1, 1).map(([x, y], i): Point => [x + (d[2 * i] as number), y + (d[2 * i + 1] as number)]));

describe("the overlay's geometry", () => {
  it("lays the box's corners on any convex quad", () => {
    fc.assert(
      fc.property(quads, (corners) => {
        const quad = quadOf(corners);
        if (!quad) throw new Error("the quad is convex");
        const h = quadFromBox({ width: 300, height: 400 }, quad);
        cornersOf(300, 400).forEach((corner, i) => {
          const [x, y] = applyHomography(h, corner);
          expect(Math.hypot(x - (quad[i]?.[0] ?? 9), y - (quad[i]?.[1] ?? 9))).toBeLessThan(1e-9);
        });
      }),
    );
  });

  it.each([
    [
      "crossed",
      [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
      ],
    ],
    [
      "with three corners",
      [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    ],
    [
      "not a number",
      [
        [0, 0],
        [1, 0],
        [1, Number.NaN],
        [0, 1],
      ],
    ],
    [
      "on a line",
      [
        [0, 0],
        [1, 0],
        [2, 0],
        [3, 0],
      ],
    ],
  ] as [string, Point[]][])("takes no quad that is %s", (_, corners) => {
    expect(quadOf(corners)).toBeUndefined();
  });

  it("fills the view and cuts what is too long, as the camera's view does", () => {
    const whole = quadOf(cornersOf(1, 1));
    if (!whole) throw new Error("the whole frame is a quad");
    expect(fillView(whole, { width: 480, height: 640 }, { width: 375, height: 667 })).toEqual([
      [-62.625, 0],
      [437.625, 0],
      [437.625, 667],
      [-62.625, 667],
    ]);
  });

  it("writes CSS matrices column by column and without exponents", () => {
    expect(matrix3d([2, 0, 10, 0, 3, 20, 1e-9, 0, 1])).toBe("matrix3d(2,0,0,0.000000001,0,3,0,0,0,0,1,0,10,20,0,1)");
  });
});
