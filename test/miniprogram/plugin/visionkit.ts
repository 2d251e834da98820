/** VisionKit as its document has it, for component tests: a session with status codes, a WebGL that draws nothing and is read, markers. */

import type { Frame } from "../../../miniprogram/scanner/frame.ts";
import { shrinkToGray } from "../../../miniprogram/scanner/frame.ts";

type AnchorListener = (anchors: readonly { markerId: number }[]) => void;

export class FakeVisionKit {
  /** What VKSession.start answers; 0 is well. */
  status = 0;
  /** What the camera sees; without it the session gives no frame. */
  seen: Frame | undefined;
  readonly log: string[] = [];
  readonly readSizes: string[] = [];
  readonly markers: string[] = [];
  private readonly callbacks: (() => void)[] = [];
  private readonly listeners = new Map<string, AnchorListener>();

  /** For `wx`. */
  readonly platform = {
    isVKSupport: () => true,
    createVKSession: ({ version }: { version: string }) => {
      this.log.push(`create ${version}`);
      return this.session;
    },
    getWindowInfo: () => ({ pixelRatio: 2 }),
    canvasToTempFilePath: ({ success }: { success(file: { tempFilePath: string }): void }) =>
      success({ tempFilePath: "wxfile://canvas.jpg" }),
    env: { USER_DATA_PATH: "wxfile://usr" },
    downloadFile: ({ success }: { success(answer: { statusCode: number }): void }) => success({ statusCode: 200 }),
  };

  readonly canvas = { width: 0, height: 0, getContext: () => this.gl };

  private readonly session = {
    start: (callback: (status: number) => void) => callback(this.status),
    stop: () => this.log.push("stop"),
    destroy: () => this.log.push("destroy"),
    requestAnimationFrame: (callback: () => void) => this.callbacks.push(callback),
    cancelAnimationFrame: () => this.callbacks.splice(0),
    getVKFrame: () =>
      this.seen ? { getCameraTexture: () => ({ yTexture: {}, uvTexture: {} }), getDisplayTransform } : null,
    addMarker: (path: string) => this.markers.push(path),
    removeMarker: () => this.markers.pop(),
    on: (event: string, listener: AnchorListener) => this.listeners.set(event, listener),
    off: (event: string) => this.listeners.delete(event),
  };

  /** Reads give what the camera sees, shrunk as the shader would. */
  private readonly gl = new Proxy(
    {
      readPixels: (
        _x: number,
        _y: number,
        width: number,
        height: number,
        _format: number,
        _type: number,
        to: Uint8Array,
      ) => {
        this.readSizes.push(`${4 * width}x${height}`);
        if (this.seen) to.set(shrinkToGray(this.seen, Math.max(4 * width, height)).pixels.subarray(0, to.length));
      },
    } as Record<string, unknown>,
    { get: (known, name: string) => known[name] ?? (/^[A-Z_0-9]+$/.test(name) ? 1 : () => ({})) },
  );

  /** The screen is drawn once more. */
  draw(): void {
    for (const callback of this.callbacks.splice(0)) callback();
  }

  /** The tracker sees the marker that was added last. */
  lock(): void {
    this.listeners.get("updateAnchors")?.([{ markerId: this.markers.length }]);
  }
}

const getDisplayTransform = () => new Float32Array([1, 0, 0, 0, 1, 0, 0, 0, 1]);
