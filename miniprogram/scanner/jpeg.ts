/**
 * Baseline JPEG of one gray component (ITU-T T.81), for phones without a JIT: jpeg-js spends 19 ms and 14 MB on building
 * tables at every call, and needs Buffer. Scaled DCT by Arai, Agui and Nakajima, whose factors move into the quantizer;
 * Annex K's tables.
 */

import type { Gray } from "./frame.ts";

// biome-ignore format: a table of the standard
const ZIGZAG = [
  0, 1, 5, 6, 14, 15, 27, 28, 2, 4, 7, 13, 16, 26, 29, 42, 3, 8, 12, 17, 25, 30, 41, 43, 9, 11, 18, 24, 31, 40, 44, 53,
  10, 19, 23, 32, 39, 45, 52, 54, 20, 22, 33, 38, 46, 51, 55, 60, 21, 34, 37, 47, 50, 56, 59, 61, 35, 36, 48, 49, 57, 58, 62, 63,
];
/** Annex K.1, row by row. */
// biome-ignore format: a table of the standard
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
/** Annex K.3: how many codes of each length from 1 to 16 bits, and their values in order. */
const DC_COUNTS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const DC_VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const AC_COUNTS = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125];
// biome-ignore format: a table of the standard
const AC_VALUES = [
  1, 2, 3, 0, 4, 17, 5, 18, 33, 49, 65, 6, 19, 81, 97, 7, 34, 113, 20, 50, 129, 145, 161, 8, 35, 66, 177, 193, 21, 82, 209, 240,
  36, 51, 98, 114, 130, 9, 10, 22, 23, 24, 25, 26, 37, 38, 39, 40, 41, 42, 52, 53, 54, 55, 56, 57, 58, 67, 68, 69, 70, 71, 72, 73,
  74, 83, 84, 85, 86, 87, 88, 89, 90, 99, 100, 101, 102, 103, 104, 105, 106, 115, 116, 117, 118, 119, 120, 121, 122, 131, 132,
  133, 134, 135, 136, 137, 138, 146, 147, 148, 149, 150, 151, 152, 153, 154, 162, 163, 164, 165, 166, 167, 168, 169, 170, 178,
  179, 180, 181, 182, 183, 184, 185, 186, 194, 195, 196, 197, 198, 199, 200, 201, 202, 210, 211, 212, 213, 214, 215, 216, 217,
  218, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250,
];
const SCALES = [1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.5411961, 0.275899379];
const ZERO_RUN = 0xf0;
const END_OF_BLOCK = 0;
const MAGNITUDES = 2048;
const BLOCK_BYTES_MAX = 512;
const HEADER_BYTES = 328;

interface HuffmanCode {
  readonly codes: Uint16Array;
  readonly lengths: Uint8Array;
}

const DC = huffmanCode(DC_COUNTS, DC_VALUES);
const AC = huffmanCode(AC_COUNTS, AC_VALUES);
const bitCounts = new Uint8Array(MAGNITUDES);
for (let i = 1; i < MAGNITUDES; i++) bitCounts[i] = (bitCounts[i >> 1] as number) + 1;

const block = new Float32Array(64);
const zigzagged = new Int16Array(64);
const zigzag = Uint8Array.from(ZIGZAG);
const divisors = new Uint8Array(64);
const factors = new Float32Array(64);
let preparedQuality = -1;

/** Annex C: codes of one length follow each other. */
function huffmanCode(counts: readonly number[], values: readonly number[]): HuffmanCode {
  const codes = new Uint16Array(256);
  const lengths = new Uint8Array(256);
  let code = 0;
  let k = 0;
  counts.forEach((count, i) => {
    for (let n = 0; n < count; n++) {
      const value = values[k++] as number;
      codes[value] = code++;
      lengths[value] = i + 1;
    }
    code <<= 1;
  });
  return { codes, lengths };
}

