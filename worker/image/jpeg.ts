/** JPEG to gray by jpeg-js: baseline and progressive, one, three or four components. */

import jpeg from "jpeg-js";
import type { GrayImage } from "../core/core.ts";
import { grayFromRgba } from "./gray.ts";
import type { Header } from "./header.ts";

/** jpeg-js keeps coefficients, samples and RGBA at once: up to 40 bytes a pixel. */
const MEMORY_BYTES_PER_PIXEL = 48;
const MEMORY_FLOOR_MB = 16;

/**
 * Decodes a JPEG whose header is `header`. Throws an Error on anything broken or cut off: jpeg-js reads zeros past the
 * end, so a file too short to hold a bit for each block is refused before it would be decoded to gray at full cost.
 */
export function decodeJpeg(bytes: Uint8Array, header: Header): GrayImage {
  const pixelCount = header.width * header.height;
  if (bytes.length < pixelCount / 64 / 8) throw new Error("it ends before its picture does");
  const { data } = jpeg.decode(bytes, {
    useTArray: true,
    tolerantDecoding: false,
    maxResolutionInMP: pixelCount / 1e6 + 1,
    maxMemoryUsageInMB: MEMORY_FLOOR_MB + (pixelCount * MEMORY_BYTES_PER_PIXEL) / 2 ** 20,
  });
  return { width: header.width, height: header.height, pixels: grayFromRgba(data) };
}
