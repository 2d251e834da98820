/** One JPEG block at a time, from its bits to coefficients: sequential, and the four kinds of progressive scans (T.81, F.2 and G). */

import {
  ADVANCE_MASK,
  ADVANCE_SHIFT,
  BITS_LEAST,
  bitCount,
  bits,
  cursor,
  END_ADVANCE,
  extend,
  LENGTH_MASK,
  meaningOf,
  moveTo,
  SIZE_MASK,
  SIZE_SHIFT,
  skipBlock,
  VALUE_SHIFT,
  wordAt,
} from "./jpeg-huffman";

@unmanaged
export class Component {
  id: i32;
  /** Sampling factors. */
  across: i32;
  down: i32;
  quantization: i32;
  /** Gray does not need all: of the others, codes are only passed over. */
  isNeeded: bool;
  isScanned: bool;
  /** Huffman tables of the present scan. */
  dcTable: usize;
  acTable: usize;
  /** The DC coefficient of the block before. */
  prediction: i32;
  /** Blocks of the picture; rows in memory are `blockStride` of them, for whole MCUs. */
  blocksWide: i32;
  blocksHigh: i32;
  blockStride: i32;
  /** By zigzag index: place in a block, bytes, shifted by PLACE_SHIFT, and quantization step. */
  places: usize;
  /** Gray pixels, blockStride × side a row. */
  plane: usize;
  /** Progressive: the kept coefficients of each block (i16), and a bit for each that is not 0 (u64, by zigzag index). */
  coefficients: usize;
  masks: usize;
}

export const PLACE_SHIFT: i32 = 16;
const STEP_MASK: i32 = 0xffff;
/** The place of what is not kept: behind the largest block. */
export const NOT_KEPT: i32 = 128;
/** A block, and the place behind it. */
export const BLOCK_BYTES: i32 = 144;

/** Pixels a side of a decoded block, and the last zigzag index among its side × side lowest frequencies. */
let side: i32 = 8;
let lastKept: i32 = 63;
/** Of a progressive scan: its band, and the bit that its coefficients are given down to. */
let bandStart: i32 = 0;
let bandEnd: i32 = 0;
let lowBit: i32 = 0;
/** Blocks, from the present one on, that have nothing new in the band. */
let endRun: i32 = 0;

export function chooseKept(newSide: i32, newLastKept: i32): void {
  side = newSide;
  lastKept = newLastKept;
}

export function chooseBand(start: i32, end: i32, low: i32): void {
  bandStart = start;
  bandEnd = end;
  lowBit = low;
}

export function forgetEndRun(): void {
  endRun = 0;
}

/** Reads a block, dequantized. Returns the zigzag index of its last coefficient that is kept, or −1 where it is broken. */
export function readBlock(component: Component, block: usize): i32 {
  for (let i = 0; i < 2 * side * side; i += 16) v128.store(block + i, i64x2.splat(0));
  if (!readDc(component)) return -1;
  const places = component.places,
    table = component.acTable;
  store<i16>(block, component.prediction * (load<u32>(places) & STEP_MASK));
  let top = bits,
    count = bitCount,
    at = cursor,
    k = 1,
    last = 0;
  while (k <= lastKept) {
    if (count < BITS_LEAST) {
      top |= wordAt(at) >> count;
      at += (63 - count) >> 3;
      count |= 56;
    }
    const code = meaningOf(table, top);
    if (code == 0) return -1;
    top <<= code & LENGTH_MASK;
    count -= code & LENGTH_MASK;
    k += (code >> ADVANCE_SHIFT) & ADVANCE_MASK;
    if (k > 64) break;
    const size = (code >> SIZE_SHIFT) & SIZE_MASK;
    let value = <i32>code >> VALUE_SHIFT;
    if (size != 0) {
      value = extend(top, size);
      top <<= size;
      count -= size;
    }
    last = k - 1;
    const place = load<u32>(places + 4 * last);
    store<i16>(block + (place >> PLACE_SHIFT), value * (place & STEP_MASK));
  }
  moveTo(top, count, at);
  if (k < 64) return skipBlock(table, k) ? last : -1;
  return k == 64 || k >= END_ADVANCE ? last : -1;
}

/** Passes over a block; false where it is broken. */
export function skipWholeBlock(component: Component): bool {
  return readDc(component) && skipBlock(component.acTable, 1);
}

/** Reads the next DC coefficient into `component.prediction`; false where it is broken. */
function readDc(component: Component): bool {
  refill();
  const code = meaningOf(component.dcTable, bits);
  if (code == 0) return false;
  const length = code & LENGTH_MASK,
    size = (code >> SIZE_SHIFT) & SIZE_MASK;
  const value = size == 0 ? <i32>code >> VALUE_SHIFT : extend(bits << length, size);
  component.prediction += value;
  take(length + size);
  return true;
}

/** The first scan of dc. */
export function readDcFirst(component: Component, block: i32): bool {
  if (!readDc(component)) return false;
  if (component.isNeeded) store<i16>(coefficientsOf(component, block), component.prediction << lowBit);
  return true;
}

