/**
 * What a page sees of `<lookmark-scan>`: properties, methods and events. It imports nothing, because it is also what the npm package
 * ships as its types.
 */

export type ScanState = "idle" | "starting" | "scanning" | "found" | "paused" | "error";

export type ScanPoint = readonly [x: number, y: number];

/** Clockwise from the picture's own top left. */
export type ScanQuad = readonly [ScanPoint, ScanPoint, ScanPoint, ScanPoint];

/** What `found` tells. */
export interface ScanFound {
  readonly identifier: string;
  /** Parsed; the text itself where it is not JSON. */
  readonly metadata: unknown;
  readonly metadataText: string;
  readonly channel: string | undefined;
  readonly level: number | undefined;
  /** 0–100. */
  readonly score: number | undefined;
  /** In 0–1 of the camera's frame. */
  readonly quad: ScanQuad | undefined;
  /** The picture's width and height, px. */
  readonly size: readonly [width: number, height: number] | undefined;
  readonly frameWidth: number;
  readonly frameHeight: number;
  /** From the question to the answer, ms. */
  readonly elapsed: number;
  readonly requestId: string | undefined;
  /** Address of the picture for trackers on the device. */
  readonly track: { readonly url: string } | undefined;
}

/** What `handoff` tells: all that a tracker on the device needs. `preventDefault()` takes the picture over from the element. */
export interface ScanHandoff {
  readonly identifier: string;
  /** Address of an upright gray JPEG of the picture. */
  readonly trackingImage: string;
  /** The picture's width and height, px. */
  readonly size: readonly [width: number, height: number] | undefined;
  /** The camera's picture as it runs; `scanAgain()` gives it back. */
  readonly video: HTMLVideoElement;
}

/** Where the overlay stands, after each frame of the camera; the picture is lost where `corners` is undefined. */
export interface ScanOverlay {
  /** px of the element. */
  readonly corners: ScanQuad | undefined;
  /** 1: sure; 0: gone. */
  readonly opacity: number;
}

export interface ScanError {
  /** 11001 camera refused, 11003 no camera, 12001 no network, 12002 no answer in time, 12003 busy, 12004 credentials, 12005 other. */
  readonly errCode: number;
  readonly errMsg: string;
  /** What the server's answer carried, such as 30003 for a token that has expired. */
  readonly returncode: number | undefined;
  /** The scan goes on by itself. */
  readonly recoverable: boolean;
}

export type ScanHint = "blur" | "dark" | "bright" | "motion" | "closer" | "offline" | "";

export interface LookmarkScanEventMap {
  /** The first frame has come. */
  ready: CustomEvent<{ readonly frameWidth: number; readonly frameHeight: number }>;
  found: CustomEvent<ScanFound>;
  lost: CustomEvent<{ readonly identifier: string }>;
  /** Looked, and there was no picture of the channel. */
  miss: CustomEvent<{ readonly requestId: string | undefined; readonly elapsed: number }>;
  /** What would help the user; "" where nothing would any more. */
  hint: CustomEvent<{ readonly code: ScanHint }>;
  /** Not to be confused with `error` of resources: it carries `detail`. */
  error: CustomEvent<ScanError>;
  statechange: CustomEvent<{ readonly state: ScanState; readonly previous: ScanState }>;
  overlay: CustomEvent<ScanOverlay>;
  /** Cancelable. */
  handoff: CustomEvent<ScanHandoff>;
}

/** `<lookmark-scan server channel token autostart interval facing-mode>`; slots: overlay, prompt, and the default one. */
export interface LookmarkScanElement extends HTMLElement {
  /** The deployment's address; by default the one that the module came from. */
  server: string;
  /** Empty: all channels that the token may search. */
  channel: string;
  /** A query token; a secret key must never be on a page. */
  token: string;
  /** Asks your own server for a query token, for the first one and wherever one has expired. */
  renewToken: (() => Promise<string>) | undefined;
  readonly state: ScanState;
  start(): Promise<void>;
  /** Gives the camera back. */
  stop(): void;
  pause(): void;
  resume(): void;
  /** Forgets what was found and goes on. */
  scanAgain(): void;
  addEventListener<Name extends keyof LookmarkScanEventMap>(
    type: Name,
    listener: (this: LookmarkScanElement, event: LookmarkScanEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "lookmark-scan": LookmarkScanElement;
  }
}
