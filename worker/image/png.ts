/**
 * PNG to gray by upng-js. It inflates without a bound and believes every chunk, so the file is first cut down to its
 * critical chunks, their checksums are verified, and the data are inflated once by the platform only to be counted.
 */

import UPNG from "upng-js";
import { crc32 } from "../../shared/crc32.ts";
import type { GrayImage } from "../core/core.ts";
import { luma } from "./gray.ts";
import type { Header } from "./header.ts";

const SIGNATURE_BYTES = 8;
const CRITICAL_CHUNKS = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
/** Samples a pixel by color type (PNG specification, third edition, table 8). */
const SAMPLE_COUNT: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** First column and row, and steps, of the seven passes of an interlaced picture (PNG specification, 8.2). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

interface Chunk {
  readonly type: string;
  /** Length, type, data and checksum. */
  readonly bytes: Uint8Array;
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
  readonly interlaced: boolean;
}

/** Decodes a PNG; transparent pixels are shown on white. Throws an Error on anything broken or cut off. */
export async function decodePng(bytes: Uint8Array, header: Header): Promise<GrayImage> {
  const chunks = readCriticalChunks(bytes);
  const layout = readLayout(chunks[0] as Chunk);
  const data = chunks.filter((chunk) => chunk.type === "IDAT").map((chunk) => chunk.bytes.subarray(8, -4));
  const deflated = concatenate(data);
  await requireInflatedLength(deflated, rawByteCount(layout));
  const signature = bytes.subarray(0, SIGNATURE_BYTES);
  const rows =
    layout.interlaced && layout.depth === 1
      ? await readInterlacedBits(deflated, layout)
      : new Uint8Array(UPNG.decode(concatenate([signature, ...chunks.map((chunk) => chunk.bytes)]).buffer).data);
  const palette = chunks.find((chunk) => chunk.type === "PLTE")?.bytes.subarray(8, -4);
  const transparency = chunks.find((chunk) => chunk.type === "tRNS")?.bytes.subarray(8, -4);
  if (layout.colorType === 3 && !palette) throw new Error("its palette is missing");
  const pixels = toGray(rows, layout, palette, transparency);
  return { width: header.width, height: header.height, pixels };
}

function readCriticalChunks(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; ; ) {
    if (at + 12 > bytes.length) throw new Error("it ends before its last chunk");
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12) throw new Error("a chunk is longer than the file");
    const chunk = bytes.subarray(at, at + 12 + length);
    const type = String.fromCharCode(...chunk.subarray(4, 8));
    if (CRITICAL_CHUNKS.has(type)) {
      // upng-js would believe the last one, whatever size it claims.
      if (type === "IHDR" && chunks.length > 0) throw new Error("it has a second header");
      if (crc32(chunk.subarray(4, -4)) !== view.getUint32(at + 8 + length))
        throw new Error(`the checksum of ${type} is wrong`);
      chunks.push({ type, bytes: chunk });
    }
    if (type === "IEND") return chunks;
    at += 12 + length;
  }
}

