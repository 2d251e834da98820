/**
 * Where frames come from, behind one interface. A plugin is documented as having no onCameraFrame, phones differ, so it is
 * tried: where no frame arrives in time, VisionKit's texture is, and photos are taken where that gives none either.
 */

import { type Frame, frameOf } from "../scanner/frame.ts";
import type { Fault } from "../scanner/scan.ts";
import type { MarkerSession } from "./track.ts";

export type SourceName = "camera" | "vk" | "photo" | "host";

export interface Taker {
  frame(frame: Frame): void;
  /** A picture in a file of the platform's. */
  file(path: string): void;
  /** Whether a picture would be sent now. */
  isDue(): boolean;
  /** The long side of a frame as detailed as the next picture that is sent, px. */
  wantedPx(): number;
  /** This source does not work here. */
  failed(errMsg: string): void;
  /** The user or the platform's rules keep the camera from every source. */
  refused(fault: Fault): void;
}

/** A picture in a file, px. */
export interface Snapshot {
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

export interface Source {
  readonly name: SourceName;
  /** VisionKit's, which tracks markers as well. */
  readonly session?: MarkerSession;
  /** Of what is on the screen, where `<camera>` is not. */
  snapshot?(): Promise<Snapshot>;
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

export function snapshotOf(context: WechatMiniprogram.CameraContext): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const fail = ({ errMsg }: { errMsg: string }) => reject(new Error(errMsg));
    context.takePhoto({
      quality: "high",
      success: ({ tempImagePath: path }) =>
        wx.getImageInfo({ src: path, success: ({ width, height }) => resolve({ path, width, height }), fail }),
      fail,
    });
  });
}
