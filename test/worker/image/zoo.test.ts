/**
 * A zoo of bad files, each kind once, made from one small picture: AddImage and FindImage refuse them with a documented
 * code, or read them like a plain file of the same picture. (Files cut at every byte and with bits changed: test/image.)
 */

import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { crc32 } from "../../../shared/crc32.ts";
import { createCore } from "../../../worker/core/worker.ts";
import { decodeImage } from "../../../worker/image/decode.ts";
import { call, type Mine, newChannel } from "../../support/api.ts";
import { countPacked } from "../../support/decoders.ts";
import { markersOf, segment, segmentAt } from "../../support/jpeg.ts";
import { bytesOf, circus, circusSize, oddJpegs, overwrite, pictures } from "../../support/pictures.ts";
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
import { grayOf } from "../../support/views.ts";

const LIMITS = { maxBytes: 2 ** 21, maxPixels: 12e6, minSide: 64 };
const SIDE = 640;
/** What one segment holds. */
const SEGMENT_MOST = 65_533;
/** Length and type come before a chunk's content; the signature and IHDR before the next chunk. */
const CHUNK_HEAD_BYTES = 8;
const SIGNATURE_BYTES = 8;
const IDAT_AT = SIGNATURE_BYTES + 25;

const core = createCore();
const circusBytes = await bytesOf(circus);
const { pixels } = await grayOf(circus);
const grayAt = (x: number, y: number) => pixels[y * circusSize.width + x] as number;

const gray: PngLayout = { ...circusSize, colorType: 0, depth: 8 };
const header = headerChunk(gray);
const rows = rawRows(gray, (x, y) => [grayAt(x, y)]);
const data = await deflate(rows);
const idat = chunk("IDAT", data);
const png = pngOf([header, idat]);
const pngBytes = await bytesOf(png);

type Files = readonly Blob[] | Promise<readonly Blob[]>;

let mine: Mine;

