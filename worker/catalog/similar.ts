/** Which images of a channel a new picture would be taken for, or nearly. */

import type { SimilarImage } from "../../shared/protocol.ts";
import type { Candidate } from "../index/live-index.ts";
import { MATCHRATIO_DEFAULT, scoreOf } from "../index/score.ts";
import type { Known } from "./hits.ts";

/** More help nobody to decide. */
const SIMILAR_MOST = 5;
/** Half of the default threshold; below it, pictures agree by chance. */
const SCORE_LEAST = 25;

/** The most similar first, except the image of this identifier. */
export function similarImages(
  candidates: readonly Candidate[],
  know: (id: number) => Known,
  except: string | undefined,
): SimilarImage[] {
  const similar = candidates
    .map((candidate) => ({ known: know(candidate.id), score: scoreOf(candidate) }))
    .filter(({ known, score }) => score >= SCORE_LEAST && known.identifier !== except)
    .map(({ known: { identifier, matchratio }, score }) => ({
      identifier,
      score,
      matches: score >= (matchratio ?? MATCHRATIO_DEFAULT) ? (1 as const) : (0 as const),
    }));
  return mostSimilar(similar);
}

/** Of those of several shards, the most similar. */
export function mostSimilar(similar: readonly SimilarImage[]): SimilarImage[] {
  return [...similar].sort((a, b) => b.score - a.score).slice(0, SIMILAR_MOST);
}
