/** The usual recipe with opencv-js: ORB-500, brute force with ratio test, RANSAC homography, a plausible quad. */

import { createRequire } from "node:module";
import type { GrayImage } from "../../../worker/core/core.ts";
import { MATCHES_LEAST, type Peer, type PeerAnswer } from "./peer.ts";

// opencv-js has no types for what this needs, and its objects are freed by hand.
// biome-ignore lint/suspicious/noExplicitAny: an untyped library
type Untyped = any;

const FEATURES = 500;
const RATIO = 0.75;
const RANSAC_PX = 4;
const RANSAC_ROUNDS = 1000;
const RANSAC_CONFIDENCE = 0.995;

interface Features {
  readonly width: number;
  readonly height: number;
  readonly points: Float32Array;
  readonly descriptors: Untyped;
}

export interface OrbAnswer extends PeerAnswer {
  readonly extractMs: number;
  readonly matchMs: number;
}

export class OrbPeer implements Peer {
  readonly title = "ORB-500 + brute force";
  readonly #cv: Untyped;
  readonly #orb: Untyped;
  readonly #matcher: Untyped;
  readonly #targets: { name: string; features: Features }[] = [];

  private constructor(cv: Untyped) {
    this.#cv = cv;
    this.#orb = new cv.ORB(FEATURES);
    this.#matcher = new cv.BFMatcher(cv.NORM_HAMMING, false);
  }

  /** Resolves once OpenCV's module is compiled. */
  static async start(): Promise<OrbPeer> {
    const loaded: Untyped = createRequire(import.meta.url)("@techstark/opencv-js");
    const cv = loaded instanceof Promise ? await loaded : loaded;
    if (!cv.Mat) await new Promise<void>((resolve) => (cv.onRuntimeInitialized = resolve));
    return new OrbPeer(cv);
  }

  add(name: string, image: GrayImage): void {
    this.#targets.push({ name, features: this.#extract(image) });
  }

  find(image: GrayImage): OrbAnswer {
    const began = performance.now();
    const query = this.#extract(image);
    const extracted = performance.now();
    let best: { name: string | undefined; inliers: number } = { name: undefined, inliers: 0 };
    for (const { name, features } of this.#targets) {
      const inliers = this.#compare(features, query);
      if (inliers > best.inliers) best = { name, inliers };
    }
    query.descriptors.delete();
    return { ...best, extractMs: extracted - began, matchMs: performance.now() - extracted };
  }

  #extract({ width, height, pixels }: GrayImage): Features {
    const cv = this.#cv;
    const mat = new cv.Mat(height, width, cv.CV_8UC1);
    mat.data.set(pixels);
    const [keypoints, descriptors, none] = [new cv.KeyPointVector(), new cv.Mat(), new cv.Mat()];
    this.#orb.detectAndCompute(mat, none, keypoints, descriptors);
    const points = new Float32Array(2 * keypoints.size());
    for (let i = 0; i < keypoints.size(); i++) {
      const { x, y } = keypoints.get(i).pt;
      points.set([x, y], 2 * i);
    }
    for (const object of [mat, none, keypoints]) object.delete();
    return { width, height, points, descriptors };
  }

  /** Inliers of a plausible homography, else 0. */
  #compare(target: Features, query: Features): number {
    if (target.descriptors.rows < 2 || query.descriptors.rows < 2) return 0;
    const pairs = this.#matchPairs(target, query);
    if (pairs.length < MATCHES_LEAST) return 0;
    const cv = this.#cv;
    const mat = (points: Float32Array, side: 0 | 1) =>
      cv.matFromArray(
        pairs.length,
        1,
        cv.CV_32FC2,
        pairs.flatMap((pair) => [points[2 * pair[side]], points[2 * pair[side] + 1]]),
      );
    const [from, to, mask] = [mat(target.points, 0), mat(query.points, 1), new cv.Mat()];
    const map = cv.findHomography(from, to, cv.RANSAC, RANSAC_PX, mask, RANSAC_ROUNDS, RANSAC_CONFIDENCE);
    const plausible = !map.empty() && isPlausible(Array.from(map.data64F as Float64Array), target, query);
    const inliers = plausible ? cv.countNonZero(mask) : 0;
    for (const object of [from, to, mask, map]) object.delete();
    return inliers;
  }

  /** (target, query) indices that pass the ratio test; of several targets on one query feature the nearest stays. */
  #matchPairs(target: Features, query: Features): (readonly [number, number])[] {
    const found = new this.#cv.DMatchVectorVector();
    this.#matcher.knnMatch(target.descriptors, query.descriptors, found, 2);
    const best = new Map<number, { target: number; distance: number }>();
    for (let i = 0; i < found.size(); i++) {
      const two = found.get(i);
      if (two.size() === 2) {
        const [first, second] = [two.get(0), two.get(1)];
        const rival = best.get(first.trainIdx);
        if (first.distance < RATIO * second.distance && !(rival && rival.distance <= first.distance)) {
          best.set(first.trainIdx, { target: first.queryIdx, distance: first.distance });
        }
      }
      two.delete();
    }
    found.delete();
    return [...best].map(([query, { target }]) => [target, query] as const);
  }
}

/** Convex, not mirrored, neither tiny nor huge nor needle-shaped: as in the core (assembly/verify.ts). */
function isPlausible(h: number[], target: Features, query: Features): boolean {
  const at = (i: number) => h[i] as number;
  const corners = [
    [0, 0],
    [target.width, 0],
    [target.width, target.height],
    [0, target.height],
  ].map(([x = 0, y = 0]) => {
    const z = at(6) * x + at(7) * y + at(8);
    return { x: (at(0) * x + at(1) * y + at(2)) / z, y: (at(3) * x + at(4) * y + at(5)) / z, z };
  });
  if (corners.some(({ z }) => z <= 0)) return false;
  let area = 0;
  const lengths: number[] = [];
  for (let i = 0; i < 4; i++) {
    const [a, b, c] = [corners[i], corners[(i + 1) % 4], corners[(i + 2) % 4]] as [Corner, Corner, Corner];
    if ((b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) <= 0) return false;
    area += 0.5 * (a.x * b.y - b.x * a.y);
    lengths.push(Math.hypot(b.x - a.x, b.y - a.y));
  }
  const frame = query.width * query.height;
  return area > 0.003 * frame && area < 25 * frame && Math.max(...lengths) < 12 * Math.min(...lengths);
}

interface Corner {
  readonly x: number;
  readonly y: number;
}
