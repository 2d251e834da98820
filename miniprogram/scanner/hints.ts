/** What to tell the user who finds nothing: only what lasts is told, and only once. Pure. */

import type { Verdict } from "./gate.ts";

export type Hint = "blur" | "dark" | "bright" | "motion" | "closer" | "offline";

export interface Hints {
  readonly verdict: Verdict;
  /** When the verdict last changed, ms. */
  readonly since: number;
  /** When good frames began to be missed, ms; undefined while none is. */
  readonly missedSince: number | undefined;
  /** The hint that holds now. */
  readonly hint: Hint | undefined;
}

/** A verdict that passes within a second helps nobody. */
const LASTS_MS = 1000;
/** As Kivicube's scanner does. */
const CLOSER_AFTER_MS = 3000;

export const noHints: Hints = { verdict: "good", since: 0, missedSince: undefined, hint: undefined };

export interface Seen {
  readonly verdict: Verdict;
  readonly missCount: number;
  readonly offline: boolean;
}

export function advise(hints: Hints, { verdict, missCount, offline }: Seen, now: number): Hints {
  const since = verdict === hints.verdict ? hints.since : now;
  const missedSince = missCount > 0 ? (hints.missedSince ?? now) : undefined;
  const lasts = verdict !== "good" && now - since >= LASTS_MS;
  const far = verdict === "good" && missedSince !== undefined && now - missedSince >= CLOSER_AFTER_MS;
  const hint = offline ? "offline" : lasts ? verdict : far ? "closer" : verdict === "good" ? undefined : hints.hint;
  return { verdict, since, missedSince, hint };
}
