/** Signatures and visual words against their definitions. */

import { describe, expect, it } from "vitest";
import { randomFrom } from "../../shared/random.ts";
import { Kernels, model } from "./kernels.ts";

const PLANES = 72 + 48 * 72;
const BOOKS = PLANES + 64 * 48;
/** Projections of a descriptor and of two centers are kept in eighths of a unit. */
const ROUNDING = 3 / 16;

function randomDescriptor(seed: number): Int8Array {
  const random = randomFrom(seed);
  return Int8Array.from({ length: 48 }, () => Math.round(60 * (random() + random() + random() - 1.5)));
}

function planeDistances(descriptor: Int8Array | number[]): number[] {
  return Array.from({ length: 64 }, (_, bit) =>
    Array.from(descriptor).reduce((sum, value, k) => sum + value * (model[PLANES + 48 * bit + k] as number), 0),
  );
}

/** Of a word: its two codes' centers as one descriptor; zero where it has no value. */
function centerOf(word: number): number[] {
  return Array.from({ length: 48 }, (_, i) => {
    const code = i % 2 ? 256 + (word & 255) : word >> 8;
    return i < 32 ? (model[BOOKS + 16 * code + (i >> 1)] as number) : 0;
  });
}

/** How far a descriptor lies from the planes through the center of a word, descriptor units. */
function distancesFrom(word: number, descriptor: Int8Array): number[] {
  const fromOrigin = planeDistances(descriptor);
  return planeDistances(centerOf(word)).map((center, bit) => (fromOrigin[bit] as number) - center);
}

describe("a signature", () => {
  const kernels = new Kernels();
  const projection = kernels.take(128);
  const random = randomFrom(3);
  const someWord = () => Math.floor(65536 * random());
  const project = (descriptor: Int8Array) => kernels.run("project", kernels.place(descriptor), projection);

  it("has a bit for the side of each plane through the word's center", () => {
    for (let seed = 0; seed < 20; seed++) {
      const descriptor = randomDescriptor(seed);
      project(descriptor);
      for (const word of [0, 65535, someWord()]) {
        const signature = BigInt.asUintN(64, kernels.run("signatureOf", projection, word) as unknown as bigint);
        for (const [bit, distance] of distancesFrom(word, descriptor).entries()) {
          if (Math.abs(distance) > ROUNDING) expect((signature >> BigInt(bit)) & 1n).toBe(distance > 0 ? 1n : 0n);
        }
      }
    }
  });

  it("disagrees by the capped distances from the planes on whose other side it lies", () => {
    for (let seed = 30; seed < 50; seed++) {
      const descriptor = randomDescriptor(seed);
      project(descriptor);
      const word = someWord();
      const signature = BigInt.asUintN(
        64,
        BigInt(Math.floor(random() * 2 ** 32)) * BigInt(Math.floor(random() * 2 ** 32)),
      );
      const expected = distancesFrom(word, descriptor).reduce((sum, distance, bit) => {
        const above = ((signature >> BigInt(bit)) & 1n) === 1n;
        const differs = distance > 0 !== above;
        return sum + (differs ? Math.min(40, Math.abs(distance)) : 0);
      }, 0);
      const found = kernels.run("disagreement", projection, word, signature as unknown as number);
      expect(Math.abs(found - Math.min(65535, 64 * expected))).toBeLessThan(64 * 64 * ROUNDING);
    }
  });
});

/** Squared distances to the centers of a codebook, rounded as the core keeps them. */
function distancesTo(book: number, descriptor: Int8Array): number[] {
  return Array.from({ length: 256 }, (_, code) => {
    let distance = 0;
    for (let i = 0; i < 16; i++) {
      const center = Math.round(model[BOOKS + (256 * book + code) * 16 + i] as number);
      distance += ((descriptor[2 * i + book] as number) - center) ** 2;
    }
    return distance;
  });
}

describe("a visual word", () => {
  it("is the nearest center of either codebook", () => {
    const kernels = new Kernels();
    for (let seed = 60; seed < 100; seed++) {
      const descriptor = randomDescriptor(seed);
      const word = kernels.run("nearestWord", kernels.place(descriptor));
      for (const [book, code] of [word >> 8, word & 255].entries()) {
        const distances = distancesTo(book, descriptor);
        expect((distances[code] as number) - Math.min(...distances)).toBeLessThanOrEqual(2); // halves are rounded
      }
    }
  });

  it("has as neighbors the words whose excess distance is within the radius", () => {
    const kernels = new Kernels();
    const radius = 1600;
    const out = kernels.take(2 * 4096);
    let listed = 0;
    for (let seed = 200; seed < 220; seed++) {
      const descriptor = randomDescriptor(seed);
      const codes = kernels.run("codesNear", kernels.place(descriptor), 2 * radius);
      const count = kernels.run("wordsNear", codes, radius, out, 4096);
      const words = new Set(new Uint16Array(kernels.bytes(out, 2 * count).buffer));
      expect(words.size).toBe(count);
      const [even, odd] = [0, 1].map((book) => {
        const distances = distancesTo(book, descriptor);
        const least = Math.min(...distances);
        return distances.map((distance) => distance - least);
      }) as [number[], number[]];
      const misjudged = Array.from({ length: 65536 }, (_, word) => word).filter((word) => {
        const excess = (even[word >> 8] as number) + (odd[word & 255] as number);
        return Math.abs(excess - radius) > 6 && words.has(word) !== excess < radius;
      });
      expect(misjudged).toEqual([]);
      listed += count;
    }
    expect(listed).toBeGreaterThan(100);
  });

  it("lists no more neighbors than there is room for, the nearest code first", () => {
    const kernels = new Kernels();
    const descriptor = randomDescriptor(300);
    const out = kernels.take(64);
    expect(kernels.run("wordsNear", kernels.run("codesNear", kernels.place(descriptor), 1e6), 1e6, out, 7)).toBe(7);
    expect(new Uint16Array(kernels.bytes(out, 2).buffer)[0]).toBe(
      kernels.run("nearestWord", kernels.place(descriptor)),
    );
  });
});
