/** Turns a decoded picture upright. */

import type { GrayImage } from "../core/core.ts";

/**
 * Applies an EXIF orientation: 2 mirrored, 3 half turn, 4 flipped, 5 transposed, 6 needs a quarter turn clockwise,
 * 7 transversed, 8 needs a quarter turn counterclockwise.
 */
export function orient(image: GrayImage, orientation: number): GrayImage {
  if (orientation === 1) return image;
  const { width, height, pixels } = image;
  const swapped = orientation >= 5;
  const fromRight = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const fromBottom = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const upright = new Uint8Array(pixels.length);
  const outWidth = swapped ? height : width;
  const outHeight = swapped ? width : height;
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
