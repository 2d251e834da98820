/**
 * Linear memory as one stack: buffers are taken from its top and given back together.
 * The kernels own no managed objects, so nothing here is ever collected.
 */

const PAGE_BYTES = 65536;
const ALIGNMENT = 16; // one v128

let top: usize = 0;

/** Takes `bytes` from the top of the stack, aligned to 16. Traps when the declared maximum would be passed. */
export function allocate(bytes: usize): usize {
  if (top == 0) top = align(__heap_base);
  const start = top;
  top = align(start + bytes);
  const missing = <isize>top - <isize>memory.size() * PAGE_BYTES;
  if (missing > 0 && memory.grow(<i32>((missing + PAGE_BYTES - 1) / PAGE_BYTES)) < 0) {
    top = start;
    unreachable();
  }
  return start;
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
