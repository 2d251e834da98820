/** Small damage to bytes and texts, such as any format may meet. */

import type { Random } from "../../shared/random.ts";

/** Where formats keep lengths and sizes, these are the values that break readers. */
const EDGES = [0, 1, 2, 7, 8, 9, 16, 64, 127, 128, 255, 256, 257, 32_767, 32_768, 65_535, 0x7fffffff, 0xffffffff];

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[below(random, list.length)] as T;
}

/** A whole number from 0 to `end` − 1. */
export function below(random: Random, end: number): number {
  return Math.floor(end * random());
}

export function edge(random: Random): number {
  return pick(random, EDGES);
}

export function chance(random: Random, share: number): boolean {
  return random() < share;
}

/** Flips, sets, inserts, removes, repeats or cuts off some bytes, once. */
export function damaged(random: Random, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(below(random, 256));
  const at = below(random, bytes.length);
  const copy = bytes.slice();
  const length = 1 + below(random, Math.min(16, bytes.length - at));
  switch (below(random, 7)) {
    case 0:
      copy[at] = (copy[at] as number) ^ (1 << below(random, 8));
      return copy;
    case 1:
      copy[at] = below(random, 256);
      return copy;
    case 2:
      return withNumber(random, copy, at);
    case 3:
      return joined(bytes.subarray(0, at), bytes.subarray(at + length));
    case 4:
      return joined(bytes.subarray(0, at + length), bytes.subarray(at));
    case 5:
      return joined(
        bytes.subarray(0, at),
        Uint8Array.from({ length }, () => below(random, 256)),
        bytes.subarray(at),
      );
    default:
      return bytes.slice(0, at);
  }
}

/** A number at the edge of what fits, of one, two or four bytes, in either order. */
function withNumber(random: Random, bytes: Uint8Array, at: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = pick(random, [1, 2, 4]);
  if (at + size > bytes.length) return bytes;
  const value = edge(random);
  const isLittle = chance(random, 0.5);
  if (size === 1) view.setUint8(at, value);
  else if (size === 2) view.setUint16(at, value, isLittle);
  else view.setUint32(at, value, isLittle);
  return bytes;
}

export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** One of: removed, doubled, swapped with another, or taken from `others`. Edits the list. */
export function shuffle<T>(random: Random, list: T[], others: readonly T[]): void {
  if (list.length === 0) return;
  const at = below(random, list.length);
  const to = below(random, list.length);
  switch (below(random, 4)) {
    case 0:
      list.splice(at, 1);
      break;
    case 1:
      list.splice(to, 0, list[at] as T);
      break;
    case 2:
      [list[at], list[to]] = [list[to] as T, list[at] as T];
      break;
    default:
      list.splice(to, 0, pick(random, others));
  }
}
