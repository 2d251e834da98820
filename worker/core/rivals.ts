/**
 * Where the frame gives targets that are not in it evidence as well, as print does, evidence means less: each candidate
 * loses the mean of what its two strongest rivals have (test normalization: Auckenthaler, Carey and Lloyd-Thomas, 2000).
 * Those that are likely in the frame themselves, and so say nothing of chance, are no rivals.
 */

/** From this evidence on, a candidate is likelier in the frame than not; bounds from 8 to 15 find the same. */
const RIVAL_EVIDENCE_MOST = 10;
const RIVALS_COUNTED = 2;

/** Evidence of the strongest rivals among these candidates, the strongest first: one more than count, as none is its own. */
export function rivalsOf(evidences: readonly number[]): number[] {
  const rivals = new Set(evidences.filter((evidence) => evidence < RIVAL_EVIDENCE_MOST));
  return [...rivals].sort((a, b) => b - a).slice(0, RIVALS_COUNTED + 1);
}

/** What is left of a candidate's own evidence; what has exactly the same is the candidate itself, or a copy of it. */
export function lessen(ownEvidence: number, rivals: readonly number[]): number {
  const others = rivals.filter((rival) => rival !== ownEvidence).slice(0, RIVALS_COUNTED);
  const mean = others.reduce((sum, rival) => sum + rival, 0) / RIVALS_COUNTED;
  return Math.max(0, ownEvidence - mean);
}
