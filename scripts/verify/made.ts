/** Small pictures for commands that add and find thousands: each seed is another, quick to grade and to find. */

import jpeg from "jpeg-js";
import { collage } from "../../test/core/scenes.ts";

const SIDE_PX = 200;
const SHAPES = 60;
const QUALITY = 75;

/** A JPEG file of 200 × 200 px. */
export function madePicture(seed: number): Blob {
  return new Blob([madeJpeg(seed, SIDE_PX, SIDE_PX)], { type: "image/jpeg" });
}

export function madeJpeg(seed: number, width: number, height: number): Uint8Array<ArrayBuffer> {
  const { pixels } = collage(seed, width, height, SHAPES);
  const data = new Uint8Array(4 * width * height).fill(255);
  for (const [i, gray] of pixels.entries()) data.fill(gray, 4 * i, 4 * i + 3);
  return new Uint8Array(jpeg.encode({ width, height, data }, QUALITY).data);
}