beforeAll(async () => {
  mine = await newChannel();
  await call("AddImage", { ...mine, identifier: "circus", image: circus });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("refused is a JPEG", () => {
  const frame = segmentAt(circusBytes, 0xc0);
  const framed = (at: number, ...bytes: number[]) => overwrite(circusBytes, frame + at, bytes);
  const sized = (width: number, height: number) => framed(5, height >> 8, height & 255, width >> 8, width & 255);

  refuses("of 65,535 × 65,535 px", 20006, /million pixels/, () => [sized(65_535, 65_535)]);
  refuses("that claims as many pixels as are accepted", 20007, /data|code/, () => [sized(4000, 3000)]);
  refuses("without width or height", 20007, /undamaged/, () => [sized(0, 320), sized(240, 0), oddJpegs.heightLast]);
  refuses("of 12 bits a sample", 20007, /8 bits/, () => [oddJpegs.bits12]);
  refuses("without loss", 20007, /lossless/, () => [oddJpegs.lossless]);
  refuses("in a hierarchy", 20007, /hierarchical/, () => [oddJpegs.hierarchical]);
  refuses("with arithmetic coding", 20007, /arithmetic/, () => [oddJpegs.arithmetic, oddJpegs.arithmeticProgressive]);
  refuses("of four inks that does not say which", 20007, /color space/, () => withoutAdobe(pictures.ycck));
  refuses("cut after a marker", 20007, /damaged/, () =>
    cutAfterMarkers([circus, pictures.restart, pictures.progressive]),
  );
  refuses("with a segment of length 0, 1 or beyond its end", 20007, /damaged/, wrongLengths);

  async function withoutAdobe(picture: Blob): Promise<Blob[]> {
    const bytes = await bytesOf(picture);
    return [overwrite(bytes, segmentAt(bytes, 0xee) + 1, [0xed])];
  }

  /** The last marker is the end of the picture. */
  async function cutAfterMarkers(whole: readonly Blob[]): Promise<Blob[]> {
    const cuts = whole.map(async (picture) =>
      markersOf(await bytesOf(picture))
        .slice(0, -1)
        .map((at) => picture.slice(0, at + 2)),
    );
    return (await Promise.all(cuts)).flat();
  }

  function wrongLengths(): Blob[] {
    const segments = markersOf(circusBytes).slice(1, -1);
    return segments.flatMap((at) =>
      [0, 1, 0xffff].map((length) => overwrite(circusBytes, at + 2, [length >> 8, length & 255])),
    );
  }
});

describe("refused is a PNG", () => {
  const sized = (width: number, height: number, ...chunks: Chunk[]) =>
    pngOf([headerChunk({ ...gray, width, height }), ...chunks]);

  refuses("of more pixels than are accepted", 20006, /million pixels/, () => [
    sized(20_000, 20_000),
    sized(2 ** 32 - 1, 2 ** 32 - 1),
  ]);
  refuses("without width or height", 20007, /undamaged/, () => [sized(0, 320, idat), sized(240, 0, idat)]);
  refuses("whose data have a wrong length", 20007, /checksum|longer|ends/, () =>
    [0, data.length - 1, data.length + 1, data.length + 13, 2 ** 32 - 1].map((length) => withLength(IDAT_AT, length)),
  );
  refuses("whose header has a wrong length", 20007, /checksum|header|longer/, () => [
    ...[0, 12, 14, 2 ** 32 - 1].map((length) => withLength(SIGNATURE_BYTES, length)),
    pngOf([chunk("IHDR", [...contentOf(header), 0]), idat]),
  ]);
  refuses("whose header makes no sense", 20007, /makes no sense/, () =>
    // Depth, color type, compression, filters, interlacing.
    [3, 1, 1, 1, 2].map((value, i) => pngOf([chunk("IHDR", contentOf(header).with(8 + i, value)), idat])),
  );
  refuses("with a wrong checksum of header, palette or data", 20007, /checksum/, () => [
    pngOf([spoilt(header), idat]),
    pngOf([header, spoilt(chunk("PLTE", [0, 0, 0])), idat]),
    pngOf([header, spoilt(idat)]),
    overwrite(pngBytes, pngBytes.length - 1, [0]),
  ]);
  refuses("with a palette that is missing", 20007, /palette/, () => [
    pngOf([headerChunk({ ...gray, colorType: 3 }), idat]),
  ]);
  refuses("without pixels, or with too few", 20007, /data/, async () => [
    pngOf([header]),
    pngOf([header, chunk("IDAT", await deflate(rows.slice(0, -1)))]),
  ]);
  refuses("that has later frames and no first", 20007, /data/, () => [pngOf([header, ...laterFrame(data)])]);
  refuses("as Xcode packs it into apps", 20007, /undamaged/, () => [
    pngOf([chunk("CgBI", [0x50, 0, 0x20, 2]), header, chunk("IDAT", data.slice(2, -4))]),
  ]);

  it("of 900 bytes, blank and of 6 million pixels", async () => {
    const blank = { width: 3000, height: 2000, colorType: 0, depth: 1 } as const;
    const empty = await deflate(new Uint8Array(2000 * (1 + 3000 / 8)));
    const image = pngOf([headerChunk(blank), chunk("IDAT", empty)]);
    expect(image.size).toBeLessThan(900);
    expect(await call("FindImage", { ...mine, image })).toMatchObject({ returncode: 20013 });
    expect(await call("AddImage", { ...mine, identifier: "refused", image })).toMatchObject({ returncode: 20013 });
  });

  function withLength(at: number, length: number): Blob {
    return overwrite(pngBytes, at, [length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255]);
  }

  function contentOf(part: Chunk): Uint8Array {
    return part.slice(CHUNK_HEAD_BYTES, -4);
  }
});

describe("refused is", () => {
  const starts = {
    GIF: "GIF89a\xf0\0\x40\x01\xf7\0\0",
    WebP: "RIFF\xf8\x13\0\0WEBPVP8 ",
    SVG: '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="320">',
    PDF: "%PDF-1.7\n",
    BMP: "BM\x88\x13\0\0",
    TIFF: "II*\0\x08\0\0\0",
    HEIC: "\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    AVIF: "\0\0\0\x1cftypavif\0\0\0\0mif1avif",
    "JPEG XL": "\xff\x0a\xfa\x1f",
    "JPEG 2000": "\0\0\0\x0cjP  \r\n\x87\n",
    ZIP: "PK\x03\x04",
    HTML: "<!doctype html><img src='data:image/jpeg,",
  };
  const named = Object.entries(starts);

  refuses("another format named .jpg", 20007, /send a JPEG or PNG/, () =>
    named.map(([, start]) => new File([latin1(start), new Uint8Array(5000)], "a.jpg", { type: "image/jpeg" })),
  );
  refuses("a JPEG or PNG behind the start of another format", 20007, /send a JPEG or PNG/, () =>
    named.flatMap(([, start]) => [circus, png].map((picture) => new Blob([latin1(start), picture]))),
  );
  refuses("a JPEG behind a PNG's signature or header", 20007, /damaged/, () =>
    [SIGNATURE_BYTES, IDAT_AT].map((end) => new Blob([pngBytes.slice(0, end), circus])),
  );
  refuses("a PNG behind a JPEG's start", 20007, /undamaged/, () => [new Blob([circusBytes.slice(0, 2), png])]);
});

describe("read like a plain file is a JPEG", () => {
  const exif = latin1("Exif\0\0");
  /** One entry: turned upside down. */
  const upsideDown = [...exif, ...latin1("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0")];

  reads("before a ZIP, HTML or a second JPEG", circus, () =>
    [latin1("PK\x03\x04"), "<html><script>alert(1)</script>", pictures.exif6].map((tail) => new Blob([circus, tail])),
  );
  reads("with HTML or a whole picture in a segment", circus, () => [
    inserted(circus, segment(0xfe, latin1("*/<script>alert(1)</script>"))),
    inserted(circus, segment(0xe2, [...latin1("MPF\0"), ...circusBytes])),
  ]);
  reads("with a megabyte of EXIF behind its own", pictures.exif6, async () => {
    const at = segmentAt(await bytesOf(pictures.exif6), 0xdb);
    return [inserted(pictures.exif6, repeated(16, segment(0xe1, upsideDown, SEGMENT_MOST)), at)];
  });
  reads("with a megabyte of EXIF that makes no sense, of XMP or of ICC profile", circus, () =>
    [
      segment(0xe1, exif, SEGMENT_MOST),
      segment(0xe1, [...exif, ...latin1("II*\0\x08\0\0\0\xff\xff")], SEGMENT_MOST),
      segment(0xe1, latin1("http://ns.adobe.com/xmp/extension/\0"), SEGMENT_MOST),
      segment(0xe2, latin1("ICC_PROFILE\0\x01\x10"), SEGMENT_MOST),
    ].map((part) => inserted(circus, repeated(16, part))),
  );
  reads("with a megabyte of empty segments", circus, () => [inserted(circus, repeated(2 ** 18, segment(0xfe, [])))]);

  it("of four inks, as CMYK or YCCK", async () => {
    for (const image of [pictures.cmyk, pictures.ycck]) {
      expect(await call("FindImage", { ...mine, image })).toMatchObject({ returncode: 0, identifier: "circus" });
    }
  });

  function inserted(picture: Blob, part: Blob | Uint8Array<ArrayBuffer>, at = 2): Blob {
    return new Blob([picture.slice(0, at), part, picture.slice(at)]);
  }

  function repeated(count: number, part: Blob | Uint8Array<ArrayBuffer>): Blob {
    return new Blob(Array.from({ length: count }, () => part));
  }
});

describe("read like a plain file is a PNG", () => {
  const palette = Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));

  reads("of 16 bits", png, async () => [
    await encodePng({ ...gray, depth: 16 }, (x, y) => [257 * grayAt(x, y)]),
    await encodePng({ ...gray, depth: 16, colorType: 4 }, (x, y) => [257 * grayAt(x, y), 65_535]),
  ]);
  reads("that is interlaced, with a palette or without", png, async () => [
    await encodePng({ ...gray, interlaced: true }, (x, y) => [grayAt(x, y)]),
    await encodePng({ ...gray, interlaced: true, colorType: 3, palette }, (x, y) => [grayAt(x, y)]),
  ]);
  reads("before a ZIP, HTML or a JPEG", png, () =>
    [latin1("PK\x03\x04"), "<html><script>alert(1)</script>", circus].map((tail) => new Blob([png, tail])),
  );
  reads("with a wrong checksum of what is not read", png, () => [
    pngOf([header, spoilt(chunk("tEXt", latin1("Title\0Circus"))), idat]),
  ]);
});

