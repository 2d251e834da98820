/**
 * PNG to gray, row by row as the platform inflates it: at no time is more held than two rows and the shrunk picture
 * (PNG specification, third edition). Every checksum of what is read is verified before anything is inflated.
 */

import { crc32 } from "../../shared/crc32.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { Size } from "../core/camera.ts";
import type { GrayImage, Reduction } from "../core/core.ts";
import { BoxMeans } from "./box-means.ts";
import { unfilter } from "./png-filter.ts";
import { grayRows } from "./png-gray.ts";

const SIGNATURE_BYTES = 8;
/** Length, type and checksum. */
const CHUNK_FRAME_BYTES = 12;
const HEADER_BYTES = 13;
/**
 * What is given to the platform's inflater at a time. workerd inflates all that it is given before anybody reads on: of a bomb, which grows
 * a thousandfold, 4 MB.
 */
const INFLATED_AT_ONCE_BYTES = 4096;
/** Samples a pixel by color type (table 8). */
const SAMPLE_COUNT: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

export interface Layout extends Size {
  readonly depth: number;
  readonly colorType: number;
  readonly palette: Uint8Array | undefined;
  readonly transparency: Uint8Array | undefined;
}

/** One of the seven pictures of Adam7 (8.1), or the whole one: its first pixel, the steps to the next, its size. */
interface Pass extends Size {
  readonly left: number;
  readonly top: number;
  readonly stepX: number;
  readonly stepY: number;
}

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

class Damage extends Error {}

/** A PNG file at 1/`reduction` of its size, rounded up; transparent pixels are shown on white. 20007 where it is broken. */
export async function decodePng(bytes: Uint8Array, size: Size, reduction: Reduction): Promise<Result<GrayImage>> {
  try {
    return success(await decode(bytes, size, reduction));
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    return failure(reasons.notRecognized(`the PNG file is damaged (${error.message}); save it again and retry`));
  }
}

async function decode(bytes: Uint8Array, size: Size, reduction: Reduction): Promise<GrayImage> {
  const { layout, passes } = readHeaders(bytes);
  const means = new BoxMeans(size, reduction);
  const rows = new Rows(layout, passes, means);
  try {
    for await (const piece of inflated(bytes)) if (!rows.push(piece)) break;
  } catch (error) {
    if (error instanceof Damage) throw error;
    if (!rows.isFull) throw new Damage("its compressed data are broken");
  }
  if (!rows.isFull) throw new Damage("its data do not fill the picture");
  return means.image();
}

