/** Luma of ITU-R BT.601, in 1/256: the gray that JPEG files carry themselves. */

export function luma(red: number, green: number, blue: number): number {
  return (77 * red + 150 * green + 29 * blue + 128) >> 8;
}
