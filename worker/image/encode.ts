/** Gray pixels as a JPEG file that any viewer and tracker reads: one component, baseline, no metadata. */

import wasm from "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm";
import encode, { init } from "@jsquash/jpeg/encode.js";
import type { GrayImage } from "../core/core.ts";

/** Of MozJPEG; above it files grow faster than what a tracker sees of them. */
const QUALITY = 85;
const GRAYSCALE = 1;

let ready: Promise<void> | undefined;

/** The encoder's own memory, about five bytes a pixel and 16 MB, is taken with the first picture. */
export async function encodeJpeg(image: GrayImage): Promise<ArrayBuffer> {
  ready ??= init(wasm);
  await ready;
  return encode(rgbaOf(image), { quality: QUALITY, color_space: GRAYSCALE, baseline: true, progressive: false });
}

/** The encoder takes colors only. */
function rgbaOf({ width, height, pixels }: GrayImage) {
  const data = new Uint8ClampedArray(4 * pixels.length);
  for (const [i, gray] of pixels.entries()) data.fill(gray, 4 * i, 4 * i + 3);
  return { width, height, data, colorSpace: "srgb" as const };
}
