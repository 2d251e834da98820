/** The encoder against jpeg-js, which decodes what it wrote. */

import fc from "fast-check";
import jpeg from "jpeg-js";
import { describe, expect, it } from "vitest";
import { shrinkToGray } from "../../../miniprogram/scanner/frame.ts";
import { encodeGrayJpeg } from "../../../miniprogram/scanner/jpeg.ts";
import { frameWith } from "./frames.ts";

const UPLOAD_BYTES_MAX = 10_000;

describe("the gray JPEG encoder", () => {
  it("is decoded to the picture it was given, within the quality's error", () => {
    const gray = shrinkToGray(frameWith(), 320);
    for (const [quality, psnrMin] of [
      [40, 34],
      [60, 35],
      [95, 42],
    ] as const) {
      const bytes = encodeGrayJpeg(gray, quality);
      expect(psnr(decode(bytes), gray.pixels, gray.width * gray.height)).toBeGreaterThan(psnrMin);
    }
  });

  it("stays within the upload budget at the default size and quality", () => {
    expect(encodeGrayJpeg(shrinkToGray(frameWith(), 320), 60).length).toBeLessThan(UPLOAD_BYTES_MAX);
  });

  it("writes pictures of any size, any content and any quality that decode to the same size", () => {
    const side = fc.integer({ min: 1, max: 40 });
    const cases = fc.record({ width: side, height: side, quality: fc.integer({ min: 1, max: 100 }), seed: fc.nat() });
    fc.assert(
      fc.property(cases, ({ width, height, quality, seed }) => {
        const pixels = Uint8Array.from({ length: width * height }, (_, i) => (Math.imul(i + 1, seed | 1) >>> 7) & 255);
        const decoded = jpeg.decode(encodeGrayJpeg({ width, height, pixels }, quality), { useTArray: true });
        expect([decoded.width, decoded.height]).toEqual([width, height]);
      }),
      { numRuns: 150 },
    );
  });

  it("survives the hardest content: black and white dots at full quality", () => {
    const pixels = Uint8Array.from({ length: 64 * 64 }, (_, i) => ((i ^ (i >> 6)) & 1 ? 255 : 0));
    const decoded = decode(encodeGrayJpeg({ width: 64, height: 64, pixels }, 100));
    expect(psnr(decoded, pixels, pixels.length)).toBeGreaterThan(40);
  });
});

function decode(bytes: Uint8Array): Uint8Array {
  const { data } = jpeg.decode(bytes, { useTArray: true });
  return data.filter((_, i) => i % 4 === 0);
}

function psnr(a: Uint8Array, b: Uint8Array, count: number): number {
  let squares = 0;
  for (let i = 0; i < count; i++) squares += ((a[i] as number) - (b[i] as number)) ** 2;
  return 10 * Math.log10((255 * 255 * count) / squares);
}
