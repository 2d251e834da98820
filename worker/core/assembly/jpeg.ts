/**
 * JPEG files straight to gray at 1/1, 1/2, 1/4 or 1/8 of their size (ITU-T T.81; baseline, extended and progressive,
 * 8 bits). Gray needs one component of a usual picture, so the codes of the others are only passed over; a smaller
 * size needs only the low frequencies (jpeg-idct.ts). All memory is reckoned and reserved before it is taken.
 */

import {
  BLOCK_BYTES,
  Component,
  chooseBand,
  chooseKept,
  dequantize,
  forgetEndRun,
  NOT_KEPT,
  PLACE_SHIFT,
  readAcFirst,
  readBlock,
  readDcFirst,
  refineAc,
  refineDc,
  skipWholeBlock,
} from "./jpeg-blocks";
import { buildTable, defineTable, HUFFMAN_TABLE_BYTES, HuffmanTable, isOverrun, openSegment } from "./jpeg-huffman";
import { inverse2, inverse4, inverse8, inverseFlat } from "./jpeg-idct";
import { allocate, RESERVED, reserve } from "./memory";

/** What `decodeJpeg` returns; worker/image/jpeg.ts has the words for it. */
const DONE: i32 = 0;
const TRUNCATED: i32 = 1;
const BROKEN_MARKERS: i32 = 2;
const BROKEN_TABLE: i32 = 3;
const BROKEN_FRAME: i32 = 4;
const BROKEN_SCAN: i32 = 5;
const BROKEN_CODE: i32 = 6;
const SHORT_DATA: i32 = 7;
const RESTART_MISSING: i32 = 8;
const PART_MISSING: i32 = 9;
const TOO_MANY_SCANS: i32 = 10;
const ARITHMETIC: i32 = 11;
const LOSSLESS: i32 = 12;
const HIERARCHICAL: i32 = 13;
const MORE_BITS: i32 = 14;
const UNKNOWN_COLORS: i32 = 15;
/** Memory: `reserve`'s answers, shifted. */
const NO_MEMORY: i32 = 16;

/** Encoders write ten or so. More would let a small file keep the decoder busy for minutes. */
const SCANS_MOST: i32 = 100;
const COMPONENTS_MOST: i32 = 4;
/** T.81, B.2.3. */
const MCU_BLOCKS_MOST: i32 = 10;
/** What a broken MCU can read past the end of the file before that is noticed. */
export const JPEG_READ_AHEAD_BYTES: usize = 4096;

/** Where its components carry gray. */
const GRAY: i32 = 0;
const RGB: i32 = 1;
const CMYK: i32 = 2;
const YCCK: i32 = 3;

/** Row × 8 + column by zigzag index. */
const ZIGZAG = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
]);

/** The decoded picture: rows without gaps. */
export let jpegPixels: usize = 0;
export let jpegWidth: i32 = 0;
export let jpegHeight: i32 = 0;

let fileEnd: usize = 0;
/** Pixels a side of a decoded block: 8, 4, 2 or 1. */
let side: i32 = 8;
let isProgressive: bool = false;
let fullWidth: i32 = 0;
let fullHeight: i32 = 0;
let acrossMost: i32 = 0;
let downMost: i32 = 0;
let mcusWide: i32 = 0;
let mcusHigh: i32 = 0;
let componentCount: i32 = 0;
let colors: i32 = GRAY;
/** The Adobe segment's color transform, or −1 without such a segment. */
let adobeTransform: i32 = -1;
let restartInterval: i32 = 0;
let scanCount: i32 = 0;
let isAllocated: bool = false;

let components: usize = 0;
/** Components of the present scan: their numbers, u8. */
let scanned: usize = 0;
let scannedCount: i32 = 0;
let isRefining: bool = false;
let isDcScan: bool = false;
/** The marker after its data. */
let scanEnd: usize = 0;
/** Four for DC coefficients, then four for AC. */
let huffmanTables: usize = 0;
/** Four of 64 steps, u16 by zigzag index, and whether they are defined, u8 each. */
let quantizations: usize = 0;
let hasQuantization: usize = 0;
let block: usize = 0;

