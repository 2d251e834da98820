/**
 * Verification: is there one plane map under which the target's features lie where the query has features like them?
 *
 * One match already gives a similarity, so every match is a hypothesis (no random sampling). The best one is refined to
 * a homography, in rounds: predict where each feature of the target lies, look there for the query feature that
 * agrees best, fit again. The result is judged by evidence: how much likelier are these agreements if the target is
 * there than if it is not.
 */

import { FOUND_BYTES, GUIDED_DISAGREEMENT, GUIDED_LEVELS, GUIDED_TURN, weighEvidence } from "./evidence";
import {
  CORRESPONDENCE_BYTES,
  fitAffine,
  fitHomography,
  HOMOGRAPHY_BYTES,
  mapX,
  mapY,
  mapZ,
  setSimilarity,
} from "./geometry";
import { allocate, mark, release } from "./memory";
import {
  GRID_PX,
  gridAcross,
  gridDown,
  gridItems,
  gridStarts,
  placeQuery,
  queryCount,
  queryHeight,
  queryLevel,
  queryTurns,
  queryWidth,
  queryX,
  queryY,
  turnBetween,
} from "./query";
import { DISAGREEMENT_MAX, disagreement } from "./signature";
import { sortDescending } from "./sort";
import { placeLevel, placeTurns, placeX, placeY } from "./target";
import {
  featureCount,
  placeOf,
  signatureOfFeature,
  TARGET_FEATURES_MAX,
  targetHeight,
  targetIn,
  targetWidth,
  wordOf,
} from "./targets";
import { closeMatch, matchClosely, queryProjection, weightOf } from "./vote";

/** Slot, inliers, visible features (i32), worth (f32), evidence (f64), homography from target to query. */
export const VERDICT_BYTES: i32 = 24 + HOMOGRAPHY_BYTES;

/** Best matches that are looked at; the first of them are hypotheses. One is refined: three found nothing more. */
const MATCHES_USED: i32 = 300;
const SEEDS: i32 = 100;
/** A similarity from one match is this uncertain: px of the query, turns, and half octaves of scale. */
const SEED_REACH_PX: f32 = 20;
const SEED_TURN: f32 = 0.1;
const SEED_LEVELS: f32 = 2;

/** Guided search: from wide to narrow, px of the query. */
const ROUNDS: i32 = 4;
const FIRST_REACH_PX: f32 = 12;
const SECOND_REACH_PX: f32 = 8;
/** True agreements lie within 3 px; a wider search would mostly add chance. */
const LAST_REACH_PX: f32 = 3;
/** Query features this far from the edge, and at scales that the pyramid has, can be expected. */
const EDGE_PX: f32 = 4;
const SMALLEST_SCALE: f32 = 0.7;
const LARGEST_SCALE: f32 = 8;

/** Buffers of one verification: of each match its places in the target and in the query (px) and what else it says, f32 each. */
let targetXs: usize = 0;
let targetYs: usize = 0;
let queryXs: usize = 0;
let queryYs: usize = 0;
let turns: usize = 0;
let levels: usize = 0;
let weights: usize = 0;
let picked: usize = 0;
let found: usize = 0;
let foundBy: usize = 0;

/** Sorts the query's features into a grid and takes the buffers for verifying candidates one after the other. */
export function prepareVerification(queryFeatures: usize, count: i32, width: i32, height: i32): void {
  placeQuery(queryFeatures, count, width, height);
  targetXs = allocate(4 * MATCHES_USED);
  targetYs = allocate(4 * MATCHES_USED);
  queryXs = allocate(4 * MATCHES_USED);
  queryYs = allocate(4 * MATCHES_USED);
  turns = allocate(4 * MATCHES_USED);
  levels = allocate(4 * MATCHES_USED);
  weights = allocate(4 * MATCHES_USED);
  picked = allocate(CORRESPONDENCE_BYTES * max(MATCHES_USED, TARGET_FEATURES_MAX));
  found = allocate(FOUND_BYTES * TARGET_FEATURES_MAX);
  foundBy = allocate(4 * count);
}

/** Judges one candidate; the best map found and its evidence (0 where no map has `supportLeast`) go to `verdict`. */
export function verifyTarget(slot: i32, supportLeast: f32, verdict: usize): void {
  const target = targetIn(slot);
  memory.fill(verdict, 0, VERDICT_BYTES);
  store<i32>(verdict, slot);
  const count = gatherMatches(target);
  if (count < 4) return;
  const seed = bestSeed(count, supportLeast);
  if (seed < 0 || !refine(seed, count, target, verdict)) memory.fill(verdict + 4, 0, VERDICT_BYTES - 4);
}

