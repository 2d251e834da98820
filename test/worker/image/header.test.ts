/** What is known of a file before it is decoded. */

import { describe, expect, it } from "vitest";
import { readHeader } from "../../../worker/image/header.ts";
import { bytesOf, circus, pictures } from "../../support/pictures.ts";
import { headerChunk, pngOf } from "../../support/png.ts";

/** A JPEG that ends with its frame header, after these segments. */
function jpegWith(segments: readonly number[], size: readonly [number, number] = [300, 200]): Uint8Array {
  const [width, height] = size;
  const frame = [0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0];
  return Uint8Array.from([0xff, 0xd8, ...segments, ...frame]);
}

/** An APP1 segment with one TIFF directory entry. */
function exif(orientation: number, { little = false, tag = 0x0112, directory = 8, magic = 42 } = {}): number[] {
  const two = (value: number) => (little ? [value & 255, value >> 8] : [value >> 8, value & 255]);
  const four = (value: number) => (little ? [...two(value), 0, 0] : [0, 0, ...two(value)]);
  const tiff = [...(little ? [0x49, 0x49] : [0x4d, 0x4d]), ...two(magic), ...four(directory)];
  const entry = [...two(tag), ...two(3), ...four(1), ...two(orientation), 0, 0];
  const content = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff, ...two(1), ...entry, 0, 0, 0, 0];
  return [0xff, 0xe1, 0, content.length + 2, ...content];
}

describe("a file's header", () => {
  it("says format and stored size of the fixtures", async () => {
    const sideways = ["exif5", "exif6", "exif7", "exif8"];
    for (const [name, picture] of Object.entries(pictures).filter(([form]) => form !== "cmyk")) {
      const [width, height] = sideways.includes(name) ? [320, 240] : [240, 320];
      const orientation = Number(/exif(\d)/.exec(name)?.[1] ?? 1);
      const format = name === "palette" ? "png" : "jpeg";
      expect([name, readHeader(await bytesOf(picture))]).toEqual([name, { format, width, height, orientation }]);
    }
  });

  it("is that of any size that a format can hold", async () => {
    const png = pngOf([headerChunk({ width: 2 ** 31 - 1, height: 1, colorType: 0, depth: 1 })]);
    expect(readHeader(await bytesOf(png))).toMatchObject({ width: 2 ** 31 - 1, height: 1 });
    expect(readHeader(jpegWith([], [65_535, 65_534]))).toMatchObject({ width: 65_535, height: 65_534 });
  });

  it("has the orientation in both byte orders, and none where it makes no sense", () => {
    expect(readHeader(jpegWith(exif(6)))).toMatchObject({ orientation: 6 });
    expect(readHeader(jpegWith(exif(8, { little: true })))).toMatchObject({ orientation: 8 });
    for (const segment of [
      exif(0),
      exif(9),
      exif(6, { tag: 0x0110 }),
      exif(6, { directory: 60_000 }),
      exif(6, { magic: 43 }),
    ]) {
      expect(readHeader(jpegWith(segment))).toMatchObject({ orientation: 1 });
    }
  });

  it("has the first orientation that is said", () => {
    expect(readHeader(jpegWith([...exif(9), ...exif(6), ...exif(3)]))).toMatchObject({ orientation: 6 });
  });

  it("skips other segments and fill bytes", () => {
    const comment = [0xff, 0xfe, 0, 5, 0xff, 0xc0, 0];
    expect(readHeader(jpegWith([...comment, 0xff, 0xff, 0xff, ...comment.slice(1)]))).toMatchObject({ width: 300 });
  });

  it("is not the one of a thumbnail inside", () => {
    const inside = [...jpegWith([], [60, 80])];
    const application = [0xff, 0xe2, 0, inside.length + 2, ...inside];
    expect(readHeader(jpegWith(application))).toMatchObject({ width: 300, height: 200 });
  });

  it("is none where a file ends too early, is of another format, or has no size", async () => {
    const whole = jpegWith(exif(3));
    for (let length = 0; length < whole.length - 4; length++) {
      expect([length, readHeader(whole.subarray(0, length))]).toEqual([length, undefined]);
    }
    const png = await bytesOf(pngOf([headerChunk({ width: 7, height: 7, colorType: 0, depth: 8 })]));
    for (let length = 0; length < 24; length++) expect(readHeader(png.subarray(0, length))).toBeUndefined();
    for (const text of ["GIF89a..............", "RIFF....WEBPVP8 ...", "BM", "%PDF-1.7", "<svg/>"]) {
      expect(readHeader(new TextEncoder().encode(text))).toBeUndefined();
    }
    expect(readHeader(jpegWith([], [0, 200]))).toBeUndefined();
    expect(readHeader(jpegWith([0xff, 0xda, 0, 2]))).toBeUndefined();
    expect(readHeader(jpegWith([0x00, 0x00]))).toBeUndefined();
  });

  it("ends however its segments are broken", async () => {
    const bytes = await bytesOf(circus);
    for (let at = 2; at < 700; at++) {
      const broken = bytes.slice();
      broken[at] = (broken[at] as number) ^ 0xff;
      expect(() => readHeader(broken)).not.toThrow();
    }
  });
});