/**
 * Decodes the file at `file`, which is overwritten and followed by JPEG_READ_AHEAD_BYTES, at 1/`reduction` of its size,
 * rounded up. Returns 0 and sets the three variables above, or says what is wrong.
 */
export function decodeJpeg(file: usize, bytes: i32, reduction: i32): i32 {
  fileEnd = file + bytes;
  side = 8 / reduction;
  const refusal = reset();
  return refusal != DONE ? refusal : readSegments(file + 2);
}

function reset(): i32 {
  const componentBytes = COMPONENTS_MOST * offsetof<Component>();
  const tableBytes = 8 * HUFFMAN_TABLE_BYTES;
  const answer = reserve(componentBytes + tableBytes + 4 * 128 + BLOCK_BYTES + 256);
  if (answer != RESERVED) return NO_MEMORY + answer;
  components = cleared(componentBytes);
  huffmanTables = cleared(tableBytes);
  quantizations = cleared(4 * 128);
  hasQuantization = cleared(4);
  scanned = cleared(COMPONENTS_MOST);
  block = cleared(BLOCK_BYTES);
  isProgressive = false;
  componentCount = 0;
  adobeTransform = -1;
  restartInterval = 0;
  scanCount = 0;
  isAllocated = false;
  chooseKept(side, side == 8 ? 63 : side == 4 ? 24 : side == 2 ? 4 : 0);
  return DONE;
}

function cleared(bytes: usize): usize {
  const start = allocate(bytes);
  memory.fill(start, 0, bytes);
  return start;
}

/** Marker segment by marker segment up to the end of the picture (T.81, B.1.1). */
function readSegments(start: usize): i32 {
  let at = start;
  while (at + 2 <= fileEnd) {
    if (load<u8>(at) != 0xff) return BROKEN_MARKERS;
    const marker = load<u8>(at, 1);
    if (marker == 0xd9) return finish();
    if (marker == 0xff) {
      at += 1; // fill byte
      continue;
    }
    if (marker >= 0xd0 && marker <= 0xd7) {
      at += 2; // a restart that nothing follows
      continue;
    }
    if (at + 4 > fileEnd) return TRUNCATED;
    const length = readU16(at + 2);
    if (length < 2 || marker < 0xc0) return BROKEN_MARKERS;
    if (at + 2 + length > fileEnd) return TRUNCATED;
    const content = at + 4;
    at += 2 + length;
    const fault = marker == 0xda ? readScan(content, at) : readSegment(marker, content, at);
    if (fault != DONE) return fault;
    if (marker == 0xda) at = scanEnd;
  }
  return TRUNCATED;
}

function readSegment(marker: i32, at: usize, end: usize): i32 {
  if (marker == 0xc4) return readHuffmanTables(at, end);
  if (marker == 0xdb) return readQuantizations(at, end);
  if (marker == 0xcc) return ARITHMETIC;
  if (marker == 0xde) return HIERARCHICAL;
  if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc8) return readFrame(marker, at, end);
  if (marker == 0xdd) {
    if (end - at != 2) return BROKEN_MARKERS;
    restartInterval = readU16(at);
  }
  const isAdobe = marker == 0xee && end - at >= 12 && load<u32>(at) == 0x626f6441; /* Adob */
  if (isAdobe) adobeTransform = load<u8>(at, 11);
  return DONE;
}

