/** Pictures made for tests: rich in corners, different for every seed. */

import { between, type Random, randomFrom } from "../../shared/random.ts";
import type { GrayImage } from "../../worker/core/core.ts";

/** Overlapping rectangles and disks of random gray, lightly grained. */
export function collage(seed: number, width: number, height: number, shapes = 160): GrayImage {
  const random = randomFrom(seed);
  const pixels = new Uint8Array(width * height).fill(128);
  const image = { width, height, pixels };
  for (let i = 0; i < shapes; i++) {
    const size = between(random, 0.02, 0.16) * Math.max(width, height);
    drawShape(image, random, random() * width, random() * height, size);
  }
  for (let i = 0; i < pixels.length; i++) pixels[i] = clamp((pixels[i] as number) + 8 * random() - 4);
  return image;
}

function drawShape({ width, height, pixels }: GrayImage, random: Random, cx: number, cy: number, size: number): void {
  const gray = 255 * random();
  const round = random() < 0.4;
  const stretch = between(random, 0.4, 2.5);
  for (let y = Math.max(0, Math.ceil(cy - size)); y < Math.min(height, cy + size); y++) {
    for (let x = Math.max(0, Math.ceil(cx - size * stretch)); x < Math.min(width, cx + size * stretch); x++) {
      if (round && ((x - cx) / stretch) ** 2 + (y - cy) ** 2 > size ** 2) continue;
      pixels[y * width + x] = gray;
    }
  }
}

const GLYPH_PX = 24;
const GLYPHS = Array.from({ length: 6 }, (_, i) => collage(50 + i, GLYPH_PX, GLYPH_PX));

/** A page of "text" in the one typeface of six glyphs that there is: every seed is another text. */
export function print(seed: number, width: number, height: number): GrayImage {
  const random = randomFrom(seed);
  const pixels = new Uint8Array(width * height).fill(230);
  for (let top = 0; top + GLYPH_PX <= height; top += GLYPH_PX + 8) {
    for (let left = 0; left + GLYPH_PX <= width; left += GLYPH_PX + 6) {
      const glyph = GLYPHS[Math.floor(random() * GLYPHS.length)] as GrayImage;
      for (let y = 0; y < GLYPH_PX; y++) {
        pixels.set(glyph.pixels.subarray(y * GLYPH_PX, (y + 1) * GLYPH_PX), (top + y) * width + left);
      }
    }
  }
  return { width, height, pixels };
}

export function noise(seed: number, width: number, height: number): GrayImage {
  const random = randomFrom(seed);
  return { width, height, pixels: Uint8Array.from({ length: width * height }, () => 256 * random()) };
}

/** Squares of random gray: corners everywhere, which take the place of a small picture's. */
export function clutter(seed: number, width: number, height: number, square = 4): GrayImage {
  const grays = noise(seed, Math.ceil(width / square), Math.ceil(height / square));
  const grayAt = (x: number, y: number) =>
    grays.pixels[Math.floor(y / square) * grays.width + Math.floor(x / square)] as number;
  return { width, height, pixels: Uint8Array.from({ length: width * height }, (_, i) => grayAt(i % width, i / width)) };
}

export function flat(gray: number, width: number, height: number): GrayImage {
  return { width, height, pixels: new Uint8Array(width * height).fill(gray) };
}

function clamp(gray: number): number {
  return Math.max(0, Math.min(255, gray));
}
