/** The Worker's recognition without the Worker: the same code, its index in this process, also where that has pages. */

import { readFileSync } from "node:fs";
import type { Result } from "../../shared/reason.ts";
import { decideHits, type Hit } from "../../worker/catalog/hits.ts";
import { type Core, type GrayImage, TARGET_FEATURE_BYTES, TARGET_FEATURES_MAX } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { type Candidate, LiveIndex } from "../../worker/index/live-index.ts";
import { isUnsure, lookAgain, looksFor, type Unsure } from "../../worker/index/second-look.ts";
import type { NumberedTarget } from "../../worker/index/segment.ts";
import { chooseHits } from "../../worker/recognize/choose.ts";
import { readFrame, readTarget } from "../../worker/recognize/extract.ts";
import { MemoryStore } from "./memory-store.ts";
import type { Picture } from "./set.ts";

const LIMITS = { maxBytes: 64 * 2 ** 20, maxPixels: 100e6, minSide: 1 };
/** What a target takes in memory, for search and verification together (assembly/targets.ts). */
const SLOT_BYTES = 16 + TARGET_FEATURES_MAX * TARGET_FEATURE_BYTES;

export interface StageTimes {
  readonly decode: number;
  readonly extract: number;
  readonly search: number;
  readonly verify: number;
  readonly total: number;
}

export interface Recognition {
  readonly hit: Hit | undefined;
  /** Everything that was verified, strongest evidence first. */
  readonly candidates: readonly (Candidate & { readonly name: string })[];
  readonly featureCount: number;
  readonly ms: StageTimes;
}

/** As FindImage does with what the Shards are unsure of: the candidates with what they have in the end, most evidence first. */
export function afterLooks<T extends Omit<Unsure, "features">>(
  core: Core,
  image: GrayImage,
  candidates: readonly T[],
  featuresOf: (candidate: T) => Uint8Array,
): T[] {
  const unsure = candidates.filter(isUnsure).slice(0, looksFor(1));
  const looked = lookAgain(
    core,
    image,
    unsure.map((one) => ({ ...one, features: featuresOf(one) })),
  );
  const after = new Map(unsure.map((one, i) => [one, looked[i] as T]));
  return candidates.map((one) => after.get(one) ?? one).sort((a, b) => b.evidence - a.evidence);
}

export class Recognizer {
  readonly #core = loadCore();
  readonly #store = new MemoryStore();
  readonly #index = new LiveIndex(this.#core, this.#store);
  readonly #targets: { name: string; width: number; height: number }[] = [];

  /** Adds a target; a reason where its picture is refused. */
  async add({ name, file }: Picture): Promise<Result<number>> {
    const read = await readTarget(this.#core, readFileSync(file), LIMITS);
    if (!read.ok) return read;
    const id = this.#targets.push({ name, ...read.value.size }) - 1;
    this.#index.insert(id, read.value.target);
    for (const paged of this.#store.insert(id, read.value.target)) this.#index.remove(paged);
    return { ok: true, value: id };
  }

  readonly bytesPerTarget = SLOT_BYTES;

  /** `picture` is a file's name or its content. */
  async find(picture: string | Uint8Array, side: number): Promise<Recognition> {
    const bytes = typeof picture === "string" ? readFileSync(picture) : picture;
    const began = performance.now();
    const frame = await readFrame(this.#core, bytes, LIMITS, side);
    if (!frame.ok) {
      const total = performance.now() - began;
      return {
        hit: undefined,
        candidates: [],
        featureCount: 0,
        ms: { decode: total, extract: 0, search: 0, verify: 0, total },
      };
    }
    const { image, features, size, decodeMs, extractMs } = frame.value;
    const { candidates: found, times } = this.#index.search(features, size, { wanted: 1 });
    const searched = performance.now();
    const candidates = afterLooks(this.#core, image, found, (candidate) => this.#featuresOf(candidate));
    const lookMs = performance.now() - searched;
    const know = (id: number) => ({
      identifier: this.#name(id),
      metadata: "",
      matchratio: null,
      level: 0,
      original: "",
      ...this.#size(id),
    });
    const [hit] = chooseHits(decideHits(candidates, size, know, Number.POSITIVE_INFINITY), 1);
    const ms = {
      decode: decodeMs,
      extract: extractMs,
      search: times.searchMs,
      verify: times.verifyMs + lookMs,
      total: performance.now() - began,
    };
    return {
      hit,
      candidates: candidates.map((candidate) => ({ ...candidate, name: this.#name(candidate.id) })),
      featureCount: features.length,
      ms,
    };
  }

  #featuresOf({ id }: Candidate): Uint8Array {
    const [read] = this.#store.read([id]);
    return (read as NumberedTarget).target.features;
  }

  #name(id: number): string {
    return this.#targets[id]?.name as string;
  }

  #size(id: number) {
    const { width, height } = this.#targets[id] as { width: number; height: number };
    return { width, height };
  }
}
