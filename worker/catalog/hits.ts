/** From candidates to hits: those whose score passes their image's threshold, with their corners in the frame. */

import { applyHomography, cornersOf } from "../../shared/homography.ts";
import type { FoundImage } from "../../shared/protocol.ts";
import type { Size } from "../core/camera.ts";
import type { Candidate } from "../index/live-index.ts";
import { MATCHRATIO_DEFAULT, scoreOf } from "../index/score.ts";
import { isUnsure, looksFor, mostEvidence, type Unsure } from "../index/second-look.ts";
import { trackingPath } from "./pictures.ts";

/** What is answered of a picture in the frame, but for what the shard does not know: its channel's name and address. */
export interface Hit extends Omit<FoundImage, "channel" | "trackingimage"> {
  /** Of the features that should be visible, those that were found. */
  readonly foundShare: number;
  /** Where its tracking image is served. */
  readonly trackingPath: string;
}

/** What may become a hit, or a better one, by a second look: where its score then reaches `matchratio`. */
export interface UnsureHit extends Unsure {
  readonly hit: Hit;
  readonly matchratio: number;
}

/** What the catalog knows of a candidate. */
export interface Known {
  readonly identifier: string;
  readonly metadata: string;
  readonly matchratio: number | null;
  readonly level: number;
  /** Where the uploaded file lies in R2. */
  readonly original: string;
  /** Of the uploaded picture, px. */
  readonly width: number;
  readonly height: number;
}

/** Up to `most` of `candidates`, which are in the order of evidence. */
export function decideHits(
  candidates: readonly Candidate[],
  frame: Size,
  know: (id: number) => Known,
  most: number,
): Hit[] {
  const hits: Hit[] = [];
  for (const candidate of candidates) {
    if (hits.length === most || candidate.evidence <= 0) break;
    const known = know(candidate.id);
    if (scoreOf(candidate.evidence) >= matchratioOf(known)) hits.push(hitOf(candidate, known, frame));
  }
  return hits;
}

/** Those at which a second look is worth its time, with the features that it takes. */
export function unsureHits(
  candidates: readonly Candidate[],
  frame: Size,
  know: (id: number) => Known,
  featuresOf: (id: number) => Uint8Array,
  most: number,
): UnsureHit[] {
  return candidates
    .filter(({ evidence }) => isUnsure(evidence))
    .map((candidate) => ({ candidate, known: know(candidate.id) }))
    .filter(({ candidate, known }) => scoreOf(mostEvidence(candidate.evidence)) >= matchratioOf(known))
    .slice(0, looksFor(most))
    .map(({ candidate, known }) => ({
      hit: hitOf(candidate, known, frame),
      matchratio: matchratioOf(known),
      evidence: candidate.evidence,
      queryFromTarget: candidate.queryFromTarget,
      features: featuresOf(candidate.id),
    }));
}

/** Undefined where it does not pass after the second look either. */
export function hitAfterLook({ hit, evidence, matchratio }: UnsureHit): Hit | undefined {
  const score = scoreOf(evidence);
  return score >= matchratio ? { ...hit, score } : undefined;
}

function matchratioOf({ matchratio }: Known): number {
  return matchratio ?? MATCHRATIO_DEFAULT;
}

function hitOf(candidate: Candidate, known: Known, frame: Size): Hit {
  return {
    identifier: known.identifier,
    metadata: known.metadata,
    level: known.level,
    score: scoreOf(candidate.evidence),
    corners: cornersIn(frame, candidate),
    size: [known.width, known.height],
    foundShare: candidate.inliers / candidate.visible,
    trackingPath: trackingPath(known.original),
  };
}

/** The target's corners in 0–1 of the frame. */
function cornersIn(frame: Size, { queryFromTarget, targetSize }: Candidate) {
  return cornersOf(targetSize.width, targetSize.height).map((corner) => {
    const [x, y] = applyHomography(queryFromTarget, corner);
    return [x / frame.width, y / frame.height] as const;
  });
}
