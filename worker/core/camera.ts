/** The simulated camera: how a view is described, and where it puts the picture in the frame. */

import { type Homography, multiply } from "../../shared/homography.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Pose {
  /** Frame px per picture px at the picture's middle. */
  readonly scale: number;
  /** In-plane turn, radians. */
  readonly rotation: number;
  /** Angle between the camera's axis and the picture's normal, radians, and the direction in which it leans. */
  readonly tilt: number;
  readonly tiltAxis: number;
  /** Where the picture's middle lies in the frame, px. */
  readonly center: readonly [x: number, y: number];
}

export interface Exposure {
  /** Passes of a blur with a standard deviation of one px. */
  readonly blurPasses: number;
  readonly gain: number;
  readonly gamma: number;
  readonly offset: number;
  /** Standard deviation of the noise, gray levels. */
  readonly noise: number;
}

/** Distance to the image plane over the frame's long side, as with a phone's main camera. */
const FOCAL_RATIO = 1.1;

/** The map from picture px to frame px of a pinhole camera that sees the picture in this pose. */
export function frameFromPicture(picture: Size, frame: Size, pose: Pose): Homography {
  const focal = FOCAL_RATIO * Math.max(frame.width, frame.height);
  const distance = focal / pose.scale;
  const centered: Homography = [1, 0, -picture.width / 2, 0, 1, -picture.height / 2, 0, 0, 1];
  const turned = multiply(rotation(pose.rotation - pose.tiltAxis), centered);
  // Leaning about the axis: x stays, y shortens and goes away from the camera.
  const leaned: Homography = [1, 0, 0, 0, Math.cos(pose.tilt), 0, 0, Math.sin(pose.tilt), distance];
  const [x, y] = pose.center;
  const projected: Homography = [focal, 0, 0, 0, focal, 0, 0, 0, 1];
  const placed: Homography = [1, 0, x, 0, 1, y, 0, 0, 1];
  return multiply(placed, multiply(projected, multiply(rotation(pose.tiltAxis), multiply(leaned, turned))));
}

function rotation(angle: number): Homography {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  return [c, -s, 0, s, c, 0, 0, 0, 1];
}
