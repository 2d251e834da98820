/** Which frames are worth sending: bright enough, at rest, and about as sharp as this camera gets. Pure. */

import type { Probe } from "./probe.ts";

export type Verdict = "good" | "dark" | "bright" | "blur" | "motion";

export interface Gate {
  /** Sharpest of late; it decays, so that a new scene sets its own measure. */
  readonly reference: number;
  /** Sharpest good frame since the last one that was sent. */
  readonly best: number;
  readonly judgedAt: number;
  /** When the first good frame of this interval could have been sent, ms; undefined before. */
  readonly dueAt: number | undefined;
  /** Frames have been in motion since, ms; undefined while at rest. */
  readonly movingSince: number | undefined;
}

const BRIGHTNESS_MIN = 25;
const BRIGHTNESS_MAX = 235;
/** Below it a probe shows a blank wall or the noise of the sensor. */
const SHARPNESS_MIN = 1.5;
/** Absolute measures of sharpness do not carry from phone to phone: a share of the best seen does. */
const SHARPNESS_SHARE = 0.6;
const REFERENCE_HALF_LIFE_MS = 2000;
const MOTION_MAX = 12;
/** Somebody who walks never holds still: sending a moving frame now and then beats sending none. */
const MOTION_PATIENCE_MS = 1200;
/** As sharp as the best of its interval, but for noise. */
const BEST_SHARE = 0.95;
/** How long a due request waits for a frame as sharp as the best one that its interval has shown. */
const BEST_PATIENCE_MS = 150;

export const openGate: Gate = { reference: 0, best: 0, judgedAt: 0, dueAt: undefined, movingSince: undefined };

export function judge(gate: Gate, probe: Probe, now: number): { gate: Gate; verdict: Verdict } {
  const decay = 0.5 ** (Math.max(0, now - gate.judgedAt) / REFERENCE_HALF_LIFE_MS);
  const reference = Math.max(gate.reference * decay, probe.sharpness);
  const moves = probe.motion >= MOTION_MAX && probe.motion !== Number.POSITIVE_INFINITY;
  const movingSince = moves ? (gate.movingSince ?? now) : undefined;
  const verdict = verdictOn(probe, reference, movingSince !== undefined && now - movingSince < MOTION_PATIENCE_MS);
  const best = verdict === "good" ? Math.max(gate.best, probe.sharpness) : gate.best;
  return { gate: { ...gate, reference, best, judgedAt: now, movingSince }, verdict };
}

function verdictOn(probe: Probe, reference: number, moving: boolean): Verdict {
  if (probe.brightness < BRIGHTNESS_MIN) return "dark";
  if (probe.brightness > BRIGHTNESS_MAX) return "bright";
  if (moving) return "motion";
  if (probe.sharpness < SHARPNESS_MIN || probe.sharpness < SHARPNESS_SHARE * reference) return "blur";
  return "good";
}

/** Asked for a good frame while a request is due: send this one, or wait a little for one as sharp as the best. */
export function choose(gate: Gate, probe: Probe, now: number): { gate: Gate; send: boolean } {
  const dueAt = gate.dueAt ?? now;
  const send = probe.sharpness >= BEST_SHARE * gate.best || now - dueAt >= BEST_PATIENCE_MS;
  return { gate: send ? { ...gate, best: 0, dueAt: undefined, movingSince: undefined } : { ...gate, dueAt }, send };
}