/** The target's matches, those that agree best first. */
function gatherMatches(target: usize): i32 {
  const before = mark();
  let count = matchClosely(target);
  const keyed = allocate(8 * count + 16);
  const sorted = allocate(4 * count + 16);
  for (let i = 0; i < count; i++) {
    store<u32>(keyed + 8 * i, (DISAGREEMENT_MAX - <i32>load<u16>(closeMatch(i), 4)) >> 4);
    store<u32>(keyed + 8 * i, i, 4);
  }
  sortDescending(keyed, count, sorted);
  count = min(count, MATCHES_USED);
  for (let i = 0; i < count; i++) {
    const match = closeMatch(load<i32>(sorted + 4 * i));
    const query = <i32>load<u16>(match);
    const place = placeOf(target, load<u16>(match, 2));
    store<f32>(targetXs + 4 * i, placeX(place));
    store<f32>(targetYs + 4 * i, placeY(place));
    store<f32>(queryXs + 4 * i, queryX(query));
    store<f32>(queryYs + 4 * i, queryY(query));
    store<f32>(turns + 4 * i, queryTurns(query) - placeTurns(place));
    store<f32>(levels + 4 * i, queryLevel(query) - <f32>placeLevel(place));
    store<f32>(weights + 4 * i, weightOf(load<u16>(match, 4)));
  }
  // What fills the last vector supports nothing.
  for (let i = count; i & 3; i++) store<f32>(weights + 4 * i, 0);
  release(before);
  return count;
}

/** The match whose similarity most other matches support; −1 where it is less than `least`. */
function bestSeed(count: i32, least: f32): i32 {
  let best = -1;
  let most = least;
  for (let seed = 0; seed < min(count, SEEDS); seed++) {
    const support = supportOf(seed, count);
    if (support > most) {
      most = support;
      best = seed;
    }
  }
  return best;
}

/** Weight of the matches that follow the seed's similarity, four at a time. */
function supportOf(seed: i32, count: i32): f32 {
  const turn = load<f32>(turns + 4 * seed),
    level = load<f32>(levels + 4 * seed);
  const angle = turn * <f32>(2 * Math.PI);
  const scale = Mathf.pow(2, 0.5 * level);
  const c = f32x4.splat(Mathf.cos(angle) * scale),
    s = f32x4.splat(Mathf.sin(angle) * scale);
  const x = v128.load32_splat(targetXs + 4 * seed),
    y = v128.load32_splat(targetYs + 4 * seed),
    u = v128.load32_splat(queryXs + 4 * seed),
    v = v128.load32_splat(queryYs + 4 * seed);
  const turnOfSeed = f32x4.splat(turn),
    levelOfSeed = f32x4.splat(level);
  const reach = f32x4.splat(SEED_REACH_PX);
  let support = f32x4.splat(0);
  for (let at = 0; at < 4 * count; at += 16) {
    const dx = f32x4.sub(v128.load(targetXs + at), x),
      dy = f32x4.sub(v128.load(targetYs + at), y);
    const mappedX = f32x4.sub(f32x4.add(u, f32x4.mul(c, dx)), f32x4.mul(s, dy));
    const mappedY = f32x4.add(f32x4.add(v, f32x4.mul(s, dx)), f32x4.mul(c, dy));
    const near = v128.and(
      f32x4.le(f32x4.abs(f32x4.sub(mappedX, v128.load(queryXs + at))), reach),
      f32x4.le(f32x4.abs(f32x4.sub(mappedY, v128.load(queryYs + at))), reach),
    );
    if (!v128.any_true(near)) continue;
    const turned = f32x4.sub(v128.load(turns + at), turnOfSeed);
    const around = f32x4.abs(f32x4.sub(turned, f32x4.nearest(turned)));
    const grown = f32x4.abs(f32x4.sub(v128.load(levels + at), levelOfSeed));
    const alike = v128.and(f32x4.le(around, f32x4.splat(SEED_TURN)), f32x4.le(grown, f32x4.splat(SEED_LEVELS)));
    support = f32x4.add(support, v128.and(v128.and(near, alike), v128.load(weights + at)));
  }
  return (
    f32x4.extract_lane(support, 0) +
    f32x4.extract_lane(support, 1) +
    (f32x4.extract_lane(support, 2) + f32x4.extract_lane(support, 3))
  );
}

