/** The scan as a state machine: when to ask, with how large a picture, and what was found. Pure functions of state, event and time. */

import type { Point } from "../../shared/homography.ts";

export type State = "idle" | "starting" | "scanning" | "found" | "paused" | "error";
/** Who holds the scan: the host by `pause()`, the page that is hidden, the scan itself after a minute without a hit. */
export type Hold = "host" | "page" | "rest";

/** What FindImage says of the picture that it recognized. */
export interface Hit {
  readonly identifier: string;
  /** Verbatim, as it was added. */
  readonly metadata: string;
  readonly channel?: string | undefined;
  readonly level?: number | undefined;
  readonly score?: number | undefined;
  /** In 0–1 of the sent picture, clockwise from the target's top left. */
  readonly corners?: readonly Point[] | undefined;
  /** The target's width and height, px. */
  readonly size?: readonly [width: number, height: number] | undefined;
  /** Address of a picture for on-device trackers. */
  readonly trackingImage?: string | undefined;
  readonly requestId?: string | undefined;
}

export type Outcome =
  | { readonly kind: "hit"; readonly hit: Hit }
  | { readonly kind: "miss"; readonly requestId?: string | undefined }
  /** The frame had too little detail. */
  | { readonly kind: "poor"; readonly requestId?: string | undefined }
  /** Worth another try: busy, rate-limited, no answer, not an answer. */
  | { readonly kind: "failed"; readonly fault: Fault; readonly retryAfterMs?: number | undefined }
  /** The same question would be refused again. */
  | { readonly kind: "refused"; readonly fault: Fault };

export interface Fault {
  readonly errCode: number;
  readonly errMsg: string;
  /** The scan goes on by itself. */
  readonly recoverable: boolean;
  readonly isCameraAuthDenied?: boolean;
  /** What the platform or the service said. */
  readonly cause?: unknown;
}

export interface Settings {
  /** From one question to the next, ms. */
  readonly intervalMs: number;
  /** The long side of the largest picture sent, px. */
  readonly maxEdgePx: number;
  /** Found is the end until `again`; otherwise the scan goes on for the next picture. */
  readonly stopOnFound: boolean;
  /** While found, the same identifier is told again only after so long without it, ms. */
  readonly repeatAfterMs: number;
  /** While found, ask again to follow the picture and to notice its loss. */
  readonly keepTracking: boolean;
}

export interface Scan {
  readonly stage: Exclude<State, "paused">;
  readonly holds: readonly Hold[];
  /** Of the latest question; answers to earlier ones are late and ignored. */
  readonly sequence: number;
  readonly inFlight: boolean;
  /** Earliest time of the next question, ms. */
  readonly askAt: number;
  /** Failures in a row. */
  readonly failureCount: number;
  /** Misses in a row on frames that passed the gate. */
  readonly missCount: number;
  /** Index in `EDGES_PX`. */
  readonly edge: number;
  /** What is shown; kept for `lost`. */
  readonly hit: Hit | undefined;
  /** When `hit` was last seen, ms. */
  readonly seenAt: number;
  /** When the scan was last started or last found something, ms. */
  readonly activeAt: number;
  /** Of the last answer, or what ended the scan. */
  readonly fault: Fault | undefined;
}

export type ScanEvent =
  /** An edge that worked on this phone before, px. */
  | { readonly type: "learned"; readonly edgePx: number }
  | { readonly type: "started" }
  | { readonly type: "ready" }
  | { readonly type: "stopped" }
  | { readonly type: "broken"; readonly fault: Fault }
  | { readonly type: "held"; readonly by: Hold }
  | { readonly type: "released"; readonly by: Hold }
  | { readonly type: "again" }
  | { readonly type: "asked" }
  | { readonly type: "answered"; readonly sequence: number; readonly outcome: Outcome; readonly cost: Cost }
  /** The network is back. */
  | { readonly type: "online" }
  | { readonly type: "ticked" };

/** What a question took: `jitter` is uniform in [0, 1). */
export interface Cost {
  readonly encodeMs: number;
  readonly roundTripMs: number;
  readonly jitter: number;
}

