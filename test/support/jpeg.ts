/** Takes JPEG files apart and puts segments into them (ITU-T T.81, B.1.1). */

/** Where each marker of a whole file without fill bytes stands. */
export function markersOf(file: Uint8Array): number[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: number[] = [];
  for (let at = 0; at + 1 < file.length; ) {
    const marker = file[at + 1] as number;
    const isMarker = file[at] === 0xff && marker !== 0;
    if (isMarker) found.push(at);
    const isBare = marker >= 0xd0 && marker <= 0xd9; // restarts, start and end of the picture
    at += !isMarker ? 1 : isBare ? 2 : 2 + view.getUint16(at + 2);
  }
  return found;
}

/** The first segment with this marker. */
export function segmentAt(file: Uint8Array, marker: number): number {
  return markersOf(file).find((at) => file[at + 1] === marker) as number;
}

/** A segment that begins so and is filled up to `size` bytes. */
export function segment(marker: number, start: ArrayLike<number>, size = start.length): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + size);
  bytes.set([0xff, marker, (size + 2) >> 8, (size + 2) & 255]);
  bytes.set(start, 4);
  return bytes;
}
