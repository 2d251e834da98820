/** One feature as the core writes it (assembly/features.ts). */

export const FEATURE_BYTES = 56;
const POSITION_UNITS = 64;

export interface Feature {
  /** In px of the image that it was extracted from. */
  readonly x: number;
  readonly y: number;
  /** Image px per px of its pyramid level. */
  readonly scale: number;
  /** Dominant direction, radians. */
  readonly angle: number;
}

export function readFeatures(bytes: Uint8Array): Feature[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / FEATURE_BYTES }, (_, i) => {
    const at = i * FEATURE_BYTES;
    return {
      x: view.getUint16(at, true) / POSITION_UNITS,
      y: view.getUint16(at + 2, true) / POSITION_UNITS,
      scale: 2 ** (view.getUint8(at + 4) / 2),
      angle: (view.getUint8(at + 5) / 256) * 2 * Math.PI,
    };
  });
}

/** The descriptor of feature `index`: 48 signed bytes. */
export function descriptorOf(bytes: Uint8Array, index: number): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset + index * FEATURE_BYTES + 8, FEATURE_BYTES - 8);
}
