/** The inverted index under random insertions and removals, against a plain model of it. */

import { expect, it } from "vitest";
import { type Random, randomFrom } from "../../shared/random.ts";
import { Kernels } from "./kernels.ts";

const WORDS = 65536;

interface Feature {
  readonly word: number;
  readonly signature: bigint;
  readonly place: number;
}

/** Few different words, so that lists hold several targets, and one target several times. */
function randomTarget(random: Random): Feature[] {
  const count = 1 + Math.floor(random() * 60);
  const features = Array.from({ length: count }, () => ({
    word: Math.floor(random() ** 3 * 400) * (random() < 0.5 ? 1 : 160),
    signature: BigInt(Math.floor(random() * 2 ** 52)),
    place: Math.floor(random() * 2 ** 32),
  }));
  return features.sort((a, b) => a.word - b.word);
}

function stage(kernels: Kernels, features: Feature[]): void {
  const view = new DataView(new ArrayBuffer(14 * features.length));
  for (const [i, { word, signature, place }] of features.entries()) {
    view.setBigUint64(14 * i, signature, true);
    view.setUint32(14 * i + 8, place, true);
    view.setUint16(14 * i + 12, word, true);
  }
  kernels.write(kernels.global("staging"), new Uint8Array(view.buffer));
}

function expectSame(kernels: Kernels, targets: Map<number, Feature[]>): void {
  const slots = [...targets.keys()].sort((a, b) => a - b);
  const lists = new Map<number, { owner: number; signature: bigint; place: number }[]>();
  for (const owner of slots) {
    for (const { word, signature, place } of targets.get(owner) ?? []) {
      lists.set(word, [...(lists.get(word) ?? []), { owner, signature, place }]);
    }
  }
  let start = 0;
  for (let word = 0; word < WORDS; word++) {
    expect(kernels.run("listStart", word)).toBe(start);
    for (const { owner, signature, place } of lists.get(word) ?? []) {
      expect(kernels.run("ownerAt", start)).toBe(owner);
      expect(BigInt.asUintN(64, kernels.run("signatureAt", start) as unknown as bigint)).toBe(signature);
      expect(kernels.run("placeAt", start) >>> 0).toBe(place);
      start++;
    }
  }
  expect(kernels.run("listStart", WORDS)).toBe(start);
  const postings = kernels.take(4 * 256);
  for (const slot of slots) {
    const features = targets.get(slot) ?? [];
    expect(kernels.run("featureCount", slot)).toBe(features.length);
    kernels.run("postingsOf", slot, postings);
    const found = new Uint32Array(kernels.bytes(postings, 4 * features.length).buffer);
    expect([...found].map((posting) => kernels.run("placeAt", posting) >>> 0)).toEqual(
      features.map(({ place }) => place),
    );
  }
  kernels.run("release", postings);
}

it("holds what was inserted and not removed, sorted by word and target, through 300 random changes", () => {
  const kernels = new Kernels();
  const random = randomFrom(11);
  const targets = new Map<number, Feature[]>();
  for (let change = 1; change <= 300; change++) {
    const slots = [...targets.keys()];
    if (slots.length > 0 && random() < 0.35) {
      const slot = slots[Math.floor(random() * slots.length)] as number;
      kernels.run("removeTarget", slot);
      targets.delete(slot);
    } else {
      const features = randomTarget(random);
      stage(kernels, features);
      const slot = kernels.run("insertTarget", features.length, 480, 360);
      expect(targets.has(slot)).toBe(false);
      targets.set(slot, features);
    }
    if (change % 60 === 0) expectSame(kernels, targets);
  }
  kernels.run("clearIndex");
  expectSame(kernels, new Map());
});

it("says when it is full, and keeps what it has", () => {
  const kernels = new Kernels();
  const features = Array.from({ length: 256 }, (_, i) => ({ word: 255 * i, signature: BigInt(i), place: i }));
  stage(kernels, features);
  let inserted = 0;
  while (kernels.run("insertTarget", features.length, 480, 360) >= 0) inserted++;
  expect(inserted).toBeGreaterThan(7000);
  expect(kernels.run("listStart", WORDS)).toBe(256 * inserted);
  expect(kernels.run("ownerAt", kernels.run("listStart", 256) - 1)).toBe(inserted - 1);
});