/** Inflates what the IDAT chunks hold, a piece at a time. */
function inflated(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  const data = dataOf(bytes);
  const deflated = new ReadableStream({
    pull(controller) {
      const { value, done } = data.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return deflated.pipeThrough(new DecompressionStream("deflate"));
}

/** What the IDAT chunks hold, in pieces of one size, however many chunks they come in: each piece costs the inflater a turn. */
function* dataOf(bytes: Uint8Array): Generator<Uint8Array, undefined> {
  let piece = new Uint8Array(INFLATED_AT_ONCE_BYTES);
  let filled = 0;
  for (const { type, content } of chunksOf(bytes)) {
    if (type !== "IDAT") continue;
    for (let at = 0; at < content.length; ) {
      const taken = content.subarray(at, at + piece.length - filled);
      piece.set(taken, filled);
      at += taken.length;
      filled += taken.length;
      if (filled < piece.length) continue;
      yield piece;
      piece = new Uint8Array(INFLATED_AT_ONCE_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array;
  readonly checksum: number;
  /** What the checksum is of. */
  readonly checked: Uint8Array;
}

function* chunksOf(bytes: Uint8Array): Generator<Chunk, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE_BYTES; ; ) {
    if (at + CHUNK_FRAME_BYTES > bytes.length) throw new Damage("it ends before its last chunk");
    const length = view.getUint32(at);
    const end = at + CHUNK_FRAME_BYTES + length;
    if (end > bytes.length) throw new Damage("a chunk is longer than the file");
    const checked = bytes.subarray(at + 4, end - 4);
    const type = String.fromCharCode(...checked.subarray(0, 4));
    yield { type, content: checked.subarray(4), checksum: view.getUint32(end - 4), checked };
    if (type === "IEND") return;
    at = end;
  }
}

/** Goes through all chunks, and keeps what is not pixels. */
function readHeaders(bytes: Uint8Array): { layout: Layout; passes: readonly Pass[] } {
  const found = new Map<string, Uint8Array>();
  for (const { type, content, checksum, checked } of chunksOf(bytes)) {
    if (found.size === 0 && type !== "IHDR") throw new Damage("its header is missing");
    if (!["IHDR", "PLTE", "tRNS", "IDAT", "IEND"].includes(type)) continue;
    if (crc32(checked) !== checksum) throw new Damage(`the checksum of ${type} is wrong`);
    if (type === "IHDR" && found.size > 0) throw new Damage("it has a second header");
    if (!found.has(type)) found.set(type, content);
  }
  const header = found.get("IHDR");
  if (header?.length !== HEADER_BYTES) throw new Damage("its header is missing");
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  const [depth = 0, colorType = 0, compression = 0, filter = 0, interlace = 0] = header.subarray(8);
  if (!DEPTHS[colorType]?.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1) {
    throw new Damage("its header makes no sense");
  }
  const palette = found.get("PLTE");
  if (colorType === 3 && !palette) throw new Damage("its palette is missing");
  const size = { width: view.getUint32(0), height: view.getUint32(4) };
  const layout = { ...size, depth, colorType, palette, transparency: found.get("tRNS") };
  return { layout, passes: passesOf(size, interlace === 1) };
}

function passesOf({ width, height }: Size, isInterlaced: boolean): Pass[] {
  return (isInterlaced ? ADAM7 : [[0, 0, 1, 1] as const])
    .map(([left, top, stepX, stepY]) => ({
      left,
      top,
      stepX,
      stepY,
      width: Math.ceil((width - left) / stepX),
      height: Math.ceil((height - top) / stepY),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Takes inflated bytes in pieces of any size, and gives the pixels of each full row to the means. */
class Rows {
  readonly #passes: readonly Pass[];
  readonly #means: BoxMeans;
  readonly #bitsPerPixel: number;
  readonly #toGray: (row: Uint8Array, gray: Uint8Array) => void;
  #pass = 0;
  #y = 0;
  /** The number of the filter, then the row; the row before. */
  #row = new Uint8Array(0);
  #previous = new Uint8Array(0);
  #gray = new Uint8Array(0);
  #filled = 0;

  constructor(layout: Layout, passes: readonly Pass[], means: BoxMeans) {
    this.#passes = passes;
    this.#means = means;
    this.#bitsPerPixel = layout.depth * (SAMPLE_COUNT[layout.colorType] as number);
    this.#toGray = grayRows(layout);
    this.#begin();
  }

  get isFull(): boolean {
    return this.#pass === this.#passes.length;
  }

  /** False where there are more bytes than the picture needs. */
  push(piece: Uint8Array): boolean {
    for (let at = 0; at < piece.length; ) {
      if (this.isFull) return false;
      const taken = Math.min(piece.length - at, this.#row.length - this.#filled);
      this.#row.set(piece.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === this.#row.length) this.#finishRow();
    }
    return true;
  }

  #begin(): void {
    const pass = this.#passes[this.#pass];
    if (!pass) return;
    const rowBytes = 1 + Math.ceil((pass.width * this.#bitsPerPixel) / 8);
    this.#row = new Uint8Array(rowBytes);
    this.#previous = new Uint8Array(rowBytes);
    this.#gray = new Uint8Array(pass.width);
    this.#y = 0;
  }

  #finishRow(): void {
    const { left, top, stepX, stepY, height } = this.#passes[this.#pass] as Pass;
    const pixelBytes = Math.ceil(this.#bitsPerPixel / 8);
    if (!unfilter(this.#row, this.#previous, pixelBytes)) throw new Damage("a row has an unknown filter");
    this.#toGray(this.#row, this.#gray);
    this.#means.add(this.#gray, left, stepX, top + this.#y * stepY);
    [this.#row, this.#previous] = [this.#previous, this.#row];
    this.#filled = 0;
    this.#y++;
    if (this.#y < height) return;
    this.#pass++;
    this.#begin();
  }
}
