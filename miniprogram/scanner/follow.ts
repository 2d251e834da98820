/**
 * Where the overlay stands between two answers: the answer's quad belongs to a frame of half a second ago, and the phone has
 * moved. The probe of that frame is kept, and the target's part of it is searched in every new probe.
 */

import type { Point } from "../../shared/homography.ts";
import { findShift, type Probe, type Shift } from "./probe.ts";
import { mapQuad, type Quad } from "./quad.ts";

export interface Follow {
  /** In 0–1 of the frame that was sent. */
  readonly anchor: Quad;
  /** Probe of the frame that was sent. */
  readonly reference: Probe;
  /** The reference's mean absolute deviation, 0–255: unrelated pictures differ by as much. */
  readonly contrast: number;
  readonly shift: Shift;
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
/** Mean difference, as a share of the reference's own contrast, above which the target is no longer there. */
const RESIDUAL_MAX = 0.5;
/** A target that is not seen where it was stays this long, then fades. */
const STALE_AFTER_MS = 400;
const FADE_MS = 600;
/** A new answer this far from the overlay, in 0–1 of the frame, is another view of the target: it jumps there. */
const JUMP = 0.25;
const NO_SHIFT: Shift = { x: 0, y: 0, residual: 0 };

/** A new answer for the frame of `reference`; `before` keeps the overlay from jumping. */
export function follow(anchor: Quad, reference: Probe, before: Follow | undefined, now: number): Follow {
  const near = before && before.opacity > 0 && distance(before.shown, anchor) < JUMP;
  const shown = near ? before.shown : anchor;
  const steppedAt = near ? before.steppedAt : 0;
  return {
    anchor,
    reference,
    contrast: contrastOf(reference),
    shift: NO_SHIFT,
    shown,
    opacity: 1,
    sureAt: now,
    steppedAt,
  };
}

/** With the probe of the newest frame. */
export function step(state: Follow, current: Probe, now: number): Follow {
  const shift = findShift(state.reference, current, boxOf(state.anchor, current), state.shift);
  const sure = shift !== undefined && shift.residual <= RESIDUAL_MAX * state.contrast;
  const taken = sure ? shift : state.shift;
  const goal = mapQuad(state.anchor, ([x, y]) => [x + taken.x / current.width, y + taken.y / current.height]);
  const pace = state.steppedAt === 0 ? 1 : 1 - Math.exp((state.steppedAt - now) / SMOOTHING_MS);
  const shown = between(state.shown, goal, pace);
  const sureAt = sure ? now : state.sureAt;
  const opacity = Math.max(0, Math.min(1, 1 - (now - sureAt - STALE_AFTER_MS) / FADE_MS));
  return { ...state, shift: taken, shown, opacity, sureAt, steppedAt: now };
}

/** The target's box in the probe, within the frame. */
function boxOf(quad: Quad, { width, height }: Probe) {
  const xs = quad.map(([x]) => x * width);
  const ys = quad.map(([, y]) => y * height);
  return {
    left: Math.max(0, Math.floor(Math.min(...xs))),
    top: Math.max(0, Math.floor(Math.min(...ys))),
    right: Math.min(width, Math.ceil(Math.max(...xs))),
    bottom: Math.min(height, Math.ceil(Math.max(...ys))),
  };
}

function contrastOf({ pixels, brightness }: Probe): number {
  let sum = 0;
  for (const pixel of pixels) sum += Math.abs(pixel - brightness);
  return sum / pixels.length;
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
