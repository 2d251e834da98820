/** Pages: the postings of one visual word, a block for each batch of targets. Byte by byte in FORMAT.md. */

import { TARGET_FEATURE_BYTES } from "../core/core.ts";
import type { NumberedTarget } from "./segment.ts";

export const WORD_COUNT = 65_536;
const BLOCK_HEADER_BYTES = 8;
/**
 * Of a target's features so many lie on pages: those with the rarest words. The commonest words tell least (stop list:
 * Sivic & Zisserman, ICCV 2003), and their pages are the longest: without a fifth of the postings a question reads more
 * than a third fewer bytes (bench:scan), and finds nearly as many targets (bench:index).
 */
export const PAGED_FEATURES_MOST = 125;
/** A block keeps so many postings of a word: one that more of a batch's features share tells nothing. */
export const BLOCK_POSTINGS_MOST = 8192;
/** And a page so many bytes; a row may have 2 MB. */
const PAGE_BYTES_MOST = 1 << 20;

const SIGNATURE_BYTES = 8;
/** Of a target number below 2^32. */
const GAP_BYTES_MOST = 5;

/** Postings as they lie somewhere: a pass writes a million of them, too many to be objects. */
interface Postings {
  readonly count: number;
  targetOf(i: number): number;
  /** Direction in 1/32 turns (the high five bits) and pyramid level. */
  geometryOf(i: number): number;
  signatureOf(i: number): Uint8Array;
}

/** The target with those of its features that lie on pages. `commonness` has a byte for each word. */
export function thinned({ id, target }: NumberedTarget, commonness: Uint8Array): NumberedTarget {
  const { features } = target;
  const count = features.length / TARGET_FEATURE_BYTES;
  if (count <= PAGED_FEATURES_MOST) return { id, target };
  const commonnessOf = (k: number) => commonness[wordOf(features, k)] as number;
  const histogram = new Uint16Array(256);
  for (let k = 0; k < count; k++) (histogram[commonnessOf(k)] as number)++;
  // All that are rarer than the limit, and as many that are as common as there is room for.
  let [limit, room] = [0, PAGED_FEATURES_MOST];
  while ((histogram[limit] as number) <= room) room -= histogram[limit++] as number;
  const kept = new Uint8Array(PAGED_FEATURES_MOST * TARGET_FEATURE_BYTES);
  for (let k = 0, at = 0; k < count; k++) {
    const common = commonnessOf(k);
    if (common > limit || (common === limit && room-- <= 0)) continue;
    const from = TARGET_FEATURE_BYTES * k;
    kept.set(features.subarray(from, from + TARGET_FEATURE_BYTES), at);
    at += TARGET_FEATURE_BYTES;
  }
  return { id, target: { ...target, features: kept } };
}

/**
 * The next blocks of the pages of the words from `first` up to `end`, for those that one of the targets has. `targets` in the
 * order of their numbers.
 */
export function blocksOf(targets: readonly NumberedTarget[], first = 0, end = WORD_COUNT): Map<number, Uint8Array> {
  const blocks = new Map<number, Uint8Array>();
  for (const [word, features] of featuresBetween(targets, first, end)) blocks.set(word, writeBlock(targets, features));
  return blocks;
}

/** By word, each as two numbers: the place of its target, and its own in the target. */
function featuresBetween(targets: readonly NumberedTarget[], first: number, end: number): Map<number, number[]> {
  const byWord = new Map<number, number[]>();
  for (const [i, { target }] of targets.entries()) {
    const count = target.features.length / TARGET_FEATURE_BYTES;
    for (let k = firstFrom(target.features, first); k < count; k++) {
      const word = wordOf(target.features, k);
      if (word >= end) break;
      const features = byWord.get(word);
      if (features) features.push(i, k);
      else byWord.set(word, [i, k]);
    }
  }
  return byWord;
}

function writeBlock(targets: readonly NumberedTarget[], features: readonly number[]): Uint8Array {
  const targetOf = (i: number) => targets[features[2 * i] as number] as NumberedTarget;
  const from = (i: number) => TARGET_FEATURE_BYTES * (features[2 * i + 1] as number);
  return blockOf({
    count: Math.min(features.length / 2, BLOCK_POSTINGS_MOST),
    targetOf: (i) => targetOf(i).id,
    geometryOf: (i) => geometryOf(targetOf(i).target.features, from(i)),
    signatureOf: (i) => targetOf(i).target.features.subarray(from(i), from(i) + SIGNATURE_BYTES),
  });
}

