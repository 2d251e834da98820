/** Every input that `npm run fuzz` ever found fault with, and a thousand new ones for each target. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findingOf } from "../../scripts/fuzz/target.ts";
import { loadTarget, seedOf, targetNames } from "../../scripts/fuzz/targets.ts";
import { randomFrom } from "../../shared/random.ts";

const EXECUTIONS = 1000;
const SEED = 7;

describe.each(targetNames)("the %s reader", (name) => {
  const folder = new URL(`../fixtures/fuzz/${name}/`, import.meta.url);
  const inputs = existsSync(folder) ? readdirSync(folder) : [];

  it(`takes or refuses as documented what it once stumbled over, and ${EXECUTIONS} inputs that are nearly right`, async () => {
    const target = await loadTarget(name);
    for (const input of inputs) {
      expect([input, await findingOf(target, readFileSync(new URL(input, folder)))]).toEqual([input, undefined]);
    }
    for (let i = 0; i < EXECUTIONS; i++) {
      const input = target.draw(randomFrom(seedOf(SEED, i)));
      expect([i, await findingOf(target, input)]).toEqual([i, undefined]);
    }
  });

  it("is given the same inputs by the same seed, and others by another", async () => {
    const target = await loadTarget(name);
    const drawn = (seed: number) =>
      Array.from({ length: 20 }, (_, i) => Buffer.from(target.draw(randomFrom(seedOf(seed, i)))).toString("latin1"));
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });
});

describe("a finding", () => {
  const input = Uint8Array.of(1);
  const draw = () => input;

  it("is what is thrown, what is answered wrongly and what takes more than a second", async () => {
    const thrown = await findingOf({ draw, execute: () => Promise.reject(new RangeError("out of it")) }, input);
    expect(thrown).toBe("it threw RangeError: out of it");
    expect(await findingOf({ draw, execute: () => "it was taken" }, input)).toBe("it was taken");
    const slow = () => new Promise<undefined>((resolve) => setTimeout(resolve, 1010));
    expect(await findingOf({ draw, execute: slow }, input)).toMatch(/^it took 1\d{3} ms$/);
    expect(await findingOf({ draw, execute: () => undefined }, input)).toBeUndefined();
  });
});
