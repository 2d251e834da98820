/** From PNG samples of any color type and depth to gray on white. */

import { luma } from "./gray.ts";
import type { Layout } from "./png.ts";

const WHITE = 255;

/** Turns a row (after the number of its filter) into one gray byte a pixel. */
export function grayRows(layout: Layout): (row: Uint8Array, gray: Uint8Array) => void {
  const { colorType, depth } = layout;
  if (depth <= 8 && (colorType === 0 || colorType === 3)) return lookUp(tableOf(layout), depth);
  const bytes = depth / 8;
  if (colorType === 0) return grayOf16(layout.transparency);
  if (colorType === 2) return colors(bytes, layout.transparency);
  return colorType === 4 ? graysOnWhite(bytes) : colorsOnWhite(bytes);
}

/** The gray of each value that one sample of at most 8 bits can have. */
function tableOf({ colorType, depth, palette, transparency }: Layout): Uint8Array {
  const most = (1 << depth) - 1;
  return Uint8Array.from({ length: most + 1 }, (_, value) => {
    if (colorType === 0) return isTransparent(transparency, [0, value]) ? WHITE : (value * 255) / most;
    const [red = 0, green = 0, blue = 0] = palette?.subarray(3 * value, 3 * value + 3) ?? [];
    return onWhite(luma(red, green, blue), transparency?.[value] ?? 255);
  });
}

/** Of gray and color pictures: the one value that is transparent, two bytes a sample. */
function isTransparent(transparency: Uint8Array | undefined, samples: readonly number[]): boolean {
  return transparency?.length === samples.length && samples.every((byte, i) => transparency[i] === byte);
}

function lookUp(table: Uint8Array, depth: number) {
  const mask = (1 << depth) - 1;
  return (row: Uint8Array, gray: Uint8Array) => {
    for (let x = 0; x < gray.length; x++) {
      const bit = x * depth;
      const value = (sampleAt(row, 1 + (bit >> 3)) >> (8 - depth - (bit & 7))) & mask;
      gray[x] = table[value] as number;
    }
  };
}

function grayOf16(transparency: Uint8Array | undefined) {
  return (row: Uint8Array, gray: Uint8Array) => {
    for (let x = 0, at = 1; x < gray.length; x++, at += 2) {
      gray[x] = transparency && isTransparent(transparency, [...row.subarray(at, at + 2)]) ? WHITE : sampleAt(row, at);
    }
  };
}

/** Of 16 bits the upper 8 are looked at. */
function colors(bytes: number, transparency: Uint8Array | undefined) {
  return (row: Uint8Array, gray: Uint8Array) => {
    for (let x = 0, at = 1; x < gray.length; x++, at += 3 * bytes) {
      gray[x] = luma(sampleAt(row, at), sampleAt(row, at + bytes), sampleAt(row, at + 2 * bytes));
      if (transparency && isTransparent(transparency, wideSamples(row, at, bytes))) gray[x] = WHITE;
    }
  };
}

/** Red, green and blue in two bytes each. */
function wideSamples(row: Uint8Array, at: number, bytes: number): number[] {
  const samples = [...row.subarray(at, at + 3 * bytes)];
  return bytes === 2 ? samples : samples.flatMap((sample) => [0, sample]);
}

function graysOnWhite(bytes: number) {
  return (row: Uint8Array, gray: Uint8Array) => {
    for (let x = 0, at = 1; x < gray.length; x++, at += 2 * bytes) {
      gray[x] = onWhite(sampleAt(row, at), sampleAt(row, at + bytes));
    }
  };
}

function colorsOnWhite(bytes: number) {
  return (row: Uint8Array, gray: Uint8Array) => {
    for (let x = 0, at = 1; x < gray.length; x++, at += 4 * bytes) {
      const opaque = luma(sampleAt(row, at), sampleAt(row, at + bytes), sampleAt(row, at + 2 * bytes));
      gray[x] = onWhite(opaque, sampleAt(row, at + 3 * bytes));
    }
  };
}

function sampleAt(row: Uint8Array, at: number): number {
  return row[at] as number;
}

function onWhite(gray: number, alpha: number): number {
  return WHITE + ((gray - WHITE) * alpha) / 255;
}
