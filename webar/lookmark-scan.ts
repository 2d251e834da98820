/**
 * `<lookmark-scan>`: recognizes what the camera sees and lays content on it, on any web page. The scanner is the mini-program's;
 * here are its camera, its transport and its view on the web.
 */

import { detailOf } from "../miniprogram/scanner/found.ts";
import type { Frame } from "../miniprogram/scanner/frame.ts";
import { boxOf, placeBox } from "../miniprogram/scanner/overlay.ts";
import type { Size } from "../miniprogram/scanner/quad.ts";
import type { Fault, State } from "../miniprogram/scanner/scan.ts";
import { defaultOptions, type Found, Scanner, type ScannerEvent } from "../miniprogram/scanner/scanner.ts";
import { contentOf } from "../shared/content.ts";
import type { Answer } from "../shared/protocol.ts";
import type { LookmarkScanElement, LookmarkScanEventMap, ScanError, ScanHint, ScanState } from "./api.ts";
import { cameraEnded, cameraFault, openCamera } from "./camera.ts";
import { ask } from "./transport.ts";
import { View } from "./view.ts";
import { errorMessage, wordsFor } from "./words.ts";

const TICK_MS = 250;
const TIMEOUT_MS = 8000;
/** The deployment that this module came from. */
const HOME = new URL(import.meta.url).origin;

class LookmarkScan extends HTMLElement implements LookmarkScanElement {
  static readonly observedAttributes = ["token", "interval", "lang"];

