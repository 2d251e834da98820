/**
 * Segments: the features of many targets as one immutable object in R2, in blocks that can be read and checked one by
 * one. Byte by byte in FORMAT.md.
 */

import { crc32 } from "../../shared/crc32.ts";
import { TARGET_FEATURE_BYTES, TARGET_FEATURES_MAX, type Target } from "../core/core.ts";

export const FORMAT_VERSION = 2;
/** The model that made the features; another one means extracting again from the originals. */
export const DESCRIPTOR_VERSION = 2;

const MAGIC = 0x47534d4c; // "LMSG"
const TARGET_HEADER_BYTES = 10;
const CHECKSUM_BYTES = 4;
/** Up to 1.1 MB. */
const BLOCK_TARGETS = 256;
const HEADER_BYTES = 16;
const HEADER_BLOCK_BYTES = 8;
/** With its blocks and its checksum, so that one read always gets all of it. */
const HEADER_BYTES_MOST = 4096;

export interface NumberedTarget {
  /** The catalog's number of the image. */
  readonly id: number;
  readonly target: Target;
}

/** Reads bytes of a segment from where it lies; all that are asked for, or it throws. */
export type ReadRange = (offset: number, length: number) => Promise<Uint8Array>;

interface Block {
  readonly offset: number;
  readonly bytes: number;
  readonly targetCount: number;
}

/** Up to BLOCK_TARGETS targets as a segment holds them. */
export interface WrittenBlock {
  readonly targetCount: number;
  readonly bytes: Uint8Array;
}

export function writeSegment(targets: readonly NumberedTarget[]): Uint8Array {
  const blocks: WrittenBlock[] = [];
  for (let i = 0; i < targets.length; i += BLOCK_TARGETS) blocks.push(writeBlock(targets.slice(i, i + BLOCK_TARGETS)));
  return joinBlocks(blocks);
}

/** A segment of blocks, where they were written one at a time. */
export function joinBlocks(blocks: readonly WrittenBlock[]): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES + HEADER_BLOCK_BYTES * blocks.length + CHECKSUM_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, FORMAT_VERSION, true);
  view.setUint16(6, DESCRIPTOR_VERSION, true);
  view.setUint32(
    8,
    blocks.reduce((sum, { targetCount }) => sum + targetCount, 0),
    true,
  );
  view.setUint32(12, blocks.length, true);
  for (const [i, { targetCount, bytes }] of blocks.entries()) {
    const at = HEADER_BYTES + HEADER_BLOCK_BYTES * i;
    view.setUint32(at, targetCount, true);
    view.setUint32(at + 4, bytes.length, true);
  }
  return joined([withChecksum(header), ...blocks.map(({ bytes }) => bytes)]);
}

/** The targets of a whole segment. Throws an Error that says what is wrong with it. */
export function readSegment(bytes: Uint8Array): NumberedTarget[] {
  requireVersion(bytes);
  const blocks = readHeader(bytes, bytes.length);
  return blocks.flatMap((block, i) => readBlock(bytes.subarray(block.offset, block.offset + block.bytes), block, i));
}

/** The same block by block, so that a large segment is never in memory whole. `size` is the segment's, in bytes. */
export async function* readSegmentBlocks(size: number, read: ReadRange): AsyncGenerator<NumberedTarget[]> {
  const start = await read(0, Math.min(size, HEADER_BYTES_MOST));
  requireVersion(start);
  for (const [i, block] of readHeader(start, size).entries()) {
    yield readBlock(await read(block.offset, block.bytes), block, i);
  }
}

export function writeBlock(targets: readonly NumberedTarget[]): WrittenBlock {
  const featureBytes = targets.reduce((sum, { target }) => sum + target.features.length, 0);
  const block = new Uint8Array(TARGET_HEADER_BYTES * targets.length + featureBytes + CHECKSUM_BYTES);
  const view = new DataView(block.buffer);
  let at = 0;
  for (const { id, target } of targets) {
    view.setUint32(at, id, true);
    view.setUint16(at + 4, target.width, true);
    view.setUint16(at + 6, target.height, true);
    view.setUint16(at + 8, target.features.length / TARGET_FEATURE_BYTES, true);
    block.set(target.features, at + TARGET_HEADER_BYTES);
    at += TARGET_HEADER_BYTES + target.features.length;
  }
  return { targetCount: targets.length, bytes: withChecksum(block) };
}

