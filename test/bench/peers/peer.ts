/** What another recognizer is asked: which of the pictures added before does the image show? */

import type { GrayImage } from "../../../worker/core/core.ts";

/** A peer has no score of its own: the inliers of its best homography decide. */
export interface PeerAnswer {
  readonly name: string | undefined;
  readonly inliers: number;
}

export interface Peer {
  readonly title: string;
  add(name: string, image: GrayImage): void | Promise<void>;
  find(image: GrayImage): PeerAnswer | Promise<PeerAnswer>;
  /** Ends what runs beside. */
  stop?(): void;
}

/** Fewer matches say nothing. */
export const MATCHES_LEAST = 8;
