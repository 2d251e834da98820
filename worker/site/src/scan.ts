/** The scan as a state machine: what is shown, asked and found, without clock, camera, network or page. */

import type { FindImageAnswer } from "../../../shared/protocol.ts";

/** Between two frames of the camera: four a second follow a moving hand and spare battery and server. */
export const FRAME_INTERVAL_MS = 250;
/** A hit stays this long after it is lost: one blurred frame must not make the outline flicker. */
export const HOLD_MS = 1500;
const BACK_OFF_MS = 500;
const BACK_OFF_MAX_MS = 8000;

const SUCCESS = 0;
const TOO_LITTLE_DETAIL = 20013;
const BUSY = 20015;

export type Source = "none" | "camera" | "photo";
export type Trouble = "cameraRefused" | "cameraMissing" | "cameraInsecure" | "notPicture";

export interface Reply {
  readonly answer: FindImageAnswer;
  readonly roundTripMs: number;
}

export type Finding =
  | { readonly kind: "idle" }
  | { readonly kind: "looking" }
  | { readonly kind: "hit" | "nothing" | "poor" | "refused"; readonly reply: Reply }
  | { readonly kind: "busy" | "unreachable"; readonly retryMs: number }
  | { readonly kind: "failed"; readonly trouble: Trouble };

export interface Scan {
  readonly source: Source;
  /** Counts cameras started and photos shown: an answer to an earlier one is stale. */
  readonly turn: number;
  readonly tabHidden: boolean;
  readonly asking: boolean;
  /** When the next frame may be sent, ms; Infinity: only when the user retries. */
  readonly askAt: number;
  /** Busy or missing answers in a row. */
  readonly failureCount: number;
  readonly finding: Finding;
  /** The hit in `finding` is gone from the frame; what replaces it, and when. */
  readonly lost: { readonly until: number; readonly next: Finding } | undefined;
}

export type ScanEvent =
  | { readonly type: "opened"; readonly source: "camera" | "photo" }
  | { readonly type: "closed"; readonly trouble?: Trouble }
  | { readonly type: "asked" }
  | { readonly type: "answered"; readonly turn: number; readonly reply: Reply | undefined }
  | { readonly type: "tab"; readonly hidden: boolean }
  | { readonly type: "retried" }
  | { readonly type: "ticked" };

export const initialScan: Scan = {
  source: "none",
  turn: 0,
  tabHidden: false,
  asking: false,
  askAt: Number.POSITIVE_INFINITY,
  failureCount: 0,
  finding: { kind: "idle" },
  lost: undefined,
};

export function reduce(scan: Scan, event: ScanEvent, now: number): Scan {
  switch (event.type) {
    case "opened":
      return { ...restarted(scan), source: event.source, askAt: now, finding: { kind: "looking" } };
    case "closed":
      return {
        ...restarted(scan),
        finding: event.trouble ? { kind: "failed", trouble: event.trouble } : { kind: "idle" },
      };
    case "asked":
      return {
        ...scan,
        asking: true,
        askAt: scan.source === "camera" ? now + FRAME_INTERVAL_MS : Number.POSITIVE_INFINITY,
      };
    case "answered":
      return event.turn === scan.turn ? answered({ ...scan, asking: false }, event.reply, now) : scan;
    case "tab":
      return { ...scan, tabHidden: event.hidden };
    case "retried":
      return { ...scan, askAt: now, finding: { kind: "looking" }, lost: undefined };
    case "ticked":
      return scan.lost && now >= scan.lost.until ? { ...scan, finding: scan.lost.next, lost: undefined } : scan;
  }
}

export function mayAsk(scan: Scan, now: number): boolean {
  return scan.source !== "none" && !scan.tabHidden && !scan.asking && now >= scan.askAt;
}

/** When something is due without an event from outside; Infinity: nothing is. */
export function dueAt(scan: Scan): number {
  const askAt = mayAsk(scan, scan.askAt) ? scan.askAt : Number.POSITIVE_INFINITY;
  return Math.min(askAt, scan.lost?.until ?? Number.POSITIVE_INFINITY);
}

function restarted(scan: Scan): Scan {
  return { ...initialScan, turn: scan.turn + 1, tabHidden: scan.tabHidden };
}

function answered(scan: Scan, reply: Reply | undefined, now: number): Scan {
  if (!reply || reply.answer.returncode === BUSY) return backedOff(scan, reply ? "busy" : "unreachable", now);
  const answeredScan = { ...scan, failureCount: 0 };
  const finding = findingOf(reply);
  if (finding.kind === "hit") return { ...answeredScan, finding, lost: undefined };
  if (finding.kind === "refused") {
    return { ...answeredScan, finding, lost: undefined, askAt: Number.POSITIVE_INFINITY };
  }
  return replaced(answeredScan, finding, now);
}

function findingOf(reply: Reply): Finding {
  const { returncode, identifier } = reply.answer;
  if (returncode === TOO_LITTLE_DETAIL) return { kind: "poor", reply };
  if (returncode !== SUCCESS) return { kind: "refused", reply };
  return { kind: identifier === undefined ? "nothing" : "hit", reply };
}

function backedOff(scan: Scan, kind: "busy" | "unreachable", now: number): Scan {
  const retryMs = Math.min(BACK_OFF_MS * 2 ** scan.failureCount, BACK_OFF_MAX_MS);
  const waiting = { ...scan, failureCount: scan.failureCount + 1, askAt: now + retryMs };
  return replaced(waiting, { kind, retryMs }, now);
}

/** A hit gives way only after it has been lost for a while. */
function replaced(scan: Scan, finding: Finding, now: number): Scan {
  if (scan.finding.kind !== "hit") return { ...scan, finding };
  return { ...scan, lost: { until: scan.lost?.until ?? now + HOLD_MS, next: finding } };
}
