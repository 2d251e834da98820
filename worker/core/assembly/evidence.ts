/**
 * Evidence: how much likelier is what the search for a target's features found if the target is there than if it is not?
 *
 * Chance is not the same everywhere. Letters and ornaments agree with other letters and ornaments, so an agreement
 * counts the less, the more other features of the same frame and target would have agreed as well. And what is found in
 * one small region may be print that two pictures share (a logo, a word in the same typeface), so regions add up fully
 * only to a point: a target that is there is found in many of them.
 */

import { allocate, mark, release } from "./memory";
import { EVIDENCE_STEPS, evidence } from "./model";
import {
  queryCount,
  queryLevel,
  queryLevelsOfFour,
  queryTurns,
  queryTurnsOfFour,
  queryX,
  queryXsOfFour,
  queryY,
  queryYsOfFour,
  turnBetween,
} from "./query";
import { DISAGREEMENT_MAX, disagreement } from "./signature";
import { sortDescending } from "./sort";
import { placeX, placeY } from "./target";
import { featureCount, placeOf, signatureOfFeature, targetHeight, targetWidth, wordOf } from "./targets";
import { queryProjection } from "./vote";

/**
 * What was found of one target feature. All i32 but the last two: its number; disagreement of its best query feature;
 * how many were compared, −1 where it cannot be visible; which one was best, −1 for none; and where its direction
 * (turns) and its level go by the map (f32).
 */
export const FOUND_BYTES: i32 = 24;

/** Of different points 1 in 200 agrees this well; geometry has to say the rest. */
export const GUIDED_DISAGREEMENT: i32 = <i32>(0.28 * DISAGREEMENT_MAX);
/** By how much turn (turns) and level of a query feature may differ from what the map predicts. */
export const GUIDED_TURN: f32 = 0.095;
export const GUIDED_LEVELS: f32 = 1.6;

/** Features that lie in one square of this size are one piece of evidence. */
const PLACE_CELL_PX: i32 = 4;
/** A single agreement makes the target at most this much likelier. */
const RATIO_MAX: f64 = 1000;
/** Shares of the target's features that might be found again; the likeliest one counts. */
const SHARES = memory.data<f64>([0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6]);
const SHARE_COUNT: i32 = 7;

/** The trained rate of chance agreements weighs as much as so many features of this frame and target. */
const TRAINED_WEIGHT: f64 = 40;
/** Features as near as this show the same point. */
const SAME_POINT_PX: f32 = 12;

/** An eighth of the longest target; a word or a logo takes a few of them. */
const REGION_PX: i32 = 64;
const REGIONS_ACROSS: i32 = 8;
const REGIONS: i32 = 64;
/** Evidence (natural logarithm) of one region that counts fully; of the rest, half. Measured with bench:false-matches. */
const REGION_FULL: f64 = 3 * Math.LN10;
const REGION_REST: f64 = 0.5;

/** Of places all over a side, in squared sides. */
const UNIFORM_VARIANCE: f64 = 1 / 12;
/** From this extent on, evidence counts fully. */
const EXTENT_FULL: f64 = 0.6;

const TARGET_CELLS_ACROSS: i32 = 128;
const QUERY_CELLS_ACROSS: i32 = 256;

let target: usize = 0;
let found: usize = 0;
let foundCount: i32 = 0;
const targetCells = memory.data((TARGET_CELLS_ACROSS * TARGET_CELLS_ACROSS) / 8, 16);
const queryCells = memory.data((QUERY_CELLS_ACROSS * QUERY_CELLS_ACROSS) / 8, 16);
const regionSums = memory.data(8 * REGIONS, 16);

/**
 * The evidence of the records of all features of a target as a decimal logarithm of a likelihood ratio (f64 at 16 of `verdict`), maximized over
 * the share of features that are found again; what it is worth (f32 at 12); and the places that agree (i32 at 4) of those
 * that are visible (at 8). Agreements are taken best first; each place counts once on either side.
 */
