/**
 * Keypoints: the local maxima of the FAST score, spread over the picture and over the levels.
 * No threshold decides how many there are, but how many are wanted: each further keypoint of a cell counts less, and
 * each level has its share. So a dim painting behind glass gets as many keypoints as a poster in the sun.
 */

import { fastScores } from "./fast";
import { allocate, mark, release } from "./memory";
import { levelCount, levelHeight, levelPixels, levelScaleX, levelScaleY, levelStride, levelWidth } from "./pyramid";
import { KEY_BITS, sortDescending } from "./sort";

/** One keypoint: position in base px, position in level px (f32 each), level, score (i32). */
export const KEYPOINT_BYTES: i32 = 24;

/** Noise of 6 gray levels, as of a phone in a dim room, makes one pixel in a hundred score more than this. */
const SCORE_FLOOR: i32 = 4;
/** The circle needs 3 px; nearer than 8 px to the edge, patches are mostly repeated edge. */
const BORDER_PX: i32 = 8;
const CELL_PX: i32 = 32;
/** Each further keypoint of a cell counts a tenth less than the one before. */
const CELL_DECAY: f32 = 0.9;
/** A level's share falls with the fourth root of its area: coarse levels keep enough for far and blurred views. */
const SHARE_PER_OCTAVE: f64 = Math.SQRT1_2;

/**
 * Detects up to `wanted` keypoints into `keypoints`, best first: any first part of the list is itself a good choice of
 * that many. Returns their count.
 */
export function detectKeypoints(keypoints: usize, wanted: i32): i32 {
  const before = mark();
  const lists = allocate(8 * levelCount);
  for (let level = 0; level < levelCount; level++) {
    const list = allocate(wanted * KEYPOINT_BYTES);
    store<u32>(lists + 8 * level, <u32>list);
    store<i32>(lists + 8 * level, detectLevel(level, list, wanted), 4);
  }
  const count = mergeLevels(lists, keypoints, wanted);
  release(before);
  return count;
}

/** Takes from the level whose next keypoint is earliest for its share, until enough are taken. */
function mergeLevels(lists: usize, keypoints: usize, wanted: i32): i32 {
  const taken = allocate(4 * levelCount);
  memory.fill(taken, 0, 4 * levelCount);
  let count = 0;
  for (; count < wanted; count++) {
    let next = -1;
    let earliest = Infinity;
    for (let level = 0; level < levelCount; level++) {
      const used = load<i32>(taken + 4 * level);
      if (used == load<i32>(lists + 8 * level, 4)) continue;
      const turn = (<f64>used + 0.5) / SHARE_PER_OCTAVE ** (0.5 * <f64>level);
      if (turn < earliest) {
        earliest = turn;
        next = level;
      }
    }
    if (next < 0) break;
    const used = load<i32>(taken + 4 * next);
    store<i32>(taken + 4 * next, used + 1);
    memory.copy(
      keypoints + count * KEYPOINT_BYTES,
      load<u32>(lists + 8 * next) + used * KEYPOINT_BYTES,
      KEYPOINT_BYTES,
    );
  }
  return count;
}

/** The level's best keypoints into `list`, best first. */
function detectLevel(level: i32, list: usize, wanted: i32): i32 {
  const before = mark();
  const width = levelWidth(level),
    height = levelHeight(level);
  const scores = allocate(width * height + 32);
  fastScores(levelPixels(level), levelStride(level), width, height, scores, SCORE_FLOOR);
  const corners = allocate(4 * ((width + 1) >> 1) * ((height + 1) >> 1)); // no two maxima touch
  const cornerCount = localMaxima(scores, width, height, corners);
  const ranked = allocate(4 * cornerCount + 16);
  spreadCorners(corners, cornerCount, width, height, ranked);
  const count = min(cornerCount, wanted);
  for (let i = 0; i < count; i++) {
    placeKeypoint(load<u32>(ranked + 4 * i), scores, width, level, list + i * KEYPOINT_BYTES);
  }
  release(before);
  return count;
}

