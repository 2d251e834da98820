/** From an uploaded picture to features, with one core an isolate: one picture at a time is decoded. */

import { FRAME_SIDE_PX } from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { Size } from "../core/camera.ts";
import { type Core, type GrayImage, TARGET_FEATURES_MAX, type Target } from "../core/core.ts";
import { FEATURE_BYTES } from "../core/feature.ts";
import { decodeImage, type ImageLimits } from "../image/decode.ts";

/** The longer side that a target is looked at in; its features' places reach 511 px (assembly/target.ts). */
const TARGET_SIDE_PX = 480;
const FRAME_FEATURES = 800;
/** Fewer features than this cannot show where a picture is; blank, dark or blurred ones have fewer. */
const FEATURES_LEAST = 24;

export interface TargetPicture {
  readonly image: GrayImage;
  /** As extracted (core/feature.ts). */
  readonly features: Uint8Array;
  readonly target: Target;
  /** Of the picture as uploaded, px. */
  readonly size: Size;
}

export interface Frame {
  /** What the features were extracted from. */
  readonly image: GrayImage;
  readonly features: Uint8Array;
  /** Of the image, px. */
  readonly size: Size;
  readonly decodeMs: number;
  readonly extractMs: number;
}

export async function readTarget(core: Core, bytes: Uint8Array, limits: ImageLimits): Promise<Result<TargetPicture>> {
  const decoded = await decodeImage(core, bytes, limits, TARGET_SIDE_PX);
  if (!decoded.ok) return decoded;
  const { image, size } = decoded.value;
  const features = core.extract(image, TARGET_FEATURES_MAX);
  const found = features.length / FEATURE_BYTES;
  if (found < FEATURES_LEAST) {
    return failure(
      reasons.tooLittleDetail(`only ${found} distinct points were found; use a picture with more detail and contrast`),
    );
  }
  return success({ image, features, target: core.encodeTarget(features, image), size });
}

/** What a frame that shows nothing but this picture would be asked with. */
export function queryOf(core: Core, image: GrayImage): Pick<Frame, "features" | "size"> {
  return { features: core.extract(image, FRAME_FEATURES), size: { width: image.width, height: image.height } };
}

/** `side` is the long side, in px, that the frame is shrunk to. */
export async function readFrame(
  core: Core,
  bytes: Uint8Array,
  limits: ImageLimits,
  side = FRAME_SIDE_PX,
): Promise<Result<Frame>> {
  const began = performance.now();
  const decoded = await decodeImage(core, bytes, limits, side);
  if (!decoded.ok) return decoded;
  const { image } = decoded.value;
  const shrunk = performance.now();
  const features = core.extract(image, FRAME_FEATURES);
  if (features.length / FEATURE_BYTES < FEATURES_LEAST) {
    return failure(reasons.tooLittleDetail("the frame is blank, dark or blurred; more light, hold still, come nearer"));
  }
  const size = { width: image.width, height: image.height };
  return success({ image, features, size, decodeMs: shrunk - began, extractMs: performance.now() - shrunk });
}
