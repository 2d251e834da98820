/** The scanner: frames in, questions and events out. It forwards to the pure parts and keeps their state and buffers. */

import { type Follow, follow, step } from "./follow.ts";
import { type Frame, middleOf, type Region, shrinkToGray, WHOLE } from "./frame.ts";
import { choose, judge, openGate, type Verdict } from "./gate.ts";
import { advise, type Hint, noHints } from "./hints.ts";
import { encodeGrayJpeg } from "./jpeg.ts";
import { meanDifference, type Probe, type Thumbnail, takeProbe, takeThumbnail } from "./probe.ts";
import { fromRegion, type Quad, quadOf, type Size } from "./quad.ts";
import {
  edgeOf,
  type Fault,
  type Hit,
  type Hold,
  initialScan,
  looksCloser,
  mayAsk,
  type Outcome,
  reduce,
  type Scan,
  type ScanEvent,
  type Settings,
  type State,
  stateOf,
  triedAll,
} from "./scan.ts";

/** What is sent: a JPEG made here, or a file that the platform made. */
export type Picture =
  | { readonly kind: "jpeg"; readonly bytes: Uint8Array }
  | { readonly kind: "file"; readonly path: string };

export interface Question {
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  abort(): void;
}

export interface Found extends Hit {
  /** In 0–1 of the frame, clockwise from the target's top left. */
  readonly quad: Quad | undefined;
  /** The frame that was asked about; 0 × 0 for a file. */
  readonly frame: Size;
  /** The long side of the picture that was asked about, px: what `learn` takes; 0 for a file. */
  readonly edgePx: number;
  /** From the question to the answer, ms. */
  readonly elapsedMs: number;
}

export interface Stats {
  readonly frames: number;
  readonly sent: number;
  /** Frames that the gate refused. */
  readonly skipped: number;
  readonly bytes: number;
  readonly roundTripMs: number;
  readonly encodeMs: number;
}

export type ScannerEvent =
  | { readonly type: "state"; readonly state: State; readonly previous: State }
  | { readonly type: "found"; readonly found: Found }
  | { readonly type: "lost"; readonly identifier: string }
  | { readonly type: "miss"; readonly requestId: string | undefined; readonly elapsedMs: number }
  | { readonly type: "hint"; readonly hint: Hint | undefined }
  | { readonly type: "error"; readonly fault: Fault }
  | { readonly type: "overlay"; readonly follow: Follow | undefined; readonly frame: Size };

export interface Ports {
  /** Milliseconds; never goes back. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  ask(picture: Picture): Question;
  tell(event: ScannerEvent): void;
}

export interface Options extends Settings {
  /** JPEG quality as libjpeg counts it, 1–100. */
  readonly quality: number;
  /** The part of the frame that is looked at. */
  readonly region: Region;
}

export const defaultOptions: Options = {
  intervalMs: 400,
  maxEdgePx: 640,
  stopOnFound: true,
  repeatAfterMs: 2000,
  keepTracking: false,
  quality: 60,
  region: WHOLE,
};

/** Mean difference, 0–255, under which a frame shows just what the last missed one did. */
const SAME_MAX = 3;
/** Nobody moves: ask rarely. */
const SAME_INTERVAL_MS = 2000;
const NETWORK_FAULTS: readonly number[] = [12001, 12002];

export class Scanner {
  private scan: Scan = initialScan;
  private gate = openGate;
  private hints = noHints;
  private probe: Probe | undefined;
  private spare: Uint8Array | undefined;
  private gray: Uint8Array | undefined;
  private question: Question | undefined;
  private askedAt = 0;
  private missed: Probe | undefined;
  private followed: Follow | undefined;
  private frame: Size = { width: 0, height: 0 };
  private counts = { frames: 0, sent: 0, skipped: 0, bytes: 0, roundTripMs: 0, encodeMs: 0 };

  private readonly ports: Ports;
  private options: Options;

  constructor(ports: Ports, options: Options = defaultOptions) {
    this.ports = ports;
    this.options = options;
  }

  get state(): State {
    return stateOf(this.scan);
  }

  /** The scan holds itself, because nothing was found for long; `release("rest")` goes on. */
  get resting(): boolean {
    return this.scan.holds.includes("rest");
  }

