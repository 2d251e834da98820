/**
 * Whether a candidate is in the frame is unsure where few of its features were found: far off among clutter, blurred, dim.
 * Then all its features are looked at in the frame where they should be (core/assembly/look.ts), and where they look alike
 * its evidence rises. It never falls: a bent or half covered picture looks as different there as one that only shares print.
 */

import type { Homography } from "../../shared/homography.ts";
import type { Core, GrayImage } from "../core/core.ts";
import type { Weighed } from "./score.ts";

/** Evidence from which on a look is worth its time, … */
const UNSURE_FROM = 3;
/** … and to which a look can raise it: what has more is sure. */
const SURE_FROM = 60;
/** So many more pictures than are asked for are looked at, the strongest. */
const LOOKS_BEYOND = 2;
/** Evidence rises where the difference is below this one, by so much for a difference of 1. Measured with bench:recognition and bench:false-matches. */
const ALIKE = 0.19;
const EVIDENCE_PER_DIFFERENCE = 225;

export interface Unsure extends Weighed {
  readonly queryFromTarget: Homography;
  /** The target's (core/core.ts). */
  readonly features: Uint8Array;
}

/** How many are looked at where up to `most` pictures are asked for. */
export function looksFor(most: number): number {
  return most + LOOKS_BEYOND;
}

export function isUnsure({ evidence, worth }: Weighed): boolean {
  return evidence >= UNSURE_FROM && evidence * worth < SURE_FROM;
}

/** The most that a second look can make of this. */
export function mostOf(weighed: Weighed): Weighed {
  return isUnsure(weighed) ? afterLook(weighed, 0) : weighed;
}

/** The same with what they have for them after a look at `image`, which is what the question's features are of. */
export function lookAgain<T extends Unsure>(core: Core, image: GrayImage, unsure: readonly T[]): T[] {
  if (unsure.length === 0) return [];
  const differences = core.differencesInPlace(image, unsure);
  return unsure.map((one, i) => ({ ...one, ...afterLook(one, differences[i] as number) }));
}

/** What looks alike all over is worth all its evidence. */
function afterLook({ evidence, worth }: Weighed, difference: number): Weighed {
  if (difference >= ALIKE) return { evidence, worth };
  const gain = EVIDENCE_PER_DIFFERENCE * (ALIKE - difference);
  return { evidence: Math.max(evidence, Math.min(SURE_FROM, evidence + gain)), worth: 1 };
}
