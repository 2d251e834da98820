/**
 * Voting for targets that are not in memory: their postings lie on pages, one for each visual word, of which a query
 * reads as many as it is worth. Pages only say which targets are worth looking at; those are brought into memory and
 * searched like all others. The layout of a page is in worker/index/FORMAT.md.
 */

import { addGeometry, clearGeometry, densestGeometry, insertRanked } from "./consistency";
import { FEATURE_BYTES } from "./features";
import { allocate, mark, release } from "./memory";
import { WORD_COUNT } from "./model";
import { firstLooker, listOf, lookerAt, lookerCount, lookerSignature } from "./query-words";
import { differingBits, disagreement, leastDifferingBits } from "./signature";
import { KEY_BITS, sortDescending } from "./sort";
import {
  BURST_FREE,
  lists,
  queryCodes,
  queryProjection,
  VOTE_DIFFERING_BITS,
  VOTE_DISAGREEMENT,
  WORD_RADIUS,
  weightOf,
} from "./vote";
import { weighWordsNear } from "./words";

/** Matches kept for one query. */
const MATCHES_MOST: i32 = 1 << 18;
/** For each target that is wanted so many are ordered by consistency, those with most votes. */
const POOL_A_WANTED: i32 = 6;
/** A match: target (u32), query feature (u16), geometry (u16), the target's next match or -1 (i32), weight (f32). */
const MATCH_BYTES: i32 = 16;
/** A target with matches: its number (u32), votes (f32), its last match (i32). */
const GROUP_BYTES: i32 = 12;

let matches: usize = 0;
let matchCount: i32 = 0;
/** For each query feature the factor of its votes (f32). */
let bursts: usize = 0;

/** Writes the words whose pages are likeliest to hold the query's features, up to `most`, into `words` (u16 each). */
export function chooseWords(count: i32, words: usize, most: i32): i32 {
  const before = mark();
  const priorities = allocate(4 * WORD_COUNT);
  memory.fill(priorities, 0, 4 * WORD_COUNT);
  for (let i = 0; i < count; i++) {
    weighWordsNear(load<usize>(queryCodes + 4 * i), WORD_RADIUS, priorities);
  }
  let highest: f32 = 0;
  for (let word = 0; word < WORD_COUNT; word++) highest = max(highest, load<f32>(priorities + 4 * word));
  const keyed = allocate(8 * WORD_COUNT);
  let asked = 0;
  for (let word = 0; word < WORD_COUNT; word++) {
    const share = load<f32>(priorities + 4 * word) / highest;
    if (!(share > 0)) continue;
    store<u32>(keyed + 8 * asked, <u32>(share * <f32>((1 << KEY_BITS) - 1)));
    store<u32>(keyed + 8 * asked++, word, 4);
  }
  const sorted = allocate(4 * asked);
  sortDescending(keyed, asked, sorted);
  const chosen = min(asked, most);
  for (let i = 0; i < chosen; i++) store<u16>(words + 2 * i, load<u32>(sorted + 4 * i));
  release(before);
  return chosen;
}

/** Starts with no matches of a query of `count` features; they stay on the memory stack. */
export function preparePages(count: i32): void {
  bursts = allocate(4 * count);
  matches = allocate(MATCH_BYTES * MATCHES_MOST);
  matchCount = 0;
}

/** Collects the matches of a page of `bytes` bytes with the query features that look up its word. */
export function scanPage(page: usize, bytes: i32): void {
  const end = page + bytes;
  for (let block = page; block < end; block = signaturesOf(block) + 8 * postingCount(block)) {
    const list = listOf(lists, wordOfBlock(block));
    for (let k = 0; k < lookerCount(list); k++) scanBlock(block, firstLooker(list) + k);
  }
}

function scanBlock(block: usize, looker: i32): void {
  const wanted = lookerSignature(lists, looker);
  const signatures = signaturesOf(block);
  const count = postingCount(block);
  const fours = count & ~3;
  let i = 0;
  for (; i < fours; i += 4) {
    if (leastDifferingBits(signatures + 8 * i, wanted) > VOTE_DIFFERING_BITS) continue;
    for (let k = 0; k < 4; k++) matchPosting(block, i + k, looker);
  }
  for (; i < count; i++) matchPosting(block, i, looker);
}

function matchPosting(block: usize, i: i32, looker: i32): void {
  const at = signaturesOf(block) + 8 * i;
  if (differingBits(at, lookerSignature(lists, looker)) > VOTE_DIFFERING_BITS) return;
  const query = lookerAt(lists, looker);
  const weighed = disagreement(queryProjection(query), wordOfBlock(block), load<u64>(at));
  if (weighed > VOTE_DISAGREEMENT || matchCount == MATCHES_MOST) return;
  addMatch(targetOf(block, i), query, weighed, geometryOf(block, i));
}

function postingCount(block: usize): i32 {
  return load<i32>(block);
}
function wordOfBlock(block: usize): u32 {
  return load<u16>(block, 4);
}
function targetOf(block: usize, i: i32): u32 {
  return ((<u32>load<u16>(block, 6)) << 16) | load<u16>(block + 2 * i, 8);
}
function geometryOf(block: usize, i: i32): u8 {
  return load<u8>(block + 2 * postingCount(block) + i, 8);
}
function signaturesOf(block: usize): usize {
  return block + 3 * postingCount(block) + 8;
}

