/**
 * What a deployment must hold, kept by whoever writes to it: for each image and channel the states that it may be in.
 * That is one where the last write was acknowledged, and two where it was cut off: as before, or as written.
 */

import { isDeepStrictEqual } from "node:util";

/** How a state that was found agrees: with the last acknowledged one, or with what was before or after a write that was cut off. */
export type Agreement = "certain" | "before" | "after";

/** Undefined is a state, too: absent. */
export class Entry<State> {
  readonly name: string;
  /** Whether anything was written since it was last settled. */
  touched = false;
  #allowed: readonly (State | undefined)[] = [undefined];

  constructor(name: string) {
    this.name = name;
  }

  /** False after a write without an answer, until it is settled. */
  get certain(): boolean {
    return this.#allowed.length === 1;
  }

  /** The last acknowledged state. */
  get state(): State | undefined {
    return this.#allowed[0];
  }

  get allowed(): readonly (State | undefined)[] {
    return this.#allowed;
  }

  /** A write is on its way. */
  begin(after: State | undefined): void {
    this.touched = true;
    this.#allowed = [this.state, after];
  }

  acknowledge(): void {
    this.#allowed = this.#allowed.slice(-1);
  }

  /** Takes what was found for the truth from here on; undefined where none of the allowed states is. */
  settle(found: State | undefined): Agreement | undefined {
    const at = this.#allowed.findIndex((state) => isDeepStrictEqual(state, found));
    const [agreement] = at < 0 ? [] : this.certain ? ["certain" as const] : [(["before", "after"] as const)[at]];
    this.#allowed = [found];
    this.touched = false;
    return agreement;
  }
}
