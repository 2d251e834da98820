/**
 * Where the frame gives targets that are not in it evidence as well, as print does, evidence means less: each candidate
 * loses the mean of what its two strongest rivals have (test normalization: Auckenthaler, Carey and Lloyd-Thomas, 2000).
 * Those that are likely in the frame themselves, and so say nothing of chance, are no rivals.
 */

/** A candidate's own evidence, before rivals lessen it, and what that is worth. */
export interface Own {
  readonly ownEvidence: number;
  readonly worth: number;
}

/** From so much evidence, as far as it is worth, a candidate is likelier in the frame than not. */
const RIVAL_EVIDENCE_MOST = 8;
const RIVALS_COUNTED = 2;

/** What the strongest rivals among these candidates have, the strongest first. */
export function rivalsOf(candidates: readonly Own[]): number[] {
  return strongest(candidates.map(worthOf));
}

/** Of those of several shards, the strongest: one more than count, as none is its own rival. */
export function strongest(rivals: readonly number[]): number[] {
  const likelyNotThere = new Set(rivals.filter((rival) => rival < RIVAL_EVIDENCE_MOST));
  return [...likelyNotThere].sort((a, b) => b - a).slice(0, RIVALS_COUNTED + 1);
}

/** What is left of a candidate's own evidence; what has exactly the same is the candidate itself, or a copy of it. */
export function lessen(own: Own, rivals: readonly number[]): number {
  const others = rivals.filter((rival) => rival !== worthOf(own)).slice(0, RIVALS_COUNTED);
  const mean = others.reduce((sum, rival) => sum + rival, 0) / RIVALS_COUNTED;
  return Math.max(0, own.ownEvidence - mean);
}

/** What its own evidence is worth. */
export function worthOf({ ownEvidence, worth }: Own): number {
  return ownEvidence * worth;
}