function addMatch(target: u32, query: i32, weighed: i32, geometry: u8): void {
  const match = matches + MATCH_BYTES * matchCount++;
  store<u32>(match, target);
  store<u16>(match, query, 4);
  store<u16>(match, geometry, 6);
  store<f32>(match, weightOf(weighed), 12);
}

/** Writes the numbers (u32 each) of up to `wanted` targets that are worth looking at, best first; returns the count. */
export function rankPaged(features: usize, count: i32, targets: usize, wanted: i32): i32 {
  const before = mark();
  const groups = allocate(GROUP_BYTES * matchCount);
  const ranked = allocate(8 * wanted);
  const rankedCount = rankGroups(features, groups, castPagedVotes(count, groups), ranked, wanted);
  for (let i = 0; i < rankedCount; i++) {
    store<u32>(targets + 4 * i, load<u32>(groups + GROUP_BYTES * load<i32>(ranked + 8 * i, 4)));
  }
  release(before);
  return rankedCount;
}

/** Writes up to `wanted` groups as (consistent votes, number) into `ranked`, best first; returns how many. */
function rankGroups(features: usize, groups: usize, groupCount: i32, ranked: usize, wanted: i32): i32 {
  const before = mark();
  const poolMost = POOL_A_WANTED * wanted;
  const pool = allocate(8 * poolMost);
  let pooled = 0;
  for (let g = 0; g < groupCount; g++) {
    pooled = insertRanked(pool, pooled, poolMost, load<f32>(groups + GROUP_BYTES * g, 4), g);
  }
  let rankedCount = 0;
  for (let i = 0; i < pooled; i++) {
    const g = load<i32>(pool + 8 * i, 4);
    const votes = consistentVotes(load<i32>(groups + GROUP_BYTES * g, 8), features);
    rankedCount = insertRanked(ranked, rankedCount, wanted, votes, g);
  }
  release(before);
  return rankedCount;
}

/** Sums the votes of each target with matches; returns how many targets there are. */
function castPagedVotes(count: i32, groups: usize): i32 {
  weighBursts(count);
  const before = mark();
  // Places for as many targets as there can be, half of them empty.
  const places: u32 = 2 << (32 - clz(matchCount));
  const table = allocate(4 * places);
  memory.fill(table, 255, 4 * places);
  let groupCount = 0;
  for (let m = 0; m < matchCount; m++) {
    const match = matches + MATCH_BYTES * m;
    const target = load<u32>(match);
    let place = (target * 2654435761) & (places - 1);
    while (
      load<i32>(table + 4 * place) >= 0 &&
      load<u32>(groups + GROUP_BYTES * load<i32>(table + 4 * place)) != target
    ) {
      place = (place + 1) & (places - 1);
    }
    if (load<i32>(table + 4 * place) < 0) {
      store<i32>(table + 4 * place, groupCount);
      const group = groups + GROUP_BYTES * groupCount++;
      store<u32>(group, target);
      store<f32>(group, 0, 4);
      store<i32>(group, -1, 8);
    }
    const group = groups + GROUP_BYTES * load<i32>(table + 4 * place);
    const weight = voteOf(match);
    const cast = weightCast(load<i32>(group, 8), load<u16>(match, 4));
    store<i32>(match, load<i32>(group, 8), 8);
    store<i32>(group, m, 8);
    store<f32>(group, load<f32>(group, 4) + max<f32>(0, weight - cast), 4);
  }
  release(before);
  return groupCount;
}

/** Computes what a match of each query feature counts, given how many it has so far. */
function weighBursts(count: i32): void {
  memory.fill(bursts, 0, 4 * count);
  for (let m = 0; m < matchCount; m++) {
    const times = bursts + 4 * <usize>load<u16>(matches + MATCH_BYTES * m, 4);
    store<f32>(times, load<f32>(times) + 1);
  }
  for (let at = bursts; at < bursts + 4 * count; at += 4) {
    store<f32>(at, 1 / Mathf.sqrt(max<f32>(1, load<f32>(at) / BURST_FREE)));
  }
}

function voteOf(match: usize): f32 {
  return load<f32>(match, 12) * load<f32>(bursts + 4 * <usize>load<u16>(match, 4));
}

/** The highest weight among a target's matches, from the last on, with one query feature. */
function weightCast(last: i32, query: u16): f32 {
  let weight: f32 = 0;
  for (let m = last; m >= 0; m = load<i32>(matches + MATCH_BYTES * m, 8)) {
    const match = matches + MATCH_BYTES * m;
    if (load<u16>(match, 4) == query) weight = max(weight, voteOf(match));
  }
  return weight;
}

/** Geometry: the direction in 1/32 turns (the high five bits) and the pyramid level. */
function consistentVotes(last: i32, features: usize): f32 {
  clearGeometry();
  for (let m = last; m >= 0; m = load<i32>(matches + MATCH_BYTES * m, 8)) {
    const match = matches + MATCH_BYTES * m;
    const geometry = <i32>load<u16>(match, 6);
    const turns = (<f32>(geometry >> 3) + 0.5) / 32;
    addGeometry(features + FEATURE_BYTES * <i32>load<u16>(match, 4), turns, geometry & 7, voteOf(match));
  }
  return densestGeometry();
}
