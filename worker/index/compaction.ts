/** When segments are merged: as a pure function, so that it can be tested without any. */

export interface SegmentSize {
  readonly name: string;
  readonly imageCount: number;
}

/** A merge holds this many images in memory at most: 3.5 MB of features. */
const MERGED_MOST = 1000;
/** A segment joins when what is written with it is at least a third of it, so each image is rewritten O(log n) times. */
const GROWTH = 3;

/** The segments that are merged with `incoming` new images into the next one, smallest first. */
export function planCompaction(segments: readonly SegmentSize[], incoming: number): SegmentSize[] {
  const chosen: SegmentSize[] = [];
  let total = incoming;
  for (const segment of [...segments].sort((a, b) => a.imageCount - b.imageCount)) {
    if (segment.imageCount > GROWTH * total || total + segment.imageCount > MERGED_MOST) break;
    chosen.push(segment);
    total += segment.imageCount;
  }
  return chosen;
}
