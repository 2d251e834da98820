/** Decoders of others, that ours is compared with: jpeg-js and upng-js, at full size and to gray. */

import jpeg from "jpeg-js";
import UPNG from "upng-js";
import type { GrayImage } from "../../worker/core/core.ts";
import { luma } from "../../worker/image/gray.ts";

/** A JPEG as jpeg-js decodes it. `isRgb` where three components are no YCbCr: it does not see that itself. */
export function grayByJpegJs(file: Uint8Array, isRgb = false): GrayImage {
  const { width, height, data } = jpeg.decode(file, {
    useTArray: true,
    tolerantDecoding: false,
    maxMemoryUsageInMB: 2048,
    ...(isRgb && { colorTransform: false }),
  });
  return { width, height, pixels: grayOnWhite(data) };
}

/** A PNG as upng-js decodes it, for color types and depths that it reads right. */
export function grayByUpng(file: Uint8Array<ArrayBuffer>): GrayImage {
  const decoded = UPNG.decode(file.buffer);
  const rgba = new Uint8Array(UPNG.toRGBA8(decoded)[0] as ArrayBuffer);
  return { width: decoded.width, height: decoded.height, pixels: grayOnWhite(rgba) };
}

function grayOnWhite(rgba: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: rgba.length / 4 }, (_, i) => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(4 * i, 4 * i + 4);
    return 255 + ((luma(red, green, blue) - 255) * alpha) / 255;
  });
}

/** Each pixel the mean of `reduction` × `reduction`, of fewer at the right and lower edge. */
export function boxMeans({ width, height, pixels }: GrayImage, reduction: number): GrayImage {
  const [outWidth, outHeight] = [Math.ceil(width / reduction), Math.ceil(height / reduction)];
  const means = Array.from({ length: outWidth * outHeight }, (_, i) => {
    const [left, top] = [(i % outWidth) * reduction, Math.floor(i / outWidth) * reduction];
    let sum = 0;
    let count = 0;
    for (let y = top; y < Math.min(height, top + reduction); y++) {
      for (let x = left; x < Math.min(width, left + reduction); x++, count++) sum += pixels[y * width + x] as number;
    }
    return Math.round(sum / count);
  });
  return { width: outWidth, height: outHeight, pixels: Uint8Array.from(means) };
}

/** How far two images of the same size are apart, in gray levels. */
export function difference(a: GrayImage, b: GrayImage): { mean: number; most: number } {
  const apart = Array.from(a.pixels, (gray, i) => Math.abs(gray - (b.pixels[i] as number)));
  return {
    mean: apart.reduce((sum, value) => sum + value, 0) / apart.length,
    most: apart.reduce((most, value) => Math.max(most, value), 0),
  };
}