  /** Declared only: what the page has set before this module came stays. */
  declare renewToken: (() => Promise<string>) | undefined;
  readonly #view: View;
  readonly #scanner: Scanner;
  readonly #resized = new ResizeObserver(([entry]) => {
    if (entry) this.#size = entry.contentRect;
  });
  #size: Size = { width: 0, height: 0 };
  #box = boxOf();
  /** Closes the camera, open or about to open; undefined where there is none. */
  #camera: AbortController | undefined;
  #told = false;
  #freshToken = "";
  #hint: ScanHint = "";
  #error: ScanError | undefined;
  #handedOver = false;
  #ticking: ReturnType<typeof setInterval> | undefined;
  readonly #visibilityChanged = () => {
    if (document.hidden) this.#scanner.hold("page");
    else this.#scanner.release("page");
  };
  readonly #online = () => this.#scanner.online();

  constructor() {
    super();
    this.#view = new View(this.attachShadow({ mode: "open" }), () => this.#act());
    this.#scanner = new Scanner({
      now: () => performance.now(),
      random: Math.random,
      ask: (picture) => ask(picture, this.#access(), (token) => this.#keepToken(token)),
      tell: (event) => this.#take(event),
    });
  }

  connectedCallback(): void {
    for (const name of ["server", "channel", "token"] as const) this.#adopt(name);
    this.#resized.observe(this);
    document.addEventListener("visibilitychange", this.#visibilityChanged);
    addEventListener("online", this.#online);
    this.#configure();
    this.#render();
    if (this.hasAttribute("autostart")) void this.start();
  }

  disconnectedCallback(): void {
    this.stop();
    this.#resized.disconnect();
    document.removeEventListener("visibilitychange", this.#visibilityChanged);
    removeEventListener("online", this.#online);
  }

  attributeChangedCallback(name: string): void {
    if (name === "token") this.#freshToken = "";
    this.#configure();
    this.#render();
  }

  get server(): string {
    return this.getAttribute("server") ?? HOME;
  }

  set server(value: string) {
    this.setAttribute("server", value);
  }

  get channel(): string {
    return this.getAttribute("channel") ?? "";
  }

  set channel(value: string) {
    this.setAttribute("channel", value);
  }

  get token(): string {
    return this.#freshToken || (this.getAttribute("token") ?? "");
  }

  set token(value: string) {
    this.setAttribute("token", value);
  }

  get state(): ScanState {
    return this.#scanner.state;
  }

  async start(): Promise<void> {
    this.#scanner.start();
    if (this.#camera) return;
    const camera = new AbortController();
    this.#camera = camera;
    this.#told = false;
    this.#handedOver = false;
    this.#ticking ??= setInterval(() => this.#scanner.tick(), TICK_MS);
    const broken = (fault: Fault) => {
      if (camera.signal.aborted) return;
      this.#closeCamera();
      this.#scanner.fail(fault);
    };
    const facingMode = this.getAttribute("facing-mode") ?? "environment";
    const taker = {
      frame: (frame: Frame) => this.#takeFrame(frame),
      ended: () => broken(cameraEnded),
    };
    await openCamera(this.#view.camera, facingMode, taker, camera.signal).catch((error) => broken(cameraFault(error)));
  }

  stop(): void {
    this.#closeCamera();
    this.#scanner.stop();
    this.#render();
  }

  pause(): void {
    this.#scanner.hold("host");
  }

  resume(): void {
    this.#scanner.release("host");
  }

  scanAgain(): void {
    this.#handedOver = false;
    this.#scanner.again();
  }

  /** A property that was set before this module came hides the accessor. */
  #adopt(name: "server" | "channel" | "token"): void {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete (this as Partial<Pick<LookmarkScanElement, typeof name>>)[name];
    this[name] = value;
  }

  #closeCamera(): void {
    this.#camera?.abort();
    this.#camera = undefined;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  /** The panel's button: starts, goes on after a rest, or tries again. */
  #act(): void {
    if (this.state === "paused") this.#scanner.release("rest");
    else void this.start();
  }

  #configure(): void {
    const intervalMs = Number(this.getAttribute("interval")) || defaultOptions.intervalMs;
    this.#scanner.configure({ ...defaultOptions, intervalMs, keepTracking: true });
  }

  #access() {
    const { server: endpoint, channel, token, renewToken } = this;
    return { endpoint, channel, token, timeoutMs: TIMEOUT_MS, renewToken };
  }

  #keepToken(token: string): void {
    this.#freshToken = token;
  }

  #takeFrame(frame: Frame): void {
    if (!this.#told) this.#tell("ready", { frameWidth: frame.width, frameHeight: frame.height });
    this.#told = true;
    this.#scanner.pushFrame(frame);
  }

  #take(event: ScannerEvent): void {
    switch (event.type) {
      case "state":
        this.#stateChanged(event.state, event.previous);
        break;
      case "found":
        this.#found(event.found);
        break;
      case "lost":
        this.#view.showContent(undefined, "");
        this.#tell("lost", { identifier: event.identifier });
        break;
      case "miss":
        this.#tell("miss", { requestId: event.requestId, elapsed: event.elapsedMs });
        break;
      case "hint":
        this.#hint = event.hint ?? "";
        this.#render();
        this.#tell("hint", { code: this.#hint });
        break;
      case "error":
        this.#failed(event.fault);
        break;
      case "overlay": {
        const { follow, frame } = event;
        const placement = follow && !this.#handedOver ? placeBox(this.#box, follow, frame, this.#size) : undefined;
        this.#view.place(placement, this.#box);
        this.#tell("overlay", { corners: placement?.quad, opacity: placement?.opacity ?? 0 });
      }
    }
  }

  #stateChanged(state: State, previous: State): void {
    if (state === "starting") this.#error = undefined;
    this.#render();
    this.#tell("statechange", { state, previous });
  }

  #found(found: Found): void {
    const detail = detailOf(found);
    this.#box = boxOf(found.size);
    this.#view.showContent(contentOf(detail.metadata), this.#words.open);
    navigator.vibrate?.(30);
    this.#tell("found", detail);
    if (found.trackingImage) this.#offer(found, found.trackingImage);
  }

  /** Whoever takes the picture over has the camera for themselves until `scanAgain`. */
  #offer({ identifier, size }: Found, trackingImage: string): void {
    const video = this.#view.camera;
    this.#handedOver = !this.#tell("handoff", { identifier, trackingImage, size, video });
    if (this.#handedOver) this.#scanner.hold("host");
  }

  /** Without the camera, and with a panel, where the scan does not go on by itself. */
  #failed(fault: Fault): void {
    const { errCode, errMsg, recoverable, cause } = fault;
    this.#error = { errCode, errMsg, recoverable, returncode: (cause as Partial<Answer> | undefined)?.returncode };
    if (!recoverable) this.#closeCamera();
    this.#render();
    this.#tell("error", this.#error);
  }

  get #words() {
    const language = this.closest("[lang]")?.getAttribute("lang");
    return wordsFor(language || navigator.language);
  }

  #render(): void {
    const [words, view] = [this.#words, this.#view];
    switch (this.state) {
      case "idle":
        view.showPanel(words.start, words.start.button);
        break;
      case "starting":
        view.showPanel({ title: words.starting, text: "" });
        break;
      case "scanning":
        view.showScanning(words.hints[this.#hint]);
        break;
      case "found":
        view.showPlain();
        break;
      case "paused":
        if (this.#scanner.resting) view.showPanel(words.rest, words.rest.button);
        else view.showPlain();
        break;
      case "error":
        if (this.#error) view.showPanel(errorMessage(words, this.#error), words.retry);
    }
  }

  /** False where a listener prevented the default. */
  #tell<Name extends keyof LookmarkScanEventMap>(name: Name, detail: LookmarkScanEventMap[Name]["detail"]): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable: name === "handoff" }));
  }
}

if (!customElements.get("lookmark-scan")) customElements.define("lookmark-scan", LookmarkScan);
