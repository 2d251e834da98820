/**
 * Targets beyond the real ones: each has features of eight real pictures, whose signatures differ from theirs as those of
 * one and the same place in a picture and in a photo of it do where it has the same word in both. That is measured: where a photo shows a target, its
 * homography says which feature of the one lies on which of the other.
 */

import { readFileSync } from "node:fs";
import { applyHomography, type Homography, type Point } from "../../shared/homography.ts";
import type { Random } from "../../shared/random.ts";
import { type Core, TARGET_FEATURE_BYTES, TARGET_FEATURES_MAX, type Target } from "../../worker/core/core.ts";
import { FEATURE_BYTES, type Feature, readFeatures } from "../../worker/core/feature.ts";
import { MATCHRATIO_DEFAULT, scoreOf } from "../../worker/index/score.ts";
import { type Frame, readTarget, type TargetPicture } from "../../worker/recognize/extract.ts";
import type { Picture, Query } from "./set.ts";
import { percentile } from "./summary.ts";

const LIMITS = { maxBytes: 64 * 2 ** 20, maxPixels: 100e6, minSide: 1 };

const SOURCES = 8;
const SIGNATURE_BYTES = 8;
/** Features correspond where they are nearer than this, in px of the frame's pyramid level, … */
const NEAR_PX = 1.5;
/** … of like size … */
const SCALE_RATIO_MOST = 1.5;
/** … and direction, radians. */
const TURN_MOST = Math.PI / 8;

/** For each true correspondence of one word the bits in which its two signatures differ. */
export type Differences = readonly Uint8Array[];

/** In all frames and the targets that they show, and a line about it. */
export async function measureDifferences(
  core: Core,
  frames: readonly (Pick<Query, "right"> & { readonly frame: Frame })[],
  targets: readonly Picture[],
): Promise<{ differences: Differences; summary: string }> {
  const files = new Map(targets.map(({ name, file }) => [name, file]));
  const differences: Uint8Array[] = [];
  let shown = 0;
  for (const { frame, right } of frames) {
    for (const file of [...right].flatMap((name) => files.get(name) ?? [])) {
      const target = await readTarget(core, readFileSync(file), LIMITS);
      const found = target.ok ? differencesIn(core, frame, target.value) : [];
      differences.push(...found);
      if (found.length > 0) shown++;
    }
  }
  const bits = differences.map(bitsIn);
  const share = bits.reduce((sum, one) => sum + one, 0) / bits.length / 64;
  const summary =
    `signatures of ${bits.length} places that ${shown} frames show differ in ${(100 * share).toFixed(1)} % of their bits ` +
    `(of 64: p10 ${percentile(bits, 10)}, median ${percentile(bits, 50)}, p90 ${percentile(bits, 90)}), and so do those of made pictures`;
  return { differences, summary };
}

export function makeTarget(sources: readonly Target[], differences: Differences, random: Random): Target {
  const some = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  const from = Array.from({ length: SOURCES }, () => some(sources).features);
  const features: Uint8Array[] = [];
  for (let i = 0; i < TARGET_FEATURES_MAX; i++) {
    const source = from[i % SOURCES] as Uint8Array;
    const at = TARGET_FEATURE_BYTES * Math.floor((random() * source.length) / TARGET_FEATURE_BYTES);
    const feature = source.slice(at, at + TARGET_FEATURE_BYTES);
    for (const [k, bits] of some(differences).entries()) feature[k] = (feature[k] as number) ^ bits;
    features.push(feature);
  }
  return { width: 480, height: 480, features: new Uint8Array(features.flatMap((feature) => [...feature])) };
}

/** The feature of the target as the frame shows it. */
function moved({ x, y, scale, angle }: Feature, queryFromTarget: Homography): Feature {
  const [fromX, fromY] = applyHomography(queryFromTarget, [x, y]);
  const tip: Point = [x + scale * Math.cos(angle), y + scale * Math.sin(angle)];
  const [toX, toY] = applyHomography(queryFromTarget, tip);
  return {
    x: fromX,
    y: fromY,
    scale: Math.hypot(toX - fromX, toY - fromY),
    angle: Math.atan2(toY - fromY, toX - fromX),
  };
}

/** Of a frame and a target in it; none where the target is not recognized. */
function differencesIn(core: Core, { features, size }: Frame, shown: TargetPicture): Uint8Array[] {
  const slot = core.insertTarget(shown.target);
  if (slot === undefined) throw new Error("no room for a target");
  const [verdict] = core.search(features, size, () => 0).verdicts;
  core.removeTarget(slot);
  if (!verdict || scoreOf(verdict) < MATCHRATIO_DEFAULT) return [];
  const inFrame = readFeatures(features);
  const differences: Uint8Array[] = [];
  for (const [i, feature] of readFeatures(shown.features).entries()) {
    const at = correspondent(moved(feature, verdict.queryFromTarget), inFrame);
    if (at < 0) continue;
    const [ofTarget, ofFrame] = [encodedAt(core, shown.features, i), encodedAt(core, features, at)];
    if (wordOf(ofTarget) !== wordOf(ofFrame)) continue;
    differences.push(ofTarget.slice(0, SIGNATURE_BYTES).map((byte, k) => byte ^ (ofFrame[k] as number)));
  }
  return differences;
}

/** Of 64 bits, how many differ. */
function bitsIn(difference: Uint8Array): number {
  let bits = 0;
  for (const byte of difference) for (let rest = byte; rest; rest &= rest - 1) bits++;
  return bits;
}

/** Which feature of the frame is nearest to one, of those that may be the same; -1 where none is. */
function correspondent(expected: Feature, inFrame: readonly Feature[]): number {
  let [best, nearest] = [-1, NEAR_PX];
  for (const [i, { x, y, scale, angle }] of inFrame.entries()) {
    const distance = Math.hypot(x - expected.x, y - expected.y) / scale;
    if (distance >= nearest) continue;
    const ratio = scale / expected.scale;
    if (Math.max(ratio, 1 / ratio) > SCALE_RATIO_MOST) continue;
    if (Math.cos(angle - expected.angle) < Math.cos(TURN_MOST)) continue;
    [best, nearest] = [i, distance];
  }
  return best;
}

/** A feature as a target has it. */
function encodedAt(core: Core, features: Uint8Array, i: number): Uint8Array {
  const one = features.subarray(FEATURE_BYTES * i, FEATURE_BYTES * (i + 1));
  return core.encodeTarget(one, { width: 1, height: 1 }).features;
}

function wordOf(feature: Uint8Array): number {
  return (feature[12] as number) | ((feature[13] as number) << 8);
}
