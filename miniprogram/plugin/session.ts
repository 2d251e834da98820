/** One scan of one component: the scanner, its camera, its timers, and what the view shows. Knows wx, not Component. */

import { type Content, contentOf } from "../../shared/content.ts";
import { codes } from "../scanner/faults.ts";
import type { Follow } from "../scanner/follow.ts";
import { detailOf, type FoundDetail } from "../scanner/found.ts";
import { type Frame, frameOf, type Region, WHOLE } from "../scanner/frame.ts";
import { boxOf, placeBox } from "../scanner/overlay.ts";
import type { Size } from "../scanner/quad.ts";
import type { Fault, State } from "../scanner/scan.ts";
import { defaultOptions, type Found, Scanner, type ScannerEvent } from "../scanner/scanner.ts";
import type { Api } from "./api.ts";
import { cameraFault } from "./faults.ts";
import { keepEdge, recallEdge } from "./memory.ts";
import { defaults, enroll, keepLatestToken, latestToken, leave } from "./registry.ts";
import {
  type Snapshot,
  type Source,
  type SourceName,
  snapshotOf,
  startFrames,
  startPhotos,
  type Taker,
} from "./sources.ts";
import { type Tracked, trackOnDevice } from "./track.ts";
import { ask } from "./transport.ts";
import { type Canvas, hasVisionKit, startVisionKit } from "./visionkit.ts";

export interface Properties {
  readonly endpoint: string;
  readonly channel: string;
  readonly token: string;
  readonly source: string;
  readonly autoStart: boolean;
  readonly active: boolean;
  readonly interval: number;
  readonly timeout: number;
  readonly maxEdge: number;
  readonly quality: number;
  readonly roi: readonly number[];
  readonly zoom: number;
  readonly stopOnFound: boolean;
  readonly repeatAfter: number;
  readonly keepTracking: boolean;
  readonly vibrate: boolean;
  readonly debug: boolean;
}

export interface Shown {
  state: State;
  /** What shows the camera's picture: the platform's own element, or a canvas that VisionKit's texture is drawn on. */
  screen: "" | "camera" | "canvas";
  denied: boolean;
  hint: string;
  targetStyle: string;
  content: Content | null;
  /** What was found, for a host's own overlay. */
  found: FoundDetail | null;
}

export interface View {
  properties(): Properties;
  show(data: Partial<Shown>): void;
  tell(name: string, detail: object): void;
  /** The component's size on the screen, px. */
  measure(): Promise<Size>;
  /** Once it is shown. */
  canvas(): Promise<Canvas>;
}

const TICK_MS = 250;
const STATS_MS = 1000;
const NO_TARGET = "";
const SCREENS = { camera: "camera", photo: "camera", vk: "canvas", host: "" } as const;
const RUNS: readonly State[] = ["starting", "scanning", "found"];

export class Session {
  readonly api: Api;
  private readonly view: View;
  private readonly scanner: Scanner;
  private source: Source | undefined;
  private context: WechatMiniprogram.CameraContext | undefined;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private viewSize: Size | undefined;
  private box = boxOf();
  private maxZoom: number | undefined;
  private tellReady = false;
  /** What may give frames here, the one in use first. */
  private sources: readonly SourceName[] = [];
  private trackingImage: string | undefined;
  private token = "";
  private renewToken: (() => Promise<string>) | undefined;
  private statsAt = 0;
  private framesBefore = 0;
  private waiting: ((found: FoundDetail | null) => void)[] = [];
  private readonly networkChanged = ({ isConnected }: { isConnected: boolean }): void => {
    if (isConnected) this.scanner.online();
  };

