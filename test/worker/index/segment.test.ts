/** Segments: what was written is read, byte by byte as FORMAT.md says; what is damaged is refused. */

import { describe, expect, it } from "vitest";
import { crc32 } from "../../../shared/crc32.ts";
import { randomFrom } from "../../../shared/random.ts";
import { TARGET_FEATURE_BYTES } from "../../../worker/core/core.ts";
import { type NumberedTarget, readSegment, writeSegment } from "../../../worker/index/segment.ts";

function targets(...featureCounts: number[]): NumberedTarget[] {
  const random = randomFrom(1);
  return featureCounts.map((count, i) => ({
    id: 1 + i * 1_000_003,
    target: {
      width: 480 - i,
      height: 320 + i,
      features: Uint8Array.from({ length: count * TARGET_FEATURE_BYTES }, () => 256 * random()),
    },
  }));
}

/** A copy with a byte replaced, and a checksum that fits it. */
function forged(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  new DataView(copy.buffer).setUint32(copy.length - 4, crc32(copy.subarray(0, -4)), true);
  return copy;
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
    expect([...bytes.subarray(4, -4)]).toEqual([1, 0, 1, 0, 1, 0, 0, 0, 4, 3, 2, 1, 6, 5, 8, 7, 1, 0, ...features]);
    expect(new DataView(bytes.buffer).getUint32(bytes.length - 4, true)).toBe(crc32(bytes.subarray(0, -4)));
  });
});

describe("a segment is refused, with what was seen,", () => {
  const bytes = writeSegment(targets(2, 3));

  it("where any bit of it is wrong", () => {
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const wrong = bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(() => readSegment(wrong), `bit ${bit}`).toThrow(/\w/);
    }
  });

  it("where it ends anywhere before its end, or goes on behind it", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readSegment(bytes.subarray(0, length)), `${length} bytes`).toThrow(/\w/);
    }
    expect(() => readSegment(Uint8Array.from([...bytes, 0]))).toThrow("checksum");
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["of another magic", new TextEncoder().encode("PK..............."), /begins with 2e2e4b50/],
    ["of another format version", forged(bytes, 4, 9), /format 9 .*reads 1/],
    ["of other descriptors", forged(bytes, 6, 7), /descriptors 7.*and 1/],
    ["with more targets than there are", forged(bytes, 8, 200), /past its end/],
    ["with fewer targets than there are", forged(bytes, 8, 1), /bytes follow/],
    ["with more features than there are", forged(bytes, 20, 200), /past its end/],
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
