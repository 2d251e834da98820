/** How good a target a picture is: sub-scores that say why its level is what it is, and what would help. */

import { ADVICE } from "../../shared/advice.ts";
import type { Grade, GradeScores } from "../../shared/protocol.ts";
import { type GrayImage, TARGET_FEATURES_MAX } from "../core/core.ts";
import { descriptorOf, type Feature, readFeatures } from "../core/feature.ts";
import type { TargetPicture } from "./extract.ts";
import { levelOf } from "./level.ts";

/** The picture is looked at in so many cells across and down. */
const CELLS_ACROSS = 6;
/** Two views of one point differ less than this, squared, in nine of ten cases: 25 variances of the noise. */
const TWIN_DISTANCE = 25 * 64;
/** Nearer features describe overlapping patches of one place. */
const SAME_PLACE_PX = 24;
/** The darkest and the lightest part of a picture do not count: a single white border is no contrast. */
const GRAY_TAIL = 0.05;
/** Recognized in this share of views, a picture needs no advice. */
const GOOD_DETECTION = 80;

/** What a good target reaches: all of our sample pictures do. */
const GOOD = { features: 95, distribution: 50, distinctiveness: 65, contrast: 35 } as const;

/** `detection` is the share of simulated views in which the picture is found again. */
export function gradeTarget({ image, features }: TargetPicture, detection: number): Grade {
  const found = readFeatures(features);
  const scores = {
    features: percent(found.length / TARGET_FEATURES_MAX),
    distribution: percent(evenness(found, image)),
    distinctiveness: percent(distinctShare(found, features)),
    contrast: percent(graySpread(image)),
    detection: percent(detection),
  };
  const points = found.map(({ x, y }) => [share(x, image.width), share(y, image.height)]);
  return { level: levelOf(detection), scores, advice: adviceOn(scores), points };
}

/** The share of the picture's cells that is in use: the exponential of the entropy over them. */
function evenness(features: readonly Feature[], { width, height }: GrayImage): number {
  const counts = new Array<number>(CELLS_ACROSS ** 2).fill(0);
  const cell = (position: number, extent: number) =>
    Math.min(CELLS_ACROSS - 1, Math.floor((CELLS_ACROSS * position) / extent));
  for (const { x, y } of features) {
    const at = cell(y, height) * CELLS_ACROSS + cell(x, width);
    counts[at] = (counts[at] as number) + 1;
  }
  const shares = counts.filter((count) => count > 0).map((count) => count / features.length);
  return Math.exp(-shares.reduce((sum, share) => sum + share * Math.log(share), 0)) / counts.length;
}

/** The share of features that have no twin elsewhere in the picture. */
function distinctShare(places: readonly Feature[], features: Uint8Array): number {
  const descriptors = places.map((_, i) => descriptorOf(features, i));
  const hasTwin = (place: Feature, i: number) =>
    places.some(
      (other, j) =>
        Math.hypot(place.x - other.x, place.y - other.y) >= SAME_PLACE_PX &&
        squaredDistance(descriptors[i] as Int8Array, descriptors[j] as Int8Array) < TWIN_DISTANCE,
    );
  return places.filter((place, i) => !hasTwin(place, i)).length / places.length;
}

function squaredDistance(a: Int8Array, b: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length && sum < TWIN_DISTANCE; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum;
}

/** From dark to light, as a share of all grays. */
function graySpread({ pixels }: GrayImage): number {
  const sorted = pixels.slice().sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
  return (at(1 - GRAY_TAIL) - at(GRAY_TAIL)) / 255;
}

/** On the sub-score that falls short most. */
function adviceOn(scores: GradeScores): string {
  if (scores.detection >= GOOD_DETECTION) return ADVICE.none;
  const reached = (name: keyof typeof GOOD) => scores[name] / GOOD[name];
  const [worst] = (Object.keys(GOOD) as (keyof typeof GOOD)[]).sort((a, b) => reached(a) - reached(b));
  return worst && reached(worst) < 1 ? ADVICE[worst] : ADVICE.plain;
}

/** To a thousandth, which is half a pixel of what was looked at. */
function share(position: number, extent: number): number {
  return Math.round((1000 * position) / extent) / 1000;
}

function percent(share: number): number {
  return Math.round(100 * share);
}