  get stats(): Stats {
    return this.counts;
  }

  configure(options: Options): void {
    this.options = options;
  }

  /** Begins with an edge that worked before, px: any other number begins with the smallest. */
  learn(edgePx: number): void {
    this.dispatch({ type: "learned", edgePx });
  }

  /** The next frame, or a source that breaks, moves on from "starting". */
  start(): void {
    this.dispatch({ type: "started" });
  }

  ready(): void {
    this.dispatch({ type: "ready" });
  }

  stop(): void {
    this.dispatch({ type: "stopped" });
  }

  fail(fault: Fault): void {
    this.dispatch({ type: "broken", fault });
  }

  hold(by: Hold): void {
    this.dispatch({ type: "held", by });
  }

  release(by: Hold): void {
    this.dispatch({ type: "released", by });
  }

  /** Forgets what was found and goes on. */
  again(): void {
    this.missed = undefined;
    this.dispatch({ type: "again" });
  }

  online(): void {
    this.dispatch({ type: "online" });
  }

  /** What time alone changes: call it a few times a second. */
  tick(): void {
    this.dispatch({ type: "ticked" });
  }

  /** Whether a picture would be sent now: for sources that must be told to take one. */
  get due(): boolean {
    return mayAsk(this.scan, this.options, this.ports.now());
  }

  /** The long side of a frame that has all the detail of the next picture sent, px: for sources that can choose. */
  get wantedPx(): number {
    const [, , width, height] = this.region;
    return edgeOf(this.scan, this.options) / Math.max(width, height);
  }

  pushFrame(frame: Frame): void {
    const state = this.state;
    if (state === "starting") this.ready();
    else if (state !== "scanning" && state !== "found") return;
    const now = this.ports.now();
    const probe = takeProbe(frame, this.probe, this.spare);
    this.spare = this.probe?.pixels;
    this.probe = probe;
    this.frame = { width: frame.width, height: frame.height };
    this.counts.frames++;
    const { gate, verdict } = judge(this.gate, probe, now);
    this.gate = gate;
    this.moveOverlay(frame, now);
    this.advise(verdict, now);
    if (!mayAsk(this.scan, this.options, now)) return;
    if (verdict !== "good" || this.isSame(probe, now)) this.counts.skipped++;
    else this.sendSharpest(frame, probe, now);
  }

  /** A file that the camera wrote. */
  pushFile(path: string): void {
    if (this.state === "starting") this.ready();
    if (this.due)
      this.send({ kind: "file", path }, { frame: { width: 0, height: 0 }, region: WHOLE, edgePx: 0, encodeMs: 0 });
  }

  /** The part of the frame that the next picture shows. */
  private get region(): Region {
    return looksCloser(this.scan) ? middleOf(this.options.region) : this.options.region;
  }

  private moveOverlay(frame: Frame, now: number): void {
    if (!this.followed) return;
    this.followed = step(this.followed, takeThumbnail(frame), now);
    this.ports.tell({ type: "overlay", follow: this.followed, frame: this.frame });
  }

  private advise(verdict: Verdict, now: number): void {
    const offline = this.scan.fault !== undefined && NETWORK_FAULTS.includes(this.scan.fault.errCode);
    const missCount = this.scan.stage === "scanning" ? this.scan.missCount : 0;
    const before = this.hints.hint;
    this.hints = advise(this.hints, { verdict, missCount, offline }, now);
    if (this.hints.hint !== before) this.ports.tell({ type: "hint", hint: this.hints.hint });
  }

  /** The scene of the last miss, asked about in every way already. */
  private isSame(probe: Probe, now: number): boolean {
    if (!triedAll(this.scan) || !this.missed || now - this.askedAt >= SAME_INTERVAL_MS) return false;
    return meanDifference(this.missed, probe) < SAME_MAX;
  }

