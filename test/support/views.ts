/** Camera views of a picture in known perspective: the truth that found corners are compared with. */

import UPNG from "upng-js";
import { expect } from "vitest";
import type { Point } from "../../shared/homography.ts";
import type { GrayImage } from "../../worker/core/core.ts";
import { createCore } from "../../worker/core/worker.ts";
import { decodeImage } from "../../worker/image/decode.ts";
import { clutter } from "../core/scenes.ts";
import { bytesOf } from "./pictures.ts";
import { drawScene, type Turned } from "./pose.ts";

export interface View {
  readonly frame: Blob;
  /** Where the picture's corners are, in 0–1 of the frame, clockwise from the picture's top left. */
  readonly corners: readonly Point[];
}

const NO_LIMITS = { maxBytes: Number.POSITIVE_INFINITY, maxPixels: Number.POSITIVE_INFINITY, minSide: 1 };

/** A tilted, slightly blurred and noisy view. */
export async function viewOf(picture: Blob, turned: Turned = {}): Promise<View> {
  const { frame, corners } = drawScene(createCore(), await grayOf(picture), turned);
  return { frame: pngOfGray(frame), corners };
}

/** The picture far off among clutter, where few of its features are detected. */
export async function clutteredViewOf(picture: Blob): Promise<View> {
  const far = { share: 0.33, tilt: 0.4 };
  const { frame, corners } = drawScene(createCore(), await grayOf(picture), far, clutter(9, 640, 480));
  return { frame: pngOfGray(frame), corners };
}

/** Two pictures beside each other in one frame. */
export async function viewOfBoth(left: Blob, right: Blob): Promise<{ frame: Blob; corners: View["corners"][] }> {
  const pose = { share: 0.6, tilt: 0.3 };
  const first = drawScene(createCore(), await grayOf(left), { ...pose, center: [170, 240] });
  const second = drawScene(createCore(), await grayOf(right), { ...pose, center: [470, 240] }, first.frame);
  return { frame: pngOfGray(second.frame), corners: [first.corners, second.corners] };
}

/** The picture with a part of `other` pasted over its lower third: another edition of it. */
export async function editionOf(picture: Blob, other: Blob): Promise<Blob> {
  const { width, height, pixels } = await grayOf(picture);
  const print = await grayOf(other);
  const edition = pixels.slice();
  for (let y = Math.floor((2 * height) / 3); y < height; y++) {
    for (let x = 0; x < width; x++) {
      edition[y * width + x] = print.pixels[(y % print.height) * print.width + (x % print.width)] as number;
    }
  }
  return pngOfGray({ width, height, pixels: edition });
}

export async function grayOf(picture: Blob): Promise<GrayImage> {
  const decoded = await decodeImage(createCore(), await bytesOf(picture), NO_LIMITS, Number.POSITIVE_INFINITY);
  if (!decoded.ok) throw new Error(decoded.reason.message);
  return decoded.value.image;
}

export function expectCorners(found: readonly Point[] = [], truth: readonly Point[], tolerance = 0.01): void {
  expect(found).toHaveLength(truth.length);
  const distances = found.map(([x, y], i) => {
    const [trueX, trueY] = truth[i] as Point;
    return Math.hypot(x - trueX, y - trueY);
  });
  expect(Math.max(...distances)).toBeLessThan(tolerance);
}

export function pngOfGray({ width, height, pixels }: GrayImage): Blob {
  const rgba = Uint8Array.from({ length: 4 * pixels.length }, (_, i) =>
    i % 4 === 3 ? 255 : (pixels[i >> 2] as number),
  );
  return new Blob([UPNG.encode([rgba.buffer], width, height, 0)]);
}
