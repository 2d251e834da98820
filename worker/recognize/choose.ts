/** From what the shards found to what is answered: each place of the frame once, unless two pictures fit it equally. */

import type { Point } from "../../shared/homography.ts";
import type { Hit } from "../catalog/hits.ts";
import { scoreOf } from "../index/score.ts";

/**
 * Of twins, such as two editions of a card, the wrong one has fewer of its features found, by at least this much, where
 * the frame shows where they differ: of 14 samples with another print on a sixth to a third of them, 0.42 to 0.86.
 */
const NEAR_EQUAL = 0.9;
/** A label on a poster, though in its middle, is another place. */
const SAME_PLACE_AREA_RATIO = 2;

/** Up to `most` hits, best first. */
export function chooseHits<T extends Choosable>(hits: readonly T[], most: number): T[] {
  const chosen: T[] = [];
  for (const hit of scoredAlike(hits).sort((a, b) => b.score - a.score)) {
    if (chosen.length === most) break;
    const explained = chosen.some(
      (better) => hit.foundShare < NEAR_EQUAL * better.foundShare && isSamePlace(better.corners, hit.corners),
    );
    if (!explained) chosen.push(hit);
  }
  return chosen;
}

type Choosable = Pick<Hit, "score" | "evidence" | "worth" | "corners" | "foundShare">;

/** What tells that there is a picture at all is worth the same for all that fit a place: among them evidence decides. */
function scoredAlike<T extends Choosable>(hits: readonly T[]): T[] {
  return hits.map((hit) => {
    const alike = hits.filter((other) => isSamePlace(other.corners, hit.corners));
    const worth = Math.max(hit.worth, ...alike.map((other) => other.worth));
    return { ...hit, worth, score: scoreOf({ evidence: hit.evidence, worth }) };
  });
}

function isSamePlace(a: readonly Point[], b: readonly Point[]): boolean {
  const [small, large] = [areaOf(a), areaOf(b)].sort((x, y) => x - y) as [number, number];
  return large < SAME_PLACE_AREA_RATIO * small && contains(a, centerOf(b)) && contains(b, centerOf(a));
}

function centerOf(quad: readonly Point[]): Point {
  const mean = (axis: 0 | 1) => quad.reduce((sum, corner) => sum + corner[axis], 0) / quad.length;
  return [mean(0), mean(1)];
}

function areaOf(quad: readonly Point[]): number {
  return sides(quad).reduce((sum, [[ax, ay], [bx, by]]) => sum + (ax * by - ay * bx) / 2, 0);
}

/** For a convex quad, clockwise as seen (y points down). */
function contains(quad: readonly Point[], [x, y]: Point): boolean {
  return sides(quad).every(([[ax, ay], [bx, by]]) => (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0);
}

function sides(quad: readonly Point[]): (readonly [Point, Point])[] {
  return quad.map((corner, i) => [corner, quad[(i + 1) % quad.length] as Point]);
}
