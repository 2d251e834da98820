/** The camera of a browser: opened, read frame by frame at the size that the scanner works with, closed. */

import { codes } from "../miniprogram/scanner/faults.ts";
import { type Frame, frameOf } from "../miniprogram/scanner/frame.ts";
import type { Fault } from "../miniprogram/scanner/scan.ts";

/** As a mini-program's medium frames: the scanner sends 640 px at most. */
const SHORT_SIDE_PX = 480;

export interface Taker {
  frame(frame: Frame): void;
  /** The camera went away by itself: unplugged, or its permission withdrawn. */
  ended(): void;
}

/** Shows the camera in `video` and hands its frames out, until the signal closes it; rejects as getUserMedia does. */
export async function openCamera(
  video: HTMLVideoElement,
  facingMode: string,
  taker: Taker,
  signal: AbortSignal,
): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode, width: { ideal: 1280 }, height: { ideal: 720 } },
    audio: false,
  });
  if (signal.aborted) return close(video, stream);
  signal.addEventListener("abort", () => close(video, stream), { once: true });
  for (const track of stream.getTracks()) track.addEventListener("ended", taker.ended);
  video.srcObject = stream;
  readFrames(video, stream, taker);
  await video.play();
}

function close(video: HTMLVideoElement, stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
  if (video.srcObject === stream) video.srcObject = null;
}

function readFrames(video: HTMLVideoElement, stream: MediaStream, taker: Taker): void {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return;
  const next = () => {
    // Firefox has it since 132; without it, every repaint looks.
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(look);
    else requestAnimationFrame(look);
  };
  const look = () => {
    if (video.srcObject !== stream) return;
    const frame = read(video, context);
    if (frame) taker.frame(frame);
    next();
  };
  next();
}

/** Undefined while the video has no size yet. */
function read(video: HTMLVideoElement, context: CanvasRenderingContext2D): Frame | undefined {
  const { videoWidth, videoHeight } = video;
  if (!videoWidth || !videoHeight) return undefined;
  const scale = Math.min(1, SHORT_SIDE_PX / Math.min(videoWidth, videoHeight));
  const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
  const { canvas } = context;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.drawImage(video, 0, 0, width, height);
  return frameOf(context.getImageData(0, 0, width, height).data.buffer, width, height);
}

/** Why there is no camera, and what to do. */
export function cameraFault(error: unknown): Fault {
  const { name, message } = error as DOMException;
  const fault = { recoverable: false, cause: error };
  if (!navigator.mediaDevices) {
    return {
      ...fault,
      errCode: codes.cameraUnavailable,
      errMsg: "browsers open a camera for HTTPS and localhost only",
    };
  }
  if (name === "NotAllowedError") {
    const errMsg = `the camera was refused: allow it in the browser's site settings (${message})`;
    return { ...fault, errCode: codes.cameraRefused, errMsg, isCameraAuthDenied: true };
  }
  return { ...fault, errCode: codes.cameraUnavailable, errMsg: `the camera is not available: ${message}` };
}

export const cameraEnded: Fault = {
  errCode: codes.cameraUnavailable,
  errMsg: "the camera has gone away: it was unplugged, or another app took it",
  recoverable: false,
};
