/**
 * What one would take off the shelf: a graph of all features (HNSW) in usearch, each a vector of its own, and votes for the
 * targets of the nearest ones.
 */

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TARGET_FEATURES_MAX } from "../../../worker/core/core.ts";

/** The part of usearch's types that is used here: it is installed for this benchmark alone. */
interface Index {
  add(keys: BigUint64Array, vectors: Vectors, threads: number): void;
  search(vectors: Vectors, count: number, threads: number): { keys: BigUint64Array; distances: Float32Array };
  save(path: string): void;
}

const { Index } = createRequire(import.meta.url)("usearch") as { Index: new (config: object) => Index };

type Vectors = Int8Array | Uint8Array;

/** Of a target's or a frame's features one vector after the other; bits as bytes of 0 and 1. */
export interface Kind {
  readonly title: string;
  readonly dimensions: number;
  readonly metric: "hamming" | "cos";
  readonly quantization: "b1" | "i8";
}

export const SIGNATURES: Kind = {
  title: "usearch, 64 signature bits (b1, Hamming)",
  dimensions: 64,
  metric: "hamming",
  quantization: "b1",
};
export const DESCRIPTORS: Kind = {
  title: "usearch, 48-byte descriptors (i8, cosine)",
  dimensions: 48,
  metric: "cos",
  quantization: "i8",
};

/** usearch's own, but for its effort while it is built (128), which costs much time. */
const CONNECTIVITY = 16;
const EXPANSION_ADD = 64;
const EXPANSION_SEARCH = 64;
/** Neighbours of a feature; the last one says how near chance comes. */
const NEIGHBOURS = 8;
const THREADS = 1;
export class UsearchPeer {
  readonly kind: Kind;
  readonly #index: Index;

  constructor(kind: Kind) {
    this.kind = kind;
    this.#index = new Index({
      dimensions: kind.dimensions,
      metric: kind.metric,
      quantization: kind.quantization,
      connectivity: CONNECTIVITY,
      expansion_add: EXPANSION_ADD,
      expansion_search: EXPANSION_SEARCH,
      multi: false,
    });
  }

  /** Each feature has a key of its own, in which the target's number is. */
  add(id: number, vectors: Vectors): void {
    const count = vectors.length / this.kind.dimensions;
    const keys = BigUint64Array.from({ length: count }, (_, i) => BigInt(TARGET_FEATURES_MAX * id + i));
    this.#index.add(keys, vectors, THREADS);
  }

  /**
   * The numbers of up to `wanted` targets, most votes first. Each feature votes for the targets of its neighbours: the
   * more, the nearer one is than the last of them (local naive Bayes nearest neighbour, McCann and Lowe 2012).
   */
  search(vectors: Vectors, wanted: number): number[] {
    const { keys, distances } = this.#index.search(vectors, NEIGHBOURS, THREADS);
    const votes = new Map<number, number>();
    for (let first = 0; first < keys.length; first += NEIGHBOURS) {
      const last = distances[first + NEIGHBOURS - 1] as number;
      const voted = new Set<number>();
      for (let i = first; i < first + NEIGHBOURS; i++) {
        const id = Math.floor(Number(keys[i]) / TARGET_FEATURES_MAX);
        if (voted.has(id)) continue;
        voted.add(id);
        votes.set(id, (votes.get(id) ?? 0) + last - (distances[i] as number));
      }
    }
    const ranked = [...votes].sort((a, b) => b[1] - a[1]);
    return ranked.slice(0, wanted).map(([id]) => id);
  }

  /** Of the index as a file. */
  get bytes(): number {
    const folder = mkdtempSync(join(tmpdir(), "lookmark-bench-"));
    try {
      this.#index.save(join(folder, "index"));
      return statSync(join(folder, "index")).size;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
