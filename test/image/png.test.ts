/** The PNG decoder: every color type, depth and interlacing against the written samples and upng-js; broken files. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomFrom } from "../../shared/random.ts";
import type { GrayImage, Reduction } from "../../worker/core/core.ts";
import { luma } from "../../worker/image/gray.ts";
import { decodePng } from "../../worker/image/png.ts";
import { unfilter } from "../../worker/image/png-filter.ts";
import { boxMeans, difference, grayByUpng } from "../support/oracle.ts";
import { chunk, deflate, encodePng, headerChunk, type PngLayout, pngOf, rawRows } from "../support/png.ts";

const reductions: readonly Reduction[] = [1, 2, 4, 8];
const SIZE = { width: 29, height: 19 };
const SAMPLE_COUNT = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;
const PALETTE = Array.from({ length: 16 * 3 }, (_, i) => (i * 83) % 256);
const layouts: PngLayout[] = (
  [
    [0, [1, 2, 4, 8, 16]],
    [2, [8, 16]],
    [3, [1, 2, 4, 8]],
    [4, [8, 16]],
    [6, [8, 16]],
  ] as const
).flatMap(([colorType, depths]) =>
  depths.flatMap((depth) =>
    [false, true].map((interlaced) => ({
      ...SIZE,
      colorType,
      depth,
      interlaced,
      ...(colorType === 3 && { palette: PALETTE.slice(0, 3 * Math.min(16, 2 ** depth)), transparency: [255, 0, 100] }),
    })),
  ),
);

async function bytesOf(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.arrayBuffer());
}

async function decoded(file: Blob, reduction: Reduction = 1, size = SIZE): Promise<GrayImage> {
  const result = await decodePng(await bytesOf(file), size, reduction);
  if (!result.ok) throw new Error(result.reason.message);
  return result.value;
}

async function refusal(file: Blob | Uint8Array): Promise<string> {
  const result = await decodePng(file instanceof Blob ? await bytesOf(file) : file, SIZE, 1);
  if (result.ok) throw new Error("it was decoded");
  expect(result.reason.returncode).toBe(20007);
  return result.reason.message;
}

function samplesOf(layout: PngLayout, x: number, y: number): number[] {
  const most = layout.palette ? layout.palette.length / 3 : 2 ** layout.depth;
  return Array.from({ length: SAMPLE_COUNT[layout.colorType] }, (_, i) => ((x * 7 + y * 13 + i * 5) * 2477) % most);
}

/** The definition, a pixel at a time. */
function slowGray(layout: PngLayout): GrayImage {
  const level = (sample: number) => (layout.depth === 16 ? sample >> 8 : (sample * 255) / (2 ** layout.depth - 1));
  const pixels = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, i) => {
    const samples = samplesOf(layout, i % SIZE.width, Math.floor(i / SIZE.width));
    const [first = 0, second = 0, third = 0, fourth = 0] = samples.map(level);
    const onWhite = (gray: number, alpha: number) => 255 + ((gray - 255) * alpha) / 255;
    if (layout.colorType === 0) return first;
    if (layout.colorType === 4) return onWhite(first, second);
    if (layout.colorType === 2) return luma(first, second, third);
    if (layout.colorType === 6) return onWhite(luma(first, second, third), fourth);
    const index = samples[0] as number;
    const [red = 0, green = 0, blue = 0] = PALETTE.slice(3 * index, 3 * index + 3);
    return onWhite(luma(red, green, blue), layout.transparency?.[index] ?? 255);
  });
  return { ...SIZE, pixels };
}

describe("every color type and depth, interlaced or not", () => {
  it.each(layouts)("$colorType, $depth bits, interlaced $interlaced", async (layout) => {
    const file = await encodePng(layout, (x, y) => samplesOf(layout, x, y));
    const slow = slowGray(layout);
    for (const reduction of reductions) {
      const ours = await decoded(file, reduction);
      const means = boxMeans(slow, reduction);
      expect([ours.width, ours.height]).toEqual([means.width, means.height]);
      expect(difference(ours, means).most).toBeLessThanOrEqual(1);
    }
  });

  it("is what upng-js makes of a palette with interlacing", async () => {
    const bytes = new Uint8Array(readFileSync(new URL("../fixtures/circus.palette.png", import.meta.url)));
    const slow = grayByUpng(bytes);
    expect(difference(await decoded(new Blob([bytes]), 1, slow), slow).most).toBe(0);
  });

  it.each([
    [0, 8, [0, 200]],
    [0, 16, [200, 7]],
    [2, 8, [0, 10, 0, 20, 0, 30]],
    [2, 16, [10, 1, 20, 2, 30, 3]],
  ] as const)(
    "shows the transparent color on white: color type %i, %i bits",
    async (colorType, depth, transparency) => {
      const layout = { width: 4, height: 2, colorType, depth, transparency } as const;
      const wide = Array.from({ length: transparency.length / 2 }, (_, i) => {
        const [high = 0, low = 0] = transparency.slice(2 * i, 2 * i + 2);
        return (high << 8) | low;
      });
      const file = await encodePng(layout, (x) => wide.map((sample) => (x === 1 ? sample : x === 2 ? sample ^ 1 : 0)));
      const { pixels } = await decoded(file, 1, layout);
      expect([pixels[1], pixels[5]]).toEqual([255, 255]);
      expect(pixels[2]).toBeLessThan(220);
      expect(pixels[0]).toBe(0);
    },
  );
});

