/** JPEG to gray by the core's decoder: what its numbers mean to the user. */

import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { type Core, type GrayImage, NO_MEMORY, type Reduction } from "../core/core.ts";

/** In the order of assembly/jpeg.ts, from 1 on. */
const DAMAGES = [
  "it ends before its picture does",
  "its markers are broken",
  "a table in it is broken",
  "its frame header makes no sense",
  "a scan header in it makes no sense",
  "a code in its data is broken",
  "its data are shorter than its picture",
  "a restart marker is missing",
  "a part of the picture is missing",
  "it has more than a hundred scans",
];
/** They follow. */
const UNSUPPORTED = [
  "arithmetic coding",
  "lossless coding",
  "hierarchical coding",
  "more than 8 bits a sample",
  "a color space other than gray, YCbCr, RGB and Adobe's CMYK and YCCK",
];
const RETRY_SECONDS = 2;

/** A JPEG file at 1/`reduction` of its size, not yet turned upright, or 20007 (20006, 20015 where memory is missing). */
export function decodeJpeg(core: Core, bytes: Uint8Array, reduction: Reduction): Result<GrayImage> {
  const decoded = core.decodeJpeg(bytes, reduction);
  return typeof decoded === "number" ? failure(reasonOf(decoded)) : success(decoded);
}

function reasonOf(fault: number) {
  if (fault > NO_MEMORY + 1) return reasons.busy("not enough memory for a picture now", RETRY_SECONDS);
  if (fault > NO_MEMORY) {
    return reasons.tooLarge("decoding it takes too much memory; send it smaller, or as a baseline JPEG in YCbCr");
  }
  const damage = DAMAGES[fault - 1];
  if (damage) return reasons.notRecognized(`the JPEG file is damaged (${damage}); save it again and retry`);
  const kind = UNSUPPORTED[fault - 1 - DAMAGES.length];
  return reasons.notRecognized(`a JPEG file with ${kind} cannot be read; save it as baseline or progressive JPEG`);
}