/** From a seed to a homography and its evidence. False where it leads nowhere. */
function refine(seed: i32, count: i32, target: usize, verdict: usize): bool {
  const h = verdict + 24;
  setSimilarity(
    h,
    load<f32>(targetXs + 4 * seed),
    load<f32>(targetYs + 4 * seed),
    load<f32>(queryXs + 4 * seed),
    load<f32>(queryYs + 4 * seed),
    <f64>load<f32>(turns + 4 * seed) * 2 * Math.PI,
    2 ** (0.5 * <f64>load<f32>(levels + 4 * seed)),
  );
  if (!refit(h, count, SEED_REACH_PX, seed) || !refit(h, count, 0.8 * SEED_REACH_PX, seed)) return false;
  let pairs = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const reach = round == 0 ? FIRST_REACH_PX : round == 1 ? SECOND_REACH_PX : LAST_REACH_PX;
    pairs = searchGuided(h, target, reach);
    if (pairs < 4) return false;
    if (round == ROUNDS - 1) break;
    const fitted =
      pairs >= 8
        ? fitHomography(picked, pairs, targetWidth(target), targetHeight(target), queryWidth, queryHeight, h)
        : fitAffine(picked, pairs, h);
    if (!fitted) return false;
  }
  if (!isPlausible(h, target)) return false;
  weighEvidence(target, found, verdict);
  return true;
}

/** Fits an affine map to the matches that lie within `reach` of where `h` puts them. */
function refit(h: usize, count: i32, reach: f32, seed: i32): bool {
  const turn = load<f32>(turns + 4 * seed);
  let near = 0;
  for (let i = 0; i < count; i++) {
    const x = load<f32>(targetXs + 4 * i),
      y = load<f32>(targetYs + 4 * i),
      u = load<f32>(queryXs + 4 * i),
      v = load<f32>(queryYs + 4 * i);
    const z = mapZ(h, x, y);
    const du = mapX(h, x, y, z) - u,
      dv = mapY(h, x, y, z) - v;
    if (du * du + dv * dv > <f64>(reach * reach)) continue;
    if (Mathf.abs(turnBetween(load<f32>(turns + 4 * i), turn)) > 0.16) continue;
    setCorrespondence(picked + CORRESPONDENCE_BYTES * near++, x, y, u, v);
  }
  return near >= 3 && fitAffine(picked, near, h);
}

/**
 * For every feature of the target that should be visible, finds the query feature near its predicted place that agrees
 * best (`found`); the pairs that agree well enough, one for each query feature, go to `picked`. Returns their count.
 */
function searchGuided(h: usize, target: usize, reach: f32): i32 {
  const count = featureCount(target);
  memory.fill(foundBy, 255, 4 * queryCount);
  for (let i = 0; i < count; i++) {
    const record = found + FOUND_BYTES * i;
    searchNear(h, target, i, reach, record);
    const query = load<i32>(record, 12);
    if (query < 0 || load<i32>(record, 4) > GUIDED_DISAGREEMENT) continue;
    const rival = load<i32>(foundBy + 4 * query);
    if (rival < 0 || load<i32>(found + FOUND_BYTES * rival, 4) > load<i32>(record, 4)) {
      store<i32>(foundBy + 4 * query, i);
    }
  }
  let pairs = 0;
  for (let query = 0; query < queryCount; query++) {
    const i = load<i32>(foundBy + 4 * query);
    if (i < 0 || pairs == TARGET_FEATURES_MAX) continue;
    const place = placeOf(target, i);
    const pair = picked + CORRESPONDENCE_BYTES * pairs++;
    setCorrespondence(pair, placeX(place), placeY(place), queryX(query), queryY(query));
  }
  return pairs;
}

function setCorrespondence(at: usize, x: f32, y: f32, u: f32, v: f32): void {
  store<f32>(at, x);
  store<f32>(at, y, 4);
  store<f32>(at, u, 8);
  store<f32>(at, v, 12);
}

