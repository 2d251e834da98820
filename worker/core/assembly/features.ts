/** From gray pixels to features: pyramid, keypoints, orientation, descriptor. */

import { describePatch, measurePatch } from "./descriptor";
import { detectKeypoints, KEYPOINT_BYTES } from "./keypoints";
import { allocate, mark, release } from "./memory";
import { DESCRIPTOR_SIZE, HISTOGRAM_SIZE } from "./model";
import { orientationAt } from "./orientation";
import { buildPyramid, levelPixels, levelStride } from "./pyramid";

/**
 * One feature: x and y in 1/64 base px (u16 each), level (u8), direction in 1/256 turns (u8), score (u8), 0, and the
 * descriptor (i8 × 48).
 */
export const FEATURE_BYTES: i32 = 8 + DESCRIPTOR_SIZE;
export const POSITION_UNITS: f32 = 64;

/**
 * Extracts up to `wanted` features of a gray image of width × height px, at most 1023 px long, into `features`, best
 * first. Returns their count. For training, `histograms` (0 otherwise) receives what the projection would be given, and
 * the descriptors are left out.
 */
export function extract(image: usize, width: i32, height: i32, wanted: i32, features: usize, histograms: usize): i32 {
  const before = mark();
  buildPyramid(image, width, height);
  const keypoints = allocate(wanted * KEYPOINT_BYTES);
  const count = detectKeypoints(keypoints, wanted);
  for (let i = 0; i < count; i++) {
    const histogram = writeFeature(keypoints + i * KEYPOINT_BYTES, features + i * FEATURE_BYTES, histograms != 0);
    if (histograms != 0) memory.copy(histograms + 4 * HISTOGRAM_SIZE * i, histogram, 4 * HISTOGRAM_SIZE);
  }
  release(before);
  return count;
}

function writeFeature(keypoint: usize, feature: usize, measureOnly: bool): usize {
  const level = load<i32>(keypoint, 16);
  const pixels = levelPixels(level),
    stride = levelStride(level);
  const x = load<f32>(keypoint, 8),
    y = load<f32>(keypoint, 12);
  const turns = orientationAt(pixels, stride, <i32>Mathf.round(x), <i32>Mathf.round(y));
  const histogram = measurePatch(pixels, stride, x, y, turns);
  if (!measureOnly) describePatch(feature + 8);
  store<u16>(feature, <u16>Mathf.round(load<f32>(keypoint) * POSITION_UNITS));
  store<u16>(feature, <u16>Mathf.round(load<f32>(keypoint, 4) * POSITION_UNITS), 2);
  store<u8>(feature, level, 4);
  store<u8>(feature, <i32>Mathf.round(turns * 256) & 255, 5);
  store<u8>(feature, load<i32>(keypoint, 20), 6);
  store<u8>(feature, 0, 7);
  return histogram;
}
