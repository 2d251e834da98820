/**
 * Where the overlay stands between two answers: the answer's quad belongs to a frame of half a second ago, and the phone has
 * moved. A thumbnail of that frame is kept, and the target's part of it is searched in that of every new frame.
 */

import type { Point } from "../../shared/homography.ts";
import { type Box, findShift, type Shift, type Thumbnail } from "./probe.ts";
import { mapQuad, type Quad } from "./quad.ts";

export interface Follow {
  /** In 0–1 of the frame that was sent. */
  readonly anchor: Quad;
  /** Of the frame that was sent. */
  readonly reference: Thumbnail;
  /** The target's mean absolute deviation in the reference, 0–255: unrelated pictures differ by as much. */
  readonly contrast: number;
  /** From the reference to the newest frame; undefined before the first search succeeds. */
  readonly shift: Shift | undefined;
  /** What is shown: smoothed, 0–1 of the frame. */
  readonly shown: Quad;
  /** 1: sure; 0: gone. */
  readonly opacity: number;
  /** When the target was last where the overlay is, ms. */
  readonly sureAt: number;
  readonly steppedAt: number;
}

/** Of the way to the new place, in each step at 30 frames a second. */
const SMOOTHING_MS = 45;
/** Mean difference, as a share of the target's contrast, above which it is no longer there: unrelated pictures reach 1.4. */
const RESIDUAL_MAX = 0.8;
/** A target that is not seen where it was stays this long, then fades. */
const STALE_AFTER_MS = 400;
const FADE_MS = 600;
/** A new answer this far from the overlay, in 0–1 of the frame, is another view of the target: it jumps there. */
const JUMP = 0.25;
/** An answer comes half a second after its frame: the first search looks up to six cells, 48 px of 640, around. */
const FIRST_STARTS: readonly Shift[] = Array.from({ length: 49 }, (_, i) => ({
  x: 2 * (i % 7) - 6,
  y: 2 * Math.floor(i / 7) - 6,
  residual: 0,
}));

/** A new answer for the frame of `reference`; `before` keeps the overlay from jumping. */
export function follow(anchor: Quad, reference: Thumbnail, before: Follow | undefined, now: number): Follow {
  const near = before && before.opacity > 0 && distance(before.shown, anchor) < JUMP;
  const shown = near ? before.shown : anchor;
  const steppedAt = near ? before.steppedAt : 0;
  const contrast = contrastOf(reference, boxOf(anchor, reference));
  return { anchor, reference, contrast, shift: undefined, shown, opacity: 1, sureAt: now, steppedAt };
}

/** With the thumbnail of the newest frame. */
export function step(state: Follow, current: Thumbnail, now: number): Follow {
  const box = boxOf(state.anchor, current);
  const starts = state.shift ? [state.shift] : FIRST_STARTS;
  const shift = findShift(state.reference, current, box, starts);
  const sure = shift !== undefined && shift.residual <= RESIDUAL_MAX * state.contrast;
  const taken = sure ? shift : state.shift;
  const [dx, dy] = taken ? [taken.x / current.width, taken.y / current.height] : [0, 0];
  const goal = mapQuad(state.anchor, ([x, y]) => [x + dx, y + dy]);
  const pace = state.steppedAt === 0 ? 1 : 1 - Math.exp((state.steppedAt - now) / SMOOTHING_MS);
  const shown = between(state.shown, goal, pace);
  const sureAt = sure ? now : state.sureAt;
  const opacity = Math.max(0, Math.min(1, 1 - (now - sureAt - STALE_AFTER_MS) / FADE_MS));
  return { ...state, shift: taken, shown, opacity, sureAt, steppedAt: now };
}

/** The target's box in the thumbnail, within the frame. */
function boxOf(quad: Quad, { width, height }: Thumbnail): Box {
  const xs = quad.map(([x]) => x * width);
  const ys = quad.map(([, y]) => y * height);
  return {
    left: Math.max(0, Math.floor(Math.min(...xs))),
    top: Math.max(0, Math.floor(Math.min(...ys))),
    right: Math.min(width, Math.ceil(Math.max(...xs))),
    bottom: Math.min(height, Math.ceil(Math.max(...ys))),
  };
}

function contrastOf({ width, pixels }: Thumbnail, { left, top, right, bottom }: Box): number {
  const inside = pixels.filter((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x >= left && x < right && y >= top && y < bottom;
  });
  const mean = inside.reduce((sum, pixel) => sum + pixel, 0) / inside.length;
  return inside.reduce((sum, pixel) => sum + Math.abs(pixel - mean), 0) / inside.length;
}

function between(from: Quad, to: Quad, share: number): Quad {
  const [a, b, c, d] = from.map(([x, y], i): Point => {
    const [toX, toY] = to[i] as Point;
    return [x + (toX - x) * share, y + (toY - y) * share];
  }) as [Point, Point, Point, Point];
  return [a, b, c, d];
}

function distance(a: Quad, b: Quad): number {
  return Math.max(...a.map(([x, y], i) => Math.hypot(x - (b[i]?.[0] ?? 0), y - (b[i]?.[1] ?? 0))));
}