function readLayout({ type, bytes }: Chunk): Layout {
  if (type !== "IHDR" || bytes.length !== 25) throw new Error("its header is missing");
  const view = new DataView(bytes.buffer, bytes.byteOffset + 8, 13);
  const [depth, colorType, compression, filter, interlace] = [8, 9, 10, 11, 12].map((i) => view.getUint8(i)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (!DEPTHS[colorType]?.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1) {
    throw new Error("its header makes no sense");
  }
  return { width: view.getUint32(0), height: view.getUint32(4), depth, colorType, interlaced: interlace === 1 };
}

/** The picture itself, or its passes where it is interlaced. */
function passesOf({ width, height, interlaced }: Layout) {
  const passes = interlaced ? ADAM7 : [[0, 0, 1, 1] as const];
  return passes
    .map(([left, top, stepX, stepY]) => ({
      left,
      top,
      stepX,
      stepY,
      columns: Math.ceil((width - left) / stepX),
      rows: Math.ceil((height - top) / stepY),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Bytes of all filtered rows, each of which begins with its filter's number. */
function rawByteCount(layout: Layout): number {
  const bits = layout.depth * (SAMPLE_COUNT[layout.colorType] as number);
  return passesOf(layout).reduce((sum, { columns, rows }) => sum + rows * (1 + Math.ceil((columns * bits) / 8)), 0);
}

/** Inflates and counts, never holding more than a piece; stops where the data are longer than they may be. */
async function requireInflatedLength(data: Uint8Array<ArrayBuffer>, expected: number): Promise<void> {
  let count = 0;
  for await (const piece of inflate(data)) {
    count += (piece as Uint8Array).length;
    if (count > expected) break;
  }
  if (count !== expected) throw new Error("its data do not fill the picture");
}

function inflate(data: Uint8Array<ArrayBuffer>): ReadableStream {
  return new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
}

/** Undoes the filters of a pass in place, after which its rows follow each other from `offset` on. */
type Unfilter = (
  data: Uint8Array,
  format: { ctype: number; depth: number },
  offset: number,
  columns: number,
  rows: number,
) => void;

/** Rows of one bit a pixel. upng-js 2.1.0 puts half of these bits in the wrong places, so only its filters are used. */
async function readInterlacedBits(deflated: Uint8Array<ArrayBuffer>, layout: Layout): Promise<Uint8Array> {
  const { _filterZero: unfilter } = UPNG.decode as unknown as { _filterZero: Unfilter };
  const data = new Uint8Array(await new Response(inflate(deflated)).arrayBuffer());
  const rowBytes = Math.ceil(layout.width / 8);
  const picture = new Uint8Array(rowBytes * layout.height);
  let offset = 0;
  for (const { left, top, stepX, stepY, columns, rows } of passesOf(layout)) {
    unfilter(data, { ctype: layout.colorType, depth: 1 }, offset, columns, rows);
    const passRowBytes = Math.ceil(columns / 8);
    for (let row = 0; row < rows; row++) {
      const passRow = data.subarray(offset + row * passRowBytes);
      for (let column = 0; column < columns; column++) {
        const x = left + column * stepX;
        const at = (top + row * stepY) * rowBytes + (x >> 3);
        picture[at] = (picture[at] as number) | (sampleAt(passRow, column, 1) << (7 - (x & 7)));
      }
    }
    offset += rows * (1 + passRowBytes);
  }
  return picture;
}

function toGray(rows: Uint8Array, layout: Layout, palette?: Uint8Array, transparency?: Uint8Array): Uint8Array {
  const { width, height, depth, colorType } = layout;
  const samples = SAMPLE_COUNT[colorType] as number;
  const rowBytes = Math.ceil((width * samples * depth) / 8);
  const gray = new Uint8Array(width * height);
  for (let y = 0, out = 0; y < height; y++) {
    const row = rows.subarray(y * rowBytes, (y + 1) * rowBytes);
    for (let x = 0; x < width; x++, out++) gray[out] = grayAt(row, x * samples, layout, palette, transparency);
  }
  return gray;
}

function grayAt(
  row: Uint8Array,
  first: number,
  { depth, colorType }: Layout,
  palette?: Uint8Array,
  transparency?: Uint8Array,
): number {
  const value = sampleAt(row, first, depth);
  if (colorType === 3) {
    const color = luma(palette?.[3 * value] ?? 0, palette?.[3 * value + 1] ?? 0, palette?.[3 * value + 2] ?? 0);
    return onWhite(color, transparency?.[value] ?? 255);
  }
  // One gray or color may stand for "transparent" (PNG specification, 11.3.1.1).
  if (transparency && (colorType === 0 || colorType === 2) && isKey(row, first, depth, transparency)) return 255;
  const level = (sample: number) => (depth === 16 ? sample >> 8 : (sample * 255) / ((1 << depth) - 1));
  if (colorType === 0) return level(value);
  if (colorType === 4) return onWhite(level(value), level(sampleAt(row, first + 1, depth)));
  const color = luma(level(value), level(sampleAt(row, first + 1, depth)), level(sampleAt(row, first + 2, depth)));
  return colorType === 6 ? onWhite(color, level(sampleAt(row, first + 3, depth))) : color;
}

/** `key` has two bytes for each sample of a pixel. */
function isKey(row: Uint8Array, first: number, depth: number, key: Uint8Array): boolean {
  for (let i = 0; 2 * i < key.length; i++) {
    if (sampleAt(row, first + i, depth) !== sampleAt(key, i, 16)) return false;
  }
  return true;
}

function sampleAt(row: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return row[index] as number;
  if (depth === 16) return ((row[2 * index] as number) << 8) | (row[2 * index + 1] as number);
  const bit = index * depth;
  return ((row[bit >> 3] as number) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

function onWhite(gray: number, alpha: number): number {
  return 255 + ((gray - 255) * alpha) / 255;
}

function concatenate(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
