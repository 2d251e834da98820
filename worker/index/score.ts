/** What `score` means: evidence on a scale from 0 to 100. */

/** Evidence (decimal logarithm of a likelihood ratio) at which the score is 50. */
const EVIDENCE_AT_HALF = 9.3;

/** The threshold where neither the image nor the channel has its own. */
export const MATCHRATIO_DEFAULT = 50;

/** Rises with evidence e as 100 · e / (e + 9.3), to one decimal. */
export function scoreOf(evidence: number): number {
  return Math.round((1000 * evidence) / (evidence + EVIDENCE_AT_HALF)) / 10;
}
