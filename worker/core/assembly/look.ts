/**
 * A second look at a picture in the frame: its features are described where a map puts them, whether or not anything was
 * detected there, with the patch turned, scaled and sheared as the map says. What is there looks alike all over; what
 * only shares some print with the frame does not.
 */

import { describePatch, measureSheared, PATCH_REACH_PX } from "./descriptor";
import { mapX, mapY, mapZ } from "./geometry";
import { PADDING } from "./image";
import { DESCRIPTOR_SIZE } from "./model";
import {
  buildPyramid,
  levelCount,
  levelHeight,
  levelPixels,
  levelScaleX,
  levelScaleY,
  levelStride,
  levelWidth,
} from "./pyramid";
import { DISAGREEMENT_MAX, disagreement, PROJECTION_BYTES, project } from "./signature";
import { placeLevel, placeTurns, placeX, placeY, TARGET_FEATURE_BYTES } from "./target";

/** Fewer visible features say nothing. */
const VISIBLE_LEAST: i32 = 16;
/** Base px per px of the patch; below, the frame has not enough detail. */
const SMALLEST_SCALE: f32 = 0.6;
/** The map is taken to be affine over so many px of the target. */
const STEP_PX: f64 = 2;

const descriptor = memory.data(DESCRIPTOR_SIZE, 16);
const projection = memory.data(PROJECTION_BYTES, 16);

/** Where the patch of a feature lies: its level, its middle and its axes in level px. */
let level: i32 = 0;
let x: f32 = 0;
let y: f32 = 0;
let rowX: f32 = 0;
let rowY: f32 = 0;
let columnX: f32 = 0;
let columnY: f32 = 0;

/** Makes ready to look at an image; what it takes stays on the memory stack. */
export function prepareLook(image: usize, width: i32, height: i32): void {
  buildPyramid(image, width, height);
}

/**
 * Mean disagreement, from 0 to 1, of `count` features of a target with the image at their places by `map` (target to
 * image): about 0.1 where it is, 0.5 by chance. 1 where too few would be visible.
 */
export function differenceInPlace(features: usize, count: i32, map: usize): f64 {
  let sum: f64 = 0;
  let visible = 0;
  for (let i = 0; i < count; i++) {
    const feature = features + i * TARGET_FEATURE_BYTES;
    if (!placePatch(load<u32>(feature, 8), map)) continue;
    measureSheared(levelPixels(level), levelStride(level), x, y, rowX, rowY, columnX, columnY);
    describePatch(descriptor);
    project(descriptor, projection);
    sum += <f64>disagreement(projection, load<u16>(feature, 12), load<u64>(feature));
    visible++;
  }
  return visible < VISIBLE_LEAST ? 1 : sum / <f64>DISAGREEMENT_MAX / <f64>visible;
}

/** False where the patch is not in the image as a whole, or too small in it. */
function placePatch(place: u32, map: usize): bool {
  const fromX = <f64>placeX(place),
    fromY = <f64>placeY(place);
  const z = mapZ(map, fromX, fromY),
    zRight = mapZ(map, fromX + STEP_PX, fromY),
    zBelow = mapZ(map, fromX, fromY + STEP_PX);
  if (z < 1e-6 || zRight < 1e-6 || zBelow < 1e-6) return false;
  const u = mapX(map, fromX, fromY, z),
    v = mapY(map, fromX, fromY, z);
  const rightX = <f32>((mapX(map, fromX + STEP_PX, fromY, zRight) - u) / STEP_PX),
    rightY = <f32>((mapY(map, fromX + STEP_PX, fromY, zRight) - v) / STEP_PX);
  const belowX = <f32>((mapX(map, fromX, fromY + STEP_PX, zBelow) - u) / STEP_PX),
    belowY = <f32>((mapY(map, fromX, fromY + STEP_PX, zBelow) - v) / STEP_PX);

  const angle = placeTurns(place) * <f32>(2 * Math.PI);
  const size = Mathf.pow(2, 0.5 * <f32>placeLevel(place));
  const c: f32 = Mathf.cos(angle) * size,
    s: f32 = Mathf.sin(angle) * size;
  rowX = c * rightX + s * belowX;
  rowY = c * rightY + s * belowY;
  columnX = c * belowX - s * rightX;
  columnY = c * belowY - s * rightY;
  const area: f32 = rowX * columnY - rowY * columnX;
  if (area < SMALLEST_SCALE * SMALLEST_SCALE) return false;
  toLevel(<f32>u, <f32>v, Mathf.sqrt(area));
  return isInside();
}

/** From base px to those of the level whose scale is nearest. */
function toLevel(u: f32, v: f32, scale: f32): void {
  level = max(0, min(levelCount - 1, <i32>Mathf.round(2 * Mathf.log2(scale))));
  const acrossPx = levelScaleX(level),
    downPx = levelScaleY(level);
  x = (u + 0.5) / acrossPx - 0.5;
  y = (v + 0.5) / downPx - 0.5;
  rowX /= acrossPx;
  columnX /= acrossPx;
  rowY /= downPx;
  columnY /= downPx;
}

/** The level's padding counts as inside, as it does for keypoints; one px more is read than a patch reaches. */
function isInside(): bool {
  const reachX = PATCH_REACH_PX * (Mathf.abs(rowX) + Mathf.abs(columnX)),
    reachY = PATCH_REACH_PX * (Mathf.abs(rowY) + Mathf.abs(columnY));
  const margin = <f32>(PADDING - 2);
  return (
    x - reachX > -margin &&
    y - reachY > -margin &&
    x + reachX < <f32>levelWidth(level) + margin &&
    y + reachY < <f32>levelHeight(level) + margin
  );
}
