/** The eight ways in which a picture may be stored. */

import { describe, expect, it } from "vitest";
import type { GrayImage } from "../../worker/core/core.ts";
import { orient } from "../../worker/image/orient.ts";

describe("orient", () => {
  // F has no symmetry.
  const f = ["####", "#...", "###.", "#...", "#..."];
  const imageOf = (lines: readonly string[]): GrayImage => ({
    width: (lines[0] as string).length,
    height: lines.length,
    pixels: Uint8Array.from([...lines.join("")], (c) => (c === "#" ? 1 : 0)),
  });
  /** How the eight orientations store an upright F (CIPA DC-008: where row 0 and column 0 are). */
  const stored: Record<number, string[]> = {
    1: f,
    2: ["####", "...#", ".###", "...#", "...#"],
    3: ["...#", "...#", ".###", "...#", "####"],
    4: ["#...", "#...", "###.", "#...", "####"],
    5: ["#####", "#.#..", "#.#..", "#...."],
    6: ["#....", "#.#..", "#.#..", "#####"],
    7: ["....#", "..#.#", "..#.#", "#####"],
    8: ["#####", "..#.#", "..#.#", "....#"],
  };

  it.each(Object.entries(stored))("turns an F of orientation %s upright", (orientation, lines) => {
    expect(orient(imageOf(lines), Number(orientation))).toEqual(imageOf(f));
  });
});
