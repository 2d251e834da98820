/**
 * Voting: which targets share enough with the query to be looked at closely. A target feature whose word a query
 * feature looks up and whose signature agrees well enough is a match, and counts the more, the better it agrees and the
 * fewer others agree with the same query feature (burstiness: Jégou et al., CVPR 2009). Matches must also agree on how
 * the target is turned and scaled (weak geometric consistency: Jégou et al., ECCV 2008).
 */

import { addGeometry, clearGeometry, densestGeometry, insertRanked } from "./consistency";
import { FEATURE_BYTES } from "./features";
import { allocate } from "./memory";
import { DESCRIPTOR_SIZE, WORD_COUNT } from "./model";
import { firstLooker, invertWords, listOf, lookerAt, lookerCount, lookerSignatureAt } from "./query-words";
import {
  DISAGREEMENT_MAX,
  differingBits,
  disagreement,
  leastDifferingBits,
  PROJECTION_BYTES,
  project,
} from "./signature";
import { placeLevel, placeTurns } from "./target";
import { featureCount, placeOf, signatureOfFeature, slotCount, TARGET_FEATURES_MAX, targetIn, wordOf } from "./targets";
import { codesNear } from "./words";

/** To vote, words are looked up to this squared distance, in descriptor units: 20 noise variances. */
export const WORD_RADIUS: i32 = 20 * 64;
/** And for the few targets that are looked at closely: 50 noise variances. */
const CLOSE_WORD_RADIUS: i32 = 50 * 64;
/**
 * Plainly differing bits above which a signature's disagreement is not weighed: to vote, and to look closely. More find
 * no other pictures.
 */
export const VOTE_DIFFERING_BITS: i32 = 18;
const CLOSE_DIFFERING_BITS: i32 = 24;
/** Disagreement up to which features match: to vote, and to look closely. */
export const VOTE_DISAGREEMENT: i32 = <i32>(0.13 * DISAGREEMENT_MAX);
const CLOSE_DISAGREEMENT: i32 = <i32>(0.2 * DISAGREEMENT_MAX);
/** Disagreement at which a match counts 0.6. */
const MATCH_SIGMA: f64 = 0.08;
/** Matches of one query feature that still count fully. */
export const BURST_FREE: f32 = 4;
/** Matches kept for one query; a frame of repeated structure must not cost unbounded memory. */
const MATCHES_MOST: i32 = 1 << 18;
/** Of a target's features so many vote, the best, … */
const VOTING_FEATURES_LEAST: i32 = 160;
/** … or more, as long as those of all targets are no more than this. More find no other pictures among thousands, but some among few. */
const VOTING_FEATURES_OF_ALL: i32 = 1 << 19;
/** Matches of one target that is looked at closely. */
const CLOSE_MATCHES_MOST: i32 = 1 << 14;
/** Targets ordered by consistency, of those with most votes. */
const CONSISTENCY_CANDIDATES: i32 = 250;

/** A match: query feature, target feature, disagreement (u16 each), 0, and the weight of its vote (f32). */
const MATCH_BYTES: i32 = 12;
/** A target with matches: slot, number of the first match, number of the one after the last, votes (f32). */
const GROUP_BYTES: i32 = 16;

let matches: usize = 0;
let matchCount: i32 = 0;
let matchesMost: i32 = 0;
let groups: usize = 0;
let groupCount: i32 = 0;

/** Projections and addresses of the codes of the query's features. */
let projections: usize = 0;
export let queryCodes: usize = 0;
/** How many matches each query feature has (i32). */
let burst: usize = 0;
/** Who looks up which words, to vote and to look closely. */
export let lists: usize = 0;
let closeLists: usize = 0;

