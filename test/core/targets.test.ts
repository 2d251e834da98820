/** The targets in memory under random insertions and removals, against a plain model of them. */

import { expect, it } from "vitest";
import { type Random, randomFrom } from "../../shared/random.ts";
import { TARGET_FEATURES_MAX } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { Kernels } from "./kernels.ts";

interface Feature {
  readonly word: number;
  readonly signature: bigint;
  readonly place: number;
}

function randomTarget(random: Random): Feature[] {
  const count = 1 + Math.floor(random() * TARGET_FEATURES_MAX);
  return Array.from({ length: count }, () => ({
    word: Math.floor(random() * 65536),
    signature: BigInt(Math.floor(random() * 2 ** 52)),
    place: Math.floor(random() * 2 ** 32),
  }));
}

function insert(kernels: Kernels, features: Feature[]): number {
  const view = new DataView(new ArrayBuffer(14 * features.length));
  for (const [i, { word, signature, place }] of features.entries()) {
    view.setBigUint64(14 * i, signature, true);
    view.setUint32(14 * i + 8, place, true);
    view.setUint16(14 * i + 12, word, true);
  }
  kernels.write(kernels.global("staging"), new Uint8Array(view.buffer));
  return kernels.run("insertTarget", features.length, 480, 360);
}

function featuresIn(kernels: Kernels, slot: number): Feature[] {
  const target = kernels.run("targetIn", slot);
  return Array.from({ length: kernels.run("featureCount", target) }, (_, i) => ({
    word: kernels.run("wordOf", target, i),
    signature: BigInt.asUintN(64, kernels.run("signatureOfFeature", target, i) as unknown as bigint),
    place: kernels.run("placeOf", target, i) >>> 0,
  }));
}

function expectSame(kernels: Kernels, targets: ReadonlyMap<number, Feature[]>): void {
  const slotCount = kernels.global("slotCount");
  expect(Math.max(-1, ...targets.keys())).toBe(slotCount - 1);
  for (let slot = 0; slot < slotCount; slot++) expect(featuresIn(kernels, slot)).toEqual(targets.get(slot) ?? []);
}

it("are what was inserted and not removed, through 400 random changes", () => {
  const kernels = new Kernels();
  const random = randomFrom(11);
  const targets = new Map<number, Feature[]>();
  for (let change = 1; change <= 400; change++) {
    const slots = [...targets.keys()];
    if (slots.length > 0 && random() < 0.35) {
      const slot = slots[Math.floor(random() * slots.length)] as number;
      kernels.run("removeTarget", slot);
      targets.delete(slot);
    } else {
      const features = randomTarget(random);
      const slot = insert(kernels, features);
      expect(targets.has(slot)).toBe(false);
      targets.set(slot, features);
    }
    if (change % 40 === 0) expectSame(kernels, targets);
  }
  kernels.run("clearTargets");
  expectSame(kernels, new Map());
});

it("say when there is no room, and stay", () => {
  const kernels = new Kernels();
  const features = randomTarget(randomFrom(3));
  let inserted = 0;
  while (insert(kernels, features) >= 0) inserted++;
  expect(inserted).toBeGreaterThan(9000);
  for (const slot of [0, 5000, inserted - 1]) expect(featuresIn(kernels, slot)).toEqual(features);
});

it("have no more features than they have room for", () => {
  expect(new Kernels().global("TARGET_FEATURES_MAX")).toBe(TARGET_FEATURES_MAX);
  const core = loadCore();
  const targetOf = (count: number) => ({ width: 480, height: 360, features: new Uint8Array(14 * count) });
  expect(core.insertTarget(targetOf(TARGET_FEATURES_MAX))).toBe(0);
  expect(() => core.insertTarget(targetOf(TARGET_FEATURES_MAX + 1))).toThrow("289 features are the most");
});