  private sendSharpest(frame: Frame, probe: Probe, now: number): void {
    const { gate, send } = choose(this.gate, probe, now);
    this.gate = gate;
    if (!send) return;
    const edgePx = edgeOf(this.scan, this.options);
    const { region } = this;
    const gray = shrinkToGray(frame, edgePx, region, this.gray);
    this.gray = gray.pixels;
    const bytes = encodeGrayJpeg(gray, this.options.quality);
    const encodeMs = this.ports.now() - now;
    const kept = { ...probe, pixels: probe.pixels.slice() };
    const seen = { probe: kept, thumbnail: takeThumbnail(frame) };
    this.send({ kind: "jpeg", bytes }, { frame: this.frame, region, edgePx, encodeMs }, seen);
  }

  private send(picture: Picture, sent: Sent, seen?: Seen): void {
    this.dispatch({ type: "asked" });
    const { sequence } = this.scan;
    const askedAt = this.ports.now();
    this.askedAt = askedAt;
    this.counts.sent++;
    this.counts.encodeMs = sent.encodeMs;
    this.counts.bytes += picture.kind === "jpeg" ? picture.bytes.length : 0;
    const question = this.ports.ask(picture);
    this.question = question;
    void question.outcome.then((outcome) => {
      if (sequence !== this.scan.sequence || !this.scan.inFlight) return;
      this.question = undefined;
      const elapsedMs = this.ports.now() - askedAt;
      this.counts.roundTripMs = elapsedMs;
      this.take(outcome, { ...sent, sequence, seen, elapsedMs });
    });
  }

  private take(outcome: Outcome, asked: Asked): void {
    const { sequence, seen, elapsedMs, encodeMs } = asked;
    const before = this.scan.hit?.identifier;
    this.missed = outcome.kind === "miss" ? seen?.probe : undefined;
    const cost = { encodeMs, roundTripMs: elapsedMs, jitter: this.ports.random() };
    this.dispatch({ type: "answered", sequence, outcome, cost });
    if (outcome.kind === "hit") this.show(outcome.hit, before, asked);
    if (outcome.kind === "miss" || outcome.kind === "poor") {
      this.ports.tell({ type: "miss", requestId: outcome.requestId, elapsedMs });
    }
    if (outcome.kind === "failed") this.ports.tell({ type: "error", fault: outcome.fault });
  }

  private show(hit: Hit, before: string | undefined, asked: Asked): void {
    const { seen, frame, region, edgePx, elapsedMs } = asked;
    const inPicture = quadOf(hit.corners);
    const quad = inPicture && fromRegion(inPicture, region);
    if (hit.identifier !== before) {
      this.ports.tell({ type: "found", found: { ...hit, quad, frame, edgePx, elapsedMs } });
    }
    if (this.scan.hit !== hit) return; // the host has gone on within the event
    const now = this.ports.now();
    const earlier = hit.identifier === before ? this.followed : undefined;
    this.followed = quad && seen ? follow(quad, seen.thumbnail, earlier, now) : undefined;
    this.ports.tell({ type: "overlay", follow: this.followed, frame });
  }

  private dispatch(event: ScanEvent): void {
    const before = this.scan;
    this.scan = reduce(before, event, this.options, this.ports.now());
    if (before.inFlight && !this.scan.inFlight && event.type !== "answered") this.abort();
    const [previous, state] = [stateOf(before), stateOf(this.scan)];
    if (state !== previous) this.ports.tell({ type: "state", state, previous });
    if (this.scan.stage === "error" && before.stage !== "error" && this.scan.fault) {
      this.ports.tell({ type: "error", fault: this.scan.fault });
    }
    if (before.hit && before.hit.identifier !== this.scan.hit?.identifier) this.lose(before.hit.identifier);
  }

  private abort(): void {
    this.question?.abort();
    this.question = undefined;
  }

  private lose(identifier: string): void {
    this.followed = undefined;
    this.ports.tell({ type: "overlay", follow: undefined, frame: this.frame });
    this.ports.tell({ type: "lost", identifier });
  }
}

/** Kept of a frame that was sent. */
interface Seen {
  readonly probe: Probe;
  readonly thumbnail: Thumbnail;
}

interface Sent {
  readonly frame: Size;
  readonly region: Region;
  readonly edgePx: number;
  readonly encodeMs: number;
}

interface Asked extends Sent {
  readonly sequence: number;
  readonly seen: Seen | undefined;
  readonly elapsedMs: number;
}
