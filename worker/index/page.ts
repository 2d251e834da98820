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

interface Posting {
  readonly target: number;
  /** Direction in 1/32 turns (the high five bits) and pyramid level. */
  readonly geometry: number;
  readonly signature: Uint8Array;
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
    const features = this.#order.subarray(this.#starts[word], this.#starts[word + 1]).subarray(0, BLOCK_POSTINGS_MOST);
    return features.length > 0 ? blockOf(Array.from(features, (feature) => this.#posting(feature))) : undefined;
  }

  #posting(feature: number): Posting {
    const from = TARGET_FEATURE_BYTES * feature;
    const place = this.#view.getUint32(from + 8, true);
    return {
      target: this.#owners[feature] as number,
      geometry: ((place >>> 27) << 3) | ((place >>> 22) & 7),
      signature: this.#features.subarray(from, from + SIGNATURE_BYTES),
    };
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
    const postings = targetsOf(page.subarray(at + BLOCK_HEADER_BYTES, geometries), count).map((target, i) => ({
      target,
      geometry: page[geometries + i] as number,
      signature: page.subarray(signatures + SIGNATURE_BYTES * i, signatures + SIGNATURE_BYTES * (i + 1)),
    }));
    const kept = postings.filter(({ target }) => !gone.has(target));
    if (kept.length > 0) blocks.push(blockOf(kept));
    at = signatures + SIGNATURE_BYTES * count;
  }
  return blocks.reduce(appendBlock, new Uint8Array());
}

function blockOf(postings: readonly Posting[]): Uint8Array {
  const gaps = gapsOf(postings.map(({ target }) => target));
  const block = new Uint8Array(BLOCK_HEADER_BYTES + gaps.length + (1 + SIGNATURE_BYTES) * postings.length);
  const view = new DataView(block.buffer);
  view.setUint32(0, postings.length, true);
  view.setUint32(4, gaps.length, true);
  block.set(gaps, BLOCK_HEADER_BYTES);
  const geometries = BLOCK_HEADER_BYTES + gaps.length;
  for (const [i, { geometry, signature }] of postings.entries()) {
    block[geometries + i] = geometry;
    block.set(signature, geometries + postings.length + SIGNATURE_BYTES * i);
  }
  return block;
}

/** Rising numbers as differences of seven bits a byte, the lowest first; all bytes but a number's last have bit 7. */
function gapsOf(targets: readonly number[]): number[] {
  const bytes: number[] = [];
  let last = 0;
  for (const target of targets) {
    let gap = target - last;
    for (; gap > 127; gap = Math.floor(gap / 128)) bytes.push(128 | (gap & 127));
    bytes.push(gap);
    last = target;
  }
  return bytes;
}

function targetsOf(gaps: Uint8Array, count: number): number[] {
  const targets: number[] = [];
  let target = 0;
  let at = 0;
  for (let i = 0; i < count; i++) {
    let scale = 1;
    let byte = gaps[at++] as number;
    target += byte & 127;
    while (byte & 128) {
      byte = gaps[at++] as number;
      scale *= 128;
      target += (byte & 127) * scale;
    }
    targets.push(target);
  }
  return targets;
}