  constructor(view: View) {
    this.view = view;
    this.scanner = new Scanner({
      now: Date.now,
      random: Math.random,
      ask: (picture) => ask(picture, this.access(), (token) => this.keepToken(token)),
      tell: (event) => this.take(event),
    });
    this.scanner.learn(recallEdge());
    this.api = {
      start: () => this.start(),
      stop: () => this.stop(),
      pause: () => this.scanner.hold("host"),
      resume: () => this.scanner.release("host"),
      scanAgain: () => this.scanner.again(),
      scanOnce: (options) => this.scanOnce(options?.timeout),
      pushFrame: ({ data, width, height }) => this.pushFrame(data, width, height),
      track: (options) => this.track(options?.timeout),
      takeSnapshot: () => this.takeSnapshot(),
      setZoom: (zoom) => this.setZoom(zoom),
      useToken: (renew) => {
        this.renewToken = renew;
      },
      getState: () => this.scanner.state,
      getStats: () => ({ ...this.scanner.stats }),
    };
  }

  attach(): void {
    enroll(this.api);
    wx.onNetworkStatusChange(this.networkChanged);
    this.configure();
    const { autoStart, active } = this.view.properties();
    if (!active) this.scanner.hold("host");
    if (autoStart) this.start(active);
  }

  detach(): void {
    this.stop();
    wx.offNetworkStatusChange(this.networkChanged as () => void);
    leave(this.api);
  }

  /** After any change of properties. */
  configure(): void {
    const properties = this.view.properties();
    const region = properties.roi.length === 4 ? (properties.roi as unknown as Region) : WHOLE;
    this.token = properties.token || this.token;
    this.scanner.configure({
      ...defaultOptions,
      intervalMs: properties.interval,
      maxEdgePx: properties.maxEdge,
      stopOnFound: properties.stopOnFound,
      repeatAfterMs: properties.repeatAfter,
      keepTracking: properties.keepTracking,
      quality: properties.quality,
      region,
    });
  }

  setActive(active: boolean): void {
    if (active) this.scanner.release("host");
    else this.scanner.hold("host");
  }

  pageHidden(): void {
    this.scanner.hold("page");
  }

  /** Coming back from the settings, where the camera may have been allowed. */
  pageShown(): void {
    this.scanner.release("page");
    if (this.scanner.state === "error" && !this.source) this.start();
  }

  viewResized(): void {
    void this.view.measure().then((size) => {
      this.viewSize = size;
    });
  }

  cameraReady(maxZoom: number | undefined): void {
    this.context = wx.createCameraContext();
    this.maxZoom = maxZoom;
    const { zoom } = this.view.properties();
    if (zoom !== 1) this.setZoom(zoom);
    this.viewResized();
    this.listen();
  }

  /** The system took the camera away: the app is in the background. */
  cameraStopped(): void {
    this.scanner.hold("page");
  }

  cameraFailed(errMsg: string): void {
    this.break(cameraFault(errMsg));
  }

  open(content: Content): void {
    this.view.tell("open", content);
  }

  private start(awake = true): void {
    if (!this.source) this.sources = candidates(this.view.properties().source);
    this.tellReady = true;
    this.ticking ??= setInterval(() => this.tick(), TICK_MS);
    if (awake || this.scanner.state === "idle") this.scanner.start();
    if (!awake) this.scanner.hold("host");
    this.view.show({ denied: false });
    this.mount();
  }

  private stop(): void {
    this.unmount();
    this.scanner.stop();
    this.settle(null);
    this.view.show({ targetStyle: NO_TARGET, content: null, found: null, hint: "", denied: false });
  }

  private break(fault: Fault): void {
    this.unmount();
    this.view.show({ denied: fault.errCode === codes.cameraRefused || fault.errCode === codes.privacyNotAgreed });
    this.scanner.fail(fault);
  }

  private unmount(): void {
    this.source?.stop();
    this.source = undefined;
    this.context = undefined;
    if (this.ticking !== undefined) clearInterval(this.ticking);
    this.ticking = undefined;
    this.view.show({ screen: "" });
  }

  /** `<camera>` says itself when it is ready. */
  private mount(): void {
    const screen = SCREENS[this.sources[0] as SourceName];
    if (screen !== "camera") this.context = undefined;
    this.view.show({ screen });
    if (screen === "") this.viewResized();
    else this.listen();
  }