function readHuffmanTables(from: usize, end: usize): i32 {
  let at = from;
  while (at < end) {
    const place = <i32>load<u8>(at);
    if (at + 17 > end || place & 0xec) return BROKEN_TABLE;
    let symbolCount = 0;
    for (let i = 1; i <= 16; i++) symbolCount += load<u8>(at + i);
    const symbols = at + 17;
    if (symbolCount > 256 || symbols + symbolCount > end) return BROKEN_TABLE;
    const table = huffmanTable(place >> 4, place & 3);
    if (!defineTable(table, at + 1, symbolCount)) return BROKEN_TABLE;
    at = symbols + symbolCount;
    // The symbol of a DC coefficient is the number of its bits alone.
    if (place >> 4 == 0) for (let i = symbols; i < at; i++) if (load<u8>(i) > 15) return BROKEN_TABLE;
  }
  return DONE;
}

function huffmanTable(kind: i32, number: i32): HuffmanTable {
  return changetype<HuffmanTable>(huffmanTables + HUFFMAN_TABLE_BYTES * (4 * kind + number));
}

function readQuantizations(from: usize, end: usize): i32 {
  let at = from;
  while (at < end) {
    const isWide = load<u8>(at) >> 4,
      number = load<u8>(at) & 15;
    const next = at + 1 + (64 << isWide);
    if (isWide > 1 || number > 3 || next > end) return BROKEN_TABLE;
    for (let k = 0; k < 64; k++) {
      const step = isWide ? readU16(at + 1 + 2 * k) : load<u8>(at + 1 + k);
      store<u16>(quantizations + 128 * number + 2 * k, step);
    }
    store<u8>(hasQuantization + number, 1);
    at = next;
  }
  return DONE;
}

/** The frame header (T.81, B.2.2). */
function readFrame(marker: i32, at: usize, end: usize): i32 {
  if (marker == 0xc3) return LOSSLESS;
  if (marker >= 0xc9) return ARITHMETIC;
  if (marker > 0xc3) return HIERARCHICAL;
  if (componentCount > 0 || end - at < 6) return BROKEN_FRAME;
  if (load<u8>(at) != 8) return MORE_BITS;
  fullHeight = readU16(at + 1);
  fullWidth = readU16(at + 3);
  const count = <i32>load<u8>(at, 5);
  if (count != 1 && count != 3 && count != 4) return UNKNOWN_COLORS;
  if (end - at != 6 + 3 * count || fullWidth == 0 || fullHeight == 0) return BROKEN_FRAME;
  isProgressive = marker == 0xc2;
  acrossMost = 0;
  downMost = 0;
  for (let i = 0; i < count; i++) {
    const entry = at + 6 + 3 * i,
      component = componentAt(i);
    component.id = load<u8>(entry);
    component.across = load<u8>(entry, 1) >> 4;
    component.down = load<u8>(entry, 1) & 15;
    component.quantization = load<u8>(entry, 2);
    const isRight = isFactor(component.across) && isFactor(component.down) && component.quantization < 4;
    if (!isRight) return BROKEN_FRAME;
    acrossMost = max(acrossMost, component.across);
    downMost = max(downMost, component.down);
  }
  componentCount = count;
  mcusWide = divideUp(fullWidth, 8 * acrossMost);
  mcusHigh = divideUp(fullHeight, 8 * downMost);
  return DONE;
}

function isFactor(sampling: i32): bool {
  return sampling >= 1 && sampling <= 4;
}

function componentAt(index: i32): Component {
  return changetype<Component>(components + offsetof<Component>() * index);
}

/** A scan header and its data (T.81, B.2.3); sets `scanEnd`. */
function readScan(at: usize, end: usize): i32 {
  if (++scanCount > SCANS_MOST) return TOO_MANY_SCANS;
  let fault = isAllocated ? DONE : prepareFrame();
  if (fault == DONE) fault = readScanHeader(at, end);
  return fault == DONE ? readScanData(end) : fault;
}

