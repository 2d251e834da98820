/** What `score` means: evidence on a scale from 0 to 100. */

import type { Verdict } from "../core/core.ts";

/** Evidence (decimal logarithm of a likelihood ratio) times worth at which the score is 50. */
const EVIDENCE_AT_HALF = 7.5;

/** The threshold where neither the image nor the channel has its own. */
export const MATCHRATIO_DEFAULT = 50;

/** How much a candidate has for it. */
export type Weighed = Pick<Verdict, "evidence" | "worth">;

/** Rises with e, evidence times worth, as 100 · e / (e + 7.5), to one decimal. */
export function scoreOf({ evidence, worth }: Weighed): number {
  const e = evidence * worth;
  return Math.round((1000 * e) / (e + EVIDENCE_AT_HALF)) / 10;
}