/** Finds the query feature near the predicted place of a feature that agrees best; the record says what came of it. */
function searchNear(h: usize, target: usize, feature: i32, reach: f32, record: usize): void {
  store<i32>(record, feature);
  store<i32>(record, DISAGREEMENT_MAX + 1, 4);
  store<i32>(record, -1, 8);
  store<i32>(record, -1, 12);
  const place = placeOf(target, feature);
  const x = <f64>placeX(place),
    y = <f64>placeY(place);
  const z = mapZ(h, x, y);
  if (z < 1e-6) return;
  const u = <f32>mapX(h, x, y, z),
    v = <f32>mapY(h, x, y, z);
  if (u < EDGE_PX || v < EDGE_PX || u >= <f32>queryWidth - EDGE_PX || v >= <f32>queryHeight - EDGE_PX) return;

  // Where the feature's direction and scale go, by a step of four px along it.
  const angle = placeTurns(place) * <f32>(2 * Math.PI);
  const stepX = x + 4 * <f64>Mathf.cos(angle),
    stepY = y + 4 * <f64>Mathf.sin(angle);
  const stepZ = mapZ(h, stepX, stepY);
  if (stepZ < 1e-6) return;
  const du = <f32>mapX(h, stepX, stepY, stepZ) - u,
    dv = <f32>mapY(h, stepX, stepY, stepZ) - v;
  const scale = 0.25 * Mathf.sqrt(du * du + dv * dv) * Mathf.pow(2, 0.5 * <f32>placeLevel(place));
  if (scale < SMALLEST_SCALE || scale > LARGEST_SCALE) return;
  const level = <f32>(2 * Math.log2(<f64>scale));
  const turn = Mathf.atan2(dv, du) / <f32>(2 * Math.PI);

  const word = wordOf(target, feature),
    signature = signatureOfFeature(target, feature);
  const left = max(0, <i32>(u - reach) / GRID_PX),
    right = min(gridAcross - 1, <i32>(u + reach) / GRID_PX);
  const top = max(0, <i32>(v - reach) / GRID_PX),
    bottom = min(gridDown - 1, <i32>(v + reach) / GRID_PX);
  let best = DISAGREEMENT_MAX + 1,
    bestQuery = -1,
    compared = 0;
  for (let row = top; row <= bottom; row++) {
    const end = load<i32>(gridStarts + 4 * (row * gridAcross + right + 1));
    for (let at = load<i32>(gridStarts + 4 * (row * gridAcross + left)); at < end; at++) {
      const query = <i32>load<u16>(gridItems + 2 * at);
      const offX = queryX(query) - u,
        offY = queryY(query) - v;
      if (offX * offX + offY * offY > reach * reach) continue;
      if (Mathf.abs(queryLevel(query) - level) > GUIDED_LEVELS) continue;
      if (Mathf.abs(turnBetween(queryTurns(query), turn)) > GUIDED_TURN) continue;
      compared++;
      const weighed = disagreement(queryProjection(query), word, signature);
      if (weighed < best) {
        best = weighed;
        bestQuery = query;
      }
    }
  }
  store<i32>(record, best, 4);
  store<i32>(record, compared, 8);
  store<i32>(record, bestQuery, 12);
  store<f32>(record, turn, 16);
  store<f32>(record, level, 20);
}

/** A picture that fills the frame at a tilt of 60 degrees has its far corner 1.8 times as far away as its near one. */
const DEPTH_RATIO_MAX: f64 = 2.5;

/** Convex, not mirrored, neither tiny nor huge nor needle-shaped, and seen from no nearer than a camera could. */
function isPlausible(h: usize, target: usize): bool {
  const width = <f64>targetWidth(target),
    height = <f64>targetHeight(target);
  const corners = memory.data(8 * 8, 16);
  let nearest = Infinity,
    farthest: f64 = 0;
  for (let i = 0; i < 4; i++) {
    const x = i == 1 || i == 2 ? width : 0,
      y = i >= 2 ? height : 0;
    const z = mapZ(h, x, y);
    if (z < 1e-6) return false;
    nearest = min(nearest, z);
    farthest = max(farthest, z);
    store<f64>(corners + 16 * i, mapX(h, x, y, z));
    store<f64>(corners + 16 * i, mapY(h, x, y, z), 8);
  }
  if (farthest > DEPTH_RATIO_MAX * nearest) return false;
  let area: f64 = 0,
    longest: f64 = 0,
    shortest = Infinity;
  for (let i = 0; i < 4; i++) {
    const a = corners + 16 * i,
      b = corners + 16 * ((i + 1) & 3),
      c = corners + 16 * ((i + 2) & 3);
    const abX = load<f64>(b) - load<f64>(a),
      abY = load<f64>(b, 8) - load<f64>(a, 8);
    const bcX = load<f64>(c) - load<f64>(b),
      bcY = load<f64>(c, 8) - load<f64>(b, 8);
    if (abX * bcY - abY * bcX <= 0) return false;
    area += 0.5 * (load<f64>(a) * load<f64>(b, 8) - load<f64>(b) * load<f64>(a, 8));
    const length = Math.sqrt(abX * abX + abY * abY);
    longest = max(longest, length);
    shortest = min(shortest, length);
  }
  const frame = <f64>queryWidth * <f64>queryHeight;
  return area > 0.003 * frame && area < 25 * frame && longest < 12 * shortest;
}