/** libjpeg's scale of quality, 1–100. The divisors are in zigzag order, as they are written. */
function prepare(quality: number): void {
  if (quality === preparedQuality) return;
  preparedQuality = quality;
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  for (let i = 0; i < 64; i++) {
    const divisor = Math.floor(((LUMINANCE[i] as number) * percent + 50) / 100);
    const kept = Math.max(1, Math.min(255, divisor));
    divisors[ZIGZAG[i] as number] = kept;
    factors[i] = 1 / (kept * (SCALES[i >> 3] as number) * (SCALES[i & 7] as number) * 8);
  }
}

/** `quality` 1–100 as libjpeg counts it. */
export function encodeGrayJpeg({ width, height, pixels }: Gray, quality: number): Uint8Array {
  prepare(Math.max(1, Math.min(100, Math.round(quality))));
  const bytes = new Bytes(HEADER_BYTES + ((width * height) >> 1) + BLOCK_BYTES_MAX);
  writeHeader(bytes, width, height);
  let dc = 0;
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      bytes.reserve(BLOCK_BYTES_MAX);
      loadBlock(pixels, width, height, left, top);
      transform();
      const last = quantize();
      writeBlock(bytes, (zigzagged[0] as number) - dc, last);
      dc = zigzagged[0] as number;
    }
  }
  bytes.reserve(BLOCK_BYTES_MAX);
  bytes.padBits();
  bytes.word(0xffd9);
  return bytes.done();
}

function writeHeader(bytes: Bytes, width: number, height: number): void {
  bytes.word(0xffd8);
  bytes.words(0xffdb, 67);
  bytes.all([0], divisors);
  bytes.words(0xffc0, 11);
  bytes.all([8]);
  bytes.words(height, width);
  bytes.all([1, 1, 0x11, 0]);
  bytes.words(0xffc4, 31);
  bytes.all([0], DC_COUNTS, DC_VALUES);
  bytes.words(0xffc4, 181);
  bytes.all([0x10], AC_COUNTS, AC_VALUES);
  bytes.words(0xffda, 8);
  bytes.all([1, 1, 0, 0, 63, 0]);
}

/** Beyond the picture its last column and row go on. */
function loadBlock(pixels: Uint8Array, width: number, height: number, left: number, top: number): void {
  const line = block;
  const inside = left + 8 <= width && top + 8 <= height;
  for (let y = 0; y < 8; y++) {
    const row = Math.min(top + y, height - 1) * width;
    const to = 8 * y;
    const from = row + left;
    if (inside) for (let x = 0; x < 8; x++) line[to + x] = pixels[from + x] as number;
    else for (let x = 0; x < 8; x++) line[to + x] = pixels[row + Math.min(left + x, width - 1)] as number;
  }
}

/** Rows, then columns. */
function transform(): void {
  for (let i = 0; i < 64; i += 8) transformLine(block, i, 1);
  for (let i = 0; i < 8; i++) transformLine(block, i, 8);
  block[0] = (block[0] as number) - 64 * 128; // the standard's level shift, of all pixels at once
}

function transformLine(line: Float32Array, at: number, step: number): void {
  const middle = at + 4 * step;
  const a = line[at] as number;
  const b = line[at + step] as number;
  const c = line[middle - 2 * step] as number;
  const d = line[middle - step] as number;
  const e = line[middle] as number;
  const f = line[middle + step] as number;
  const g = line[middle + 2 * step] as number;
  const h = line[middle + 3 * step] as number;
  const outer = a + h;
  const inner = d + e;
  const rest = b + g + (c + f);
  line[at] = outer + inner + rest;
  line[middle] = outer + inner - rest;
  const even = outer - inner;
  const turned = (b + g - c - f + even) * Math.SQRT1_2;
  line[middle - 2 * step] = even + turned;
  line[middle + 2 * step] = even - turned;
  const odd7 = a - h;
  const odd6 = b - g;
  const odd5 = c - f;
  const low = d - e + odd5;
  const high = odd6 + odd7;
  const z5 = (low - high) * 0.382683433;
  const z2 = 0.5411961 * low + z5;
  const z4 = 1.306562965 * high + z5;
  const z3 = (odd5 + odd6) * Math.SQRT1_2;
  line[middle + step] = odd7 - z3 + z2;
  line[middle - step] = odd7 - z3 - z2;
  line[at + step] = odd7 + z3 + z4;
  line[middle + 3 * step] = odd7 + z3 - z4;
}

