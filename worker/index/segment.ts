/** Segments: the features of many targets as one immutable object in R2. Byte by byte in FORMAT.md. */

import { crc32 } from "../../shared/crc32.ts";
import { TARGET_FEATURE_BYTES, type Target } from "../core/core.ts";

export const FORMAT_VERSION = 1;
/** The model that made the features; another one means extracting again from the originals. */
export const DESCRIPTOR_VERSION = 1;

const MAGIC = 0x47534d4c; // "LMSG"
const HEADER_BYTES = 12;
const TARGET_HEADER_BYTES = 10;
const CHECKSUM_BYTES = 4;

export interface NumberedTarget {
  /** The catalog's number of the image. */
  readonly id: number;
  readonly target: Target;
}

export function writeSegment(targets: readonly NumberedTarget[]): Uint8Array {
  const featureBytes = targets.reduce((sum, { target }) => sum + target.features.length, 0);
  const bytes = new Uint8Array(HEADER_BYTES + TARGET_HEADER_BYTES * targets.length + featureBytes + CHECKSUM_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, FORMAT_VERSION, true);
  view.setUint16(6, DESCRIPTOR_VERSION, true);
  view.setUint32(8, targets.length, true);
  let at = HEADER_BYTES;
  for (const { id, target } of targets) {
    view.setUint32(at, id, true);
    view.setUint16(at + 4, target.width, true);
    view.setUint16(at + 6, target.height, true);
    view.setUint16(at + 8, target.features.length / TARGET_FEATURE_BYTES, true);
    bytes.set(target.features, at + TARGET_HEADER_BYTES);
    at += TARGET_HEADER_BYTES + target.features.length;
  }
  view.setUint32(at, crc32(bytes.subarray(0, at)), true);
  return bytes;
}

/** The targets of a segment. Throws an Error that says what is wrong with it. */
export function readSegment(bytes: Uint8Array): NumberedTarget[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < HEADER_BYTES) throw new Error(`a segment of ${bytes.length} bytes is too short`);
  if (view.getUint32(0, true) !== MAGIC)
    throw new Error(`not a segment: it begins with ${view.getUint32(0, true).toString(16)}`);
  const format = view.getUint16(4, true);
  const descriptor = view.getUint16(6, true);
  if (format !== FORMAT_VERSION || descriptor !== DESCRIPTOR_VERSION) {
    throw new Error(
      `segment of format ${format} with descriptors ${descriptor}; this version reads ${FORMAT_VERSION} and ${DESCRIPTOR_VERSION}`,
    );
  }
  if (view.getUint32(end, true) !== crc32(bytes.subarray(0, end))) throw new Error("the segment's checksum is wrong");
  const targets: NumberedTarget[] = [];
  let at = HEADER_BYTES;
  for (let i = view.getUint32(8, true); i > 0; i--) {
    const first = at + TARGET_HEADER_BYTES;
    const featureCount = first <= end ? view.getUint16(at + 8, true) : 0;
    const next = first + featureCount * TARGET_FEATURE_BYTES;
    if (next > end) throw new Error("the segment's targets go past its end");
    const target = {
      width: view.getUint16(at + 4, true),
      height: view.getUint16(at + 6, true),
      features: bytes.slice(first, next),
    };
    targets.push({ id: view.getUint32(at, true), target });
    at = next;
  }
  if (at !== end) throw new Error(`${end - at} bytes follow the segment's targets`);
  return targets;
}
