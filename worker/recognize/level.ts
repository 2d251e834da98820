/** `level`: how often a picture is recognized again in simulated camera views, from easy to hard. */

import { applyHomography, cornersOf, type Homography, invert } from "../../shared/homography.ts";
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
const FRAME_FEATURES = 800;
/** Enough for nearly every picture in the easiest view, and sooner done. */
const FEW_FEATURES = 250;
const BACKGROUND_GRAY = 110;
const SEED = 20;
/**
 * A view counts where each answered corner lies this near to its place, as a share of the target's long side in the
 * frame: content drawn there looks placed. A picture that repeats itself is off by a period or more.
 */
const CORNER_TOLERANCE = 0.1;

/** From a poster held before the camera to a small, tilted, blurred and dim view; one level for each two of them. */
const VIEWS: readonly View[] = [
  { share: 0.9, tilt: 0, lean: 0, turn: 2, blur: 0, contrast: 1, noise: 2 },
  { share: 0.7, tilt: 15, lean: 40, turn: -12, blur: 1, contrast: 0.9, noise: 3 },
  { share: 0.55, tilt: 25, lean: 110, turn: 25, blur: 1, contrast: 0.8, noise: 4 },
  { share: 0.42, tilt: 35, lean: 300, turn: 90, blur: 1, contrast: 0.7, noise: 5 },
  { share: 0.6, tilt: 50, lean: 20, turn: 10, blur: 2, contrast: 0.6, noise: 6 },
  { share: 0.3, tilt: 35, lean: 150, turn: 170, blur: 1, contrast: 0.55, noise: 7 },
  { share: 0.45, tilt: 60, lean: 80, turn: 50, blur: 2, contrast: 0.5, noise: 8 },
  { share: 0.22, tilt: 30, lean: 250, turn: -70, blur: 1, contrast: 0.5, noise: 8 },
  { share: 0.3, tilt: 50, lean: 330, turn: -150, blur: 3, contrast: 0.4, noise: 9 },
  { share: 0.18, tilt: 35, lean: 200, turn: -35, blur: 1, contrast: 0.4, noise: 9 },
];

/** 1–5, or 0 where the picture is not found again even in the easiest views. */
export function levelOf(detection: number): number {
  return Math.ceil(5 * detection);
}

/** The share of simulated views in which the picture is found again. Leaves the core's index empty. */
export function measureDetection(core: Core, image: GrayImage, target: Target): number {
  return detectedViews(core, image, target, VIEWS, FRAME_FEATURES) / VIEWS.length;
}

/** Whether the picture is found again in the easiest view. Leaves the core's index empty. */
export function isDetected(core: Core, image: GrayImage, target: Target): boolean {
  const isFoundWith = (features: number) => detectedViews(core, image, target, VIEWS.slice(0, 1), features) > 0;
  return isFoundWith(FEW_FEATURES) || isFoundWith(FRAME_FEATURES);
}

function detectedViews(
  core: Core,
  image: GrayImage,
  target: Target,
  views: readonly View[],
  frameFeatures: number,
): number {
  core.clearTargets();
  core.insertTarget(target);
  try {
    return views.filter((view, i) => isRecognized(core, image, view, SEED + i, frameFeatures)).length;
  } finally {
    core.clearTargets();
  }
}

function isRecognized(core: Core, image: GrayImage, view: View, seed: number, frameFeatures: number): boolean {
  const frameFromImage = frameFromPicture(image, FRAME, poseOf(image, view));
  const background = { ...FRAME, pixels: new Uint8Array(FRAME.width * FRAME.height).fill(BACKGROUND_GRAY) };
  const frame = core.drawView(image, invert(frameFromImage), background, exposureOf(view), seed);
  const [best] = core.search(core.extract(frame, frameFeatures), frame, () => 0).verdicts;
  if (!best || scoreOf(best) < MATCHRATIO_DEFAULT) return false;
  return cornerErrorPx(image, best.queryFromTarget, frameFromImage) <= CORNER_TOLERANCE * view.share * FRAME.height;
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