/** A corner: score in bits 24–31, y in 12–23, x in 0–11. */
function localMaxima(scores: usize, width: i32, height: i32, corners: usize): i32 {
  let count = 0;
  for (let y = BORDER_PX; y < height - BORDER_PX; y++) {
    for (let x = BORDER_PX; x < width - BORDER_PX; x += 16) {
      const at = scores + y * width + x;
      let mask = maximaOf16(at, width);
      const inside = width - BORDER_PX - x;
      if (inside < 16) mask &= (1 << inside) - 1;
      for (; mask != 0; mask &= mask - 1) {
        const k = ctz(mask);
        store<u32>(corners + 4 * count++, ((<u32>load<u8>(at + k)) << 24) | (y << 12) | (x + k));
      }
    }
  }
  return count;
}

/** Bit k is set where pixel k is above all neighbors before it in reading order and not below those after it. */
function maximaOf16(at: usize, width: i32): i32 {
  const center = v128.load(at);
  if (!v128.any_true(center)) return 0;
  const above = at - width,
    below = at + width;
  const before = i8x16.max_u(
    i8x16.max_u(v128.load(above - 1), v128.load(above)),
    i8x16.max_u(v128.load(above + 1), v128.load(at - 1)),
  );
  const after = i8x16.max_u(
    i8x16.max_u(v128.load(below - 1), v128.load(below)),
    i8x16.max_u(v128.load(below + 1), v128.load(at + 1)),
  );
  return i8x16.bitmask(v128.and(i8x16.gt_u(center, before), i8x16.ge_u(center, after)));
}

/** Sorts corners by score, discounted by how many better ones their cell already has. */
function spreadCorners(corners: usize, count: i32, width: i32, height: i32, ranked: usize): void {
  const before = mark();
  const byScore = allocate(4 * count + 16);
  const keyed = allocate(8 * count + 16);
  for (let i = 0; i < count; i++) {
    const corner = load<u32>(corners + 4 * i);
    store<u32>(keyed + 8 * i, corner >> 24);
    store<u32>(keyed + 8 * i, corner, 4);
  }
  sortDescending(keyed, count, byScore);

  const cellsAcross = width / CELL_PX + 1;
  const cellCount = cellsAcross * (height / CELL_PX + 1);
  const weights = allocate(4 * cellCount);
  for (let i = 0; i < cellCount; i++) store<f32>(weights + 4 * i, 1);
  for (let i = 0; i < count; i++) {
    const corner = load<u32>(byScore + 4 * i);
    const cell = weights + 4 * ((((corner >> 12) & 0xfff) / CELL_PX) * cellsAcross + (corner & 0xfff) / CELL_PX);
    const weight = load<f32>(cell);
    store<f32>(cell, weight * CELL_DECAY);
    store<u32>(keyed + 8 * i, <u32>(<f32>(corner >> 24) * weight * <f32>(1 << (KEY_BITS - 8))));
    store<u32>(keyed + 8 * i, corner, 4);
  }
  sortDescending(keyed, count, ranked);
  release(before);
}

/** Refines the corner to a fraction of a pixel by parabolas through the scores, and places it in the base image. */
function placeKeypoint(corner: u32, scores: usize, width: i32, level: i32, keypoint: usize): void {
  const x = <i32>(corner & 0xfff),
    y = <i32>((corner >> 12) & 0xfff);
  const at = scores + y * width + x;
  const levelX = <f32>x + peakOffset(load<u8>(at - 1), load<u8>(at), load<u8>(at + 1));
  const levelY = <f32>y + peakOffset(load<u8>(at - width), load<u8>(at), load<u8>(at + width));
  store<f32>(keypoint, (levelX + 0.5) * levelScaleX(level) - 0.5);
  store<f32>(keypoint, (levelY + 0.5) * levelScaleY(level) - 0.5, 4);
  store<f32>(keypoint, levelX, 8);
  store<f32>(keypoint, levelY, 12);
  store<i32>(keypoint, level, 16);
  store<i32>(keypoint, corner >> 24, 20);
}

/** Where the parabola through three equidistant values peaks, at most half a step from the middle one. */
function peakOffset(left: i32, middle: i32, right: i32): f32 {
  const curvature = left - 2 * middle + right;
  if (curvature >= 0) return 0;
  return max<f32>(-0.5, min<f32>(0.5, (0.5 * <f32>(left - right)) / <f32>curvature));
}