/** The place of the first feature of that word or a higher one, in features that are sorted by word. */
function firstFrom(features: Uint8Array, word: number): number {
  let [low, high] = [0, features.length / TARGET_FEATURE_BYTES];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wordOf(features, middle) < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

function wordOf(features: Uint8Array, k: number): number {
  const at = TARGET_FEATURE_BYTES * k + 12;
  return (features[at] as number) | ((features[at + 1] as number) << 8);
}

/** The page with one more block, which is left out where the page would grow beyond its size. */
export function appendBlock(page: Uint8Array, block: Uint8Array): Uint8Array {
  if (page.length + block.length > PAGE_BYTES_MOST) return page;
  const longer = new Uint8Array(page.length + block.length);
  longer.set(page);
  longer.set(block, page.length);
  return longer;
}

/** The page without the postings of these targets. */
export function withoutTargets(page: Uint8Array, gone: ReadonlySet<number>): Uint8Array {
  const blocks: Uint8Array[] = [];
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  for (let at = 0; at < page.length; ) {
    const count = view.getUint32(at, true);
    const geometries = at + BLOCK_HEADER_BYTES + view.getUint32(at + 4, true);
    const signatures = geometries + count;
    const targets = targetsOf(page.subarray(at + BLOCK_HEADER_BYTES, geometries), count);
    const kept = Uint32Array.from(targets.keys()).filter((i) => !gone.has(targets[i] as number));
    const old = (i: number) => kept[i] as number;
    const signatureOf = (i: number) => {
      const from = signatures + SIGNATURE_BYTES * old(i);
      return page.subarray(from, from + SIGNATURE_BYTES);
    };
    if (kept.length > 0) {
      blocks.push(
        blockOf({
          count: kept.length,
          targetOf: (i) => targets[old(i)] as number,
          geometryOf: (i) => page[geometries + old(i)] as number,
          signatureOf,
        }),
      );
    }
    at = signatures + SIGNATURE_BYTES * count;
  }
  return blocks.reduce(appendBlock, new Uint8Array());
}

/** Of the place of the feature that begins there: its direction and level are the highest ten of 32 bits. */
function geometryOf(features: Uint8Array, from: number): number {
  const high = ((features[from + 11] as number) << 8) | (features[from + 10] as number);
  return ((high >> 11) << 3) | ((high >> 6) & 7);
}

function blockOf({ count, targetOf, geometryOf, signatureOf }: Postings): Uint8Array {
  const most = new Uint8Array(BLOCK_HEADER_BYTES + (GAP_BYTES_MOST + 1 + SIGNATURE_BYTES) * count);
  let at = BLOCK_HEADER_BYTES;
  for (let i = 0, last = 0; i < count; i++) {
    const target = targetOf(i);
    at = writeGap(most, at, target - last);
    last = target;
  }
  const view = new DataView(most.buffer);
  view.setUint32(0, count, true);
  view.setUint32(4, at - BLOCK_HEADER_BYTES, true);
  for (let i = 0; i < count; i++) most[at++] = geometryOf(i);
  for (let i = 0; i < count; i++, at += SIGNATURE_BYTES) most.set(signatureOf(i), at);
  return most.subarray(0, at);
}

/** Seven bits a byte, the lowest first; all bytes but the last have bit 7. Returns where the next gap goes. */
function writeGap(bytes: Uint8Array, at: number, gap: number): number {
  for (; gap > 127; gap = Math.floor(gap / 128)) bytes[at++] = 128 | (gap & 127);
  bytes[at++] = gap;
  return at;
}

function targetsOf(gaps: Uint8Array, count: number): Uint32Array {
  const targets = new Uint32Array(count);
  let at = 0;
  for (let i = 0, target = 0; i < count; i++) {
    for (let scale = 1, more = 1; more; scale *= 128) {
      const byte = gaps[at++] as number;
      target += (byte & 127) * scale;
      more = byte & 128;
    }
    targets[i] = target;
  }
  return targets;
}