/** Fills `zigzagged`; the index of its last coefficient that is not 0. Most are: they are told apart before they are rounded. */
function quantize(): number {
  const from = block;
  const to = zigzagged;
  const scales = factors;
  const order = zigzag;
  let last = 0;
  to.fill(0);
  for (let i = 0; i < 64; i++) {
    const value = (from[i] as number) * (scales[i] as number);
    if (value < 0.5 && value > -0.5) continue;
    const k = order[i] as number;
    to[k] = value > 0 ? value + 0.5 : value - 0.5;
    if (k > last) last = k;
  }
  return last;
}

function writeBlock(bytes: Bytes, dcDifference: number, last: number): void {
  writeCoefficient(bytes, DC, 0, dcDifference);
  let zeroCount = 0;
  for (let k = 1; k <= last; k++) {
    const value = zigzagged[k] as number;
    if (value === 0) {
      zeroCount++;
      continue;
    }
    for (; zeroCount > 15; zeroCount -= 16) bytes.bits(AC.codes[ZERO_RUN] as number, AC.lengths[ZERO_RUN] as number);
    writeCoefficient(bytes, AC, zeroCount << 4, value);
    zeroCount = 0;
  }
  if (last < 63) bytes.bits(AC.codes[END_OF_BLOCK] as number, AC.lengths[END_OF_BLOCK] as number);
}

function writeCoefficient(bytes: Bytes, { codes, lengths }: HuffmanCode, run: number, value: number): void {
  const bitCount = bitCounts[value < 0 ? -value : value] as number;
  const symbol = run | bitCount;
  const rest = value < 0 ? value + (1 << bitCount) - 1 : value;
  bytes.bits(((codes[symbol] as number) << bitCount) | rest, (lengths[symbol] as number) + bitCount);
}

class Bytes {
  private buffer: Uint8Array;
  private length = 0;
  private waiting = 0;
  private waitingCount = 0;

  constructor(capacity: number) {
    this.buffer = new Uint8Array(capacity);
  }

  reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const larger = new Uint8Array(2 * this.buffer.length + count);
    larger.set(this.buffer);
    this.buffer = larger;
  }

  word(value: number): void {
    this.buffer[this.length++] = value >> 8;
    this.buffer[this.length++] = value;
  }

  words(...values: readonly number[]): void {
    for (const value of values) this.word(value);
  }

  all(...lists: readonly ArrayLike<number>[]): void {
    for (const list of lists) {
      this.buffer.set(list, this.length);
      this.length += list.length;
    }
  }

  /** Up to 27 bits, most significant first; a byte of ones is followed by a zero, which no marker is. */
  bits(value: number, count: number): void {
    let waitingCount = this.waitingCount;
    if (waitingCount + count > 31) {
      const low = count - 16;
      this.bits(value >> low, 16);
      this.bits(value & ((1 << low) - 1), low);
      return;
    }
    const waiting = (this.waiting << count) | value;
    waitingCount += count;
    while (waitingCount >= 8) {
      waitingCount -= 8;
      const byte = (waiting >> waitingCount) & 255;
      this.buffer[this.length++] = byte;
      if (byte === 255) this.buffer[this.length++] = 0;
    }
    this.waiting = waiting & ((1 << waitingCount) - 1);
    this.waitingCount = waitingCount;
  }

  padBits(): void {
    if (this.waitingCount > 0) this.bits((1 << (8 - this.waitingCount)) - 1, 8 - this.waitingCount);
  }

  done(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }
}
