/** The query's inverted lists against the words that each feature looks up by itself. */

import { expect, it } from "vitest";
import { randomFrom } from "../../shared/random.ts";
import { Kernels } from "./kernels.ts";

const FEATURE_BYTES = 56;
const RADIUS = 10 * 64;

it("name, for each word, the features that look it up, with their signatures", () => {
  const kernels = new Kernels();
  const random = randomFrom(5);
  const count = 120;
  const features = Uint8Array.from({ length: count * FEATURE_BYTES }, () => Math.round(40 * (random() - 0.5)) & 255);
  const projections = kernels.take(128 * count);
  const address = kernels.place(features);
  const codes = Array.from({ length: count }, (_, i) =>
    kernels.run("codesNear", address + i * FEATURE_BYTES + 8, RADIUS),
  );
  for (let i = 0; i < count; i++) kernels.run("project", address + i * FEATURE_BYTES + 8, projections + 128 * i);
  const addresses = kernels.place(new Uint8Array(Uint32Array.from(codes).buffer));
  const lists = kernels.run("invertWords", addresses, projections, count, RADIUS, 0);

  const lookers = new Map<number, number[]>();
  const words = kernels.take(2 * 256);
  for (let i = 0; i < count; i++) {
    const found = kernels.run("wordsNear", codes[i] as number, RADIUS, words, 256);
    for (const word of new Uint16Array(kernels.bytes(words, 2 * found).buffer)) {
      lookers.set(word, [...(lookers.get(word) ?? []), i]);
    }
  }
  expect(lookers.size).toBeGreaterThan(count);
  for (let word = 0; word < 65536; word++) {
    const list = kernels.run("listOf", lists, word);
    const first = kernels.run("firstLooker", list);
    const numbers = Array.from({ length: kernels.run("lookerCount", list) }, (_, i) => first + i);
    expect(numbers.map((at) => kernels.run("lookerAt", lists, at))).toEqual(lookers.get(word) ?? []);
    expect(numbers.map((at) => kernels.run("lookerSignature", lists, at) as unknown as bigint)).toEqual(
      (lookers.get(word) ?? []).map((i) => kernels.run("signatureOf", projections + 128 * i, word)),
    );
  }

  const wanted = Uint8Array.from({ length: 65536 }, (_, word) => (word % 3) & 1);
  const some = kernels.run("invertWords", addresses, projections, count, RADIUS, kernels.place(wanted));
  for (let word = 0; word < 65536; word++) {
    const list = kernels.run("listOf", some, word);
    const numbers = Array.from(
      { length: kernels.run("lookerCount", list) },
      (_, i) => kernels.run("firstLooker", list) + i,
    );
    expect(numbers.map((at) => kernels.run("lookerAt", some, at))).toEqual((wanted[word] && lookers.get(word)) || []);
  }
});
