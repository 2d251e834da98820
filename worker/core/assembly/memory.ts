/**
 * Linear memory as one stack: buffers are taken from its top and given back together.
 * The kernels own no managed objects, so nothing here is ever collected.
 */

const PAGE_BYTES = 65536;
const ALIGNMENT = 16; // one v128

/** As declared in asconfig.json: 768 pages. */
const MEMORY_BYTES_MOST: u64 = 48 << 20;

/** What `reserve` answers. */
export const RESERVED: i32 = 0;
const BEYOND_MAXIMUM: i32 = 1;
const REFUSED_BY_HOST: i32 = 2;

let top: usize = 0;

/** Takes `bytes` from the top of the stack, aligned to 16. Traps when the declared maximum would be passed. */
export function allocate(bytes: usize): usize {
  if (top == 0) top = align(__heap_base);
  const start = top;
  if (!reaches(align(start + bytes))) unreachable();
  top = align(start + bytes);
  return start;
}

/** Makes sure that `bytes` can be taken from here, in any number of pieces of which each takes up to 16 more. */
export function reserve(bytes: u64): i32 {
  const end = <u64>mark() + bytes;
  if (end > MEMORY_BYTES_MOST) return BEYOND_MAXIMUM;
  return reaches(<usize>end) ? RESERVED : REFUSED_BY_HOST;
}

/** Grows the memory up to `end` where it has to; false where it cannot. */
function reaches(end: usize): bool {
  const missing = <isize>end - <isize>memory.size() * PAGE_BYTES;
  return missing <= 0 || memory.grow(<i32>((missing + PAGE_BYTES - 1) / PAGE_BYTES)) >= 0;
}

/** The present top, to give back to `release` everything taken after it. */
export function mark(): usize {
  return allocate(0);
}

export function release(to: usize): void {
  top = to;
}

function align(address: usize): usize {
  return (address + ALIGNMENT - 1) & ~(<usize>ALIGNMENT - 1);
}
