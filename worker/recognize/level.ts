/** `level`: how often a picture is recognized again in simulated camera views, from hard to easy. */

import { applyHomography, cornersOf, type Homography, invert, multiply } from "../../shared/homography.ts";
import { type Exposure, frameFromPicture, type Pose, type Size } from "../core/camera.ts";
import type { Core, GrayImage, Target } from "../core/core.ts";
import { MATCHRATIO_DEFAULT, scoreOf } from "../index/score.ts";

/** One simulated view: the target's long side over the frame's short side, angles in degrees. */
interface View {
  readonly share: number;
  readonly tilt: number;
  readonly lean: number;
  readonly turn: number;
  readonly blur: number;
  readonly contrast: number;
  readonly noise: number;
}

const FRAME: Size = { width: 640, height: 480 };
/** A view in which the picture is not found with few features is searched with as many as a frame has. */
const FEATURES = [250, 800];
const BACKGROUND_GRAY = 110;
/** Around the picture, where features of its edges and corners reach. */
const MARGIN_PX = 16;
const SEED = 30;
/**
 * A view counts where each answered corner lies this near to its place, as a share of the target's long side in the
 * frame: content drawn there looks placed. A picture that repeats itself is off by a period or more.
 */
const CORNER_TOLERANCE = 0.1;

/**
 * From those in which fewest pictures are found again, small, tilted, blurred and dim, to a poster held before the camera;
 * one level for each two of them.
 */
const VIEWS: readonly View[] = [
  { share: 0.3, tilt: 50, lean: 330, turn: -150, blur: 3, contrast: 0.4, noise: 9 },
  { share: 0.45, tilt: 60, lean: 80, turn: 50, blur: 2, contrast: 0.5, noise: 8 },
  { share: 0.18, tilt: 35, lean: 200, turn: -35, blur: 1, contrast: 0.4, noise: 9 },
  { share: 0.22, tilt: 30, lean: 250, turn: -70, blur: 1, contrast: 0.5, noise: 8 },
  { share: 0.3, tilt: 35, lean: 150, turn: 170, blur: 1, contrast: 0.55, noise: 7 },
  { share: 0.6, tilt: 50, lean: 20, turn: 10, blur: 2, contrast: 0.6, noise: 6 },
  { share: 0.42, tilt: 35, lean: 300, turn: 90, blur: 1, contrast: 0.7, noise: 5 },
  { share: 0.55, tilt: 25, lean: 110, turn: 25, blur: 1, contrast: 0.8, noise: 4 },
  { share: 0.7, tilt: 15, lean: 40, turn: -12, blur: 1, contrast: 0.9, noise: 3 },
  { share: 0.9, tilt: 0, lean: 0, turn: 2, blur: 0, contrast: 1, noise: 2 },
];
/** Found in so many views in a row, a picture is found in all easier ones; `npm run bench:levels` says how often that is wrong. */
const SURE_AFTER = 2;

/** 1–5, or 0 where the picture is not found again even in the easiest views. */
export function levelOf(detection: number): number {
  return Math.ceil(5 * detection);
}

/**
 * The share of simulated views in which the picture is found again; those easier than `sureAfter` in a row in which it is are
 * not drawn. Leaves the core's index empty.
 */
export function measureDetection(core: Core, image: GrayImage, target: Target, sureAfter = SURE_AFTER): number {
  return withTarget(core, target, () => {
    let found = 0;
    let inARow = 0;
    for (let i = 0; i < VIEWS.length; i++) {
      const isFound = isRecognized(core, image, i);
      found += Number(isFound);
      inARow = isFound ? inARow + 1 : 0;
      if (inARow === sureAfter) return (found + VIEWS.length - i - 1) / VIEWS.length;
    }
    return found / VIEWS.length;
  });
}

/** Whether the picture is found again in the easiest view. Leaves the core's index empty. */
export function isDetected(core: Core, image: GrayImage, target: Target): boolean {
  return withTarget(core, target, () => isRecognized(core, image, VIEWS.length - 1));
}

function withTarget<T>(core: Core, target: Target, work: () => T): T {
  core.clearTargets();
  core.insertTarget(target);
  try {
    return work();
  } finally {
    core.clearTargets();
  }
}

function isRecognized(core: Core, image: GrayImage, number: number): boolean {
  const view = VIEWS[number] as View;
  const { size, fromImage } = cropped(image, frameFromPicture(image, FRAME, poseOf(image, view)));
  const background = { ...size, pixels: new Uint8Array(size.width * size.height).fill(BACKGROUND_GRAY) };
  const frame = core.drawView(image, invert(fromImage), background, exposureOf(view), SEED + number);
  return FEATURES.some((features) => {
    const [best] = core.search(core.extract(frame, features), frame, () => 0).verdicts;
    if (!best || scoreOf(best) < MATCHRATIO_DEFAULT) return false;
    return cornerErrorPx(image, best.queryFromTarget, fromImage) <= CORNER_TOLERANCE * view.share * FRAME.height;
  });
}

/** The part of the frame around the picture: there is nothing to find in the rest. */
function cropped(image: Size, frameFromImage: Homography): { size: Size; fromImage: Homography } {
  const corners = cornersOf(image.width, image.height).map((corner) => applyHomography(frameFromImage, corner));
  const [left, width] = spanOf(
    corners.map(([x]) => x),
    FRAME.width,
  );
  const [top, height] = spanOf(
    corners.map(([, y]) => y),
    FRAME.height,
  );
  return { size: { width, height }, fromImage: multiply([1, 0, -left, 0, 1, -top, 0, 0, 1], frameFromImage) };
}

/** Where the part around these places begins, and its extent. */
function spanOf(places: readonly number[], extent: number): [from: number, length: number] {
  const from = Math.max(0, Math.floor(Math.min(...places) - MARGIN_PX));
  return [from, Math.min(extent, Math.ceil(Math.max(...places) + MARGIN_PX)) - from];
}

/** How far the corner that is worst placed lies from where it is in truth. */
function cornerErrorPx({ width, height }: Size, found: Homography, truth: Homography): number {
  const distances = cornersOf(width, height).map((corner) => {
    const [x, y] = applyHomography(found, corner);
    const [trueX, trueY] = applyHomography(truth, corner);
    return Math.hypot(x - trueX, y - trueY);
  });
  return Math.max(...distances);
}

function poseOf(image: Size, { share, turn, tilt, lean }: View): Pose {
  return {
    scale: (share * FRAME.height) / Math.max(image.width, image.height),
    rotation: radians(turn),
    tilt: radians(tilt),
    tiltAxis: radians(lean),
    center: [FRAME.width / 2, FRAME.height / 2],
  };
}

/** Contrast is lost around a dim gray. */
function exposureOf({ blur, contrast, noise }: View): Exposure {
  return { blurPasses: blur, gain: contrast, gamma: 1, offset: 60 * (1 - contrast), noise };
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
