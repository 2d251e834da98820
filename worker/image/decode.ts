/** From an uploaded file to gray pixels, upright: limits first, then the header, then the decoder. */

import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { GrayImage } from "../core/core.ts";
import { type Header, readHeader } from "./header.ts";
import { decodeJpeg } from "./jpeg.ts";
import { orient } from "./orient.ts";
import { decodePng } from "./png.ts";

export interface ImageLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
  /** Least px of the shorter side. */
  readonly minSide: number;
}

export async function decodeImage(bytes: Uint8Array, limits: ImageLimits): Promise<Result<GrayImage>> {
  const checked = checkImage(bytes, limits);
  if (!checked.ok) return checked;
  const header = checked.value;
  try {
    const image = header.format === "jpeg" ? decodeJpeg(bytes, header) : await decodePng(bytes, header);
    return success(orient(image, header.orientation));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return failure(
      reasons.notRecognized(`the ${header.format.toUpperCase()} file is damaged (${detail}); save it again and retry`),
    );
  }
}

/** What can be refused without decoding. */
function checkImage(bytes: Uint8Array, limits: ImageLimits): Result<Header> {
  if (bytes.length > limits.maxBytes) {
    return failure(reasons.tooLarge(`${bytes.length} bytes, at most ${limits.maxBytes} are accepted`));
  }
  const header = readHeader(bytes);
  if (!header) return failure(reasons.notRecognized("send a JPEG or PNG picture, whole and undamaged"));
  const { width, height } = header;
  if (width * height > limits.maxPixels) {
    return failure(
      reasons.tooLarge(`${width} × ${height} px, at most ${limits.maxPixels / 1e6} million pixels are accepted`),
    );
  }
  if (Math.min(width, height) < limits.minSide) {
    return failure(
      reasons.tooLittleDetail(`${width} × ${height} px, the shorter side needs at least ${limits.minSide} px`),
    );
  }
  return success(header);
}
