/**
 * What a file claims to be, from its first bytes: format, size and orientation, without decoding.
 * A picture's size is known here, so that a small file that claims 20000 × 20000 px costs nothing.
 */

import type { Size } from "../core/camera.ts";

export interface Header extends Size {
  readonly format: "jpeg" | "png";
  /** EXIF orientation, 1–8 (CIPA DC-008, 4.6.5.1.6); 1 is upright. */
  readonly orientation: number;
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const TIFF = 42;

/** The header of a JPEG or PNG file, or undefined where it is neither or ends too early. */
export function readHeader(bytes: Uint8Array): Header | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (PNG_SIGNATURE.every((byte, i) => bytes[i] === byte)) return readPngHeader(view);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return readJpegHeader(view);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // a read past the end: truncated
  }
  return undefined;
}

function readPngHeader(view: DataView): Header | undefined {
  if (view.getUint32(12) !== 0x49484452 /* IHDR */) return undefined;
  return sized({ format: "png", width: view.getUint32(16), height: view.getUint32(20), orientation: 1 });
}

/** Walks the marker segments up to the frame header (ITU-T T.81, B.1.1 and B.2.2). */
function readJpegHeader(view: DataView): Header | undefined {
  let orientation: number | undefined;
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const length = view.getUint16(at + 2);
    if (marker === 0xda || marker === 0xd9) return undefined; // scan or end before any frame header
    if (isFrameHeader(marker)) {
      const size = { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
      return sized({ format: "jpeg", ...size, orientation: orientation ?? 1 });
    }
    if (marker === 0xe1) orientation ??= readExifOrientation(view, at + 4, length - 2); // a large EXIF goes on in more segments
    at += 2 + length;
  }
}

/** Or the header of a hierarchy (T.81, B.3.2), which has the size of its last frame in the same place. */
function isFrameHeader(marker: number): boolean {
  if (marker === 0xde) return true;
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function sized(header: Header): Header | undefined {
  return header.width > 0 && header.height > 0 ? header : undefined;
}

/** The orientation tag of an APP1 segment; undefined where the segment holds none or makes no sense. */
function readExifOrientation(view: DataView, start: number, length: number): number | undefined {
  const tiff = start + 6;
  const end = Math.min(start + length, view.byteLength);
  if (end - tiff < 14 || view.getUint32(start) !== 0x45786966 /* Exif */) return undefined;
  const little = view.getUint16(tiff) === 0x4949;
  if (view.getUint16(tiff + 2, little) !== TIFF) return undefined;
  const directory = tiff + view.getUint32(tiff + 4, little);
  if (directory + 2 > end) return undefined;
  const count = view.getUint16(directory, little);
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > end) return undefined;
    if (view.getUint16(entry, little) !== 0x0112) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}