/** Which components gray needs, and memory for them. */
function prepareFrame(): i32 {
  if (componentCount == 0) return BROKEN_FRAME;
  if (componentCount == 4 && adobeTransform < 0) return UNKNOWN_COLORS;
  colors = componentCount == 4 ? (adobeTransform == 0 ? CMYK : YCCK) : isRgb() ? RGB : GRAY;
  for (let i = 0; i < componentCount; i++) {
    const component = componentAt(i);
    component.isNeeded = i == 0 || colors == RGB || colors == CMYK || (colors == YCCK && i == 3);
    component.blocksWide = divideUp(divideUp(fullWidth * component.across, acrossMost), 8);
    component.blocksHigh = divideUp(divideUp(fullHeight * component.down, downMost), 8);
    component.blockStride = mcusWide * component.across;
  }
  const answer = reserve(frameBytes());
  if (answer != RESERVED) return NO_MEMORY + answer;
  allocateFrame();
  isAllocated = true;
  return DONE;
}

/** Three components are RGB where Adobe's segment says so, or where their names do. */
function isRgb(): bool {
  if (componentCount != 3) return false;
  const named = componentAt(0).id == 0x52 && componentAt(1).id == 0x47 && componentAt(2).id == 0x42;
  return adobeTransform == 0 || (adobeTransform < 0 && named);
}

function frameBytes(): u64 {
  let bytes: u64 = isFirstPlaneGray() ? 0 : <u64>pixelsWide() * pixelsHigh();
  for (let i = 0; i < componentCount; i++) {
    const component = componentAt(i);
    const perBlock = planeBlockBytes() + coefficientBlockBytes() + maskBlockBytes();
    bytes += 512;
    if (component.isNeeded) bytes += <u64>blockCount(component) * perBlock;
  }
  return bytes;
}

function allocateFrame(): void {
  for (let i = 0; i < componentCount; i++) {
    const component = componentAt(i);
    component.places = allocate(4 * 64);
    if (!component.isNeeded) continue;
    const blocks = blockCount(component);
    component.plane = allocate(blocks * planeBlockBytes());
    if (!isProgressive) continue;
    component.coefficients = cleared(blocks * coefficientBlockBytes());
    if (side > 1) component.masks = cleared(blocks * maskBlockBytes());
  }
}

function blockCount(component: Component): i32 {
  return component.blockStride * mcusHigh * component.down;
}

function planeBlockBytes(): i32 {
  return side * side;
}

function coefficientBlockBytes(): i32 {
  return isProgressive ? 2 * side * side : 0;
}

function maskBlockBytes(): i32 {
  return isProgressive && side > 1 ? 8 : 0;
}

function readScanHeader(at: usize, end: usize): i32 {
  scannedCount = load<u8>(at);
  const isSized = scannedCount >= 1 && scannedCount <= componentCount && end - at == 4 + 2 * scannedCount;
  if (!isSized) return BROKEN_SCAN;
  const parameters = at + 1 + 2 * scannedCount;
  const start = <i32>load<u8>(parameters),
    last = <i32>load<u8>(parameters, 1);
  const high = load<u8>(parameters, 2) >> 4,
    low = load<u8>(parameters, 2) & 15;
  if (isProgressive) {
    const isBand = start == 0 ? last == 0 : scannedCount == 1 && last >= start && last < 64;
    if (!isBand || low > 13 || (high != 0 && high != low + 1)) return BROKEN_SCAN;
  }
  chooseBand(start, last, low);
  isRefining = high != 0;
  isDcScan = start == 0;
  let mcuBlocks = 0;
  for (let i = 0; i < scannedCount; i++) {
    const index = componentWithId(load<u8>(at + 1 + 2 * i));
    if (index < 0) return BROKEN_SCAN;
    for (let other = 0; other < i; other++) if (load<u8>(scanned + other) == index) return BROKEN_SCAN;
    store<u8>(scanned + i, index);
    const component = componentAt(index);
    mcuBlocks += component.across * component.down;
    if (!chooseTables(component, load<u8>(at + 2 + 2 * i))) return BROKEN_SCAN;
  }
  return scannedCount > 1 && mcuBlocks > MCU_BLOCKS_MOST ? BROKEN_SCAN : DONE;
}

