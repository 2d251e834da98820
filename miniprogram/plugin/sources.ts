/**
 * Where frames come from, behind one interface. A plugin is documented as having no onCameraFrame, phones differ, so it is
 * tried: where no frame arrives in time, photos are taken instead.
 */

import { type Frame, frameOf } from "../scanner/frame.ts";

export type SourceName = "camera" | "photo" | "host";

export interface Taker {
  frame(frame: Frame): void;
  /** A picture in a file of the platform's. */
  file(path: string): void;
  /** Whether a picture would be sent now. */
  isDue(): boolean;
  /** This source does not work here. */
  failed(errMsg: string): void;
}

export interface Source {
  readonly name: SourceName;
  stop(): void;
}

/** No phone takes longer to its first frame. */
export const FIRST_FRAME_MS = 1500;
const PHOTO_POLL_MS = 100;

export function startFrames(context: WechatMiniprogram.CameraContext, taker: Taker): Source {
  let running = true;
  const timer = setTimeout(() => end("no frame arrived"), FIRST_FRAME_MS);
  const listener = context.onCameraFrame(({ data, width, height }) => {
    if (!running) return;
    clearTimeout(timer);
    const frame = frameOf(data, width, height);
    if (frame) taker.frame(frame);
  });
  function end(errMsg: string): void {
    if (!running) return;
    source.stop();
    taker.failed(errMsg);
  }
  const source: Source = {
    name: "camera",
    stop() {
      running = false;
      clearTimeout(timer);
      listener.stop();
    },
  };
  listener.start({ fail: ({ errMsg }) => end(errMsg) });
  return source;
}

export function startPhotos(context: WechatMiniprogram.CameraContext, taker: Taker): Source {
  let taking = false;
  let running = true;
  const timer = setInterval(() => {
    if (taking || !taker.isDue()) return;
    taking = true;
    context.takePhoto({
      quality: "low",
      success: ({ tempImagePath }) => {
        taking = false;
        if (running) taker.file(tempImagePath);
      },
      fail: ({ errMsg }) => {
        source.stop();
        taker.failed(errMsg);
      },
    });
  }, PHOTO_POLL_MS);
  const source: Source = {
    name: "photo",
    stop() {
      running = false;
      clearInterval(timer);
    },
  };
  return source;
}
