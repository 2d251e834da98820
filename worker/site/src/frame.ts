/** What is sent of a camera picture or photo: shrunk to the protocol's long side, as JPEG. */

import { FRAME_SIDE_PX } from "../../../shared/protocol.ts";

const JPEG_QUALITY = 0.7;

export interface Size {
  readonly width: number;
  readonly height: number;
}

const canvas = document.createElement("canvas");

export async function encodeFrame(source: CanvasImageSource, size: Size): Promise<Blob> {
  const scale = Math.min(1, FRAME_SIDE_PX / Math.max(size.width, size.height));
  canvas.width = Math.max(1, Math.round(size.width * scale));
  canvas.height = Math.max(1, Math.round(size.height * scale));
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.imageSmoothingQuality = "high";
  // JPEG has no transparency: without a ground, clear pixels of a PNG would turn black.
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", JPEG_QUALITY));
  if (!blob) throw new Error(`no JPEG of ${canvas.width} × ${canvas.height} px`);
  return blob;
}
