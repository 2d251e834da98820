/**
 * The entropy-coded data of JPEG: a bit reader of 64 bits, and Huffman tables that answer most codes with one look, the
 * value included (ITU-T T.81, Annexes C and F).
 *
 * Hot loops keep the reader's three globals in locals, so each of them begins and ends with a copy.
 */

/** The next bits, from the highest on; at least `bitCount` of them are true. */
export let bits: u64 = 0;
export let bitCount: i32 = 0;
/** The next byte that `bits` does not count yet. */
export let cursor: usize = 0;

let segmentEnd: usize = 0;

/** A code can take 16 bits and its value 15; one refill below this many bits is enough for both. */
export const BITS_LEAST: i32 = 32;

export function moveTo(newBits: u64, newBitCount: i32, newCursor: usize): void {
  bits = newBits;
  bitCount = newBitCount;
  cursor = newCursor;
}

/** The eight bytes from `at` on, first byte highest. */
export function wordAt(at: usize): u64 {
  const bytes = v128.load64_zero(at);
  return i64x2.extract_lane(v128.shuffle<u8>(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0);
}

/**
 * Begins to read at `start`, where entropy-coded data go on up to the next marker. Their stuffed zeros are taken out in
 * place, so that nobody needs to look for them later. Returns the marker's address, or 0 where the file ends before.
 */
export function openSegment(start: usize, fileEnd: usize): usize {
  let from = start,
    to = start;
  const marks = i8x16.splat(-1);
  for (;;) {
    while (from + 16 <= fileEnd) {
      const bytes = v128.load(from);
      if (i8x16.bitmask(i8x16.eq(bytes, marks)) != 0) break;
      v128.store(to, bytes);
      from += 16;
      to += 16;
    }
    while (from < fileEnd && load<u8>(from) != 0xff) store<u8>(to++, load<u8>(from++));
    if (from + 1 >= fileEnd) return 0;
    if (load<u8>(from, 1) != 0) break;
    store<u8>(to++, 0xff);
    from += 2;
  }
  // Any number of fill bytes may stand before a marker.
  while (from + 2 < fileEnd && load<u8>(from, 1) == 0xff) from++;
  moveTo(0, 0, start);
  segmentEnd = to;
  return from;
}

/** Whether more bits were taken than the segment holds. */
export function isOverrun(): bool {
  return 8 * <i32>cursor - bitCount > 8 * <i32>segmentEnd;
}

/** A look shows this many bits. */
const LOOK_BITS: i32 = 10;
const LOOK_SHIFT: u64 = 64 - LOOK_BITS;
const LOOK_COUNT: i32 = 1 << LOOK_BITS;
/** The same where codes are only passed over: a wider look holds several. */
const SKIP_LOOK_BITS: i32 = 12;
const SKIP_LOOK_SHIFT: u64 = 64 - SKIP_LOOK_BITS;
const SKIP_LOOK_COUNT: i32 = 1 << SKIP_LOOK_BITS;

/**
 * What a code means, in 32 bits: bits 0–4 its length (with its value, where a look shows both), 5–8 the bits of a value
 * that is still to be read, 9–15 how far it moves in the block, 16–31 the value (the end of band's run for an end).
 */
export const LENGTH_MASK: u32 = 31;
export const SIZE_SHIFT: u32 = 5;
export const SIZE_MASK: u32 = 15;
export const ADVANCE_SHIFT: u32 = 9;
export const ADVANCE_MASK: u32 = 127;
export const VALUE_SHIFT: u32 = 16;
/** The advance of an end of block: more than any run can reach from inside a block. */
export const END_ADVANCE: i32 = 96;

/** One table. The two look-up tables are made when a scan first needs them. */
@unmanaged
export class HuffmanTable {
  isDefined: bool;
  isBuilt: bool;
  hasSkips: bool;
}

const COUNTS: usize = 16; // u8 × 16, codes of each length
const SYMBOLS: usize = COUNTS + 16; // u8 × 256
const LIMITS: usize = SYMBOLS + 256; // u32 × 17, by length: the first code that is longer, in 16 bits
const OFFSETS: usize = LIMITS + 68; // i32 × 17, by length: from a code to its symbol
const MEANINGS: usize = OFFSETS + 80; // u32 × LOOK_COUNT
const SKIPS: usize = MEANINGS + 4 * LOOK_COUNT; // u16 × SKIP_LOOK_COUNT
export const HUFFMAN_TABLE_BYTES: i32 = <i32>SKIPS + 2 * SKIP_LOOK_COUNT;

/** Takes 16 counts and their symbols from `source`; false where there are more codes than their lengths allow. */
export function defineTable(table: HuffmanTable, source: usize, symbolCount: i32): bool {
  const at = changetype<usize>(table);
  memory.copy(at + COUNTS, source, 16 + symbolCount);
  table.isDefined = true;
  table.isBuilt = false;
  table.hasSkips = false;
  let code = 0;
  for (let length = 1; length <= 16; length++) {
    code = (code << 1) + load<u8>(at + COUNTS + length - 1);
    if (code > 1 << length) return false;
  }
  return true;
}

/** Makes what `meaningOf` looks up; with `skips` also what `skipBlock` does. */
export function buildTable(table: HuffmanTable, skips: bool): void {
  if (!table.isBuilt) buildMeanings(changetype<usize>(table));
  table.isBuilt = true;
  if (skips && !table.hasSkips) buildSkips(changetype<usize>(table));
  table.hasSkips = table.hasSkips || skips;
}

function buildMeanings(table: usize): void {
  memory.fill(table + MEANINGS, 0, 4 * LOOK_COUNT);
  let code = 0,
    index = 0;
  for (let length = 1; length <= 16; length++) {
    store<i32>(table + OFFSETS + 4 * length, index - code);
    const count = <i32>load<u8>(table + COUNTS + length - 1);
    for (let i = 0; i < count; i++, code++, index++) {
      if (length > LOOK_BITS) continue;
      const rest = LOOK_BITS - length;
      for (let tail = 0; tail < 1 << rest; tail++) {
        const meaning = meaningWithValue(load<u8>(table + SYMBOLS + index), length, tail, rest);
        store<u32>(table + MEANINGS + 4 * ((code << rest) + tail), meaning);
      }
    }
    store<u32>(table + LIMITS + 4 * length, code << (16 - length));
    code <<= 1;
  }
}

/** `tail` are the `rest` bits that the look shows after the code. */
function meaningWithValue(symbol: u32, length: i32, tail: i32, rest: i32): u32 {
  const size = symbol & 15;
  if (size == 0 || <i32>size > rest) return meaning(symbol, length);
  const value = extend((<u64>tail) << (64 - rest), size);
  return (value << VALUE_SHIFT) | (((symbol >> 4) + 1) << ADVANCE_SHIFT) | (length + size);
}

/** A symbol is (zeros before, bits of the value); without value it is sixteen zeros, or an end. */
function meaning(symbol: u32, length: i32): u32 {
  const run = symbol >> 4,
    size = symbol & 15;
  if (size == 0 && run < 15) return (run << VALUE_SHIFT) | (END_ADVANCE << ADVANCE_SHIFT) | length;
  return ((run + 1) << ADVANCE_SHIFT) | (size << SIZE_SHIFT) | length;
}

/** The value of `size` bits, at least one, that stand at the top (T.81, F.2.2.1). */
export function extend(top: u64, size: u32): i32 {
  const negative = <i32>~(<i64>top >> 63);
  return <i32>(top >> (64 - size)) + (negative & (1 - (1 << size)));
}

/** What the code at the top of `top` means; 0 where there is no such code. */
export function meaningOf(table: usize, top: u64): u32 {
  const found = load<u32>(table + <usize>(top >> LOOK_SHIFT) * 4, MEANINGS);
  return found != 0 ? found : longMeaning(table, <u32>(top >> 48));
}

function longMeaning(table: usize, code: u32): u32 {
  for (let length = LOOK_BITS + 1; length <= 16; length++) {
    if (code >= load<u32>(table + LIMITS + 4 * length)) continue;
    const index = <i32>(code >> (16 - length)) + load<i32>(table + OFFSETS + 4 * length);
    return meaning(load<u8>(table + SYMBOLS + index), length);
  }
  return 0;
}

/** As many codes at once as a look shows: bits 0–4 their length with their values, 5–11 their advance, 12 an end. */
const SKIP_END_SHIFT: u32 = 12;
const SKIP_ADVANCE_MOST: u32 = 64;

function buildSkips(table: usize): void {
  for (let look = 0; look < SKIP_LOOK_COUNT; look++) {
    let used: u32 = 0,
      advance: u32 = 0,
      ends: u32 = 0;
    while (used < <u32>SKIP_LOOK_BITS && advance < SKIP_ADVANCE_MOST) {
      const rest = (look << used) & (SKIP_LOOK_COUNT - 1);
      const next = load<u32>(table + MEANINGS + 4 * (rest >> (SKIP_LOOK_BITS - LOOK_BITS)));
      const length = next & LENGTH_MASK;
      if (length == 0 || used + length > <u32>SKIP_LOOK_BITS) break;
      const size = (next >> SIZE_SHIFT) & SIZE_MASK;
      const moved = (next >> ADVANCE_SHIFT) & ADVANCE_MASK;
      used += length + size;
      if (moved == END_ADVANCE) {
        ends = 1;
        break;
      }
      advance += moved;
    }
    store<u16>(table + SKIPS + 2 * look, (ends << SKIP_END_SHIFT) | (advance << 5) | used);
  }
}

/** Passes over coefficients `from` to 63 of a block; false where they are broken. */
export function skipBlock(table: usize, from: i32): bool {
  let top = bits,
    count = bitCount,
    at = cursor,
    k = from;
  while (k < 64) {
    if (count < BITS_LEAST) {
      top |= wordAt(at) >> count;
      at += (63 - count) >> 3;
      count |= 56;
    }
    const skip = <u32>load<u16>(table + <usize>(top >> SKIP_LOOK_SHIFT) * 2, SKIPS);
    const ends = <i32>(skip >> SKIP_END_SHIFT),
      reached = k + <i32>((skip >> 5) & ADVANCE_MASK);
    if (skip != 0 && reached + ends <= 64) {
      top <<= skip & LENGTH_MASK;
      count -= skip & LENGTH_MASK;
      k = ends ? END_ADVANCE : reached;
      continue;
    }
    // The look reaches into the next block, or shows less than a code: one at a time.
    const code = meaningOf(table, top);
    if (code == 0) return false;
    const length = (code & LENGTH_MASK) + ((code >> SIZE_SHIFT) & SIZE_MASK);
    top <<= length;
    count -= length;
    k += (code >> ADVANCE_SHIFT) & ADVANCE_MASK;
  }
  moveTo(top, count, at);
  return k == 64 || k >= END_ADVANCE;
}