describe("filters", () => {
  /** As an encoder applies them (PNG specification, 9.2), by definition. */
  function filtered(type: number, row: Uint8Array, previous: Uint8Array, pixelBytes: number): Uint8Array {
    const out = row.slice();
    out[0] = type;
    for (let i = 1; i < row.length; i++) {
      const left = i > pixelBytes ? (row[i - pixelBytes] as number) : 0;
      const above = previous[i] as number;
      const corner = i > pixelBytes ? (previous[i - pixelBytes] as number) : 0;
      const guess = left + above - corner;
      const nearest = [left, above, corner].reduce((best, value) =>
        Math.abs(guess - value) < Math.abs(guess - best) ? value : best,
      );
      const prediction = [0, left, above, Math.floor((left + above) / 2), nearest][type] as number;
      out[i] = (row[i] as number) - prediction;
    }
    return out;
  }

  it.each([0, 1, 2, 3, 4])("are undone, whatever the size of a pixel: %i", (type) => {
    const random = randomFrom(type);
    for (const pixelBytes of [1, 2, 3, 4, 6, 8]) {
      for (const pixels of [1, 2, 33]) {
        const noise = () => Uint8Array.from({ length: 1 + pixels * pixelBytes }, () => 256 * random());
        const [row, previous] = [noise(), noise()];
        const copy = filtered(type, row, previous, pixelBytes);
        expect(unfilter(copy, previous, pixelBytes)).toBe(true);
        expect(copy.subarray(1)).toEqual(row.subarray(1));
      }
    }
  });
});

describe("a broken file", () => {
  const layout: PngLayout = { ...SIZE, colorType: 2, depth: 8 };
  const rows = () => rawRows(layout, (x, y) => samplesOf(layout, x, y));

  it("is refused wherever it is cut", async () => {
    const file = await bytesOf(await encodePng(layout, (x, y) => samplesOf(layout, x, y)));
    for (let length = 8; length < file.length; length += 3) await refusal(file.subarray(0, length));
    await refusal(file.subarray(0, file.length - 1));
  });

  it("is told what is wrong with it", async () => {
    const header = headerChunk(layout);
    const data = chunk("IDAT", await deflate(rows()));
    const unknownFilter = rows();
    unknownFilter[0] = 5;
    const damaged = data.slice();
    damaged[20] = (damaged[20] as number) ^ 1;
    const cases: [RegExp, Blob][] = [
      [/header is missing/, pngOf([data])],
      [/header is missing/, pngOf([chunk("IHDR", [1, 2, 3]), data])],
      [/second header/, pngOf([header, header, data])],
      [/makes no sense/, pngOf([headerChunk({ ...layout, depth: 4 }), data])],
      [/palette is missing/, pngOf([headerChunk({ ...layout, colorType: 3 }), data])],
      [/checksum of IDAT/, pngOf([header, damaged])],
      [/do not fill/, pngOf([header, chunk("IDAT", await deflate(rows().subarray(0, -1)))])],
      [/compressed data/, pngOf([header, chunk("IDAT", (await deflate(rows())).subarray(0, -8))])],
      [/compressed data/, pngOf([header, chunk("IDAT", [1, 2, 3, 4, 5, 6, 7, 8])])],
      [/do not fill|compressed data/, pngOf([header])],
      [/unknown filter/, pngOf([header, chunk("IDAT", await deflate(unknownFilter))])],
    ];
    for (const [words, file] of cases) expect(await refusal(file)).toMatch(words);
  });

  it("may have data in many chunks, chunks of other kinds, and more data than its picture needs", async () => {
    const deflated = await deflate(Uint8Array.from([...rows(), ...new Uint8Array(1e6)]));
    const parts = Array.from(deflated, (byte) => chunk("IDAT", [byte]));
    const text = chunk("tEXt", [1, 2, 3]);
    const file = pngOf([headerChunk(layout), text, chunk("IDAT", []), ...parts]);
    const { pixels } = slowGray(layout);
    expect((await decoded(file)).pixels).toEqual(pixels);
  });

  it("is an image or a reason, whatever bytes of it are changed", async () => {
    const random = randomFrom(7);
    const whole = await bytesOf(new Blob([readFileSync(new URL("../fixtures/circus.palette.png", import.meta.url))]));
    const flat = rows();
    let refused = 0;
    for (let round = 0; round < 500; round++) {
      const inside = round % 2 === 1; // the checksum is right, and what is in it is not
      const raw = inside ? await deflate(flat) : whole.slice();
      for (let i = 0; i < 3; i++) raw[Math.floor(random() * raw.length)] = 256 * random();
      const file = inside ? pngOf([headerChunk(layout), chunk("IDAT", raw)]) : new Blob([raw as BlobPart]);
      const result = await decodePng(await bytesOf(file), inside ? SIZE : { width: 240, height: 320 }, 2);
      if (!result.ok) refused++;
    }
    expect(refused).toBeGreaterThan(400);
  });
});