/** Sent pictures grow after misses: near pictures are found at 320 px with 6 KB, far ones need more. */
export const EDGES_PX: readonly number[] = [320, 480, 640];
/** Misses in a row after which the edge of each index is taken. */
const MISSES_FOR_EDGE = [0, 2, 4];
/** Misses in a row after which every second picture is of the middle. */
const MISSES_FOR_MIDDLE = 5;
const ENCODE_SLOW_MS = 60;
const ROUND_TRIP_SLOW_MS = 1500;
const BACK_OFF_MS = 1000;
const BACK_OFF_MAX_MS = 16_000;
/** Answers that came at once are not followed at once: the phone's main thread has a page to draw. */
const BREATH_MS = 50;
/** Between two answers the overlay follows shifts alone; turns of the phone need new answers. */
const TRACKING_INTERVAL_MS = 1000;
/** A hit that two answers did not confirm is gone. */
export const LOST_MS = 2500;
/** Battery and server rest after a minute without a hit. */
export const REST_AFTER_MS = 60_000;

export const initialScan: Scan = {
  stage: "idle",
  holds: [],
  sequence: 0,
  inFlight: false,
  askAt: 0,
  failureCount: 0,
  missCount: 0,
  edge: 0,
  hit: undefined,
  seenAt: 0,
  activeAt: 0,
  fault: undefined,
};

export function stateOf(scan: Scan): State {
  const held = scan.holds.length > 0 && scan.stage !== "idle" && scan.stage !== "error";
  return held ? "paused" : scan.stage;
}

export function reduce(scan: Scan, event: ScanEvent, settings: Settings, now: number): Scan {
  switch (event.type) {
    case "learned":
      return { ...scan, edge: Math.max(0, EDGES_PX.indexOf(event.edgePx)) };
    case "started":
      return started(scan, now);
    case "ready":
      return scan.stage === "starting" ? { ...scan, stage: "scanning", askAt: now, activeAt: now } : scan;
    case "stopped":
      return { ...awake(initialScan, now), sequence: scan.sequence + 1, edge: scan.edge, holds: pageHold(scan) };
    case "broken":
      return { ...dropQuestion(scan), stage: "error", fault: event.fault, hit: undefined };
    case "held":
      return { ...dropQuestion(scan), holds: [...without(scan, event.by), event.by] };
    case "released":
      return { ...scan, holds: without(scan, event.by), activeAt: now };
    case "again":
      return {
        ...awake(scan, now),
        stage: scan.stage === "found" ? "scanning" : scan.stage,
        hit: undefined,
        askAt: now,
      };
    case "asked":
      return { ...scan, inFlight: true, sequence: scan.sequence + 1, askAt: now + intervalOf(scan, settings) };
    case "answered":
      return scan.inFlight && event.sequence === scan.sequence ? answered(scan, event, settings, now) : scan;
    case "online":
      return scan.failureCount > 0 && !scan.inFlight ? { ...scan, askAt: now, failureCount: 0 } : scan;
    case "ticked":
      return ticked(scan, settings, now);
  }
}

export function mayAsk(scan: Scan, settings: Settings, now: number): boolean {
  const asks = scan.stage === "scanning" || (scan.stage === "found" && goesOn(settings));
  return asks && scan.holds.length === 0 && !scan.inFlight && now >= scan.askAt;
}

/** Whether the next picture is of the middle alone: what is far stays small in the whole picture, and clutter around it votes too. */
export function looksCloser(scan: Scan): boolean {
  const since = scan.missCount - MISSES_FOR_MIDDLE;
  return scan.stage === "scanning" && since >= 0 && since % 2 === 0;
}

/** The scene was asked about at every size, and its middle too. */
export function triedAll(scan: Scan): boolean {
  return scan.missCount > MISSES_FOR_MIDDLE;
}

/** The long side of the next picture that is sent, px. */
export function edgeOf(scan: Scan, settings: Settings): number {
  return Math.min(EDGES_PX[scan.edge] as number, settings.maxEdgePx);
}

function goesOn({ stopOnFound, keepTracking }: Settings): boolean {
  return keepTracking || !stopOnFound;
}

