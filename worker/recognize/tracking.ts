/**
 * Tracking images: what trackers on devices (VisionKit's markers, xr-frame) are given of a target. Upright, gray as they
 * look at it, small, and without the EXIF of the original, which may say where it was taken. Made from the original
 * when one is first asked for, since most targets are never tracked, and kept in R2.
 */

import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { originalKey, type PictureKey, trackingKey } from "../catalog/pictures.ts";
import type { Core } from "../core/core.ts";
import type { Env } from "../env.ts";
import { decodeImage } from "../image/decode.ts";
import { encodeJpeg } from "../image/encode.ts";
import { sharedCore, turnstile } from "./isolate.ts";

/**
 * The long side. The largest file that AddImage takes, 18 MP in progressive CMYK and 8 MB, needs 44 MB of the core's
 * 48 MB to be decoded for it.
 */
const SIDE_PX = 1080;
/** The original was accepted when it was added. */
const NO_LIMITS = { maxBytes: Number.POSITIVE_INFINITY, maxPixels: Number.POSITIVE_INFINITY, minSide: 1 };
const RETRY_SECONDS = 2;

/** A JPEG file; undefined where there is no such picture, or no longer. */
export async function trackingImage(
  env: Env,
  key: PictureKey,
): Promise<Result<ReadableStream | ArrayBuffer | undefined>> {
  try {
    // A copy may outlive its original by a crash, and must not be shown then.
    const [original, kept] = await Promise.all([env.BUCKET.head(originalKey(key)), env.BUCKET.get(trackingKey(key))]);
    if (!original) return success(undefined);
    return kept ? success(kept.body) : await makeTrackingImage(env, key);
  } catch (error) {
    console.error("tracking image not served", key, error);
    return failure(reasons.busy("storage is briefly unavailable", RETRY_SECONDS));
  }
}

async function makeTrackingImage(env: Env, key: PictureKey): Promise<Result<ArrayBuffer | undefined>> {
  const original = await env.BUCKET.get(originalKey(key));
  if (!original) return success(undefined);
  const bytes = await original.bytes();
  const made = await turnstile.pass({ owner: key.channel, name: key.channel }, () => shrinkToJpeg(sharedCore(), bytes));
  if (made.ok) await env.BUCKET.put(trackingKey(key), made.value);
  return made;
}

async function shrinkToJpeg(core: Core, bytes: Uint8Array): Promise<Result<ArrayBuffer>> {
  const decoded = await decodeImage(core, bytes, NO_LIMITS, SIDE_PX);
  return decoded.ok ? success(await encodeJpeg(decoded.value.image)) : decoded;
}
