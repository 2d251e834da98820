/**
 * Visual words: an inverted multi-index (Babenko & Lempitsky, CVPR 2012). Two codebooks of 256 centers, one for the
 * even and one for the odd leading descriptor values, make 65,536 words from 16 KB of numbers.
 */

import { allocate } from "./memory";
import { CODE_COUNT, CODE_SIZE, codebooks } from "./model";

/** Centers as i16, the same two values of four centers in one vector; then half their squared lengths as i32. */
let centers: usize = 0;
let halfSquares: usize = 0;
let distances: usize = 0;

const CODEBOOK_BYTES: i32 = 2 * CODE_COUNT * CODE_SIZE;

/** Takes the buffers; `arrangeCodebooks` fills them once the model is there. */
export function prepareWords(): void {
  centers = allocate(2 * CODEBOOK_BYTES);
  halfSquares = allocate(2 * 4 * CODE_COUNT);
  distances = allocate(2 * 4 * CODE_COUNT);
}

export function arrangeCodebooks(): void {
  for (let book = 0; book < 2; book++) {
    for (let code = 0; code < CODE_COUNT; code++) {
      let square = 0;
      for (let i = 0; i < CODE_SIZE; i++) {
        const value = <i32>Mathf.round(load<f32>(codebooks() + 4 * ((book * CODE_COUNT + code) * CODE_SIZE + i)));
        square += value * value;
        const place = ((code >> 2) * (CODE_SIZE / 2) + (i >> 1)) * 8 + (code & 3) * 2 + (i & 1);
        store<i16>(centers + book * CODEBOOK_BYTES + 2 * place, value);
      }
      store<i32>(halfSquares + 4 * (book * CODE_COUNT + code), square >> 1);
    }
  }
}

/** The word nearest to `descriptor`. */
export function nearestWord(descriptor: usize): u32 {
  return ((<u32>nearestCode(measureBook(descriptor, 0))) << 8) | nearestCode(measureBook(descriptor, 1));
}

/** A code near a query: half its squared distance beyond the nearest one's, and its number, in one i32 to sort by. */
const nearEven = memory.data(4 * CODE_COUNT);
const nearOdd = memory.data(4 * CODE_COUNT);

/**
 * The codes of `descriptor` that words within `radius` (squared descriptor units) are made of: how many of the even
 * and of the odd book (i32 each), then those, nearest first. They stay on the memory stack.
 */
export function codesNear(descriptor: usize, radius: i32): usize {
  const evenCount = codesWithin(measureBook(descriptor, 0), radius >> 1, nearEven);
  const oddCount = codesWithin(measureBook(descriptor, 1), radius >> 1, nearOdd);
  const codes = allocate(8 + 4 * (evenCount + oddCount));
  store<i32>(codes, evenCount);
  store<i32>(codes, oddCount, 4);
  memory.copy(codes + 8, nearEven, 4 * evenCount);
  memory.copy(codes + 8 + 4 * evenCount, nearOdd, 4 * oddCount);
  return codes;
}

/**
 * Lists the words whose halves' excess distances add up to at most `radius`, which the codes reach, nearest halves
 * first, into `words` (u16 × up to `most`). Returns their count.
 */
export function wordsNear(codes: usize, radius: i32, words: usize, most: i32): i32 {
  const half = radius >> 1;
  const evenCount = load<i32>(codes),
    oddCount = load<i32>(codes, 4);
  const odds = codes + 8 + 4 * evenCount;
  let count = 0;
  for (let i = 0; i < evenCount; i++) {
    const even = load<i32>(codes + 4 * i, 8);
    for (let j = 0; j < oddCount; j++) {
      const odd = load<i32>(odds + 4 * j);
      if ((even >> 8) + (odd >> 8) > half || count == most) break;
      store<u16>(words + 2 * count++, ((even & 255) << 8) | (odd & 255));
    }
  }
  return count;
}

/** Half squared units over which a word's priority falls to e^-1; from 60 to 400 as many targets are found. */
const EXCESS_SCALE: f32 = 128;

/** Adds to each word's priority (f32 × WORD_COUNT) a measure of how likely a target's like feature has that word. */
export function weighWordsNear(codes: usize, radius: i32, priorities: usize): void {
  const half = radius >> 1;
  const evenCount = load<i32>(codes),
    oddCount = load<i32>(codes, 4);
  const odds = codes + 8 + 4 * evenCount;
  for (let i = 0; i < evenCount; i++) {
    const even = load<i32>(codes + 4 * i, 8);
    for (let j = 0; j < oddCount; j++) {
      const odd = load<i32>(odds + 4 * j);
      const excess = (even >> 8) + (odd >> 8);
      if (excess > half) break;
      const priority = priorities + 4 * <usize>(((even & 255) << 8) | (odd & 255));
      store<f32>(priority, load<f32>(priority) + Mathf.exp(-(<f32>excess / EXCESS_SCALE)));
    }
  }
}