function componentWithId(id: i32): i32 {
  for (let i = 0; i < componentCount; i++) if (componentAt(i).id == id) return i;
  return -1;
}

/** False where a table is missing; a scan that reads no codes of one kind needs none for it. */
function chooseTables(component: Component, numbers: i32): bool {
  if (numbers & 0xcc || !load<u8>(hasQuantization + component.quantization)) return false;
  const dc = huffmanTable(0, numbers >> 4),
    ac = huffmanTable(1, numbers & 3);
  const needsDc = !isProgressive || (isDcScan && !isRefining),
    needsAc = !isProgressive || !isDcScan;
  if ((needsDc && !dc.isDefined) || (needsAc && !ac.isDefined)) return false;
  if (needsDc) buildTable(dc, false);
  if (needsAc) buildTable(ac, !isProgressive);
  component.dcTable = changetype<usize>(dc);
  component.acTable = changetype<usize>(ac);
  if (!component.isScanned) arrangePlaces(component);
  return true;
}

function arrangePlaces(component: Component): void {
  for (let k = 0; k < 64; k++) {
    const row = <i32>load<u8>(ZIGZAG + k) >> 3,
      column = <i32>load<u8>(ZIGZAG + k) & 7;
    const place = row < side && column < side ? 2 * (column * side + row) : NOT_KEPT;
    const step = load<u16>(quantizations + 128 * component.quantization + 2 * k);
    store<u32>(component.places + 4 * k, (place << PLACE_SHIFT) | step);
  }
}

function readScanData(start: usize): i32 {
  scanEnd = openSegment(start, fileEnd);
  if (scanEnd == 0) return TRUNCATED;
  const first = componentAt(load<u8>(scanned));
  const isSingle = scannedCount == 1;
  const wide = isSingle ? first.blocksWide : mcusWide,
    high = isSingle ? first.blocksHigh : mcusHigh;
  const isIdle = !isWanted();
  let untilRestart = restartInterval,
    restarts = 0;
  forgetPredictions();
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      if (restartInterval > 0 && untilRestart-- == 0) {
        const fault = restart(restarts++);
        if (fault != DONE) return fault;
        untilRestart = restartInterval - 1;
      }
      if (isIdle) continue;
      const isRight = isSingle ? readScanBlock(first, x, y) : readMcu(x, y);
      if (!isRight) return BROKEN_CODE;
      if (isOverrun()) return SHORT_DATA;
    }
  }
  for (let i = 0; i < scannedCount; i++) {
    const component = componentAt(load<u8>(scanned + i));
    component.isScanned = component.isScanned || !isProgressive || isDcScan;
  }
  return DONE;
}

/** Whether gray needs anything of this scan. */
function isWanted(): bool {
  if (isProgressive && !isDcScan && side == 1) return false;
  for (let i = 0; i < scannedCount; i++) if (componentAt(load<u8>(scanned + i)).isNeeded) return true;
  return false;
}

/** Goes on behind the marker that ends the data so far, which is to be the restart of this number. */
function restart(number: i32): i32 {
  if (<i32>load<u8>(scanEnd, 1) != 0xd0 + (number & 7)) return RESTART_MISSING;
  forgetPredictions();
  scanEnd = openSegment(scanEnd + 2, fileEnd);
  return scanEnd == 0 ? TRUNCATED : DONE;
}

function forgetPredictions(): void {
  for (let i = 0; i < componentCount; i++) componentAt(i).prediction = 0;
  forgetEndRun();
}

/** The blocks of all components of the scan that cover the same pixels. */
function readMcu(x: i32, y: i32): bool {
  for (let i = 0; i < scannedCount; i++) {
    const component = componentAt(load<u8>(scanned + i));
    for (let v = 0; v < component.down; v++) {
      for (let u = 0; u < component.across; u++) {
        if (!readScanBlock(component, x * component.across + u, y * component.down + v)) return false;
      }
    }
  }
  return true;
}

