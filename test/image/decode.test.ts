/** From an uploaded file to an upright gray picture of the wanted size. */

import { readFileSync } from "node:fs";
import jpeg from "jpeg-js";
import { describe, expect, it } from "vitest";
import { loadCore } from "../../worker/core/node.ts";
import { decodeImage, type ImageLimits, type Picture } from "../../worker/image/decode.ts";
import { difference } from "../support/oracle.ts";
import { encodePng } from "../support/png.ts";

const LIMITS: ImageLimits = { maxBytes: 8 * 2 ** 20, maxPixels: 24e6, minSide: 1 };
const MEGABYTE = 2 ** 20;

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
}

async function decoded(file: Uint8Array, longSide: number, core = loadCore()): Promise<Picture> {
  const result = await decodeImage(core, file, LIMITS, longSide);
  if (!result.ok) throw new Error(result.reason.message);
  return result.value;
}

/** A smooth picture whose gray says where one is. */
function gradient(width: number, height: number): Uint8Array {
  const data = new Uint8Array(4 * width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) data.fill(40 + (100 * x) / width + (100 * y) / height, at, at + 3);
  }
  return jpeg.encode({ width, height, data }, 95).data;
}

describe("orientation", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("EXIF %i is turned upright, at every reduction", async (orientation) => {
    for (const longSide of [Number.POSITIVE_INFINITY, 320, 160, 80, 50]) {
      const upright = await decoded(fixture("circus.jpg"), longSide);
      const turned = await decoded(fixture(`circus.exif${orientation}.jpg`), longSide);
      expect(turned.size).toEqual({ width: 240, height: 320 });
      expect([turned.image.width, turned.image.height]).toEqual([upright.image.width, upright.image.height]);
      expect(difference(turned.image, upright.image).mean).toBeLessThan(0.5);
    }
  });
});

describe("the wanted size", () => {
  it.each([
    [1001, 701, 640],
    [1283, 961, 640],
    [1999, 1333, 480],
    [2563, 603, 640],
    [4007, 3001, 480],
  ])(
    "is what shrinking the whole picture would give, to a part of a pixel: %i × %i to %i",
    async (width, height, side) => {
      const file = gradient(width, height);
      const core = loadCore();
      const { image, size } = await decoded(file, side, core);
      const whole = await decodeImage(core, file, LIMITS, Number.POSITIVE_INFINITY);
      if (!whole.ok) throw new Error(whole.reason.message);
      const slow = core.shrink(whole.value.image, side);
      expect(size).toEqual({ width, height });
      expect([image.width, image.height]).toEqual([slow.width, slow.height]);
      expect(difference(image, slow).mean).toBeLessThan(0.5); // a shift by a pixel is a sixth of a level
      expect(difference(image, slow).most).toBeLessThanOrEqual(2);
    },
  );

  it("is the same for a PNG", async () => {
    const at = (x: number, y: number) => Math.round(40 + (100 * x) / 1283 + (100 * y) / 300);
    const layout = { width: 1283, height: 300, colorType: 0, depth: 8 } as const;
    const file = new Uint8Array(await (await encodePng(layout, (x, y) => [at(x, y)])).arrayBuffer());
    const core = loadCore();
    const { image } = await decoded(file, 640, core);
    const slow = core.shrink((await decoded(file, 1283, core)).image, 640);
    expect([image.width, image.height]).toEqual([slow.width, slow.height]);
    expect(difference(image, slow).most).toBeLessThanOrEqual(1);
  });
});

describe("memory", () => {
  it("of a 12-megapixel photo is at most 16 MB, features included", async () => {
    const file = gradient(4000, 3000);
    const core = loadCore();
    const { image } = await decoded(file, 640, core);
    core.extract(image, 800);
    expect(core.memoryBytes).toBeLessThan(16 * MEGABYTE);
  });

  it("of the worst picture that is accepted is less than the core has", async () => {
    const file = progressiveClaim(1279, 1279);
    // The claim fails only where its codes end: all its memory was there.
    for (const [width, height] of [
      [1279, 1279],
      [2559, 2559],
      [5119, 4687],
      [65535, 366],
    ] as const) {
      const result = await decodeImage(loadCore(), resized(file, width, height), LIMITS, 640);
      expect(result).toMatchObject({
        ok: false,
        reason: { returncode: 20007, message: expect.stringMatching(/shorter|code/) },
      });
    }
  });

  /** The four inks of the fixture, in a file of 8 MB. */
  function progressiveClaim(width: number, height: number): Uint8Array {
    const small = fixture("crop.ycck.progressive.jpg");
    const file = new Uint8Array(LIMITS.maxBytes);
    file.set(small);
    file.fill(0, small.length - 2);
    file.set([0xff, 0xd9], file.length - 2);
    const adobe = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xee);
    file[adobe + 15] = 0; // CMYK: gray needs all of them
    return resized(file, width, height);
  }

  function resized(file: Uint8Array, width: number, height: number): Uint8Array {
    const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc2);
    const copy = file.slice();
    copy.set([height >> 8, height & 255, width >> 8, width & 255], frame + 5);
    return copy;
  }
});