function intervalOf(scan: Scan, settings: Settings): number {
  const follows = scan.stage === "found" && settings.stopOnFound;
  return follows ? Math.max(TRACKING_INTERVAL_MS, settings.intervalMs) : settings.intervalMs;
}

function started(scan: Scan, now: number): Scan {
  const awakened = awake(scan, now);
  const runs = scan.stage !== "idle" && scan.stage !== "error";
  return runs
    ? awakened
    : { ...awakened, stage: "starting", fault: undefined, hit: undefined, failureCount: 0, missCount: 0 };
}

/** Whoever wants the scan ends its rest and takes the host's hold away; a hidden page stays hidden. */
function awake(scan: Scan, now: number): Scan {
  return { ...scan, holds: pageHold(scan), activeAt: now };
}

function pageHold(scan: Scan): readonly Hold[] {
  return scan.holds.filter((hold) => hold === "page");
}

function without(scan: Scan, by: Hold): readonly Hold[] {
  return scan.holds.filter((hold) => hold !== by);
}

/** The answer to a question under way will be late. */
function dropQuestion(scan: Scan): Scan {
  return scan.inFlight ? { ...scan, inFlight: false, sequence: scan.sequence + 1 } : scan;
}

const healthy = { failureCount: 0, fault: undefined };

type Answered = Extract<ScanEvent, { type: "answered" }>;

function answered(scan: Scan, { outcome, cost }: Answered, settings: Settings, now: number): Scan {
  const rested = { ...scan, inFlight: false, askAt: Math.max(scan.askAt, now + BREATH_MS) };
  switch (outcome.kind) {
    case "hit":
      return hitAt({ ...rested, ...healthy, missCount: 0 }, outcome.hit, now);
    case "miss":
      return missed({ ...rested, ...healthy, missCount: scan.missCount + 1 }, cost, settings, now);
    case "poor":
      return lostAfterAWhile({ ...rested, ...healthy }, settings, now);
    case "failed":
      return backedOff({ ...rested, fault: outcome.fault }, outcome.retryAfterMs, cost, now);
    case "refused":
      return { ...rested, stage: "error", fault: outcome.fault, hit: undefined };
  }
}

function hitAt(scan: Scan, hit: Hit, now: number): Scan {
  return { ...scan, stage: "found", hit, seenAt: now, activeAt: now };
}

function missed(scan: Scan, { encodeMs, roundTripMs }: Cost, settings: Settings, now: number): Scan {
  const slow = encodeMs > ENCODE_SLOW_MS || roundTripMs > ROUND_TRIP_SLOW_MS;
  const wanted = MISSES_FOR_EDGE.filter((count) => scan.missCount >= count).length - 1;
  const edge = slow ? Math.max(0, scan.edge - 1) : Math.max(scan.edge, wanted);
  return lostAfterAWhile({ ...scan, edge }, settings, now);
}

/** Full jitter: phones that failed together do not come back together. */
function backedOff(scan: Scan, retryAfterMs: number | undefined, { jitter }: Cost, now: number): Scan {
  const ceiling = Math.min(BACK_OFF_MS * 2 ** scan.failureCount, BACK_OFF_MAX_MS);
  const wait = Math.max(retryAfterMs ?? 0, jitter * ceiling, BREATH_MS);
  return { ...scan, failureCount: scan.failureCount + 1, askAt: Math.max(scan.askAt, now + wait) };
}

function lostAfterAWhile(scan: Scan, settings: Settings, now: number): Scan {
  const gone = scan.stage === "found" && goesOn(settings) && now - scan.seenAt >= lostAfter(settings);
  return gone ? { ...scan, stage: "scanning", hit: undefined } : scan;
}

function lostAfter({ stopOnFound, keepTracking, repeatAfterMs }: Settings): number {
  return keepTracking || stopOnFound ? LOST_MS : repeatAfterMs;
}

function ticked(scan: Scan, settings: Settings, now: number): Scan {
  const tires = scan.stage === "scanning" && scan.holds.length === 0 && now - scan.activeAt >= REST_AFTER_MS;
  const rested: Scan = tires ? { ...dropQuestion(scan), holds: ["rest"] } : scan;
  return scan.holds.length === 0 ? lostAfterAWhile(rested, settings, now) : rested;
}