export function weighEvidence(judged: usize, records: usize, verdict: usize): void {
  target = judged;
  found = records;
  foundCount = featureCount(target);
  const before = mark();
  const sorted = allocate(4 * foundCount);
  const visible = sortByAgreement(sorted);
  memory.fill(targetCells, 0, TARGET_CELLS_ACROSS ** 2 / 8);
  memory.fill(queryCells, 0, QUERY_CELLS_ACROSS ** 2 / 8);
  const ratios = allocate(8 * visible);
  const regions = allocate(visible);
  const agreeing = allocate(4 * visible);
  let places = 0,
    inliers = 0;
  for (let k = 0; k < visible; k++) {
    const record = found + FOUND_BYTES * load<i32>(sorted + 4 * k);
    const place = placeOf(target, load<i32>(record));
    if (!claim(targetCells, TARGET_CELLS_ACROSS, placeX(place), placeY(place))) continue;
    const query = load<i32>(record, 12);
    const free = query >= 0 && claim(queryCells, QUERY_CELLS_ACROSS, queryX(query), queryY(query));
    store<u8>(regions + places, regionOf(place));
    store<f64>(ratios + 8 * places++, free ? likelihoodRatio(record) : 0);
    if (free && load<i32>(record, 4) <= GUIDED_DISAGREEMENT) store<u32>(agreeing + 4 * inliers++, place);
  }
  store<i32>(verdict, inliers, 4);
  store<i32>(verdict, places, 8);
  store<f32>(verdict, worthOf(agreeing, inliers), 12);
  store<f64>(verdict, likeliestShare(ratios, regions, places), 16);
  release(before);
}

/**
 * What evidence for the picture as a whole is worth, 0 to 1, by the extent of the places that agree. Print that two pictures share, such as a line of a title or a
 * logo, has little; a picture that is there agrees far and wide. Measured with bench:recognition and bench:false-matches.
 */
function worthOf(places: usize, count: i32): f32 {
  return <f32>(min(1.0, extentOf(places, count) / EXTENT_FULL) ** 1.5);
}

/**
 * Over how much of the target's length and width places spread: the geometric mean of their standard deviations along their
 * main axes, over that of places all over the target.
 */
function extentOf(places: usize, count: i32): f64 {
  if (count == 0) return 0;
  let x: f64 = 0,
    y: f64 = 0,
    xx: f64 = 0,
    xy: f64 = 0,
    yy: f64 = 0;
  for (let i = 0; i < count; i++) {
    const place = load<u32>(places + 4 * i);
    const atX = <f64>placeX(place) / <f64>targetWidth(target),
      atY = <f64>placeY(place) / <f64>targetHeight(target);
    x += atX;
    y += atY;
    xx += atX * atX;
    xy += atX * atY;
    yy += atY * atY;
  }
  const n = <f64>count;
  const covariance = (xy - (x * y) / n) / n;
  const area = ((xx - (x * x) / n) / n) * ((yy - (y * y) / n) / n) - covariance * covariance;
  return (max(0.0, area) / UNIFORM_VARIANCE ** 2) ** 0.25;
}

/** Writes the numbers of the visible features, best agreement first; returns how many they are. */
function sortByAgreement(sorted: usize): i32 {
  const before = mark();
  const keyed = allocate(8 * foundCount);
  let visible = 0;
  for (let i = 0; i < foundCount; i++) {
    const record = found + FOUND_BYTES * i;
    if (load<i32>(record, 8) < 0) continue;
    store<u32>(keyed + 8 * visible, (DISAGREEMENT_MAX + 1 - load<i32>(record, 4)) >> 5);
    store<u32>(keyed + 8 * visible++, i, 4);
  }
  sortDescending(keyed, visible, sorted);
  release(before);
  return visible;
}

/** Takes the cell of a place; false where it was taken before. */
function claim(cells: usize, across: i32, x: f32, y: f32): bool {
  const cell = (<i32>y / PLACE_CELL_PX) * across + <i32>x / PLACE_CELL_PX;
  const byte = cells + (cell >> 3),
    bit = (<u8>1) << (<u8>(cell & 7));
  if (load<u8>(byte) & bit) return false;
  store<u8>(byte, load<u8>(byte) | bit);
  return true;
}

function regionOf(place: u32): i32 {
  return (<i32>placeY(place) / REGION_PX) * REGIONS_ACROSS + <i32>placeX(place) / REGION_PX;
}

/** How much likelier the best of the compared features disagrees by this much if one of them shows the target's point. */
function likelihoodRatio(record: usize): f64 {
  const weighed = load<i32>(record, 4),
    compared = <f64>load<i32>(record, 8);
  const step = min((weighed * EVIDENCE_STEPS) >> 16, EVIDENCE_STEPS - 1);
  const same = <f64>load<f32>(evidence() + 4 * step);
  const others = evidence() + 4 * EVIDENCE_STEPS;
  let closer: f64 = 0;
  for (let i = 0; i <= step; i++) closer += <f64>load<f32>(others + 4 * i);
  let byChance = compared * <f64>load<f32>(others + 4 * step) * max(0.0, 1 - closer) ** (compared - 1);
  if (weighed <= GUIDED_DISAGREEMENT) byChance *= commonness(record, closer);
  return min(same / (byChance + 1e-9), RATIO_MAX);
}

