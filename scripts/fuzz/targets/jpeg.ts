/** JPEG files whose segments are out of order, doubled, mixed with those of other files, wrong in length or content. */

import type { Random } from "../../../shared/random.ts";
import { below, chance, damaged, edge, joined, pick, shuffle } from "../mutate.ts";
import type { Target } from "../target.ts";
import { decode, fixture } from "./picture.ts";

const SAMPLES = [
  "crop.411.jpg",
  "crop.420.jpg",
  "crop.422.jpg",
  "crop.440.jpg",
  "crop.444.jpg",
  "crop.progressive.jpg",
  "crop.small_luma.jpg",
  "crop.ycck.progressive.jpg",
  "circus.exif6.jpg",
  "circus.restart.jpg",
];
const START_OF_SCAN = 0xda;
const MARKERS = [
  0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc9, 0xcc, 0xd0, 0xd7, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xe0, 0xe1, 0xee, 0xfe,
];

/** A marker, its content after the length, and after the start of a scan the coded data up to the next marker. */
interface Segment {
  readonly marker: number;
  readonly content: Uint8Array;
  readonly coded: Uint8Array;
  /** In place of the right one. */
  readonly length?: number;
}

const files = SAMPLES.map((name) => segmentsOf(fixture(name)));
const everySegment = files.flat();

export const jpeg: Target = { draw, execute: decode };

function draw(random: Random): Uint8Array {
  const segments = [...pick(random, files)];
  for (let i = 1 + below(random, 4); i > 0; i--) {
    if (chance(random, 0.3)) shuffle(random, segments, everySegment);
    else if (segments.length > 0) {
      const at = below(random, segments.length);
      segments[at] = changed(random, segments[at] as Segment);
    }
  }
  const bytes = joined(Uint8Array.of(0xff, 0xd8), ...segments.map(bytesOf), Uint8Array.of(0xff, 0xd9));
  return chance(random, 0.2) ? damaged(random, bytes) : bytes;
}

function changed(random: Random, segment: Segment): Segment {
  const isFrame = segment.marker >= 0xc0 && segment.marker <= 0xc2;
  if (isFrame && chance(random, 0.3)) return { ...segment, content: withSize(random, segment.content) };
  if (segment.coded.length > 0 && chance(random, 0.6)) return { ...segment, coded: damaged(random, segment.coded) };
  switch (below(random, 5)) {
    case 0:
      return { ...segment, length: edge(random) & 0xffff };
    case 1:
      return { ...segment, marker: pick(random, MARKERS) };
    default:
      return { ...segment, content: damaged(random, segment.content) };
  }
}

/** Another height or width in the frame's header. */
function withSize(random: Random, content: Uint8Array): Uint8Array {
  const copy = content.slice();
  const at = pick(random, [1, 3]);
  const size = edge(random);
  if (copy.length > at + 1) copy.set([(size >> 8) & 255, size & 255], at);
  return copy;
}

function bytesOf({ marker, content, coded, length = content.length + 2 }: Segment): Uint8Array {
  return joined(Uint8Array.of(0xff, marker, (length >> 8) & 255, length & 255), content, coded);
}

function segmentsOf(file: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  for (let at = 2; at + 4 <= file.length && file[at + 1] !== 0xd9; ) {
    const marker = file[at + 1] as number;
    const end = at + 2 + (file[at + 2] as number) * 256 + (file[at + 3] as number);
    const next = marker === START_OF_SCAN ? endOfCoded(file, end) : end;
    segments.push({ marker, content: file.subarray(at + 4, end), coded: file.subarray(end, next) });
    at = next;
  }
  return segments;
}

/** Coded data go on through stuffed zeros and restart markers. */
function endOfCoded(file: Uint8Array, from: number): number {
  for (let at = from; at + 1 < file.length; at++) {
    const next = file[at + 1] as number;
    if (file[at] === 0xff && next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
  }
  return file.length;
}