  private listen(): void {
    if (this.source || !RUNS.includes(this.scanner.state)) return;
    const name = this.sources[0];
    if (name === "vk") void this.listenToVisionKit();
    else if (this.context && name === "photo") this.source = startPhotos(this.context, this.takerOf(name));
    else if (this.context && name === "camera") this.listenToFrames(this.context);
  }

  private listenToFrames(context: WechatMiniprogram.CameraContext): void {
    if (typeof context.onCameraFrame === "function") this.source = startFrames(context, this.takerOf("camera"));
    else this.sourceFailed("the platform has no onCameraFrame");
  }

  private async listenToVisionKit(): Promise<void> {
    const [canvas, size] = await Promise.all([this.view.canvas(), this.view.measure()]);
    if (this.source || this.sources[0] !== "vk" || !RUNS.includes(this.scanner.state)) return;
    this.viewSize = size;
    try {
      this.source = startVisionKit(canvas, size, this.takerOf("vk"));
    } catch (error) {
      this.sourceFailed(String(error));
    }
  }

  private takerOf(name: SourceName): Taker {
    return {
      frame: (frame) => this.takeFrame(frame, name),
      file: (path) => {
        this.readyOnce(name, 0, 0);
        this.scanner.pushFile(path);
      },
      isDue: () => this.scanner.state === "starting" || this.scanner.due,
      wantedPx: () => this.scanner.wantedPx,
      failed: (errMsg) => this.afterStarting(() => this.sourceFailed(errMsg)),
      refused: (fault) => this.afterStarting(() => this.break(fault)),
    };
  }

  /** Platforms may fail within the call that starts a source, before it is known as the one in use. */
  private afterStarting(act: () => void): void {
    void Promise.resolve().then(() => {
      if (RUNS.includes(this.scanner.state)) act();
    });
  }

  private sourceFailed(errMsg: string): void {
    this.source = undefined;
    this.sources = this.sources.slice(1);
    if (this.sources.length > 0) this.mount();
    else
      this.break({ errCode: codes.noFrames, errMsg: `no source of frames works here: ${errMsg}`, recoverable: false });
  }

  private pushFrame(data: ArrayBuffer, width: number, height: number): void {
    const frame = frameOf(data, width, height);
    if (frame) this.takeFrame(frame, "host");
  }

  private takeFrame(frame: Frame, name: SourceName): void {
    this.readyOnce(name, frame.width, frame.height);
    this.scanner.pushFrame(frame);
  }

  private readyOnce(source: SourceName, frameWidth: number, frameHeight: number): void {
    if (!this.tellReady) return;
    this.tellReady = false;
    this.view.tell("ready", { source, maxZoom: this.maxZoom, frameWidth, frameHeight, api: this.api });
  }

  private take(event: ScannerEvent): void {
    switch (event.type) {
      case "state":
        this.stateChanged(event.state, event.previous);
        break;
      case "found":
        this.found(event.found);
        break;
      case "lost":
        this.view.show({ content: null, found: null });
        this.view.tell("lost", { identifier: event.identifier });
        break;
      case "miss":
        this.view.tell("miss", { requestId: event.requestId, elapsed: event.elapsedMs });
        break;
      case "hint":
        this.view.show({ hint: event.hint ?? "" });
        this.view.tell("hint", { code: event.hint ?? "" });
        break;
      case "error":
        this.view.tell("error", { isCameraAuthDenied: false, ...event.fault });
        break;
      case "overlay":
        this.view.show({ targetStyle: this.styleOf(event.follow, event.frame) });
    }
  }

  private stateChanged(state: State, previous: State): void {
    this.view.show({ state });
    if (state === "paused") {
      this.source?.stop();
      this.source = undefined;
      this.view.show({ targetStyle: NO_TARGET }); // the picture may go on without it
    } else if (previous === "paused") this.listen();
    this.view.tell("statechange", { state, prev: previous });
  }