/**
 * How many times as often as `expected` other features of this frame and of this target, turned and scaled alike, agree
 * as well as this pair does; at least 1.
 */
function commonness(record: usize, expected: f64): f64 {
  alike = 0;
  agreeing = 0;
  compareWithFrame(record);
  compareWithTarget(record);
  const rate = (<f64>agreeing + TRAINED_WEIGHT * expected) / (<f64>alike + TRAINED_WEIGHT);
  return max(1.0, rate / expected);
}

let alike: i32 = 0;
let agreeing: i32 = 0;

/** The target's feature with the frame's features elsewhere. */
function compareWithFrame(record: usize): void {
  const query = load<i32>(record, 12);
  for (let first = 0; first < queryCount; first += 4) {
    for (let left = alikeElsewhere(record, first, query); left != 0; left &= left - 1) {
      compare(first + ctz(left), load<i32>(record), load<i32>(record, 4));
    }
  }
}

/** Of four of the frame's features, from `first` on, a bit for each that is turned and scaled as the map says and not where `query` is. */
function alikeElsewhere(record: usize, first: i32, query: i32): i32 {
  const levelled = f32x4.sub(queryLevelsOfFour(first), v128.load32_splat(record, 20));
  const turned = f32x4.sub(queryTurnsOfFour(first), v128.load32_splat(record, 16));
  const around = f32x4.sub(turned, f32x4.floor(f32x4.add(turned, f32x4.splat(0.5))));
  const alike = v128.and(isWithin(levelled, GUIDED_LEVELS), isWithin(around, GUIDED_TURN));
  if (!v128.any_true(alike)) return 0;
  const dx = f32x4.sub(queryXsOfFour(first), f32x4.splat(queryX(query))),
    dy = f32x4.sub(queryYsOfFour(first), f32x4.splat(queryY(query)));
  const same = v128.and(
    f32x4.lt(f32x4.abs(dx), f32x4.splat(SAME_POINT_PX)),
    f32x4.lt(f32x4.abs(dy), f32x4.splat(SAME_POINT_PX)),
  );
  return i32x4.bitmask(v128.andnot(alike, same));
}

function isWithin(differences: v128, most: f32): v128 {
  return f32x4.le(f32x4.abs(differences), f32x4.splat(most));
}

/** The frame's feature with the target's features elsewhere. */
function compareWithTarget(record: usize): void {
  const query = load<i32>(record, 12);
  const turn = queryTurns(query),
    level = queryLevel(query);
  const place = placeOf(target, load<i32>(record));
  for (let i = 0; i < foundCount; i++) {
    const other = found + FOUND_BYTES * i;
    if (load<i32>(other, 8) < 0) continue;
    if (Mathf.abs(load<f32>(other, 20) - level) > GUIDED_LEVELS) continue;
    if (Mathf.abs(turnBetween(load<f32>(other, 16), turn)) > GUIDED_TURN) continue;
    const feature = load<i32>(other);
    const there = placeOf(target, feature);
    if (isSamePoint(placeX(there) - placeX(place), placeY(there) - placeY(place))) continue;
    compare(query, feature, load<i32>(record, 4));
  }
}

function isSamePoint(dx: f32, dy: f32): bool {
  return Mathf.abs(dx) < SAME_POINT_PX && Mathf.abs(dy) < SAME_POINT_PX;
}

function compare(query: i32, feature: i32, weighed: i32): void {
  alike++;
  const here = disagreement(queryProjection(query), wordOf(target, feature), signatureOfFeature(target, feature));
  if (here <= weighed) agreeing++;
}

function likeliestShare(ratios: usize, regions: usize, count: i32): f64 {
  let most: f64 = 0;
  for (let k = 0; k < SHARE_COUNT; k++) {
    most = max(most, evidenceOfShare(load<f64>(SHARES + 8 * k), ratios, regions, count));
  }
  return most / Math.LN10;
}

/** Natural logarithm. */
function evidenceOfShare(share: f64, ratios: usize, regions: usize, count: i32): f64 {
  memory.fill(regionSums, 0, 8 * REGIONS);
  for (let i = 0; i < count; i++) {
    const region = regionSums + 8 * <i32>load<u8>(regions + i);
    store<f64>(region, load<f64>(region) + Math.log(1 - share + share * load<f64>(ratios + 8 * i)));
  }
  let sum: f64 = 0;
  for (let r = 0; r < REGIONS; r++) {
    const region = load<f64>(regionSums + 8 * r);
    sum += min(region, REGION_FULL) + REGION_REST * max(0.0, region - REGION_FULL);
  }
  return sum;
}
