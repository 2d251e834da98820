/**
 * From candidates to hits: those whose score passes their image's threshold, with their corners in the frame. A shard decides
 * among its own candidates, and sends what it takes to decide once more among those of all shards.
 */

import { applyHomography, cornersOf } from "../../shared/homography.ts";
import type { FoundImage } from "../../shared/protocol.ts";
import type { Size } from "../core/camera.ts";
import { lessen, type Own, rivalsOf, strongest } from "../core/rivals.ts";
import type { Candidate } from "../index/live-index.ts";
import { MATCHRATIO_DEFAULT, scoreOf, type Weighed } from "../index/score.ts";
import { isUnsure, looksFor, mostOf, type Unsure } from "../index/second-look.ts";
import { trackingPath } from "./pictures.ts";

/**
 * What is answered of a picture in the frame, but for what the shard does not know, its channel's name and address; and what
 * is needed to choose among several.
 */
export interface Hit extends Omit<FoundImage, "channel" | "trackingimage">, Weighed {
  /** Of the features that should be visible, those that were found. */
  readonly foundShare: number;
  /** Where its tracking image is served. */
  readonly trackingPath: string;
}

/** How a shard came to a hit. */
interface Judged extends Own {
  /** The score that it has to reach. */
  readonly matchratio: number;
}

export interface ShardHit extends Hit, Judged {}

/** What may become a hit, or a better one, by a second look. */
export interface UnsureHit extends Unsure, Judged {
  readonly hit: Hit;
}

export interface Sightings {
  /** Above their thresholds, those with most evidence first. */
  readonly hits: readonly ShardHit[];
  /** Some of them, and others that may pass as well, for a second look. */
  readonly unsure: readonly UnsureHit[];
  /** What the strongest have of those that are not in the frame. */
  readonly rivals: readonly number[];
}

/** So many more hits are sent than are asked for: the one with most evidence may not be the one that is chosen. */
const HITS_BEYOND = 2;

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

/** Of `candidates`, which are in the order of evidence, what it takes to answer up to `most`. */
export function sightings(
  candidates: readonly Candidate[],
  frame: Size,
  know: (id: number) => Known,
  featuresOf: (id: number) => Uint8Array,
  most: number,
): Sightings {
  return {
    hits: decideHits(candidates, frame, know, most + HITS_BEYOND),
    unsure: unsureHits(candidates, frame, know, featuresOf, most),
    rivals: rivalsOf(candidates),
  };
}

/** Up to `most`. */
export function decideHits(
  candidates: readonly Candidate[],
  frame: Size,
  know: (id: number) => Known,
  most: number,
): ShardHit[] {
  const hits: ShardHit[] = [];
  for (const candidate of candidates) {
    if (hits.length === most || candidate.evidence <= 0) break;
    const known = know(candidate.id);
    const hit = hitOf(candidate, known, frame);
    const matchratio = matchratioOf(known);
    if (hit.score >= matchratio) hits.push({ ...hit, ownEvidence: candidate.ownEvidence, matchratio });
  }
  return hits;
}

/** Those at which a second look is worth its time, with the features that it takes. */
function unsureHits(
  candidates: readonly Candidate[],
  frame: Size,
  know: (id: number) => Known,
  featuresOf: (id: number) => Uint8Array,
  most: number,
): UnsureHit[] {
  return candidates
    .filter(isUnsure)
    .map((candidate) => ({ candidate, known: know(candidate.id) }))
    .filter(({ candidate, known }) => isWorthALook(candidate, matchratioOf(known)))
    .slice(0, looksFor(most))
    .map(({ candidate, known }) => ({
      hit: hitOf(candidate, known, frame),
      matchratio: matchratioOf(known),
      ownEvidence: candidate.ownEvidence,
      evidence: candidate.evidence,
      worth: candidate.worth,
      queryFromTarget: candidate.queryFromTarget,
      features: featuresOf(candidate.id),
    }));
}

/**
 * What the shards of a channel saw, as if all their candidates had been rivals in one. More rivals never leave more evidence, so
 * none is missing that a shard let go. A shard of a former version names no rivals, and is believed.
 */
export function judgeTogether<T extends Sightings>(parts: readonly T[]): T[] {
  const rivals = strongest(parts.flatMap((part) => part.rivals ?? []));
  return parts.map((part) => (part.rivals ? { ...part, ...judgeAmong(part, rivals) } : part));
}

function judgeAmong({ hits, unsure }: Sightings, rivals: readonly number[]): Pick<Sightings, "hits" | "unsure"> {
  return {
    hits: hits
      .map((hit) => amongRivals(hit, rivals))
      .map((hit) => ({ ...hit, score: scoreOf(hit) }))
      .filter(({ score, matchratio }) => score >= matchratio),
    unsure: unsure.map((one) => amongRivals(one, rivals)).filter((one) => isWorthALook(one, one.matchratio)),
  };
}

function amongRivals<T extends Own>(one: T, rivals: readonly number[]): T {
  return { ...one, evidence: lessen(one, rivals) };
}

/** Whether a second look could make it a hit, or a better one. */
function isWorthALook(weighed: Weighed, matchratio: number): boolean {
  return isUnsure(weighed) && scoreOf(mostOf(weighed)) >= matchratio;
}

/** Undefined where it does not pass after the second look either. */
export function hitAfterLook({ hit, evidence, worth, matchratio }: UnsureHit): Hit | undefined {
  const score = scoreOf({ evidence, worth });
  return score >= matchratio ? { ...hit, evidence, worth, score } : undefined;
}

function matchratioOf({ matchratio }: Known): number {
  return matchratio ?? MATCHRATIO_DEFAULT;
}

function hitOf(candidate: Candidate, known: Known, frame: Size): Hit {
  return {
    identifier: known.identifier,
    metadata: known.metadata,
    level: known.level,
    score: scoreOf(candidate),
    evidence: candidate.evidence,
    worth: candidate.worth,
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
