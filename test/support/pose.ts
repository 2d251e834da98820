/** A picture drawn into a camera frame in known perspective, by whichever core the platform loads. */

import { applyHomography, cornersOf, invert, type Point } from "../../shared/homography.ts";
import { frameFromPicture, type Pose, type Size } from "../../worker/core/camera.ts";
import type { Core, GrayImage } from "../../worker/core/core.ts";

/** `share` is the picture's long side over the frame's height. */
export type Turned = { readonly share?: number } & Partial<Omit<Pose, "scale">>;

export interface Scene {
  readonly frame: GrayImage;
  /** Where the picture's corners are, in 0–1 of the frame, clockwise from the picture's top left. */
  readonly corners: readonly Point[];
}

const FRAME: Size = { width: 640, height: 480 };
const BACKGROUND_GRAY = 110;
const EXPOSURE = { blurPasses: 1, gain: 0.9, gamma: 1, offset: 8, noise: 3 };

/** Tilted, slightly blurred and noisy, before a plain background or another scene's frame. */
export function drawScene(
  core: Core,
  picture: GrayImage,
  { share = 0.7, ...turned }: Turned = {},
  background = plainBackground(),
): Scene {
  const pose: Pose = {
    scale: (share * FRAME.height) / Math.max(picture.width, picture.height),
    rotation: 0.3,
    tilt: 0.5,
    tiltAxis: 0.7,
    center: [FRAME.width / 2, FRAME.height / 2],
    ...turned,
  };
  const inFrame = frameFromPicture(picture, FRAME, pose);
  const frame = core.drawView(picture, invert(inFrame), background, EXPOSURE, 1);
  const corners = cornersOf(picture.width, picture.height).map((corner) => {
    const [x, y] = applyHomography(inFrame, corner);
    return [x / FRAME.width, y / FRAME.height] as const;
  });
  return { frame, corners };
}

function plainBackground(): GrayImage {
  return { ...FRAME, pixels: new Uint8Array(FRAME.width * FRAME.height).fill(BACKGROUND_GRAY) };
}