/** Computes what comparing the query's features needs. */
export function prepareQuery(features: usize, count: i32): void {
  projections = allocate(PROJECTION_BYTES * count);
  queryCodes = allocate(4 * count);
  burst = allocate(4 * count);
  for (let i = 0; i < count; i++) {
    const descriptor = features + i * FEATURE_BYTES + FEATURE_BYTES - DESCRIPTOR_SIZE;
    project(descriptor, queryProjection(i));
    store<usize>(queryCodes + 4 * i, codesNear(descriptor, CLOSE_WORD_RADIUS));
  }
  lists = invertWords(queryCodes, projections, count, WORD_RADIUS, 0);
}

export function queryProjection(query: i32): usize {
  return projections + PROJECTION_BYTES * query;
}

function matchAt(number: i32): usize {
  return matches + MATCH_BYTES * number;
}

/**
 * Finds all matches of the query with the targets that `allowed` names, a byte a slot (0 for all targets), and writes up
 * to `wanted` slots, best first, into `candidates`. Returns their count.
 */
export function voteTargets(features: usize, count: i32, allowed: usize, candidates: usize, wanted: i32): i32 {
  matches = allocate((MATCHES_MOST + CLOSE_MATCHES_MOST) * MATCH_BYTES);
  matchCount = 0;
  matchesMost = MATCHES_MOST;
  memory.fill(burst, 0, 4 * count);
  groups = allocate(GROUP_BYTES * slotCount);
  groupCount = 0;
  for (let slot = 0; slot < slotCount; slot++) {
    if (allowed == 0 || load<u8>(allowed + slot)) matchTarget(slot);
  }
  castVotes(count);
  return orderCandidates(features, candidates, wanted);
}

function matchTarget(slot: i32): void {
  const first = matchCount;
  const target = targetIn(slot);
  const voting = min(featureCount(target), max(VOTING_FEATURES_LEAST, VOTING_FEATURES_OF_ALL / slotCount));
  matchFeatures(target, voting, lists, VOTE_DIFFERING_BITS, VOTE_DISAGREEMENT);
  if (matchCount == first) return;
  const group = groups + GROUP_BYTES * groupCount++;
  store<i32>(group, slot);
  store<i32>(group, first, 4);
  store<i32>(group, matchCount, 8);
}

const lookedUp = memory.data(2 * (TARGET_FEATURES_MAX + 1));

/** Of the first `count` features: which have words that are looked up is noted first, without a branch, as no guess would be right often. */
function matchFeatures(target: usize, count: i32, lists: usize, differingMost: i32, disagreementMost: i32): void {
  let lookedUpCount = 0;
  for (let feature = 0; feature < count; feature++) {
    store<u16>(lookedUp + 2 * lookedUpCount, feature);
    lookedUpCount += i32(lookerCount(listOf(lists, wordOf(target, feature))) > 0);
  }
  for (let k = 0; k < lookedUpCount; k++) {
    const feature = <i32>load<u16>(lookedUp + 2 * k);
    const word = wordOf(target, feature);
    const list = listOf(lists, word);
    const signature = signatureOfFeature(target, feature);
    const end = firstLooker(list) + lookerCount(list);
    for (let looker = firstLooker(list); looker < end; looker += 4) {
      if (leastDifferingBits(lookerSignatureAt(lists, looker), signature) > differingMost) continue;
      for (let each = looker; each < min(looker + 4, end); each++) {
        if (differingBits(lookerSignatureAt(lists, each), signature) > differingMost) continue;
        const query = lookerAt(lists, each);
        const weighed = disagreement(queryProjection(query), word, signature);
        if (weighed <= disagreementMost) addMatch(query, feature, weighed);
      }
    }
  }
}

function addMatch(query: i32, feature: i32, weighed: i32): void {
  if (matchCount == matchesMost) return;
  const match = matchAt(matchCount++);
  store<u16>(match, query);
  store<u16>(match, feature, 2);
  store<u16>(match, weighed, 4);
  store<i32>(burst + 4 * query, load<i32>(burst + 4 * query) + 1);
}

