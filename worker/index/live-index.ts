/** A shard's index in memory: targets by their catalog number, over the core's slots. */

import type { Size } from "../core/camera.ts";
import type { Core, SearchTimes, Target, Verdict } from "../core/core.ts";

export interface Candidate extends Omit<Verdict, "slot"> {
  readonly id: number;
  /** Of the image that the target's features were extracted from, px. */
  readonly targetSize: Size;
}

export class LiveIndex {
  readonly #core: Core;
  readonly #slotById = new Map<number, number>();
  readonly #bySlot: { id: number; targetSize: Size }[] = [];

  constructor(core: Core) {
    this.#core = core;
  }

  /** False when the index is full. */
  insert(id: number, target: Target): boolean {
    const slot = this.#core.insertTarget(target);
    if (slot === undefined) return false;
    this.#slotById.set(id, slot);
    this.#bySlot[slot] = { id, targetSize: { width: target.width, height: target.height } };
    return true;
  }

  remove(id: number): void {
    const slot = this.#slotById.get(id);
    if (slot === undefined) return;
    this.#core.removeTarget(slot);
    this.#slotById.delete(id);
  }

  /** Candidates in the order of evidence, among all targets or those with these numbers. */
  search(features: Uint8Array, frame: Size, ids?: readonly number[]): { candidates: Candidate[]; times: SearchTimes } {
    const allowed = ids && this.#slotsOf(ids);
    const { verdicts, times } = this.#core.search(features, frame, () => performance.now(), allowed);
    return {
      candidates: verdicts.map(({ slot, ...verdict }) => ({
        ...verdict,
        ...(this.#bySlot[slot] as { id: number; targetSize: Size }),
      })),
      times,
    };
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
