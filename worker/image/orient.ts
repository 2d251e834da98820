/** Turns a decoded picture upright. */

import type { Size } from "../core/camera.ts";
import type { GrayImage } from "../core/core.ts";

/** Orientations from this one on lie on their side. */
const FIRST_SIDEWAYS = 5;

/**
 * Applies an EXIF orientation: 2 mirrored, 3 half turn, 4 flipped, 5 transposed, 6 needs a quarter turn clockwise,
 * 7 transversed, 8 needs a quarter turn counterclockwise.
 */
export function orient(image: GrayImage, orientation: number): GrayImage {
  if (orientation === 1) return image;
  const { width, height, pixels } = image;
  const swapped = orientation >= FIRST_SIDEWAYS;
  const fromRight = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const fromBottom = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const upright = new Uint8Array(pixels.length);
  const { width: outWidth, height: outHeight } = uprightSize(image, orientation);
  for (let y = 0, out = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++, out++) {
      const column = swapped ? y : x;
      const row = swapped ? x : y;
      const sourceX = fromRight ? width - 1 - column : column;
      const sourceY = fromBottom ? height - 1 - row : row;
      upright[out] = pixels[sourceY * width + sourceX] as number;
    }
  }
  return { width: outWidth, height: outHeight, pixels: upright };
}

/** The size that a picture of this orientation has when it is turned upright. */
export function uprightSize({ width, height }: Size, orientation: number): Size {
  return orientation >= FIRST_SIDEWAYS ? { width: height, height: width } : { width, height };
}
