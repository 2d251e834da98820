/** The question to the index: which targets does the query show, and where. */

import { allocate, mark, release } from "./memory";
import { slotCount } from "./targets";
import { prepareVerification, VERDICT_BYTES, verifyTarget } from "./verify";
import { prepareClosely, prepareGlance, voteTargets } from "./vote";

/**
 * Candidates that are verified: more among more targets (Pastec's fixed number fails at 200,000). Among 6,800, 20 let go
 * of 2 in 318 photos that 40 keep.
 */
const CANDIDATES_LEAST: i32 = 20;
const TARGETS_A_CANDIDATE: i32 = 100;
/** Support (verify.ts) from which on a map is worth refining at a glance: what is surely there has more, most others have less. */
const GLANCE_SUPPORT_LEAST: f32 = 5;

let candidates: usize = 0;
let candidateCount: i32 = 0;

/**
 * Finds the candidates of a query of `count` features that was prepared, among all targets in memory or those that
 * `allowed` names (a byte a slot; 0 for no restriction). What it takes stays on the memory stack until the caller
 * releases it after `verifyCandidates`. Returns the number of candidates, up to
 * `most`; the slot `known` is one of them in any case (-1 for none).
 */
export function findCandidates(features: usize, count: i32, allowed: usize, most: i32, known: i32): i32 {
  const wanted = min(most, CANDIDATES_LEAST + slotCount / TARGETS_A_CANDIDATE);
  candidates = allocate(4 * wanted);
  candidateCount = voteTargets(features, count, allowed, candidates, wanted);
  if (known >= 0 && !isCandidate(known)) {
    candidateCount = min(candidateCount + 1, wanted);
    store<i32>(candidates + 4 * (candidateCount - 1), known);
  }
  return candidateCount;
}

function isCandidate(slot: i32): bool {
  for (let i = 0; i < candidateCount; i++) {
    if (load<i32>(candidates + 4 * i) == slot) return true;
  }
  return false;
}

/** Verifies the candidates, `closely` or at a glance; writes one verdict each, in the order of evidence, into `verdicts`. */
export function verifyCandidates(
  features: usize,
  count: i32,
  width: i32,
  height: i32,
  verdicts: usize,
  closely: bool,
): void {
  const before = mark();
  prepareVerification(features, count, width, height);
  if (closely) prepareClosely(candidates, candidateCount, count);
  else prepareGlance();
  const verdict = allocate(VERDICT_BYTES);
  for (let i = 0; i < candidateCount; i++) {
    verifyTarget(load<i32>(candidates + 4 * i), closely ? 0 : GLANCE_SUPPORT_LEAST, verdict);
    let at = verdicts + VERDICT_BYTES * i;
    for (; at > verdicts && load<f64>(at - VERDICT_BYTES, 16) < load<f64>(verdict, 16); at -= VERDICT_BYTES) {
      memory.copy(at, at - VERDICT_BYTES, VERDICT_BYTES);
    }
    memory.copy(at, verdict, VERDICT_BYTES);
  }
  release(before);
}
