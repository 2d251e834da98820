/** A shard's index in memory: targets by their catalog number, over the core's slots. */

import type { Size } from "../core/camera.ts";
import {
  BROUGHT_MOST,
  type Core,
  type PagedTargets,
  type SearchTimes,
  type Target,
  type Verdict,
} from "../core/core.ts";
import { MATCHRATIO_DEFAULT, scoreOf } from "./score.ts";
import type { NumberedTarget } from "./segment.ts";

export interface Candidate extends Omit<Verdict, "slot"> {
  readonly id: number;
  /** Of the image that the target's features were extracted from, px. */
  readonly targetSize: Size;
}

/** Where targets that are not held in memory come from. */
export interface TargetSource {
  read(ids: readonly number[]): readonly NumberedTarget[];
  /** Undefined where all targets are held in memory. */
  pages(): Pick<PagedTargets, "read"> | undefined;
}

/** Up to so many targets are all held in memory: 17 MB. */
export const RESIDENT_MOST = 4096;
/** So many are paged at once: the more, the fewer times a page is written again, and the fewer a question looks through. */
export const PAGED_AT_ONCE = 3584;
/**
 * Held in memory by the caller's wish. With those that questions bring and find they take 31 of the core's 48 MB; a
 * question that reads pages takes up to 16.
 */
export const HELD_MOST = 6000;
/** A question may name a thousand images; what earlier ones brought is kept as long as there is room. */
const BROUGHT_KEPT = 1000 + BROUGHT_MOST;
/** What was found lately stays longer: what people scan now they scan again, and in memory weaker frames find it. */
const FOUND_KEPT = 500;

export class LiveIndex {
  readonly #core: Core;
  readonly #source: TargetSource;
  readonly #slotById = new Map<number, number>();
  readonly #bySlot: { id: number; targetSize: Size }[] = [];
  /** Numbers of the targets that questions brought, the one not asked for the longest first. */
  readonly #brought = new Set<number>();
  /** And of those that were found then, the one not found for the longest first. */
  readonly #found = new Set<number>();

  constructor(core: Core, source: TargetSource) {
    this.#core = core;
    this.#source = source;
  }

  /** Holds the target. False when there is no room. */
  insert(id: number, target: Target): boolean {
    const held = this.#slotById.size - this.#brought.size - this.#found.size;
    return held < HELD_MOST && this.#insert(id, target);
  }

  remove(id: number): void {
    const slot = this.#slotById.get(id);
    if (slot === undefined) return;
    this.#core.removeTarget(slot);
    this.#slotById.delete(id);
    this.#brought.delete(id);
    this.#found.delete(id);
  }

  /** Candidates in the order of evidence, among all targets or those with these numbers, for up to `wanted` that the frame shows. */
  search(
    features: Uint8Array,
    frame: Size,
    { ids, wanted = Number.POSITIVE_INFINITY }: { ids?: readonly number[] | undefined; wanted?: number } = {},
  ): { candidates: Candidate[]; times: SearchTimes } {
    const allowed = ids && this.#bring(ids);
    const pages = ids ? undefined : this.#source.pages();
    const { verdicts, times } = this.#core.search(features, frame, () => performance.now(), {
      wanted,
      allowed,
      paged: pages && { ...pages, bring: (targets) => this.#bring([...targets]) },
    });
    const candidates = verdicts.map(({ slot, ...verdict }) => ({
      ...verdict,
      ...(this.#bySlot[slot] as { id: number; targetSize: Size }),
    }));
    this.#keepFound(candidates);
    return { candidates, times };
  }

  #insert(id: number, target: Target): boolean {
    const slot = this.#core.insertTarget(target);
    if (slot === undefined) return false;
    this.#slotById.set(id, slot);
    this.#bySlot[slot] = { id, targetSize: { width: target.width, height: target.height } };
    return true;
  }

  /** Brings those into memory that are not there; as many of the others that were brought before have to go. Returns their slots. */
  #bring(ids: readonly number[]): Uint8Array {
    for (const id of ids) if (this.#brought.delete(id)) this.#brought.add(id);
    const missing = ids.filter((id) => !this.#slotById.has(id));
    for (const { id, target } of this.#source.read(missing)) {
      const [oldest] = this.#brought;
      if (this.#brought.size >= BROUGHT_KEPT && oldest !== undefined) this.remove(oldest);
      if (this.#insert(id, target)) this.#brought.add(id);
    }
    return this.#slotsOf(ids);
  }

  #keepFound(candidates: readonly Candidate[]): void {
    for (const candidate of candidates) {
      const { id } = candidate;
      if (scoreOf(candidate) < MATCHRATIO_DEFAULT) continue;
      if (this.#brought.delete(id) || this.#found.delete(id)) this.#found.add(id);
    }
    for (const oldest of this.#found) {
      if (this.#found.size <= FOUND_KEPT) break;
      this.remove(oldest);
    }
  }

  /** A byte for each slot: 1 where its target is one of these. */
  #slotsOf(ids: readonly number[]): Uint8Array {
    const slots = new Uint8Array(this.#bySlot.length);
    for (const id of ids) {
      const slot = this.#slotById.get(id);
      if (slot !== undefined) slots[slot] = 1;
    }
    return slots;
  }
}
