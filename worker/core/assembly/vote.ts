/**
 * Voting: which targets share enough with the query to be looked at closely. Each query feature looks up the words
 * around it; a posting whose signature agrees well enough is a match, and counts for its target the more, the better it
 * agrees and the fewer others agree with the same query feature (burstiness: Jégou et al., CVPR 2009). Matches must
 * also agree on how the target is turned and scaled (weak geometric consistency: Jégou et al., ECCV 2008).
 */

import { FEATURE_BYTES } from "./features";
import { allocate } from "./memory";
import { DESCRIPTOR_SIZE } from "./model";
import { listStart, ownerAt, placeAt, signatureAt, slotCount } from "./postings";
import { DISAGREEMENT_MAX, disagreement, signatureOf, WEIGHTS_BYTES, writeWeights } from "./signature";
import { placeLevel, placeTurns } from "./target";
import { wordsNear } from "./words";

/** Words are looked up to this squared distance, in descriptor units: 25 noise variances. */
const WORD_RADIUS: i32 = 25 * 64;
const WORDS_MOST: i32 = 256;
/** Plainly differing bits above which a signature's disagreement need not be weighed. */
const DIFFERING_BITS_MAX: i32 = 22;
/** Of different points, 2 in 10,000 agree this well; of views of one point, 8 in 10. */
const MATCH_DISAGREEMENT: i32 = <i32>(0.13 * DISAGREEMENT_MAX);
/** Disagreement at which a match counts 0.6. */
const MATCH_SIGMA: f64 = 0.08;
/** Matches of one query feature that still count fully. */
const BURST_FREE: f32 = 4;
/** Matches kept for one query; a frame of repeated structure must not cost unbounded memory. */
export const MATCHES_MOST: i32 = 65536;
/** Targets ordered by consistency, of those with most votes. */
const CONSISTENCY_CANDIDATES: i32 = 100;

/** A match: query feature (u16), disagreement (u16), posting (i32), weight (f32), the target's next match or -1 (i32). */
export const MATCH_BYTES: i32 = 16;

export let matches: usize = 0;
let matchCount: i32 = 0;
let heads: usize = 0;
let votes: usize = 0;

/** Signatures (u64 each) and weight tables of the query's features. */
export let querySignatures: usize = 0;
export let queryWeights: usize = 0;

/** First match of a target, or -1. */
export function firstMatch(slot: i32): i32 {
  return load<i32>(heads + 4 * slot);
}

/** Computes what comparing the query's features needs. */
export function prepareQuery(features: usize, count: i32): void {
  querySignatures = allocate(8 * count);
  queryWeights = allocate(WEIGHTS_BYTES * count);
  for (let i = 0; i < count; i++) {
    store<u64>(querySignatures + 8 * i, signatureOf(features + i * FEATURE_BYTES + FEATURE_BYTES - DESCRIPTOR_SIZE));
    writeWeights(queryWeights + WEIGHTS_BYTES * i);
  }
}

/**
 * Finds all matches of the query with the targets that `allowed` names, a byte a slot (0 for all targets), and writes up
 * to `wanted` slots, best first, into `candidates`. Returns their count.
 */
export function voteTargets(features: usize, count: i32, allowed: usize, candidates: usize, wanted: i32): i32 {
  const voterBytes = 2 * slotCount;
  heads = allocate(4 * slotCount);
  votes = allocate(4 * slotCount);
  const lastVoter = allocate(voterBytes);
  const lastWeight = allocate(4 * slotCount);
  memory.fill(heads, 255, 4 * slotCount);
  memory.fill(votes, 0, 4 * slotCount);
  memory.fill(lastVoter, 255, voterBytes);
  matches = allocate(MATCHES_MOST * MATCH_BYTES);
  matchCount = 0;
  const words = allocate(2 * WORDS_MOST);
  for (let i = 0; i < count; i++) {
    const first = matchCount;
    const wordCount = wordsNear(
      features + i * FEATURE_BYTES + FEATURE_BYTES - DESCRIPTOR_SIZE,
      WORD_RADIUS,
      words,
      WORDS_MOST,
    );
    for (let w = 0; w < wordCount; w++) matchList(i, load<u16>(words + 2 * w), allowed);
    castVotes(i, first, lastVoter, lastWeight);
  }
  return orderCandidates(features, candidates, wanted);
}

function matchList(query: i32, word: u32, allowed: usize): void {
  const end = listStart(word + 1);
  const signature = load<u64>(querySignatures + 8 * query);
  const weights = queryWeights + WEIGHTS_BYTES * query;
  for (let posting = listStart(word); posting < end; posting++) {
    const difference = signature ^ signatureAt(posting);
    if (<i32>popcnt(difference) > DIFFERING_BITS_MAX) continue;
    if (allowed != 0 && !load<u8>(allowed + ownerAt(posting))) continue;
    const weighed = disagreement(weights, difference);
    if (weighed > MATCH_DISAGREEMENT || matchCount == MATCHES_MOST) continue;
    const match = matches + MATCH_BYTES * matchCount++;
    store<u16>(match, query);
    store<u16>(match, weighed, 2);
    store<i32>(match, posting, 4);
  }
}

