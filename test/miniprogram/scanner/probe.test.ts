/** Shrinking, probing, choosing and following frames whose motion is known. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { follow, step } from "../../../miniprogram/scanner/follow.ts";
import { frameOf, shrinkToGray, shrunkSize } from "../../../miniprogram/scanner/frame.ts";
import { choose, judge, openGate } from "../../../miniprogram/scanner/gate.ts";
import { findShift, takeProbe, takeThumbnail } from "../../../miniprogram/scanner/probe.ts";
import type { Quad } from "../../../miniprogram/scanner/quad.ts";
import { frameWith } from "./frames.ts";

describe("shrinking a frame", () => {
  it("gives every pixel the mean luma of its box", () => {
    const { width, height, pixels } = shrinkToGray(frameWith({ contrast: 0, brightness: 90 }), 320);
    expect([width, height]).toEqual([240, 320]);
    expect(new Set(pixels)).toEqual(new Set([90]));
  });

  it("weighs red, green and blue as the eye does", () => {
    const data = new Uint8Array([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
    const { pixels } = shrinkToGray({ format: "rgba", data, width: 3, height: 1, stride: 12 }, 3);
    expect([...pixels]).toEqual([77, 149, 29]);
  });

  it("reaches the wanted long side from any frame, and never enlarges", () => {
    const sides = fc.record({ width: fc.integer({ min: 1, max: 900 }), height: fc.integer({ min: 1, max: 900 }) });
    fc.assert(
      fc.property(sides, fc.constantFrom(320, 480, 640), ({ width, height }, edge) => {
        const frame = {
          format: "gray",
          data: new Uint8Array(width * height).fill(7),
          width,
          height,
          stride: width,
        } as const;
        const gray = shrinkToGray(frame, edge);
        expect(Math.max(gray.width, gray.height)).toBe(Math.min(edge, Math.max(width, height)));
        expect(gray.pixels.every((pixel) => pixel === 7)).toBe(true);
        expect(shrunkSize(frame, edge)).toEqual({ width: gray.width, height: gray.height });
      }),
      { numRuns: 60 },
    );
  });

  it("follows padded rows, and refuses bytes that make no rows", () => {
    expect(frameOf(new ArrayBuffer(10 * 48), 10, 10)?.stride).toBe(48);
    expect(frameOf(new ArrayBuffer(10 * 40 + 1), 10, 10)).toBeUndefined();
    expect(frameOf(new ArrayBuffer(8), 10, 10)).toBeUndefined();
  });
});

describe("the probe", () => {
  it("finds by how far a part of the frame has moved, to a fraction of a cell", () => {
    const reference = takeThumbnail(frameWith());
    const box = { left: 15, top: 20, right: 45, bottom: 60 };
    const shifts = fc.record({ x: fc.integer({ min: -45, max: 45 }), y: fc.integer({ min: -45, max: 45 }) });
    fc.assert(
      fc.property(shifts, ({ x, y }) => {
        const near = { x: Math.round((x * 0.6) / 8), y: Math.round((y * 0.6) / 8), residual: 0 };
        const found = findShift(reference, takeThumbnail(frameWith({ x, y })), box, [near]);
        expect(Math.abs((found?.x ?? 99) * 8 - x)).toBeLessThan(3);
        expect(Math.abs((found?.y ?? 99) * 8 - y)).toBeLessThan(3);
      }),
      { numRuns: 25 },
    );
  });

  it("does not compare frames of different shape", () => {
    const box = { left: 0, top: 0, right: 60, bottom: 60 };
    const upright = takeProbe(frameWith());
    const lying = takeProbe(frameWith({ width: 640, height: 480 }), upright);
    expect(lying.motion).toBe(Number.POSITIVE_INFINITY);
    expect(findShift(upright, lying, box, [{ x: 0, y: 0, residual: 0 }])).toBeUndefined();
  });
});

describe("the gate", () => {
  it.each([
    ["dark", { brightness: 10, contrast: 0.05 }],
    ["bright", { brightness: 245, contrast: 0.05 }],
    ["blur", { contrast: 0 }],
    ["good", {}],
  ] as const)("says %s", (verdict, look) => {
    expect(judge(openGate, takeProbe(frameWith(look)), 0).verdict).toBe(verdict);
  });

  it("refuses a moving frame, but not for ever", () => {
    let [gate, before] = [openGate, takeProbe(frameWith())];
    const verdicts = Array.from({ length: 16 }, (_, i) => {
      const probe = takeProbe(frameWith({ x: i % 2 ? 60 : -60, y: 40 }), before);
      const judged = judge(gate, probe, 100 * i);
      [gate, before] = [judged.gate, probe];
      return judged.verdict;
    });
    expect(verdicts.slice(0, 12)).toEqual(Array(12).fill("motion"));
    expect(verdicts.slice(12)).toEqual(Array(4).fill("good"));
  });

  it("refuses a frame far less sharp than others of late, and forgets them in time", () => {
    const sharp = judge(openGate, takeProbe(frameWith()), 0).gate;
    const soft = takeProbe(frameWith({ contrast: 0.4 }));
    expect(judge(sharp, soft, 100).verdict).toBe("blur");
    expect(judge(sharp, soft, 4000).verdict).toBe("good");
  });

  it("waits for a frame as sharp as the best of the interval, for a moment", () => {
    const best = judge(openGate, takeProbe(frameWith()), 0).gate;
    const softer = takeProbe(frameWith({ contrast: 0.8 }));
    const first = choose(best, softer, 400);
    expect(first.send).toBe(false);
    expect(choose(first.gate, takeProbe(frameWith()), 433).send).toBe(true);
    expect(choose(first.gate, softer, 550).send).toBe(true);
  });
});

describe("following the target", () => {
  const quad: Quad = [[0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7]]; // biome-ignore format: one line says it

  it("moves the overlay with the picture between two answers", () => {
    let state = follow(quad, takeThumbnail(frameWith()), undefined, 0);
    for (let i = 1; i <= 30; i++) state = step(state, takeThumbnail(frameWith({ x: 2 * i, y: -i })), 33 * i);
    for (let i = 31; i <= 40; i++) state = step(state, takeThumbnail(frameWith({ x: 60, y: -30 })), 33 * i);
    const [[x, y]] = state.shown;
    expect(Math.abs(480 * (x - 0.3) - 60)).toBeLessThan(3);
    expect(Math.abs(640 * (y - 0.3) + 30)).toBeLessThan(3);
    expect(state.opacity).toBe(1);
  });

  it("fades when the picture is no longer there, and comes back with it", () => {
    let state = follow(quad, takeThumbnail(frameWith()), undefined, 0);
    const elsewhere = takeThumbnail(frameWith({ seed: 2 }));
    state = step(state, elsewhere, 300);
    expect(state.opacity).toBe(1);
    state = step(state, elsewhere, 700);
    expect(state.opacity).toBeCloseTo(0.5);
    state = step(state, elsewhere, 2000);
    expect(state.opacity).toBe(0);
    expect(step(state, takeThumbnail(frameWith()), 2033).opacity).toBe(1);
  });
});
