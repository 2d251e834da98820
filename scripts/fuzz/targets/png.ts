/** PNG files whose chunks are out of order, doubled, wrong in length or content, most with checksums that fit all the same. */

import { deflateSync, inflateSync } from "node:zlib";
import { crc32 } from "../../../shared/crc32.ts";
import type { Random } from "../../../shared/random.ts";
import { below, chance, damaged, edge, joined, pick, shuffle } from "../mutate.ts";
import type { Target } from "../target.ts";
import { decode, fixture } from "./picture.ts";

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array;
  /** In place of the right one. */
  readonly length?: number;
  readonly isBroken?: boolean;
}

const SIGNATURE_BYTES = 8;
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TYPES = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "iCCP", "acTL", "fcTL", "fdAT", "eXIf", "zTXt"];
/** Color type and depth; each with and without interlacing. */
const FORMS = [
  [0, 1],
  [0, 2],
  [0, 4],
  [0, 8],
  [0, 16],
  [2, 8],
  [2, 16],
  [3, 1],
  [3, 4],
  [3, 8],
  [4, 8],
  [4, 16],
  [6, 8],
  [6, 16],
] as const;
const SIDE = 24;
/** More than any of the small pictures needs, with filter bytes that are right and pixels that are not constant. */
const ROWS = Uint8Array.from({ length: 8 * SIDE * SIDE * 2 }, (_, i) => (i % 97 === 0 ? 0 : (i * 31) & 3));

/** A thousand times as much as its bytes. */
const BOMB = new Uint8Array(deflateSync(new Uint8Array(16 * 2 ** 20)));
const BOMB_SHARE = 0.02;

const files = [
  chunksOf(fixture("circus.palette.png")),
  ...FORMS.flatMap(([type, depth]) => [small(type, depth, 0), small(type, depth, 1)]),
];
const everyChunk = files.flat();

export const png: Target = { draw, execute: decode };

function small(colorType: number, depth: number, interlace: number): Chunk[] {
  const header = Uint8Array.of(0, 0, 0, SIDE, 0, 0, 0, SIDE, depth, colorType, 0, 0, interlace);
  const palette = { type: "PLTE", content: Uint8Array.from({ length: 3 * 16 }, (_, i) => i * 5) };
  return [
    { type: "IHDR", content: header },
    ...(colorType === 3 ? [palette, { type: "tRNS", content: Uint8Array.of(0, 128, 255) }] : []),
    { type: "IDAT", content: new Uint8Array(deflateSync(ROWS)) },
    { type: "IEND", content: new Uint8Array(0) },
  ];
}

function draw(random: Random): Uint8Array {
  const chunks = [...pick(random, files)];
  for (let i = 1 + below(random, 4); i > 0; i--) {
    if (chance(random, 0.25)) shuffle(random, chunks, everyChunk);
    else if (chunks.length > 0) {
      const at = below(random, chunks.length);
      chunks.splice(at, 1, ...changed(random, chunks[at] as Chunk));
    }
  }
  const bytes = joined(SIGNATURE, ...chunks.map(bytesOf));
  return chance(random, 0.1) ? damaged(random, bytes) : bytes;
}

function changed(random: Random, chunk: Chunk): Chunk[] {
  if (chunk.type === "IHDR" && chance(random, 0.7)) return [{ ...chunk, content: otherHeader(random, chunk.content) }];
  if (chunk.type === "IDAT" && chance(random, 0.6)) return otherData(random, chunk);
  switch (below(random, 6)) {
    case 0:
      return [{ ...chunk, length: edge(random) }];
    case 1:
      return [{ ...chunk, type: pick(random, TYPES) }];
    case 2:
      return [{ ...chunk, isBroken: true }];
    default:
      return [{ ...chunk, content: damaged(random, chunk.content) }];
  }
}

function otherHeader(random: Random, content: Uint8Array): Uint8Array {
  const copy = content.slice();
  if (copy.length < 13) return copy;
  if (chance(random, 0.5)) new DataView(copy.buffer).setUint32(pick(random, [0, 4]), edge(random));
  else copy[8 + below(random, 5)] = pick(random, [0, 1, 2, 3, 4, 5, 6, 8, 16, 255]);
  return copy;
}

/** Other rows, deflated anew; the same data in two chunks; or a bomb. */
function otherData(random: Random, chunk: Chunk): Chunk[] {
  if (chance(random, BOMB_SHARE)) return [{ ...chunk, content: BOMB }];
  const { content } = chunk;
  if (chance(random, 0.4)) {
    const at = below(random, content.length + 1);
    return [
      { ...chunk, content: content.subarray(0, at) },
      { ...chunk, content: content.subarray(at) },
    ];
  }
  try {
    return [{ ...chunk, content: new Uint8Array(deflateSync(damaged(random, inflateSync(content)), { level: 1 })) }];
  } catch {
    return [chunk]; // damaged before
  }
}

function bytesOf({ type, content, length = content.length, isBroken = false }: Chunk): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(content, 8);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(4, -4)) ^ (isBroken ? 1 : 0));
  return bytes;
}

function chunksOf(file: Uint8Array): Chunk[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; at + 12 <= file.length; at += 12 + view.getUint32(at)) {
    const content = file.subarray(at + 8, at + 8 + view.getUint32(at));
    chunks.push({ type: String.fromCharCode(...file.subarray(at + 4, at + 8)), content });
  }
  return chunks;
}
