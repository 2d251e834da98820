/** The camera behind a video element: the back one on phones, opened and closed. */

import type { Trouble } from "./scan.ts";

export async function openCamera(video: HTMLVideoElement): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 } },
    audio: false,
  });
  video.srcObject = stream;
  await video.play();
}

export function closeCamera(video: HTMLVideoElement): void {
  for (const track of tracksOf(video)) track.stop();
  video.srcObject = null;
}

/** Calls back when the camera goes away by itself: unplugged, or its permission withdrawn. */
export function onCameraEnded(video: HTMLVideoElement, ended: () => void): void {
  for (const track of tracksOf(video)) track.addEventListener("ended", ended);
}

export function cameraTrouble(error: unknown): Trouble {
  // Pages that are neither HTTPS nor localhost have no mediaDevices at all.
  if (!navigator.mediaDevices) return "cameraInsecure";
  return error instanceof DOMException && error.name === "NotAllowedError" ? "cameraRefused" : "cameraMissing";
}

function tracksOf(video: HTMLVideoElement): MediaStreamTrack[] {
  return video.srcObject instanceof MediaStream ? video.srcObject.getTracks() : [];
}
