/** From candidates to hits: those whose score passes their image's threshold, with their corners in the frame. */

import { applyHomography, cornersOf } from "../../shared/homography.ts";
import type { FoundImage } from "../../shared/protocol.ts";
import type { Size } from "../core/camera.ts";
import type { Candidate } from "../index/live-index.ts";
import { MATCHRATIO_DEFAULT, scoreOf } from "../index/score.ts";
import { trackingPath } from "./pictures.ts";

/** What is answered of a picture in the frame, but for what the shard does not know: its channel's name and address. */
export interface Hit extends Omit<FoundImage, "channel" | "trackingimage"> {
  /** Of the features that should be visible, those that were found. */
  readonly foundShare: number;
  /** Where its tracking image is served. */
  readonly trackingPath: string;
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

export function decideHits(
  candidates: readonly Candidate[],
  frame: Size,
  know: (id: number) => Known,
  most: number,
): Hit[] {
  const hits: Hit[] = [];
  for (const candidate of candidates) {
    if (hits.length === most || candidate.evidence <= 0) break;
    const score = scoreOf(candidate.evidence);
    const known = know(candidate.id);
    if (score < (known.matchratio ?? MATCHRATIO_DEFAULT)) continue;
    hits.push({
      identifier: known.identifier,
      metadata: known.metadata,
      level: known.level,
      score,
      corners: cornersIn(frame, candidate),
      size: [known.width, known.height],
      foundShare: candidate.inliers / candidate.visible,
      trackingPath: trackingPath(known.original),
    });
  }
  return hits;
}

/** The target's corners in 0–1 of the frame. */
function cornersIn(frame: Size, { queryFromTarget, targetSize }: Candidate) {
  return cornersOf(targetSize.width, targetSize.height).map((corner) => {
    const [x, y] = applyHomography(queryFromTarget, corner);
    return [x / frame.width, y / frame.height] as const;
  });
}
