/** Which segments are merged, and that many flushes cost little. */

import { describe, expect, it } from "vitest";
import { planCompaction, type SegmentSize } from "../../worker/index/compaction.ts";

const sized = (...counts: number[]): SegmentSize[] => counts.map((imageCount, i) => ({ name: `s${i}`, imageCount }));
const chosen = (segments: SegmentSize[], incoming: number) =>
  planCompaction(segments, incoming).map(({ imageCount }) => imageCount);

describe("compaction", () => {
  it("merges nothing where there is nothing", () => {
    expect(chosen([], 10)).toEqual([]);
  });

  it("takes small segments, smallest first, and leaves those that are more than three times as large", () => {
    expect(chosen(sized(30, 5, 31), 10)).toEqual([5, 30, 31]);
    expect(chosen(sized(31), 10)).toEqual([]);
    expect(chosen(sized(30), 10)).toEqual([30]);
    expect(chosen(sized(40, 10), 10)).toEqual([10, 40]); // 10 + 10 are enough for 40
  });

  it("takes the empty ones, whose images were all removed", () => {
    expect(chosen(sized(0, 0, 900), 1)).toEqual([0, 0]);
  });

  it("never makes a segment of more than 1000 images", () => {
    expect(chosen(sized(500, 500), 500)).toEqual([500]);
    expect(chosen(sized(501), 500)).toEqual([]);
  });

  it("does not change its input", () => {
    const segments = sized(3, 1, 2);
    planCompaction(segments, 10);
    expect(segments).toEqual(sized(3, 1, 2));
  });

  it.each([1, 7, 100, 250])("keeps segments few and rewrites each image a few times, by flushes of %i", (incoming) => {
    const flushes = Math.min(5000, 100_000 / incoming);
    let segments: SegmentSize[] = [];
    let written = 0;
    for (let i = 0; i < flushes; i++) {
      const merged = planCompaction(segments, incoming);
      const imageCount = merged.reduce((sum, segment) => sum + segment.imageCount, incoming);
      segments = [...segments.filter((segment) => !merged.includes(segment)), { name: `f${i}`, imageCount }];
      written += imageCount;
    }
    const total = flushes * incoming;
    expect(segments.reduce((sum, { imageCount }) => sum + imageCount, 0)).toBe(total);
    // Full segments of 251 to 1000, and a tower of growing ones.
    expect(segments.length).toBeLessThan(total / 250 + 12);
    expect(written / total).toBeLessThan(1 + 2 * Math.log2(1000));
  });
});
