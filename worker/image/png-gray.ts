/** From PNG samples of any color type and depth to gray on white. */

import { luma } from "./gray.ts";
import type { Layout } from "./png.ts";

const WHITE = 255;

/** Turns a row (after the number of its filter) into one gray byte a pixel. */
export function grayRows(layout: Layout): (row: Uint8Array, gray: Uint8Array) => void {
  const { colorType, depth } = layout;
  if (depth <= 8 && (colorType === 0 || colorType === 3)) return lookUp(tableOf(layout), depth);
  const bytes = depth / 8;
  if (colorType === 0) return grayOf16(transparentPixel(layout));
  if (colorType === 2) return colors(bytes, transparentPixel(layout));
  return colorType === 4 ? graysOnWhite(bytes) : colorsOnWhite(bytes);
}

/** The gray of each value that one sample of at most 8 bits can have. */
function tableOf(layout: Layout): Uint8Array {
  const { colorType, depth, palette, transparency } = layout;
  const most = (1 << depth) - 1;
  const transparent = transparentPixel(layout)?.[0];
  return Uint8Array.from({ length: most + 1 }, (_, value) => {
    if (colorType === 0) return value === transparent ? WHITE : (value * 255) / most;
    const [red = 0, green = 0, blue = 0] = palette?.subarray(3 * value, 3 * value + 3) ?? [];
    return onWhite(luma(red, green, blue), transparency?.[value] ?? 255);
  });
}

/** Of gray and color pictures: the one pixel that is transparent, as it is in a row. tRNS has two bytes a sample at any depth. */
function transparentPixel({ colorType, depth, transparency }: Layout): Uint8Array | undefined {
  if (transparency?.length !== (colorType === 0 ? 2 : 6)) return undefined;
  if (depth === 16) return transparency;
  const isBeyondDepth = transparency.some((byte, i) => i % 2 === 0 && byte > 0);
  return isBeyondDepth ? undefined : transparency.filter((_, i) => i % 2 === 1);
}

/** Asked for each of millions of pixels: nothing is allocated. */
function isAt(row: Uint8Array, at: number, pixel: Uint8Array): boolean {
  for (let i = 0; i < pixel.length; i++) if (row[at + i] !== pixel[i]) return false;
  return true;
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

function grayOf16(transparent: Uint8Array | undefined) {
  return (row: Uint8Array, gray: Uint8Array) => {
    for (let x = 0, at = 1; x < gray.length; x++, at += 2) {
      gray[x] = transparent && isAt(row, at, transparent) ? WHITE : sampleAt(row, at);
    }
  };
}

/** Of 16 bits the upper 8 are looked at. */
function colors(bytes: number, transparent: Uint8Array | undefined) {
  return (row: Uint8Array, gray: Uint8Array) => {
    for (let x = 0, at = 1; x < gray.length; x++, at += 3 * bytes) {
      gray[x] = luma(sampleAt(row, at), sampleAt(row, at + bytes), sampleAt(row, at + 2 * bytes));
      if (transparent && isAt(row, at, transparent)) gray[x] = WHITE;
    }
  };
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
