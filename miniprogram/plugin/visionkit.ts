/**
 * Frames from VisionKit, for plugins: they get none from `<camera>`, but may draw the session's camera texture. The session tracks
 * markers too, so that a found picture is handed to the phone's own tracker without another camera.
 */

import type { Size } from "../scanner/quad.ts";
import { EDGES_PX } from "../scanner/scan.ts";
import { visionKitFault } from "./faults.ts";
import type { Source, Taker } from "./sources.ts";
import { type CameraFrame, CameraTexture } from "./texture.ts";
import type { MarkerSession } from "./track.ts";

export interface Canvas {
  width: number;
  height: number;
  getContext(type: "webgl", attributes: { preserveDrawingBuffer: boolean }): unknown;
}

interface VisionKitSession extends MarkerSession {
  start(callback: (status: number) => void): void;
  stop(): void;
  destroy(): void;
  requestAnimationFrame(callback: () => void): number;
  cancelAnimationFrame(id: number): void;
  getVKFrame(width: number, height: number): CameraFrame | null;
}

/** Starting a session takes longer than a camera does. */
export const FIRST_VISIONKIT_FRAME_MS = 5000;
/** Rows and columns of the scanner's probe: sizes of whole cells give every frame a probe of the same size. */
const PROBE_SIDE_PX = 80;

export function hasVisionKit(): boolean {
  return typeof wx.createVKSession === "function" && (typeof wx.isVKSupport !== "function" || wx.isVKSupport("v1"));
}

/** `view` is the canvas's size on the screen, px. */
export function startVisionKit(canvas: Canvas, view: Size, taker: Taker): Source {
  let running = true;
  let request: number | undefined;
  const { pixelRatio } = wx.getWindowInfo();
  const screen = { width: Math.round(view.width * pixelRatio), height: Math.round(view.height * pixelRatio) };
  Object.assign(canvas, screen);
  const gl = canvas.getContext("webgl", { preserveDrawingBuffer: true }); // snapshots are taken between two drawings
  const texture = new CameraTexture(gl as ConstructorParameters<typeof CameraTexture>[0]);
  // Vertical planes (mode 3) leave iPhones without a picture.
  const options = { track: { plane: { mode: 1 }, marker: true }, version: "v1", gl };
  const session = wx.createVKSession(options as never) as unknown as VisionKitSession;
  const timer = setTimeout(() => end("VisionKit gave no frame"), FIRST_VISIONKIT_FRAME_MS);

  function draw(): void {
    if (!running) return;
    request = session.requestAnimationFrame(draw);
    const shown = session.getVKFrame(screen.width, screen.height);
    const frame = shown && texture.draw(shown, screen, sizeOf(view, taker.wantedPx()));
    if (!frame) return;
    clearTimeout(timer);
    taker.frame(frame);
  }
  function end(errMsg: string, status?: number): void {
    if (!running) return;
    source.stop();
    const refusal = status === undefined ? undefined : visionKitFault(status);
    if (refusal) taker.refused(refusal);
    else taker.failed(errMsg);
  }
  const source: Source = {
    name: "vk",
    session,
    snapshot: () =>
      new Promise((resolve, reject) => {
        wx.canvasToTempFilePath({
          canvas: canvas as never,
          fileType: "jpg",
          success: ({ tempFilePath }) => resolve({ path: tempFilePath, ...screen }),
          fail: ({ errMsg }) => reject(new Error(errMsg)),
        });
      }),
    stop() {
      running = false;
      clearTimeout(timer);
      if (request !== undefined) session.cancelAnimationFrame(request);
      session.stop();
      session.destroy();
    },
  };
  session.start((status) => (status === 0 ? draw() : end(`VKSession.start: ${status}`, status)));
  return source;
}

/** The view's shape with the smallest of the scanner's edges that has as much detail as is wanted. */
function sizeOf(view: Size, wantedPx: number): Size {
  const edge = EDGES_PX.find((px) => px >= wantedPx) ?? (EDGES_PX[EDGES_PX.length - 1] as number);
  const cell = edge / PROBE_SIDE_PX;
  const longest = Math.max(view.width, view.height);
  const cells = (side: number) => 2 * Math.round(((side / longest) * PROBE_SIDE_PX) / 2);
  return { width: cell * cells(view.width), height: cell * cells(view.height) };
}
