/** The stage: shows the camera or a photo, knows where the picture stands in it, and hands out what is sent. */

import { byId } from "./dom.ts";
import { encodeFrame, type Size } from "./frame.ts";
import type { Source } from "./scan.ts";

/** In CSS px of the viewport. */
export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

export const video = byId("camera", HTMLVideoElement);
const photo = byId("photo", HTMLImageElement);
const welcome = byId("welcome", HTMLElement);

export function showSource(source: Source): void {
  welcome.hidden = source !== "none";
  video.hidden = source !== "camera";
  photo.hidden = source !== "photo";
}

/** Rejects when the browser cannot read it as a picture. */
export async function loadPhoto(picture: Blob): Promise<void> {
  URL.revokeObjectURL(photo.src);
  photo.src = URL.createObjectURL(picture);
  await photo.decode();
  if (photo.naturalWidth === 0) throw new Error("a picture without a size");
}

export function grabFrame(): Promise<Blob> {
  return encodeFrame(video.hidden ? photo : video, sourceSize());
}

/** Where the picture stands in the viewport; undefined when none is shown. */
export function pictureBox(): Box | undefined {
  const size = sourceSize();
  if (!size.width || (video.hidden && photo.hidden)) return undefined;
  const element = video.hidden ? photo : video;
  const scale = Math.min(element.clientWidth / size.width, element.clientHeight / size.height);
  const width = size.width * scale;
  const height = size.height * scale;
  return {
    left: element.offsetLeft + (element.clientWidth - width) / 2,
    top: element.offsetTop + (element.clientHeight - height) / 2,
    width,
    height,
  };
}

function sourceSize(): Size {
  return video.hidden
    ? { width: photo.naturalWidth, height: photo.naturalHeight }
    : { width: video.videoWidth, height: video.videoHeight };
}