/** Weighs the matches of one query feature, which votes once for each target: with its best match there. */
function castVotes(query: i32, first: i32, lastVoter: usize, lastWeight: usize): void {
  const burst = Mathf.sqrt(max<f32>(1, <f32>(matchCount - first) / BURST_FREE));
  for (let m = first; m < matchCount; m++) {
    const match = matches + MATCH_BYTES * m;
    const slot = ownerAt(load<i32>(match, 4));
    const weight = weightOf(load<u16>(match, 2)) / burst;
    store<f32>(match, weight, 8);
    store<i32>(match, load<i32>(heads + 4 * slot), 12);
    store<i32>(heads + 4 * slot, m);
    const cast: f32 = <i32>load<u16>(lastVoter + 2 * slot) == query ? load<f32>(lastWeight + 4 * slot) : 0;
    if (weight <= cast) continue;
    store<u16>(lastVoter + 2 * slot, query);
    store<f32>(lastWeight + 4 * slot, weight);
    store<f32>(votes + 4 * slot, load<f32>(votes + 4 * slot) + weight - cast);
  }
}

const WEIGHT_STEPS: i32 = 128;
const weightTable = memory.data(4 * (WEIGHT_STEPS + 1), 16);

/** Fills the table; once per instance. */
export function prepareVoting(): void {
  for (let i = 0; i <= WEIGHT_STEPS; i++) {
    const value = (<f64>i + 0.5) / WEIGHT_STEPS / MATCH_SIGMA;
    store<f32>(weightTable + 4 * i, <f32>Math.exp(-0.5 * value * value));
  }
}

function weightOf(weighed: i32): f32 {
  return load<f32>(weightTable + 4 * ((weighed * WEIGHT_STEPS) >> 16));
}

/** The targets with most votes, ordered by how many of their votes agree on turn and scale. */
function orderCandidates(features: usize, candidates: usize, wanted: i32): i32 {
  const pool = allocate(8 * CONSISTENCY_CANDIDATES);
  let count = 0;
  for (let slot = 0; slot < slotCount; slot++) {
    const vote = load<f32>(votes + 4 * slot);
    if (vote > 0) count = insertRanked(pool, count, CONSISTENCY_CANDIDATES, vote, slot);
  }
  const ranked = allocate(8 * wanted);
  let rankedCount = 0;
  for (let i = 0; i < count; i++) {
    const slot = load<i32>(pool + 8 * i, 4);
    rankedCount = insertRanked(ranked, rankedCount, wanted, consistentVotes(slot, features), slot);
  }
  for (let i = 0; i < rankedCount; i++) store<i32>(candidates + 4 * i, load<i32>(ranked + 8 * i, 4));
  return rankedCount;
}

/** Keeps the `most` highest of (value, slot), highest first; returns the new count. */
function insertRanked(list: usize, count: i32, most: i32, value: f32, slot: i32): i32 {
  if (count == most) {
    if (value <= load<f32>(list + 8 * (most - 1))) return count;
    count--;
  }
  let at = list + 8 * count;
  for (; at > list && load<f32>(at - 8) < value; at -= 8) store<u64>(at, load<u64>(at - 8));
  store<f32>(at, value);
  store<i32>(at, slot, 4);
  return count + 1;
}

const TURN_BINS: i32 = 16;
const SCALE_BINS: i32 = 16;
const geometry = memory.data(4 * 16 * 16, 16);

/** The most votes in any 3 × 3 bins of turn (22.5 degrees each) and scale (a half octave each). */
function consistentVotes(slot: i32, features: usize): f32 {
  memory.fill(geometry, 0, 4 * TURN_BINS * SCALE_BINS);
  for (let m = firstMatch(slot); m >= 0; m = load<i32>(matches + MATCH_BYTES * m, 12)) {
    const match = matches + MATCH_BYTES * m;
    const feature = features + FEATURE_BYTES * <i32>load<u16>(match);
    const place = placeAt(load<i32>(match, 4));
    const turn = <f32>load<u8>(feature, 5) / 256 - placeTurns(place) + 1;
    const turnBin = <i32>(turn * <f32>TURN_BINS) & (TURN_BINS - 1);
    const scaleBin = <i32>load<u8>(feature, 4) - placeLevel(place) + SCALE_BINS / 2;
    const bin = geometry + 4 * (scaleBin * TURN_BINS + turnBin);
    store<f32>(bin, load<f32>(bin) + load<f32>(match, 8));
  }
  let most: f32 = 0;
  for (let scale = 1; scale < SCALE_BINS - 1; scale++) {
    for (let turn = 0; turn < TURN_BINS; turn++) {
      let sum: f32 = 0;
      for (let d = -1; d <= 1; d++) {
        const row = geometry + 4 * (scale + d) * TURN_BINS;
        sum += load<f32>(row + 4 * ((turn + TURN_BINS - 1) & (TURN_BINS - 1)));
        sum += load<f32>(row + 4 * turn) + load<f32>(row + 4 * ((turn + 1) & (TURN_BINS - 1)));
      }
      most = max(most, sum);
    }
  }
  return most;
}
