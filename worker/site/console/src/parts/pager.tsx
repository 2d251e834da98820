/** Back and forth through an answer that comes in pages, each of which names the next by a cursor. */

import type { ComponentChildren } from "preact";
import { t } from "../i18n.ts";

interface Trail {
  /** Cursors of the pages before this one, and its own; empty on the first. */
  readonly trail: readonly string[];
  readonly setTrail: (trail: string[]) => void;
  /** Of the next page, where there is one. */
  readonly next: string | undefined;
}

export function Pager({ trail, setTrail, next, children }: Trail & { children?: ComponentChildren }) {
  return (
    <>
      <button
        type="button"
        class="button line small"
        disabled={trail.length === 0}
        onClick={() => setTrail(trail.slice(0, -1))}
      >
        {t("previous")}
      </button>
      {children}
      <button
        type="button"
        class="button line small"
        disabled={!next}
        onClick={() => next && setTrail([...trail, next])}
      >
        {t("next")}
      </button>
    </>
  );
}
