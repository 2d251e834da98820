/** Shrinks a picture while its rows arrive, in any order: each pixel is the mean of a square of them. */

import type { Size } from "../core/camera.ts";
import type { GrayImage, Reduction } from "../core/core.ts";

export class BoxMeans {
  readonly #source: Size;
  readonly #reduction: Reduction;
  readonly #shift: number;
  readonly #width: number;
  readonly #height: number;
  /** At most 8 × 8 × 255 each. */
  readonly #sums: Uint16Array;

  /** The image is 1/`reduction` of `source`, rounded up. */
  constructor(source: Size, reduction: Reduction) {
    this.#source = source;
    this.#reduction = reduction;
    this.#shift = Math.log2(reduction);
    this.#width = Math.ceil(source.width / reduction);
    this.#height = Math.ceil(source.height / reduction);
    this.#sums = new Uint16Array(this.#width * this.#height);
  }

  /** Adds pixels of row `y`: the first in column `left`, the others `step` apart. */
  add(gray: Uint8Array, left: number, step: number, y: number): void {
    const row = (y >> this.#shift) * this.#width;
    const sums = this.#sums;
    for (let i = 0, x = left; i < gray.length; i++, x += step) {
      const cell = row + (x >> this.#shift);
      sums[cell] = (sums[cell] as number) + (gray[i] as number);
    }
  }

  image(): GrayImage {
    const pixels = new Uint8Array(this.#sums.length);
    for (let y = 0, i = 0; y < this.#height; y++) {
      const rows = Math.min(this.#reduction, this.#source.height - y * this.#reduction);
      for (let x = 0; x < this.#width; x++, i++) {
        const count = rows * Math.min(this.#reduction, this.#source.width - x * this.#reduction);
        pixels[i] = ((this.#sums[i] as number) + (count >> 1)) / count;
      }
    }
    return { width: this.#width, height: this.#height, pixels };
  }
}
