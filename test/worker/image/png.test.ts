/** PNG of every kind to gray, against the samples that were written; and files that are wrong on purpose. */

import UPNG from "upng-js";
import { describe, expect, it } from "vitest";
import type { GrayImage } from "../../../worker/core/core.ts";
import { readHeader } from "../../../worker/image/header.ts";
import { decodePng } from "../../../worker/image/png.ts";
import { bytesOf, pictures } from "../../support/pictures.ts";
import {
  type Chunk,
  chunk,
  deflate,
  encodePng,
  headerChunk,
  type PngLayout,
  pngOf,
  rawRows,
} from "../../support/png.ts";

/** Sizes that leave bits over in the last byte of a row, and passes of Adam7 empty. */
const SIZES = [
  { width: 37, height: 21 },
  { width: 8, height: 8 },
  { width: 3, height: 1 },
];
const SAMPLE_COUNT = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;
const DEPTHS = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] } as const;

const kinds = ([0, 2, 3, 4, 6] as const).flatMap((colorType) =>
  DEPTHS[colorType].flatMap((depth) => [false, true].map((interlaced) => ({ colorType, depth, interlaced }))),
);

async function decode(file: Blob): Promise<GrayImage> {
  const bytes = await bytesOf(file);
  const header = readHeader(bytes);
  if (!header) throw new Error("no header");
  return decodePng(bytes, header);
}

/** Pixels that differ in all directions. */
function sampleAt(x: number, y: number, i: number, depth: number): number {
  return ((x * 7 + y * 13 + i * 29 + x * y) * 257) & (2 ** depth - 1);
}

/** BT.601 in real numbers. */
function grayOf(red: number, green: number, blue: number, alpha = 1): number {
  return 255 + (0.299 * red + 0.587 * green + 0.114 * blue - 255) * alpha;
}

function expectNear({ pixels }: GrayImage, expected: readonly number[]): void {
  expect(pixels).toHaveLength(expected.length);
  const worst = expected.reduce((most, gray, i) => Math.max(most, Math.abs((pixels[i] as number) - gray)), 0);
  expect(worst).toBeLessThan(2); // levels: 16 bits are cut to 8, weights are in 1/256
}

function mapPixels<T>({ width, height }: { width: number; height: number }, f: (x: number, y: number) => T): T[] {
  return Array.from({ length: width * height }, (_, i) => f(i % width, Math.floor(i / width)));
}

describe("PNG", () => {
  it.each(kinds)(
    "of color type $colorType, $depth bit, interlaced $interlaced, is read as it was written",
    async (kind) => {
      const { colorType, depth } = kind;
      const palette = Array.from({ length: 3 * 2 ** Math.min(depth, 8) }, (_, i) => (i * 89) & 255);
      for (const size of SIZES) {
        const layout: PngLayout = { ...size, ...kind, ...(colorType === 3 ? { palette } : {}) };
        const samples = (x: number, y: number) =>
          Array.from({ length: SAMPLE_COUNT[colorType] }, (_, i) => sampleAt(x, y, i, depth));
        const expected = mapPixels(size, (x, y) => {
          const values = samples(x, y);
          const [first = 0, second = 0, third = 0, fourth = 0] = values.map(
            (value) => (255 * value) / (2 ** depth - 1),
          );
          if (colorType === 0) return grayOf(first, first, first);
          if (colorType === 4) return grayOf(first, first, first, second / 255);
          if (colorType === 2) return grayOf(first, second, third);
          if (colorType === 6) return grayOf(first, second, third, fourth / 255);
          const [red = 0, green = 0, blue = 0] = palette.slice(3 * (values[0] as number));
          return grayOf(red, green, blue);
        });
        const image = await decode(await encodePng(layout, samples));
        expect(image).toMatchObject(size);
        expectNear(image, expected);
      }
    },
  );

  it.each([
    { colorType: 0, depth: 8, transparency: [0, 40], samples: [40] },
    { colorType: 0, depth: 16, transparency: [40, 41], samples: [40 * 256 + 41] },
    { colorType: 2, depth: 8, transparency: [0, 10, 0, 20, 0, 30], samples: [10, 20, 30] },
    { colorType: 3, depth: 4, palette: [0, 0, 0, 50, 50, 50], transparency: [255, 0], samples: [1] },
    { colorType: 4, depth: 8, samples: [40, 0] },
    { colorType: 6, depth: 16, samples: [10, 20, 30, 0] },
  ] as const)("shows what is transparent on white: color type $colorType, $depth bit", async ({ samples, ...kind }) => {
    const opaque = { 0: [0], 2: [0, 0, 0], 3: [0], 4: [0, 255], 6: [0, 0, 0, 65_535] }[kind.colorType];
    const layout = { width: 4, height: 2, ...kind };
    const image = await decode(await encodePng(layout, (x) => (x % 2 ? samples : opaque)));
    expect([...image.pixels]).toEqual([0, 255, 0, 255, 0, 255, 0, 255]);
  });

  it("of another program, with 16 colors and interlaced, is read as by another decoder", async () => {
    const decoded = UPNG.decode(await (pictures.palette as Blob).arrayBuffer());
    const rgba = new Uint8Array(UPNG.toRGBA8(decoded)[0] as ArrayBuffer);
    const expected = mapPixels(decoded, (x, y) => {
      const [red = 0, green = 0, blue = 0] = rgba.subarray(4 * (y * decoded.width + x));
      return grayOf(red, green, blue);
    });
    expectNear(await decode(pictures.palette as Blob), expected);
  });
});

describe("a PNG is refused", () => {
  const layout: PngLayout = { width: 16, height: 16, colorType: 0, depth: 8 };
  const header = headerChunk(layout);
  const rows = rawRows(layout, (x, y) => [x * y]);
  const dataOf = async (bytes: Uint8Array<ArrayBuffer>) => chunk("IDAT", await deflate(bytes));

  it("where it ends anywhere before its end", async () => {
    const whole = await encodePng(layout, (x, y) => [x * y]);
    expect(await decode(whole)).toMatchObject({ width: 16 });
    for (let length = 33; length < whole.size; length++) {
      await expect(decode(whole.slice(0, length)), `${length} bytes`).rejects.toThrow();
    }
  });

  it.each<[string, () => Promise<Chunk[]>]>([
    ["its data are fewer than its pixels", async () => [header, await dataOf(rows.slice(0, -1))]],
    ["its data are more than its pixels", async () => [header, await dataOf(new Uint8Array(10_000_000))]],
    ["its data are no deflated data", async () => [header, chunk("IDAT", [1, 2, 3, 4])]],
    ["it has no data", async () => [header]],
    ["it has a second header", async () => [header, headerChunk({ ...layout, width: 20_000 }), await dataOf(rows)]],
    ["a header chunk is not the first", async () => [await dataOf(rows), header]],
    ["its palette is missing", async () => [headerChunk({ ...layout, colorType: 3 }), await dataOf(rows)]],
    ["its depth does not go with its color type", async () => [headerChunk({ ...layout, depth: 16, colorType: 3 })]],
    ["a checksum is wrong", async () => [header, (await dataOf(rows)).map((byte, i) => (i === 10 ? byte ^ 1 : byte))]],
  ])("where %s", async (_, chunks) => {
    const bytes = await bytesOf(pngOf(await chunks()));
    await expect(decodePng(bytes, { format: "png", width: 16, height: 16, orientation: 1 })).rejects.toThrow(/\w/);
  });
});