describe("no more than the picture is inflated of a PNG", () => {
  /** What may be on its way when the picture is full. */
  const AT_ONCE_BYTES = 4096;
  const AHEAD_BYTES = 5 * AT_ONCE_BYTES;
  /** 32 MB when inflated; and behind the picture's own rows. */
  let bomb: Uint8Array;
  let overfull: Uint8Array;

  beforeAll(async () => {
    const zeros = new Uint8Array(2 ** 25);
    bomb = await deflate(zeros);
    overfull = await deflate(await bytesOf(new Blob([rows, zeros])));
    expect(bomb.length).toBeGreaterThan(1.5 * AHEAD_BYTES);
  });

  it.each<[string, () => readonly Chunk[]]>([
    ["bomb in one chunk", () => [chunk("IDAT", overfull)]],
    ["bomb in many chunks", () => split(overfull, 100)],
    ["of chunks of a byte each", () => split(data, 1)],
    ["with a bomb as color profile", () => [chunk("iCCP", [...latin1("ICC\0\0"), ...bomb]), idat]],
    ["with a bomb as text", () => [chunk("zTXt", [...latin1("Title\0\0"), ...bomb]), idat]],
    ["with a bomb as Unicode text", () => [chunk("iTXt", [...latin1("Title\0\x01\0\0\0"), ...bomb]), idat]],
    ["with a bomb as second frame of an APNG", () => [...firstFrame(), idat, ...laterFrame(bomb)]],
  ])("%s", async (_, chunks) => {
    const image = pngOf([header, ...chunks()]);
    const plain = await decoded(png);
    const packed = countPacked();
    expect(await decoded(image)).toEqual(plain);
    expect(packed.bytes).toBeGreaterThanOrEqual(data.length);
    expect(packed.bytes).toBeLessThanOrEqual(data.length + AHEAD_BYTES);
    expect(packed.pieces).toBe(Math.ceil(packed.bytes / AT_ONCE_BYTES));
    expect(await call("FindImage", { ...mine, image })).toMatchObject({ returncode: 0, identifier: "circus" });
  });

  function split(bytes: Uint8Array, size: number): Chunk[] {
    const count = Math.ceil(bytes.length / size);
    return Array.from({ length: count }, (_, i) => chunk("IDAT", bytes.subarray(i * size, (i + 1) * size)));
  }
});

