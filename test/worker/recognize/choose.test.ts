/** Which of several hits are answered, and in which order. */

import { describe, expect, it } from "vitest";
import { cornersOf, type Point } from "../../../shared/homography.ts";
import { scoreOf } from "../../../worker/index/score.ts";
import { chooseHits } from "../../../worker/recognize/choose.ts";

const LEFT = cornersOf(0.4, 0.8);
const RIGHT = LEFT.map(([x, y]): Point => [x + 0.5, y]);

function hit(identifier: string, corners: readonly Point[], evidence: number, worth: number, foundShare = 0.5) {
  return { identifier, corners, evidence, worth, foundShare, score: scoreOf({ evidence, worth }) };
}

function chosen(hits: readonly ReturnType<typeof hit>[], most = 20): [string, number][] {
  return chooseHits(hits, most).map(({ identifier, score }) => [identifier, score]);
}

describe("hits", () => {
  it("come in the order of their scores where they are in different places", () => {
    const hits = [hit("logo", LEFT, 60, 0.3), hit("poster", RIGHT, 40, 1)];
    expect(chosen(hits)).toEqual([
      ["poster", scoreOf({ evidence: 40, worth: 1 })],
      ["logo", scoreOf({ evidence: 60, worth: 0.3 })],
    ]);
    expect(chosen(hits, 1)).toHaveLength(1);
  });

  it("of one place are told apart by evidence, however wide each one's spreads", () => {
    const hits = [hit("wider", LEFT, 50, 1), hit("right", LEFT, 60, 0.5, 0.52)];
    expect(chosen(hits)).toEqual([
      ["right", scoreOf({ evidence: 60, worth: 1 })],
      ["wider", scoreOf({ evidence: 50, worth: 1 })],
    ]);
  });

  it("are left out where a better one explains their place", () => {
    expect(chosen([hit("right", LEFT, 60, 1, 0.8), hit("twin", LEFT, 50, 1, 0.6)])).toHaveLength(1);
    expect(chosen([hit("right", LEFT, 60, 1, 0.8), hit("other", RIGHT, 50, 1, 0.6)])).toHaveLength(2);
  });
});
