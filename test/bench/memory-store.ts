/** A Shard's targets (worker/catalog/target-store.ts) in this process: the newest stay in memory, those before them go to pages. */

import type { Target } from "../../worker/core/core.ts";
import { loadWordCommonness } from "../../worker/core/node.ts";
import { PAGED_AT_ONCE, RESIDENT_MOST, type TargetSource } from "../../worker/index/live-index.ts";
import { appendPage, pagesOf, thinned } from "../../worker/index/page.ts";
import type { NumberedTarget } from "../../worker/index/segment.ts";

export class MemoryStore implements TargetSource {
  readonly #commonness = loadWordCommonness();
  readonly #targets = new Map<number, Target>();
  readonly #pages = new Map<number, Uint8Array>();
  /** Not on pages, the oldest first. */
  #resident: NumberedTarget[] = [];

  /** Returns the numbers of those that need be in memory no longer. */
  insert(id: number, target: Target): number[] {
    this.#targets.set(id, target);
    this.#resident.push({ id, target });
    if (this.#resident.length <= RESIDENT_MOST) return [];
    const oldest = this.#resident.splice(0, PAGED_AT_ONCE);
    this.#writePages(oldest);
    return oldest.map(({ id }) => id);
  }

  read(ids: readonly number[]): NumberedTarget[] {
    return ids.map((id) => ({ id, target: this.#targets.get(id) as Target }));
  }

  /** Features and pages. */
  get bytes(): number {
    const sum = (parts: Iterable<Uint8Array>) => [...parts].reduce((bytes, { length }) => bytes + length, 0);
    return sum([...this.#targets.values()].map(({ features }) => features)) + sum(this.#pages.values());
  }

  pages() {
    if (this.#pages.size === 0) return undefined;
    return { read: (words: Uint16Array) => this.#pagesOf(words) };
  }

  *#pagesOf(words: Uint16Array) {
    for (const word of words) {
      const page = this.#pages.get(word);
      if (page) yield page;
    }
  }

  #writePages(targets: readonly NumberedTarget[]): void {
    addToPages(
      this.#pages,
      targets.map((target) => thinned(target, this.#commonness)),
    );
  }
}

/** `targets` as they go to pages, whose numbers are higher than those that are there. */
export function addToPages(pages: Map<number, Uint8Array>, targets: readonly NumberedTarget[]): void {
  for (const [word, page] of pagesOf(targets)) {
    pages.set(word, appendPage(pages.get(word) ?? new Uint8Array(), page));
  }
}
