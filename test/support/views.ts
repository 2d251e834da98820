/** Camera views of a picture in known perspective: the truth that found corners are compared with. */

import UPNG from "upng-js";
import { expect } from "vitest";
import { applyHomography, cornersOf, invert, type Point } from "../../shared/homography.ts";
import { frameFromPicture, type Pose, type Size } from "../../worker/core/camera.ts";
import type { GrayImage } from "../../worker/core/core.ts";
import { createCore } from "../../worker/core/worker.ts";
import { decodeImage } from "../../worker/image/decode.ts";
import { bytesOf } from "./pictures.ts";

export interface View {
  readonly frame: Blob;
  /** Where the picture's corners are, in 0–1 of the frame, clockwise from the picture's top left. */
  readonly corners: readonly Point[];
}

const FRAME: Size = { width: 640, height: 480 };
const BACKGROUND_GRAY = 110;
const EXPOSURE = { blurPasses: 1, gain: 0.9, gamma: 1, offset: 8, noise: 3 };
const NO_LIMITS = { maxBytes: Number.POSITIVE_INFINITY, maxPixels: Number.POSITIVE_INFINITY, minSide: 1 };

/** A tilted, slightly blurred and noisy view. `share` is the picture's long side over the frame's height. */
export async function viewOf(
  picture: Blob,
  { share = 0.7, ...turned }: { share?: number } & Partial<Omit<Pose, "scale">> = {},
): Promise<View> {
  const image = await grayOf(picture);
  const pose: Pose = {
    scale: (share * FRAME.height) / Math.max(image.width, image.height),
    rotation: 0.3,
    tilt: 0.5,
    tiltAxis: 0.7,
    center: [FRAME.width / 2, FRAME.height / 2],
    ...turned,
  };
  const inFrame = frameFromPicture(image, FRAME, pose);
  const background = { ...FRAME, pixels: new Uint8Array(FRAME.width * FRAME.height).fill(BACKGROUND_GRAY) };
  const frame = createCore().drawView(image, invert(inFrame), background, EXPOSURE, 1);
  const corners = cornersOf(image.width, image.height).map((corner) => {
    const [x, y] = applyHomography(inFrame, corner);
    return [x / FRAME.width, y / FRAME.height] as const;
  });
  return { frame: pngOfGray(frame), corners };
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

function pngOfGray({ width, height, pixels }: GrayImage): Blob {
  const rgba = Uint8Array.from({ length: 4 * pixels.length }, (_, i) =>
    i % 4 === 3 ? 255 : (pixels[i >> 2] as number),
  );
  return new Blob([UPNG.encode([rgba.buffer], width, height, 0)]);
}