function requireVersion(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  if (bytes.length < HEADER_BYTES) throw new Error(`a segment of ${bytes.length} bytes is too short`);
  if (view.getUint32(0, true) !== MAGIC)
    throw new Error(`not a segment: it begins with ${view.getUint32(0, true).toString(16)}`);
  const format = view.getUint16(4, true);
  const descriptor = view.getUint16(6, true);
  if (format !== FORMAT_VERSION || descriptor !== DESCRIPTOR_VERSION) {
    throw new Error(
      `segment of format ${format} with descriptors ${descriptor}; this version reads ${FORMAT_VERSION} and ${DESCRIPTOR_VERSION}`,
    );
  }
}

/** Where the blocks of a segment of `size` bytes lie; `bytes` are its first. */
function readHeader(bytes: Uint8Array, size: number): Block[] {
  const view = viewOf(bytes);
  const blockCount = view.getUint32(12, true);
  const headerBytes = HEADER_BYTES + HEADER_BLOCK_BYTES * blockCount + CHECKSUM_BYTES;
  if (headerBytes > Math.min(bytes.length, HEADER_BYTES_MOST)) {
    throw new Error(`a segment of ${size} bytes cannot have ${blockCount} blocks`);
  }
  requireChecksum(bytes.subarray(0, headerBytes), "the segment's header");
  const blocks: Block[] = [];
  let [offset, targetCount] = [headerBytes, 0];
  for (let i = 0; i < blockCount; i++) {
    const at = HEADER_BYTES + HEADER_BLOCK_BYTES * i;
    const block = { offset, targetCount: view.getUint32(at, true), bytes: view.getUint32(at + 4, true) };
    offset += block.bytes;
    targetCount += block.targetCount;
    blocks.push(block);
  }
  if (offset !== size) throw new Error(`the segment has ${size} bytes, and ${offset} by its header`);
  if (targetCount !== view.getUint32(8, true))
    throw new Error("the segment's header counts other targets than its blocks");
  return blocks;
}

function readBlock(bytes: Uint8Array, { targetCount }: Block, number: number): NumberedTarget[] {
  requireChecksum(bytes, `block ${number} of the segment`);
  return readTargets(bytes.subarray(0, -CHECKSUM_BYTES), targetCount);
}

function readTargets(bytes: Uint8Array, count: number): NumberedTarget[] {
  const view = viewOf(bytes);
  const targets: NumberedTarget[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const first = at + TARGET_HEADER_BYTES;
    const featureCount = first <= bytes.length ? view.getUint16(at + 8, true) : 0;
    const next = first + featureCount * TARGET_FEATURE_BYTES;
    if (next > bytes.length) throw new Error("the segment's targets go past its end");
    if (featureCount > TARGET_FEATURES_MAX)
      throw new Error(`a target of the segment has ${featureCount} features; ${TARGET_FEATURES_MAX} are the most`);
    const [width, height] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
    if (width === 0 || height === 0) throw new Error(`a target of the segment is ${width} × ${height} px`);
    targets.push({ id: view.getUint32(at, true), target: { width, height, features: bytes.slice(first, next) } });
    at = next;
  }
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes follow the segment's targets`);
  return targets;
}

function withChecksum(bytes: Uint8Array): Uint8Array {
  const covered = bytes.length - CHECKSUM_BYTES;
  viewOf(bytes).setUint32(covered, crc32(bytes.subarray(0, covered)), true);
  return bytes;
}

function requireChecksum(bytes: Uint8Array, what: string): void {
  const covered = bytes.length - CHECKSUM_BYTES;
  if (covered < 0) throw new Error(`${what} is too short`);
  if (viewOf(bytes).getUint32(covered, true) !== crc32(bytes.subarray(0, covered))) {
    throw new Error(`the checksum of ${what} is wrong`);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
