/** From files to upright gray: limits, EXIF orientations, and JPEG of every kind against one plain file. */

import { afterEach, describe, expect, it, vi } from "vitest";
import type { GrayImage } from "../../../worker/core/core.ts";
import { decodeImage } from "../../../worker/image/decode.ts";
import { orient } from "../../../worker/image/orient.ts";
import { spyOnDecoders } from "../../support/decoders.ts";
import { bytesOf, circus, circusSize, pictures } from "../../support/pictures.ts";
import { headerChunk, pngOf } from "../../support/png.ts";
import { grayOf } from "../../support/views.ts";

const LIMITS = { maxBytes: 1e6, maxPixels: 1e6, minSide: 100 };

afterEach(() => {
  vi.restoreAllMocks();
});

function difference(a: GrayImage, b: GrayImage): { mean: number; most: number } {
  const distances = Array.from(a.pixels, (gray, i) => Math.abs(gray - (b.pixels[i] as number)));
  return { mean: distances.reduce((sum, d) => sum + d) / distances.length, most: Math.max(...distances) };
}

describe("a JPEG", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8] as const)("of EXIF orientation %i is the same upright picture", async (n) => {
    const image = await grayOf(pictures[`exif${n}`]);
    expect(image).toMatchObject(circusSize);
    expect(difference(image, await grayOf(circus)).most).toBeLessThanOrEqual(4); // rounding of turned blocks
  });

  it.each([
    ["progressive", 0],
    ["gray", 1], // colors outside of RGB are not clipped
    ["restart", 3], // encoded anew
    ["ycck", 8], // through four inks and back
  ] as const)("saved as %s is the same picture but for %i gray levels on average", async (form, mean) => {
    const image = await grayOf(pictures[form]);
    expect(image).toMatchObject(circusSize);
    expect(difference(image, await grayOf(circus)).mean).toBeLessThanOrEqual(mean);
  });
});

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

describe("limits", () => {
  it("are checked before anything is decoded: a small file that claims 20000 × 20000 px is 20006", async () => {
    const decoders = spyOnDecoders();
    const bytes = await bytesOf(pngOf([headerChunk({ width: 20_000, height: 20_000, colorType: 6, depth: 8 })]));
    expect(bytes.length).toBeLessThan(75);
    expect(await decodeImage(bytes, LIMITS)).toMatchObject({ ok: false, reason: { returncode: 20006 } });
    for (const decoder of decoders) expect(decoder).not.toHaveBeenCalled();
  });

  it("are those of bytes, pixels and sides, in this order", async () => {
    const bytes = await bytesOf(circus);
    const codeOf = async (limits: object) => {
      const decoded = await decodeImage(bytes, { ...LIMITS, ...limits });
      return decoded.ok ? 0 : decoded.reason.returncode;
    };
    expect(await codeOf({ maxBytes: bytes.length, maxPixels: 240 * 320, minSide: 240 })).toBe(0);
    expect(await codeOf({ maxBytes: bytes.length - 1, maxPixels: 1, minSide: 1000 })).toBe(20006);
    expect(await codeOf({ maxPixels: 240 * 320 - 1, minSide: 1000 })).toBe(20006);
    expect(await codeOf({ minSide: 241 })).toBe(20013);
  });

  it("leave what is no picture, or is damaged, at 20007 with the format's name", async () => {
    const text = new TextEncoder().encode("just a text, long enough for any header to be looked for in it");
    expect(await decodeImage(text, LIMITS)).toMatchObject({ ok: false, reason: { returncode: 20007 } });
    const cut = (await bytesOf(circus)).slice(0, 3000);
    expect(await decodeImage(cut, LIMITS)).toMatchObject({
      ok: false,
      reason: { returncode: 20007, message: expect.stringContaining("JPEG") },
    });
  });
});
