/**
 * What was measured of pictures lately, in this isolate. Consoles and command lines grade a picture before they add it, and
 * the simulation takes most of the time of both.
 */

import type { Core } from "../core/core.ts";
import type { TargetPicture } from "./extract.ts";
import { measureDetection } from "./level.ts";

/** Each takes about 150 bytes. */
const KEPT_MOST = 2000;

const measured = new Map<string, number>();

/** The share of simulated views in which the picture is found again; `digest` is its file's. */
export function detectionOf(core: Core, { image, target }: TargetPicture, digest: string): number {
  const known = measured.get(digest);
  if (known !== undefined) return known;
  const detection = measureDetection(core, image, target);
  if (measured.size >= KEPT_MOST) measured.clear();
  measured.set(digest, detection);
  return detection;
}