/** Makes ready to look closely at candidates (slots, i32 each): who looks up the words that they have. */
export function prepareClosely(candidates: usize, candidateCount: i32, queryCount: i32): void {
  const wanted = allocate(WORD_COUNT);
  memory.fill(wanted, 0, WORD_COUNT);
  for (let i = 0; i < candidateCount; i++) {
    const target = targetIn(load<i32>(candidates + 4 * i));
    for (let feature = 0; feature < featureCount(target); feature++) store<u8>(wanted + wordOf(target, feature), 1);
  }
  closeLists = invertWords(queryCodes, projections, queryCount, CLOSE_WORD_RADIUS, wanted);
}

/** Makes ready to look at candidates with the words that were looked up to vote. */
export function prepareGlance(): void {
  closeLists = lists;
}

/** Finds all matches with one target, more than voting needs; returns how many there are. */
export function matchClosely(target: usize): i32 {
  const first = matchCount;
  matchesMost = first + CLOSE_MATCHES_MOST;
  matchFeatures(target, featureCount(target), closeLists, CLOSE_DIFFERING_BITS, CLOSE_DISAGREEMENT);
  const found = matchCount - first;
  matchCount = first;
  return found;
}

/** Of the matches found closely. */
export function closeMatch(number: i32): usize {
  return matchAt(matchCount + number);
}

/** Weighs the matches; each query feature votes once for each target: with its best match there. */
function castVotes(count: i32): void {
  const lastGroup = allocate(4 * count);
  const lastWeight = allocate(4 * count);
  memory.fill(lastGroup, 255, 4 * count);
  for (let g = 0; g < groupCount; g++) {
    const group = groups + GROUP_BYTES * g;
    let votes: f32 = 0;
    for (let m = load<i32>(group, 4); m < load<i32>(group, 8); m++) {
      const match = matchAt(m);
      const query = <i32>load<u16>(match);
      const weight =
        weightOf(load<u16>(match, 4)) / Mathf.sqrt(max<f32>(1, <f32>load<i32>(burst + 4 * query) / BURST_FREE));
      store<f32>(match, weight, 8);
      const cast: f32 = load<i32>(lastGroup + 4 * query) == g ? load<f32>(lastWeight + 4 * query) : 0;
      if (weight <= cast) continue;
      store<i32>(lastGroup + 4 * query, g);
      store<f32>(lastWeight + 4 * query, weight);
      votes += weight - cast;
    }
    store<f32>(group, votes, 12);
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

/** What a match of this disagreement counts. */
export function weightOf(weighed: i32): f32 {
  return load<f32>(weightTable + 4 * ((weighed * WEIGHT_STEPS) >> 16));
}

/** The targets with most votes, ordered by how many of their votes agree on turn and scale. */
function orderCandidates(features: usize, candidates: usize, wanted: i32): i32 {
  const pool = allocate(8 * CONSISTENCY_CANDIDATES);
  let count = 0;
  for (let g = 0; g < groupCount; g++) {
    count = insertRanked(pool, count, CONSISTENCY_CANDIDATES, load<f32>(groups + GROUP_BYTES * g, 12), g);
  }
  const ranked = allocate(8 * wanted);
  let rankedCount = 0;
  for (let i = 0; i < count; i++) {
    const g = load<i32>(pool + 8 * i, 4);
    rankedCount = insertRanked(ranked, rankedCount, wanted, consistentVotes(groups + GROUP_BYTES * g, features), g);
  }
  for (let i = 0; i < rankedCount; i++) {
    store<i32>(candidates + 4 * i, load<i32>(groups + GROUP_BYTES * load<i32>(ranked + 8 * i, 4)));
  }
  return rankedCount;
}

function consistentVotes(group: usize, features: usize): f32 {
  const target = targetIn(load<i32>(group));
  clearGeometry();
  for (let m = load<i32>(group, 4); m < load<i32>(group, 8); m++) {
    const match = matchAt(m);
    const place = placeOf(target, load<u16>(match, 2));
    addGeometry(
      features + FEATURE_BYTES * <i32>load<u16>(match),
      placeTurns(place),
      placeLevel(place),
      load<f32>(match, 8),
    );
  }
  return densestGeometry();
}
