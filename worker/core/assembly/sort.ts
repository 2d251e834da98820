/** Stable counting sort. */

import { allocate, mark, release } from "./memory";

export const KEY_BITS: i32 = 12;
const KEY_COUNT: i32 = 1 << KEY_BITS;

/** Sorts (key u32 below 2^KEY_BITS, item u32) pairs, highest key first, and writes the items. */
export function sortDescending(pairs: usize, count: i32, items: usize): void {
  const before = mark();
  const places = allocate(4 * KEY_COUNT);
  memory.fill(places, 0, 4 * KEY_COUNT);
  for (let i = 0; i < count; i++) {
    const slot = places + 4 * load<u32>(pairs + 8 * i);
    store<u32>(slot, load<u32>(slot) + 1);
  }
  let place: u32 = 0;
  for (let key = KEY_COUNT - 1; key >= 0; key--) {
    const size = load<u32>(places + 4 * key);
    store<u32>(places + 4 * key, place);
    place += size;
  }
  for (let i = 0; i < count; i++) {
    const slot = places + 4 * load<u32>(pairs + 8 * i);
    const at = load<u32>(slot);
    store<u32>(slot, at + 1);
    store<u32>(items + 4 * at, load<u32>(pairs + 8 * i, 4));
  }
  release(before);
}
