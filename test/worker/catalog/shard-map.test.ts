import { describe, expect, it } from "vitest";
import { parentOf, SHARDS_MOST, shardName, shardNumber } from "../../../worker/catalog/shard-map.ts";

const identifiers = Array.from({ length: 20_000 }, (_, i) => `picture_${i}`);

describe("the shard that has an image", () => {
  it("is the only one of a channel with one", () => {
    expect(new Set(identifiers.map((identifier) => shardNumber(identifier, 1)))).toEqual(new Set([0]));
  });

  it("stays, or is the new one, where the channel grows by one; only one other gives images to it", () => {
    for (let count = 1; count < SHARDS_MOST; count++) {
      const moved = identifiers
        .slice(0, 2000)
        .filter((name) => shardNumber(name, count + 1) !== shardNumber(name, count));
      expect(new Set(moved.map((name) => shardNumber(name, count + 1)))).toEqual(new Set([count]));
      expect(new Set(moved.map((name) => shardNumber(name, count)))).toEqual(new Set([parentOf(count)]));
    }
  });

  it("has as many as the others have, where their number is a power of two, and up to twice as many elsewhere", () => {
    for (const [count, most] of [
      [2, 1.1],
      [3, 2.2],
      [16, 1.15],
      [25, 2.2],
      [64, 1.4],
    ] as const) {
      const sizes = Array.from({ length: count }, () => 0);
      for (const name of identifiers) (sizes[shardNumber(name, count)] as number)++;
      expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(most);
    }
  });

  it("has a name of its own, the first one the channel's", () => {
    expect([shardName("c1", 0), shardName("c1", 7)]).toEqual(["c1", "c1/7"]);
  });
});
