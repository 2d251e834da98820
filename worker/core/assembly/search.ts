/** The question to the index: which targets does the query show, and where. */

import { allocate, mark, release } from "./memory";
import { slotCount } from "./targets";
import { prepareVerification, VERDICT_BYTES, verifyTarget } from "./verify";
import { prepareClosely, voteTargets } from "./vote";

/**
 * Candidates that are verified: more among more targets (Pastec's fixed number fails at 200,000). Among 6,800, 20 let go
 * of 2 in 318 photos that 40 keep.
 */
const CANDIDATES_LEAST: i32 = 20;
const CANDIDATES_MOST: i32 = 40;
const TARGETS_A_CANDIDATE: i32 = 100;

/** From this evidence on, a candidate is likelier in the frame than not; bounds from 8 to 15 find the same. */
const RIVAL_EVIDENCE_MOST: f64 = 10;

let candidates: usize = 0;
let candidateCount: i32 = 0;

/**
 * Finds the candidates of a query of `count` features that was prepared, among all targets in memory or those that
 * `allowed` names (a byte a slot; 0 for no restriction). What it takes stays on the memory stack until the caller
 * releases it after `verifyCandidates`. Returns the number of candidates.
 */
export function findCandidates(features: usize, count: i32, allowed: usize): i32 {
  const wanted = min(CANDIDATES_MOST, CANDIDATES_LEAST + slotCount / TARGETS_A_CANDIDATE);
  candidates = allocate(4 * wanted);
  candidateCount = voteTargets(features, count, allowed, candidates, wanted);
  return candidateCount;
}

/** Verifies the candidates; writes one verdict each, in the order of evidence, into `verdicts`. */
export function verifyCandidates(features: usize, count: i32, width: i32, height: i32, verdicts: usize): void {
  const before = mark();
  prepareVerification(features, count, width, height);
  prepareClosely(candidates, candidateCount, count);
  const verdict = allocate(VERDICT_BYTES);
  for (let i = 0; i < candidateCount; i++) {
    verifyTarget(load<i32>(candidates + 4 * i), verdict);
    let at = verdicts + VERDICT_BYTES * i;
    for (; at > verdicts && load<f64>(at - VERDICT_BYTES, 16) < load<f64>(verdict, 16); at -= VERDICT_BYTES) {
      memory.copy(at, at - VERDICT_BYTES, VERDICT_BYTES);
    }
    memory.copy(at, verdict, VERDICT_BYTES);
  }
  discountByRivals(verdicts);
  release(before);
}

/**
 * Where the frame gives targets that are not in it evidence as well, as print does, evidence means less: each verdict
 * loses the mean of what its two strongest rivals have (test normalization: Auckenthaler, Carey and Lloyd-Thomas, 2000).
 * Those that are likely in the frame themselves, and so say nothing of chance, are no rivals.
 */
function discountByRivals(verdicts: usize): void {
  let first = 0;
  while (first < candidateCount && evidenceAt(verdicts, first) >= RIVAL_EVIDENCE_MOST) first++;
  // The strongest rivals of all, and the one that takes the place of a rival that is judged itself.
  const strongest = evidenceAt(verdicts, first),
    second = evidenceAt(verdicts, first + 1),
    third = evidenceAt(verdicts, first + 2);
  for (let i = 0; i < candidateCount; i++) {
    const rivals = i == first ? second + third : i == first + 1 ? strongest + third : strongest + second;
    const verdict = verdicts + VERDICT_BYTES * i;
    store<f64>(verdict, max(0.0, load<f64>(verdict, 16) - 0.5 * rivals), 16);
  }
}

/** Evidence of the verdict at this rank; 0 where there is none. */
function evidenceAt(verdicts: usize, rank: i32): f64 {
  return rank < candidateCount ? load<f64>(verdicts + VERDICT_BYTES * rank, 16) : 0;
}
