/** Pages: the postings of one visual word, a block for each batch of targets. Byte by byte in FORMAT.md. */

import { TARGET_FEATURE_BYTES } from "../core/core.ts";
import type { NumberedTarget } from "./segment.ts";

const WORD_COUNT = 65_536;
const BLOCK_HEADER_BYTES = 8;
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

/** The postings of a batch of targets, sorted by word and target. */
export class PostingBatch {
  readonly #features: Uint8Array;
  readonly #view: DataView;
  readonly #owners: Uint32Array;
  /** Numbers of the features, word by word, and where each word's begin. */
  readonly #order: Uint32Array;
  readonly #starts = new Uint32Array(WORD_COUNT + 1);

  /** `targets` in the order of their numbers. */
  constructor(targets: readonly NumberedTarget[]) {
    const bytes = targets.reduce((sum, { target }) => sum + target.features.length, 0);
    this.#features = new Uint8Array(bytes);
    this.#view = new DataView(this.#features.buffer);
    this.#owners = new Uint32Array(bytes / TARGET_FEATURE_BYTES);
    this.#order = new Uint32Array(this.#owners.length);
    let at = 0;
    for (const { id, target } of targets) {
      this.#features.set(target.features, at);
      const first = at / TARGET_FEATURE_BYTES;
      at += target.features.length;
      this.#owners.fill(id, first, at / TARGET_FEATURE_BYTES);
    }
    this.#sortByWord();
  }

  /** A page's next block, or undefined where no target of the batch has the word. */
  block(word: number): Uint8Array | undefined {
    const first = this.#starts[word] as number;
    const count = Math.min((this.#starts[word + 1] as number) - first, BLOCK_POSTINGS_MOST);
    if (count === 0) return undefined;
    const feature = (i: number) => this.#order[first + i] as number;
    return blockOf({
      count,
      targetOf: (i) => this.#owners[feature(i)] as number,
      geometryOf: (i) => geometryOf(this.#view.getUint32(TARGET_FEATURE_BYTES * feature(i) + 8, true)),
      signatureOf: (i) => {
        const from = TARGET_FEATURE_BYTES * feature(i);
        return this.#features.subarray(from, from + SIGNATURE_BYTES);
      },
    });
  }

  #sortByWord(): void {
    for (let i = 0; i < this.#owners.length; i++) (this.#starts[this.#wordOf(i) + 1] as number)++;
    for (let word = 0; word < WORD_COUNT; word++) {
      this.#starts[word + 1] = (this.#starts[word + 1] as number) + (this.#starts[word] as number);
    }
    const next = this.#starts.slice();
    for (let i = 0; i < this.#owners.length; i++) this.#order[(next[this.#wordOf(i)] as number)++] = i;
  }

  #wordOf(feature: number): number {
    return this.#view.getUint16(TARGET_FEATURE_BYTES * feature + 12, true);
  }
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

function geometryOf(place: number): number {
  return ((place >>> 27) << 3) | ((place >>> 22) & 7);
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
