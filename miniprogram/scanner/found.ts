/** What `found` tells the host, in a mini-program and on a web page alike. */

import { parseMetadata } from "../../shared/content.ts";
import type { Found } from "./scanner.ts";

export interface FoundDetail {
  readonly identifier: string;
  /** Parsed; the text itself where it is not JSON. */
  readonly metadata: unknown;
  readonly metadataText: string;
  readonly channel: string | undefined;
  readonly level: number | undefined;
  readonly score: number | undefined;
  /** In 0–1 of the frame, clockwise from the target's top left. */
  readonly quad: Found["quad"];
  /** The target's width and height, px. */
  readonly size: Found["size"];
  readonly frameWidth: number;
  readonly frameHeight: number;
  /** From the question to the answer, ms. */
  readonly elapsed: number;
  readonly requestId: string | undefined;
  readonly track: { readonly url: string } | undefined;
}

export function detailOf(found: Found): FoundDetail {
  const { identifier, channel, level, score, quad, size, frame, elapsedMs, requestId, trackingImage } = found;
  return {
    identifier,
    metadata: parseMetadata(found.metadata) ?? found.metadata,
    metadataText: found.metadata,
    channel,
    level,
    score,
    quad,
    size,
    frameWidth: frame.width,
    frameHeight: frame.height,
    elapsed: elapsedMs,
    requestId,
    track: trackingImage ? { url: trackingImage } : undefined,
  };
}