  private found(found: Found): void {
    const { vibrate } = this.view.properties();
    if (vibrate) wx.vibrateShort({ type: "medium" });
    keepEdge(found.edgePx);
    const detail = detailOf(found);
    this.box = boxOf(found.size);
    this.trackingImage = found.trackingImage;
    this.view.show({ content: contentOf(detail.metadata) ?? null, found: detail });
    this.view.tell("found", detail);
    this.settle(detail);
  }

  private styleOf(follow: Follow | undefined, frame: Size): string {
    if (!follow || !this.viewSize) return NO_TARGET;
    const { width, height } = this.box;
    const { transform, opacity } = placeBox(this.box, follow, frame, this.viewSize);
    return `width:${width}px;height:${height.toFixed(1)}px;opacity:${opacity.toFixed(2)};transform:${transform}`;
  }

  private tick(): void {
    this.scanner.tick();
    const now = Date.now();
    if (!this.view.properties().debug || now - this.statsAt < STATS_MS) return;
    const { frames, sent, skipped, roundTripMs, bytes } = this.scanner.stats;
    const fps = this.statsAt ? Math.round((1000 * (frames - this.framesBefore)) / (now - this.statsAt)) : 0;
    this.statsAt = now;
    this.framesBefore = frames;
    this.view.tell("stats", { fps, sent, skipped, rtt: roundTripMs, bytes });
  }

  private scanOnce(timeoutMs?: number): Promise<FoundDetail | null> {
    const answer = new Promise<FoundDetail | null>((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const settle = (found: FoundDetail | null) => {
        if (timer !== undefined) clearTimeout(timer);
        this.waiting = this.waiting.filter((other) => other !== settle);
        resolve(found);
      };
      this.waiting.push(settle);
      if (timeoutMs !== undefined) timer = setTimeout(() => settle(null), timeoutMs);
    });
    if (["idle", "error"].includes(this.scanner.state)) this.start();
    else this.scanner.again();
    return answer;
  }

  private settle(found: FoundDetail | null): void {
    for (const resolve of [...this.waiting]) resolve(found);
  }

  /** VisionKit's session is there already where it gives the frames; whoever uses another one has `trackOnDevice`. */
  private async track(timeoutMs?: number): Promise<Tracked> {
    const session = this.source?.session;
    const { trackingImage } = this;
    if (!session || !trackingImage || this.scanner.state !== "found") {
      return { locked: false, errMsg: 'track() needs source "vk" and a picture that was found' };
    }
    const tracked = await trackOnDevice(session, trackingImage, timeoutMs);
    if (!tracked.locked && this.trackingImage === trackingImage) this.scanner.again();
    return tracked;
  }

  private takeSnapshot(): Promise<Snapshot> {
    if (this.source?.snapshot) return this.source.snapshot();
    if (this.context) return snapshotOf(this.context);
    return Promise.reject(new Error("the camera is not running: call start() and wait for ready"));
  }

  setZoom(zoom: number): void {
    this.context?.setZoom({ zoom: Math.max(1, Math.min(zoom, this.maxZoom ?? zoom)) });
  }

  private access() {
    const { endpoint, channel, timeout } = this.view.properties();
    return {
      endpoint: endpoint || defaults.endpoint,
      channel: channel || defaults.channel,
      token: this.token || (this.renewToken ? "" : latestToken()),
      timeoutMs: timeout,
      renewToken: this.renewToken ?? defaults.getToken,
    };
  }

  private keepToken(token: string): void {
    this.token = token;
    if (!this.renewToken) keepLatestToken(token);
  }
}

/** Best first; what the host asks for is tried alone. */
function candidates(source: string): readonly SourceName[] {
  if (source in SCREENS) return [source as SourceName];
  return hasVisionKit() ? ["camera", "vk", "photo"] : ["camera", "photo"];
}
