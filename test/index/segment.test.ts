/** Segments: what was written is read, byte by byte as FORMAT.md says; what is damaged is refused. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../shared/crc32.ts";
import { randomFrom } from "../../shared/random.ts";
import { TARGET_FEATURE_BYTES, TARGET_FEATURES_MAX } from "../../worker/core/core.ts";
import {
  type NumberedTarget,
  type ReadRange,
  readSegment,
  readSegmentBlocks,
  writeSegment,
} from "../../worker/index/segment.ts";

function targets(...featureCounts: number[]): NumberedTarget[] {
  const random = randomFrom(1);
  return featureCounts.map((count, i) => ({
    id: 1 + i * 1_000_003,
    target: {
      width: 480 - (i % 400),
      height: 320 + i,
      features: Uint8Array.from({ length: count * TARGET_FEATURE_BYTES }, () => 256 * random()),
    },
  }));
}

/** A segment of one block with a byte replaced, and checksums that fit it. */
function forged(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  const view = new DataView(copy.buffer);
  view.setUint32(HEADER_BYTES - 4, crc32(copy.subarray(0, HEADER_BYTES - 4)), true);
  view.setUint32(copy.length - 4, crc32(copy.subarray(HEADER_BYTES, -4)), true);
  return copy;
}

/** Of a segment with one block. */
const HEADER_BYTES = 28;

function rangesOf(bytes: Uint8Array): { read: ReadRange; asked: [number, number][] } {
  const asked: [number, number][] = [];
  const read: ReadRange = async (offset, length) => {
    asked.push([offset, length]);
    return bytes.slice(offset, offset + length);
  };
  return { read, asked };
}

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function blocksOf(bytes: Uint8Array): Promise<NumberedTarget[][]> {
  return listOf(readSegmentBlocks(bytes.length, rangesOf(bytes).read));
}

describe("a segment", () => {
  it.each([[[]], [[0]], [[250]], [[1, 0, 250, 24]]])("gives back the targets with %j features", (counts) => {
    const written = targets(...counts);
    expect(readSegment(writeSegment(written))).toEqual(written);
  });

  it("can be read from the middle of a buffer", () => {
    const written = targets(3, 4);
    const bytes = writeSegment(written);
    const around = new Uint8Array(bytes.length + 20);
    around.set(bytes, 7);
    expect(readSegment(around.subarray(7, 7 + bytes.length))).toEqual(written);
  });

  it("has the bytes that FORMAT.md describes", () => {
    const features = Uint8Array.from({ length: 14 }, (_, i) => 100 + i);
    const bytes = writeSegment([{ id: 0x01020304, target: { width: 0x0506, height: 0x0708, features } }]);
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe("LMSG");
    const header = [2, 0, 2, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0];
    expect([...bytes.subarray(4, 24)]).toEqual(header);
    expect([...bytes.subarray(28, -4)]).toEqual([4, 3, 2, 1, 6, 5, 8, 7, 1, 0, ...features]);
    const view = new DataView(bytes.buffer);
    expect(view.getUint32(24, true)).toBe(crc32(bytes.subarray(0, 24)));
    expect(view.getUint32(bytes.length - 4, true)).toBe(crc32(bytes.subarray(28, -4)));
  });

  it("is read block by block, each with one read of its bytes", async () => {
    const written = targets(...Array.from({ length: 600 }, (_, i) => i % 3));
    const bytes = writeSegment(written);
    const { read, asked } = rangesOf(bytes);
    const blocks = await listOf(readSegmentBlocks(bytes.length, read));
    expect(blocks.map(({ length }) => length)).toEqual([256, 256, 88]);
    expect(blocks.flat()).toEqual(written);
    const [first, ...rest] = asked;
    expect(first).toEqual([0, 4096]);
    expect(rest[0]?.[0]).toBe(16 + 3 * 8 + 4);
    expect(rest.map(([offset, length]) => offset + length)).toEqual([rest[1]?.[0], rest[2]?.[0], bytes.length]);
  });

  it("gives the blocks before a damaged one, and names that", async () => {
    const bytes = writeSegment(targets(...Array.from({ length: 600 }, () => 1)));
    bytes[bytes.length - 3000] = 7 ^ (bytes[bytes.length - 3000] as number);
    const given: NumberedTarget[] = [];
    const reading = async () => {
      for await (const block of readSegmentBlocks(bytes.length, rangesOf(bytes).read)) given.push(...block);
    };
    await expect(reading()).rejects.toThrow("checksum of block 1 of the segment");
    expect(given).toHaveLength(256);
  });

  it("of format 2 with descriptors 2, as it was written then, is read whole and by blocks", async () => {
    const bytes = keptFile("v2.descriptors2");
    expect(readSegment(bytes)).toEqual(targets(3, 0, 24));
    expect((await blocksOf(bytes)).flat()).toEqual(targets(3, 0, 24));
  });

  it.each([1, 2])("of format %i with descriptors 1, as it was written then, is refused by name", async (format) => {
    const bytes = keptFile(`v${format}`);
    const message = `segment of format ${format} with descriptors 1; this version reads 2 and 2`;
    expect(() => readSegment(bytes)).toThrow(message);
    await expect(blocksOf(bytes)).rejects.toThrow(message);
  });
});

function keptFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/segment.${name}.bin`, import.meta.url)));
}

describe("a segment is refused, with what was seen,", () => {
  const bytes = writeSegment(targets(2, 3));

  it("where any bit of it is wrong", async () => {
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const wrong = bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(() => readSegment(wrong), `bit ${bit}`).toThrow(/\w/);
      await expect(blocksOf(wrong), `bit ${bit}`).rejects.toThrow(/\w/);
    }
  });

  it("where it ends anywhere before its end, or goes on behind it", async () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readSegment(bytes.subarray(0, length)), `${length} bytes`).toThrow(/\w/);
      await expect(blocksOf(bytes.subarray(0, length)), `${length} bytes`).rejects.toThrow(/\w/);
    }
    expect(() => readSegment(Uint8Array.from([...bytes, 0]))).toThrow("bytes, and");
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["of another magic", new TextEncoder().encode("PK..............."), /begins with 2e2e4b50/],
    ["of another format version", forged(bytes, 4, 9), /format 9 .*reads 2/],
    ["of other descriptors", forged(bytes, 6, 7), /descriptors 7.*and 2/],
    ["with other targets than its blocks have", forged(bytes, 8, 200), /counts other targets/],
    ["with more blocks than it can have", forged(bytes, 13, 2), /cannot have 513 blocks/],
    ["with more targets than there are", forged(forged(bytes, 8, 200), 16, 200), /past its end/],
    ["with fewer targets than there are", forged(forged(bytes, 8, 1), 16, 1), /bytes follow/],
    ["with a longer block than there is", forged(bytes, 21, 9), /has 122 bytes, and/],
    ["with more features than there are", forged(bytes, 36, 200), /past its end/],
    [
      "with more features than a target keeps",
      writeSegment(targets(TARGET_FEATURES_MAX + 1)),
      /290 features; 289 are the/,
    ],
    ["with a target without an extent", forged(forged(bytes, 34, 0), 35, 0), /is \d+ × 0 px/],
    ["of a few bytes", bytes.subarray(0, 9), /9 bytes is too short/],
  ])("where it is one %s", (_, wrong, message) => {
    expect(() => readSegment(wrong)).toThrow(message);
  });
});

describe("crc32", () => {
  it("is the one of the PNG specification and of zip", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });
});
