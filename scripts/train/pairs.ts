/** Training data: what the same point of a picture looks like in two views, from simulated camera frames. */

import { applyHomography, type Homography, invert } from "../../shared/homography.ts";
import { between, type Random } from "../../shared/random.ts";
import { type Exposure, frameFromPicture, type Pose } from "../../worker/core/camera.ts";
import type { Core, GrayImage } from "../../worker/core/core.ts";
import { type Feature, readFeatures } from "../../worker/core/feature.ts";

const FRAME = { width: 640, height: 480 };
const TARGET_SIDE_PX = 480;
const TARGET_FEATURES = 600;
const FRAME_FEATURES = 1000;

/** Two features show one point when they lie this near, in px of the frame feature's level … */
const MAX_DISTANCE_PX = 2.5;
/** … with scales and directions alike, natural logarithm and radians. */
const MAX_SCALE_LOG = 0.36;
const MAX_ANGLE = 0.4;

export type PairSink = (first: Float32Array, second: Float32Array) => void;

/** Renders one random view of `picture` before `background` and hands every pair of histograms to `sink`. */
export function collectPairs(
  core: Core,
  picture: GrayImage,
  background: GrayImage,
  random: Random,
  sink: PairSink,
): void {
  const target = core.shrink(picture, TARGET_SIDE_PX);
  const frameFromTarget = frameFromPicture(target, FRAME, randomPose(target, random));
  const frame = core.drawView(
    target,
    invert(frameFromTarget),
    tile(background),
    randomExposure(random),
    Math.floor(random() * 2 ** 31),
  );
  const ofTarget = core.extractHistograms(target, TARGET_FEATURES);
  const ofFrame = core.extractHistograms(frame, FRAME_FEATURES);
  const frameFeatures = readFeatures(ofFrame.features);
  readFeatures(ofTarget.features).forEach((feature, i) => {
    const match = nearestAlike(moved(feature, frameFromTarget), frameFeatures);
    if (match >= 0) sink(histogramAt(ofTarget.histograms, i), histogramAt(ofFrame.histograms, match));
  });
}

function histogramAt(histograms: Float32Array, index: number): Float32Array {
  return histograms.subarray(index * 72, (index + 1) * 72);
}

function randomPose(target: GrayImage, random: Random): Pose {
  const longSide = Math.max(target.width, target.height);
  return {
    scale: (between(random, 0.3, 1.1) * TARGET_SIDE_PX) / longSide,
    rotation: between(random, -Math.PI, Math.PI),
    tilt: between(random, 0, 0.9),
    tiltAxis: between(random, 0, 2 * Math.PI),
    center: [FRAME.width / 2 + between(random, -60, 60), FRAME.height / 2 + between(random, -60, 60)],
  };
}

function randomExposure(random: Random): Exposure {
  const gain = between(random, 0.35, 1.1);
  return {
    blurPasses: Math.floor(between(random, 0, 4)),
    gain,
    gamma: between(random, 0.7, 1.4),
    offset: 128 * (1 - gain) * random() + between(random, -20, 20),
    noise: between(random, 1, 10),
  };
}

/** Repeats a picture over the frame. */
function tile(picture: GrayImage): GrayImage {
  const pixels = new Uint8Array(FRAME.width * FRAME.height);
  for (let y = 0, out = 0; y < FRAME.height; y++) {
    const row = (y % picture.height) * picture.width;
    for (let x = 0; x < FRAME.width; x++, out++) pixels[out] = picture.pixels[row + (x % picture.width)] as number;
  }
  return { ...FRAME, pixels };
}

/** Where a feature of the target lies in the frame, and at which scale and direction. */
export function moved({ x, y, scale, angle }: Feature, frameFromTarget: Homography): Feature {
  const [u, v] = applyHomography(frameFromTarget, [x, y]);
  const reach = 8 * scale;
  const [u2, v2] = applyHomography(frameFromTarget, [x + reach * Math.cos(angle), y + reach * Math.sin(angle)]);
  return { x: u, y: v, scale: Math.hypot(u2 - u, v2 - v) / 8, angle: Math.atan2(v2 - v, u2 - u) };
}

function nearestAlike(wanted: Feature, features: Feature[]): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  features.forEach((feature, i) => {
    const distance = Math.hypot(feature.x - wanted.x, feature.y - wanted.y) / feature.scale;
    if (distance > MAX_DISTANCE_PX) return;
    const scaleLog = Math.abs(Math.log(feature.scale / wanted.scale));
    if (scaleLog > MAX_SCALE_LOG || Math.abs(angleBetween(feature.angle, wanted.angle)) > MAX_ANGLE) return;
    if (distance + 2 * scaleLog < least) {
      least = distance + 2 * scaleLog;
      best = i;
    }
  });
  return best;
}

function angleBetween(a: number, b: number): number {
  const turn = (a - b) / (2 * Math.PI);
  return (turn - Math.round(turn)) * 2 * Math.PI;
}
