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
  await requireInflatedLength(concatenate(data), rawByteCount(layout));
  const decoded = UPNG.decode(
    concatenate([bytes.subarray(0, SIGNATURE_BYTES), ...chunks.map((chunk) => chunk.bytes)]).buffer,
  );
  const palette = chunks.find((chunk) => chunk.type === "PLTE")?.bytes.subarray(8, -4);
  const transparency = chunks.find((chunk) => chunk.type === "tRNS")?.bytes.subarray(8, -4);
  if (layout.colorType === 3 && !palette) throw new Error("its palette is missing");
  const pixels = toGray(new Uint8Array(decoded.data), layout, palette, transparency);
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

/** Bytes of all filtered rows: those of one image, or of the seven of Adam7 (PNG specification, 8.2). */
function rawByteCount({ width, height, depth, colorType, interlaced }: Layout): number {
  const bits = depth * (SAMPLE_COUNT[colorType] as number);
  const rows = (columns: number, rowCount: number) =>
    columns > 0 ? rowCount * (1 + Math.ceil((columns * bits) / 8)) : 0;
  if (!interlaced) return rows(width, height);
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  return passes.reduce(
    (sum, [x, y, stepX, stepY]) => sum + rows(Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)),
    0,
  );
}

/** Inflates and counts, never holding more than a piece; stops where the data are longer than they may be. */
async function requireInflatedLength(data: Uint8Array<ArrayBuffer>, expected: number): Promise<void> {
  const inflated = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
  let count = 0;
  for await (const piece of inflated) {
    count += (piece as Uint8Array).length;
    if (count > expected) break;
  }
  if (count !== expected) throw new Error("its data do not fill the picture");
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
  const level = (sample: number) => (depth === 16 ? sample >> 8 : (sample * 255) / ((1 << depth) - 1));
  if (colorType === 0) return level(value);
  if (colorType === 4) return onWhite(level(value), level(sampleAt(row, first + 1, depth)));
  const color = luma(level(value), level(sampleAt(row, first + 1, depth)), level(sampleAt(row, first + 2, depth)));
  return colorType === 6 ? onWhite(color, level(sampleAt(row, first + 3, depth))) : color;
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
