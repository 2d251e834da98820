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

let features: usize = 0;

/** Sorts the query's features into the grid. */
export function placeQuery(queryFeatures: usize, count: i32, width: i32, height: i32): void {
  features = queryFeatures;
  queryCount = count;
  queryWidth = width;
  queryHeight = height;
  buildGrid();
}

export function queryX(index: i32): f32 {
  return <f32>load<u16>(features + FEATURE_BYTES * index) / POSITION_UNITS;
}
export function queryY(index: i32): f32 {
  return <f32>load<u16>(features + FEATURE_BYTES * index, 2) / POSITION_UNITS;
}
/** In half octaves above the frame's own scale. */
export function queryLevel(index: i32): f32 {
  return <f32>load<u8>(features + FEATURE_BYTES * index, 4);
}
export function queryTurns(index: i32): f32 {
  return <f32>load<u8>(features + FEATURE_BYTES * index, 5) / 256;
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
