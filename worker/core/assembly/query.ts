/** The query's features by place: what verification asks for again and again. */

import { FEATURE_BYTES, POSITION_UNITS } from "./features";
import { allocate } from "./memory";

export const GRID_PX: i32 = 16;

export let queryCount: i32 = 0;
export let queryWidth: i32 = 0;
export let queryHeight: i32 = 0;
export let gridAcross: i32 = 0;
export let gridDown: i32 = 0;
/** Start of each cell, row by row, in `gridItems` (i32 each; one more for the end). */
export let gridStarts: usize = 0;
/** Numbers of the features (u16 each), cell by cell. */
export let gridItems: usize = 0;

/** Of each feature its place (px), level and direction (turns): f32 columns, filled up to whole vectors with features of no level. */
let xs: usize = 0;
let ys: usize = 0;
let levels: usize = 0;
let turns: usize = 0;

/** Sorts the query's features into the grid. */
export function placeQuery(features: usize, count: i32, width: i32, height: i32): void {
  queryCount = count;
  queryWidth = width;
  queryHeight = height;
  fillColumns(features);
  buildGrid();
}

export function queryX(index: i32): f32 {
  return load<f32>(xs + 4 * index);
}
export function queryY(index: i32): f32 {
  return load<f32>(ys + 4 * index);
}
/** In half octaves above the frame's own scale. */
export function queryLevel(index: i32): f32 {
  return load<f32>(levels + 4 * index);
}
export function queryTurns(index: i32): f32 {
  return load<f32>(turns + 4 * index);
}

/** The same of four features in a row. */
export function queryXsOfFour(index: i32): v128 {
  return v128.load(xs + 4 * index);
}
export function queryYsOfFour(index: i32): v128 {
  return v128.load(ys + 4 * index);
}
export function queryLevelsOfFour(index: i32): v128 {
  return v128.load(levels + 4 * index);
}
export function queryTurnsOfFour(index: i32): v128 {
  return v128.load(turns + 4 * index);
}

function fillColumns(features: usize): void {
  const bytes = 4 * ((queryCount + 3) & ~3);
  xs = allocate(bytes);
  ys = allocate(bytes);
  levels = allocate(bytes);
  turns = allocate(bytes);
  for (let i = 0; i < queryCount; i++) {
    const feature = features + FEATURE_BYTES * i;
    store<f32>(xs + 4 * i, <f32>load<u16>(feature) / POSITION_UNITS);
    store<f32>(ys + 4 * i, <f32>load<u16>(feature, 2) / POSITION_UNITS);
    store<f32>(levels + 4 * i, <f32>load<u8>(feature, 4));
    store<f32>(turns + 4 * i, <f32>load<u8>(feature, 5) / 256);
  }
  for (let at = 4 * queryCount; at < bytes; at += 4) store<f32>(levels + at, Infinity);
}

/** Difference of two directions, −0.5 to 0.5 turns. */
export function turnBetween(a: f32, b: f32): f32 {
  const turn = a - b;
  return turn - Mathf.floor(turn + 0.5);
}

function buildGrid(): void {
  gridAcross = queryWidth / GRID_PX + 1;
  gridDown = queryHeight / GRID_PX + 1;
  const cellCount = gridAcross * gridDown;
  gridStarts = allocate(4 * (cellCount + 2));
  gridItems = allocate(2 * queryCount);
  memory.fill(gridStarts, 0, 4 * (cellCount + 2));
  // Counted two cells on, so that filling leaves each cell's start in its place.
  for (let i = 0; i < queryCount; i++) {
    const slot = gridStarts + 4 * (cellOf(i) + 2);
    store<i32>(slot, load<i32>(slot) + 1);
  }
  for (let cell = 2; cell < cellCount + 2; cell++) {
    const slot = gridStarts + 4 * cell;
    store<i32>(slot, load<i32>(slot) + load<i32>(slot - 4));
  }
  for (let i = 0; i < queryCount; i++) {
    const slot = gridStarts + 4 * (cellOf(i) + 1);
    const place = load<i32>(slot);
    store<u16>(gridItems + 2 * place, i);
    store<i32>(slot, place + 1);
  }
}

function cellOf(index: i32): i32 {
  return (
    min(gridDown - 1, <i32>queryY(index) / GRID_PX) * gridAcross + min(gridAcross - 1, <i32>queryX(index) / GRID_PX)
  );
}
