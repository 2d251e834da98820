/** Luma of ITU-R BT.601, in 1/256: the gray that JPEG files carry themselves. */

export function luma(red: number, green: number, blue: number): number {
  return (77 * red + 150 * green + 29 * blue + 128) >> 8;
}

export function grayFromRgba(rgba: Uint8Array): Uint8Array {
  const gray = new Uint8Array(rgba.length >> 2);
  for (let i = 0, at = 0; i < gray.length; i++, at += 4) {
    gray[i] = luma(rgba[at] as number, rgba[at + 1] as number, rgba[at + 2] as number);
  }
  return gray;
}