/** A scan that adds one bit to the dc. */
export function refineDc(component: Component, block: i32): bool {
  refill();
  const at = coefficientsOf(component, block);
  if (component.isNeeded) store<i16>(at, load<i16>(at) | ((<i32>(bits >> 63)) << lowBit));
  take(1);
  return true;
}

/** The first scan of a band. */
export function readAcFirst(component: Component, block: i32): bool {
  if (endRun > 0) {
    endRun--;
    return true;
  }
  const coefficients = coefficientsOf(component, block);
  let mask: u64 = 0,
    k = bandStart;
  while (k <= bandEnd) {
    refill();
    const code = meaningOf(component.acTable, bits);
    if (code == 0) return false;
    take(code & LENGTH_MASK);
    const advance = <i32>((code >> ADVANCE_SHIFT) & ADVANCE_MASK);
    if (advance == END_ADVANCE) {
      endRun = readEndRun(code) - 1;
      break;
    }
    k += advance;
    if (k > bandEnd + 1) return false;
    const value = readValue(code);
    if (value == 0) continue; // sixteen zeros
    keep(component, coefficients, k - 1, value << lowBit);
    mask |= (<u64>1) << (k - 1);
  }
  const masks = component.masks + 8 * block;
  store<u64>(masks, load<u64>(masks) | mask);
  return true;
}

/** A scan that adds one bit to a band: new coefficients, and between them a bit for each one that is not 0 already. */
export function refineAc(component: Component, block: i32): bool {
  const coefficients = coefficientsOf(component, block);
  const before = load<u64>(component.masks + 8 * block);
  let mask = before,
    k = bandStart;
  while (endRun == 0 && k <= bandEnd) {
    refill();
    const code = meaningOf(component.acTable, bits);
    if (code == 0) return false;
    take(code & LENGTH_MASK);
    const advance = <i32>((code >> ADVANCE_SHIFT) & ADVANCE_MASK);
    if (advance == END_ADVANCE) {
      endRun = readEndRun(code);
      break;
    }
    const value = readValue(code);
    if (value < -1 || value > 1) return false;
    k = refineUpTo(component, coefficients, before, k, advance - 1);
    if (value != 0) {
      if (k > bandEnd) return false;
      keep(component, coefficients, k, value << lowBit);
      mask |= (<u64>1) << k;
    }
    k++;
  }
  store<u64>(component.masks + 8 * block, mask);
  if (endRun > 0) {
    refineUpTo(component, coefficients, before, k, 64);
    endRun--;
  }
  return true;
}

/** Passes `zeros` zeros from `k` on and refines what is between; returns the index of the zero after them, or bandEnd + 1. */
function refineUpTo(component: Component, coefficients: usize, mask: u64, from: i32, zeros: i32): i32 {
  let k = from,
    left = zeros;
  while (k <= bandEnd) {
    const gap = min(<i32>ctz(mask >> k), bandEnd + 1 - k);
    if (left < gap) return k + left;
    left -= gap;
    k += gap;
    if (k <= bandEnd) refine(component, coefficients, k++);
  }
  return k;
}

function refine(component: Component, coefficients: usize, k: i32): void {
  refill();
  const grows = <i64>bits < 0;
  take(1);
  const place = load<u32>(component.places + 4 * k) >> PLACE_SHIFT;
  if (!grows || place == NOT_KEPT) return;
  const value = <i32>load<i16>(coefficients + place);
  store<i16>(coefficients + place, value + (value < 0 ? -1 << lowBit : 1 << lowBit));
}

function keep(component: Component, coefficients: usize, k: i32, value: i32): void {
  const place = load<u32>(component.places + 4 * k) >> PLACE_SHIFT;
  if (place != NOT_KEPT) store<i16>(coefficients + place, value);
}

/** A band that has ended in this block, and in how many with it. */
function readEndRun(code: u32): i32 {
  const size = code >> VALUE_SHIFT;
  if (size == 0) return 1;
  const more = <i32>(bits >> (64 - size));
  take(size);
  return (1 << size) + more;
}

function readValue(code: u32): i32 {
  const size = (code >> SIZE_SHIFT) & SIZE_MASK;
  if (size == 0) return <i32>code >> VALUE_SHIFT;
  const value = extend(bits, size);
  take(size);
  return value;
}

function coefficientsOf(component: Component, block: i32): usize {
  return component.coefficients + 2 * side * side * block;
}

/** Dequantizes a progressive block; true where it is flat, with nothing but its DC coefficient. */
export function dequantize(component: Component, index: i32, block: usize): bool {
  const coefficients = coefficientsOf(component, index);
  const isFlat = component.masks == 0 || load<u64>(component.masks + 8 * index) == 0;
  for (let k = 0; k <= (isFlat ? 0 : lastKept); k++) {
    const place = load<u32>(component.places + 4 * k);
    const offset = place >> PLACE_SHIFT;
    if (offset != NOT_KEPT) store<i16>(block + offset, load<i16>(coefficients + offset) * (place & STEP_MASK));
  }
  return isFlat;
}

function refill(): void {
  if (bitCount >= BITS_LEAST) return;
  const word = wordAt(cursor) >> bitCount;
  moveTo(bits | word, bitCount | 56, cursor + ((63 - bitCount) >> 3));
}

function take(count: u32): void {
  moveTo(bits << count, bitCount - count, cursor);
}