function readScanBlock(component: Component, x: i32, y: i32): bool {
  const index = y * component.blockStride + x;
  if (!isProgressive) {
    if (!component.isNeeded) return skipWholeBlock(component);
    const last = readBlock(component, block);
    if (last >= 0) drawBlock(component, x, y, last == 0);
    return last >= 0;
  }
  if (isDcScan) return isRefining ? refineDc(component, index) : readDcFirst(component, index);
  return isRefining ? refineAc(component, index) : readAcFirst(component, index);
}

function drawBlock(component: Component, x: i32, y: i32, isFlat: bool): void {
  const stride = component.blockStride * side;
  const target = component.plane + y * side * stride + x * side;
  if (isFlat) inverseFlat(load<i16>(block), target, stride, side);
  else if (side == 8) inverse8(block, target, stride);
  else if (side == 4) inverse4(block, target, stride);
  else inverse2(block, target, stride);
}

function finish(): i32 {
  if (!isAllocated) return PART_MISSING;
  for (let i = 0; i < componentCount; i++) {
    const component = componentAt(i);
    if (!component.isNeeded) continue;
    if (!component.isScanned) return PART_MISSING;
    if (isProgressive) drawBlocks(component);
  }
  composeGray();
  return DONE;
}

function drawBlocks(component: Component): void {
  for (let y = 0; y < component.blocksHigh; y++) {
    for (let x = 0; x < component.blocksWide; x++) {
      drawBlock(component, x, y, dequantize(component, y * component.blockStride + x, block));
    }
  }
}

function pixelsWide(): i32 {
  return divideUp(fullWidth * side, 8);
}

function pixelsHigh(): i32 {
  return divideUp(fullHeight * side, 8);
}

/** From the planes to the picture. */
function composeGray(): void {
  jpegWidth = pixelsWide();
  jpegHeight = pixelsHigh();
  if (isFirstPlaneGray()) {
    const first = componentAt(0);
    jpegPixels = first.plane; // the rows move up to close their gaps
    const stride = first.blockStride * side;
    if (stride == jpegWidth) return;
    for (let y = 1; y < jpegHeight; y++) {
      memory.copy(jpegPixels + y * jpegWidth, jpegPixels + y * stride, jpegWidth);
    }
    return;
  }
  jpegPixels = allocate(jpegWidth * jpegHeight);
  let target = jpegPixels;
  for (let y = 0; y < jpegHeight; y++) {
    for (let x = 0; x < jpegWidth; x++) store<u8>(target++, grayAt(x, y));
  }
}

/** Whether the first component is the picture, pixel by pixel. */
function isFirstPlaneGray(): bool {
  const first = componentAt(0);
  return colors == GRAY && first.across == acrossMost && first.down == downMost;
}

function grayAt(x: i32, y: i32): i32 {
  const first = sampleAt(0, x, y);
  if (colors == GRAY) return first;
  if (colors == RGB) return luma(first, sampleAt(1, x, y), sampleAt(2, x, y));
  // Adobe's inks are inverted: 255 is none. Y of YCCK is of what the inks leave, inverted once more.
  const light = colors == YCCK ? 255 - first : luma(first, sampleAt(1, x, y), sampleAt(2, x, y));
  return (light * sampleAt(3, x, y) + 127) / 255;
}

function sampleAt(index: i32, x: i32, y: i32): i32 {
  const component = componentAt(index);
  const row = (y * component.down) / downMost,
    column = (x * component.across) / acrossMost;
  return load<u8>(component.plane + row * component.blockStride * side + column);
}

/** As worker/image/gray.ts. */
function luma(red: i32, green: i32, blue: i32): i32 {
  return (77 * red + 150 * green + 29 * blue + 128) >> 8;
}

function readU16(at: usize): i32 {
  return ((<i32>load<u8>(at)) << 8) | load<u8>(at, 1);
}

function divideUp(value: i32, by: i32): i32 {
  return (value + by - 1) / by;
}
