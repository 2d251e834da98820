/** Index segments with wrong counts, lengths and content, most with a checksum that fits all the same. */

import { crc32 } from "../../../shared/crc32.ts";
import type { Random } from "../../../shared/random.ts";
import { TARGET_FEATURE_BYTES } from "../../../worker/core/core.ts";
import { readSegment, writeSegment } from "../../../worker/index/segment.ts";
import { below, chance, damaged } from "../mutate.ts";
import type { Target } from "../target.ts";

const HEADER_BYTES = 16;
const HEADER_BLOCK_BYTES = 8;
const CHECKSUM_BYTES = 4;
const TARGETS_MOST = 5;
const FEATURES_MOST = 6;

export const segment: Target = { draw, execute };

function draw(random: Random): Uint8Array {
  const targets = Array.from({ length: below(random, TARGETS_MOST) }, (_, id) => {
    const features = new Uint8Array(TARGET_FEATURE_BYTES * below(random, FEATURES_MOST)).fill(below(random, 256));
    return { id, target: { width: 480, height: 320, features } };
  });
  let bytes: Uint8Array = writeSegment(targets);
  for (let i = below(random, 4); i > 0; i--) bytes = damaged(random, bytes);
  return chance(random, 0.9) ? withChecksums(bytes) : bytes;
}

/** Makes the checksums of the header and of the one block fit, where there is room for them. */
function withChecksums(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const blockCount = copy.length < HEADER_BYTES ? 0 : view.getUint32(12, true);
  const header = HEADER_BYTES + HEADER_BLOCK_BYTES * blockCount + CHECKSUM_BYTES;
  for (const [from, to] of [
    [0, header],
    [header, copy.length],
  ] as const) {
    if (to > copy.length || to - from < CHECKSUM_BYTES) continue;
    view.setUint32(to - CHECKSUM_BYTES, crc32(copy.subarray(from, to - CHECKSUM_BYTES)), true);
  }
  return copy;
}

function execute(input: Uint8Array): string | undefined {
  try {
    const again = writeSegment(readSegment(input));
    return Buffer.from(again).equals(input) ? undefined : "what was read is written in other bytes";
  } catch (error) {
    // It says what is wrong with an Error of its own; a RangeError or TypeError is a check that is missing.
    if (error instanceof Error && error.name === "Error") return undefined;
    throw error;
  }
}