/** Each of the files with this code and words, the first also by both endpoints; nothing is stored. */
function refuses(name: string, returncode: number, words: RegExp, make: () => Files): void {
  it(name, async () => {
    const files = await make();
    const reason = { returncode, message: expect.stringMatching(words) };
    for (const [i, file] of files.entries()) {
      expect([i, await decodeImage(core, await bytesOf(file), LIMITS, SIDE)]).toMatchObject([i, { ok: false, reason }]);
    }
    const image = files[0];
    expect(await call("FindImage", { ...mine, image })).toMatchObject(reason);
    expect(await call("AddImage", { ...mine, identifier: "refused", image })).toMatchObject(reason);
    expect(await call("GetImage", { ...mine, identifier: "refused" })).toMatchObject({ returncode: 20014 });
  });
}

/** Each of the files to the same pixels, upright, as `plain`; FindImage finds what the first shows. */
function reads(name: string, plain: Blob, make: () => Files): void {
  it(name, async () => {
    const files = await make();
    const expected = await decoded(plain);
    for (const [i, file] of files.entries()) expect([i, await decoded(file)]).toEqual([i, expected]);
    expect(await call("FindImage", { ...mine, image: files[0] })).toMatchObject({
      returncode: 0,
      identifier: "circus",
    });
  });
}

/** Size and checksum of what is decoded. */
async function decoded(file: Blob): Promise<object> {
  const result = await decodeImage(core, await bytesOf(file), LIMITS, SIDE);
  if (!result.ok) throw new Error(result.reason.message);
  const { image, size } = result.value;
  return { size, pixels: image.pixels.length, checksum: crc32(image.pixels) };
}

function spoilt(part: Chunk): Chunk {
  return part.with(-1, (part.at(-1) as number) ^ 1);
}

/** The chunks of an animated PNG (APNG 1.0) before its first frame, which is the picture itself; and those of its second. */
function firstFrame(): Chunk[] {
  return [chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0]), frameControl(0)];
}

function laterFrame(content: Uint8Array): Chunk[] {
  return [frameControl(1), chunk("fdAT", [0, 0, 0, 2, ...content])];
}

function frameControl(sequence: number): Chunk {
  const { width, height } = circusSize;
  const size = [0, 0, width >> 8, width & 255, 0, 0, height >> 8, height & 255];
  return chunk("fcTL", [0, 0, 0, sequence, ...size, ...new Uint8Array(8), 0, 1, 0, 10, 0, 0]);
}

function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