/** Half the squared distance to each center, less half the descriptor's own squared length. */
function measureBook(descriptor: usize, book: i32): usize {
  const out = distances + book * 4 * CODE_COUNT;
  // Even values lie in the low bytes of 16-bit pairs, odd values in the high bytes.
  const first = halfOf(v128.load(descriptor), book),
    second = halfOf(v128.load(descriptor, 16), book);
  const q0 = i32x4.splat(i32x4.extract_lane(first, 0)),
    q1 = i32x4.splat(i32x4.extract_lane(first, 1));
  const q2 = i32x4.splat(i32x4.extract_lane(first, 2)),
    q3 = i32x4.splat(i32x4.extract_lane(first, 3));
  const q4 = i32x4.splat(i32x4.extract_lane(second, 0)),
    q5 = i32x4.splat(i32x4.extract_lane(second, 1));
  const q6 = i32x4.splat(i32x4.extract_lane(second, 2)),
    q7 = i32x4.splat(i32x4.extract_lane(second, 3));
  let center = centers + book * CODEBOOK_BYTES;
  for (let code = 0; code < CODE_COUNT; code += 4, center += 128) {
    const a = i32x4.add(i32x4.dot_i16x8_s(v128.load(center), q0), i32x4.dot_i16x8_s(v128.load(center, 16), q1));
    const b = i32x4.add(i32x4.dot_i16x8_s(v128.load(center, 32), q2), i32x4.dot_i16x8_s(v128.load(center, 48), q3));
    const c = i32x4.add(i32x4.dot_i16x8_s(v128.load(center, 64), q4), i32x4.dot_i16x8_s(v128.load(center, 80), q5));
    const d = i32x4.add(i32x4.dot_i16x8_s(v128.load(center, 96), q6), i32x4.dot_i16x8_s(v128.load(center, 112), q7));
    const projected = i32x4.add(i32x4.add(a, b), i32x4.add(c, d));
    v128.store(out + 4 * code, i32x4.sub(v128.load(halfSquares + 4 * (book * CODE_COUNT + code)), projected));
  }
  return out;
}

/** Eight of the sixteen signed bytes as i16: the even ones, or the odd ones. */
function halfOf(bytes: v128, odd: i32): v128 {
  return odd ? i16x8.shr_s(bytes, 8) : i16x8.shr_s(i16x8.shl(bytes, 8), 8);
}

function nearestCode(measured: usize): i32 {
  let best = 0;
  for (let code = 1; code < CODE_COUNT; code++) {
    if (load<i32>(measured + 4 * code) < load<i32>(measured + 4 * best)) best = code;
  }
  return best;
}

const isNear = memory.data(CODE_COUNT / 8, 8);
const unsorted = memory.data(4 * (CODE_COUNT + 4), 16);

/** Codes at most `half` beyond the nearest, sorted, as (excess << 8 | code). */
function codesWithin(measured: usize, half: i32, near: usize): i32 {
  const least = leastOf(measured);
  markWithin(measured, least + half);
  let count = 0;
  for (let first = 0; first < CODE_COUNT; first += 64) {
    for (let marks = load<u64>(isNear + (first >> 3)); marks != 0; marks &= marks - 1) {
      const code = first + <i32>ctz(marks);
      store<i32>(unsorted + 4 * count++, ((load<i32>(measured + 4 * code) - least) << 8) | code);
    }
  }
  sortByRank(unsorted, count, near);
  return count;
}

/** A bit for each code, set where it measures at most `bound`. */
function markWithin(measured: usize, bound: i32): void {
  const most = i32x4.splat(bound);
  for (let code = 0; code < CODE_COUNT; code += 16) {
    const at = measured + 4 * code;
    const low = i16x8.narrow_i32x4_s(i32x4.le_s(v128.load(at), most), i32x4.le_s(v128.load(at, 16), most)),
      high = i16x8.narrow_i32x4_s(i32x4.le_s(v128.load(at, 32), most), i32x4.le_s(v128.load(at, 48), most));
    store<u16>(isNear + (code >> 3), i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)));
  }
}

/** Few values (i32), no two alike: each goes where as many are as are less, which four comparisons at a time and no branch tell. */
function sortByRank(values: usize, count: i32, sorted: usize): void {
  for (let i = count; i & 3; i++) store<i32>(values + 4 * i, i32.MAX_VALUE);
  for (let i = 0; i < count; i++) {
    const value = v128.load32_splat(values + 4 * i);
    let less = i32x4.splat(0);
    for (let k = 0; k < count; k += 4) less = i32x4.sub(less, i32x4.lt_s(v128.load(values + 4 * k), value));
    const rank =
      i32x4.extract_lane(less, 0) +
      i32x4.extract_lane(less, 1) +
      (i32x4.extract_lane(less, 2) + i32x4.extract_lane(less, 3));
    store<i32>(sorted + 4 * rank, i32x4.extract_lane(value, 0));
  }
}

function leastOf(measured: usize): i32 {
  let least = v128.load(measured);
  for (let code = 4; code < CODE_COUNT; code += 4) least = i32x4.min_s(least, v128.load(measured + 4 * code));
  return min(
    min(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1)),
    min(i32x4.extract_lane(least, 2), i32x4.extract_lane(least, 3)),
  );
}
