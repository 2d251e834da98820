/** Writes PNG files of every color type, depth and interlacing (PNG specification, third edition), right or wrong on purpose. */

import { crc32 } from "../../shared/crc32.ts";

export interface PngLayout {
  readonly width: number;
  readonly height: number;
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly interlaced?: boolean;
  /** Contents of PLTE and tRNS. */
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
}

export type Chunk = Uint8Array<ArrayBuffer>;

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** First column and row, and steps, of the seven passes. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** `samplesAt` gives the samples of a pixel: as many as the color type has, each 0 to 2^depth − 1. */
export async function encodePng(
  layout: PngLayout,
  samplesAt: (x: number, y: number) => readonly number[],
): Promise<Blob> {
  const { palette, transparency } = layout;
  return pngOf([
    headerChunk(layout),
    ...(palette ? [chunk("PLTE", palette)] : []),
    ...(transparency ? [chunk("tRNS", transparency)] : []),
    chunk("IDAT", await deflate(rawRows(layout, samplesAt))),
  ]);
}

/** A PNG with these chunks before its end. */
export function pngOf(chunks: readonly Chunk[]): Blob {
  return new Blob([SIGNATURE, ...chunks, chunk("IEND", [])]);
}

export function headerChunk({ width, height, depth, colorType, interlaced = false }: PngLayout): Chunk {
  const content = new DataView(new ArrayBuffer(13));
  content.setUint32(0, width);
  content.setUint32(4, height);
  for (const [i, value] of [depth, colorType, 0, 0, interlaced ? 1 : 0].entries()) content.setUint8(8 + i, value);
  return chunk("IHDR", new Uint8Array(content.buffer));
}

export function chunk(type: string, content: ArrayLike<number>): Chunk {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, -4)));
  return bytes;
}

export async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const deflated = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(deflated).arrayBuffer());
}

/** The rows of the picture or of its passes, each after the number of its filter: none. */
export function rawRows(
  { width, height, depth, interlaced }: PngLayout,
  samplesAt: (x: number, y: number) => readonly number[],
): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const [left, top, stepX, stepY] of interlaced ? ADAM7 : [[0, 0, 1, 1] as const]) {
    for (let y = top; y < height && left < width; y += stepY) {
      bytes.push(0);
      let bits = 0;
      let filled = 0;
      for (let x = left; x < width; x += stepX) {
        for (const sample of samplesAt(x, y)) {
          bits = (bits << depth) | sample;
          for (filled += depth; filled >= 8; filled -= 8) bytes.push((bits >> (filled - 8)) & 255);
          bits &= (1 << filled) - 1;
        }
      }
      if (filled > 0) bytes.push((bits << (8 - filled)) & 255);
    }
  }
  return Uint8Array.from(bytes);
}
