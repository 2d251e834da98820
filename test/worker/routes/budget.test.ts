/** What a call may cost on the platform, where each subrequest and each row read is billed: counted at the bindings. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../../worker/env.ts";
import { call, type Mine, newChannel, shardBehind } from "../../support/api.ts";
import { circus, samples } from "../../support/pictures.ts";

type Metered = "DIRECTORY" | "SHARD" | "BUCKET" | "ACCOUNTS";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Bindings that count the calls made through them. */
function meter(): { counts: Record<Metered, number>; settings: Partial<Env> } {
  const counts = { DIRECTORY: 0, SHARD: 0, BUCKET: 0, ACCOUNTS: 0 };
  const counting = <T extends object>(binding: T, name: Metered): T =>
    new Proxy(binding, {
      get(target, method) {
        const member = Reflect.get(target, method);
        if (typeof member !== "function") return member;
        return (...parameters: unknown[]) => {
          counts[name]++;
          return Reflect.apply(member, target, parameters);
        };
      },
    });
  const objects = <T extends object>(namespace: T, name: Metered): T =>
    new Proxy(namespace, {
      get(target, method) {
        const member = Reflect.get(target, method) as (...parameters: unknown[]) => object;
        return (...parameters: unknown[]) => {
          const value = Reflect.apply(member, target, parameters);
          return method === "get" ? counting(value, name) : value;
        };
      },
    });
  return {
    counts,
    settings: {
      DIRECTORY: objects(env.DIRECTORY, "DIRECTORY"),
      SHARD: objects(env.SHARD, "SHARD"),
      BUCKET: counting(env.BUCKET, "BUCKET"),
      ACCOUNTS: counting(env.ACCOUNTS, "ACCOUNTS"),
    },
  };
}

async function fill(mine: Mine): Promise<void> {
  for (const identifier of ["card.stargazer", "cover.moon_whale", "card.pixel_pier"] as const) {
    await call("AddImage", { ...mine, identifier, image: samples[identifier] });
  }
  await call("AddImage", { ...mine, identifier: "circus", image: circus });
}

/** What the shard does meanwhile: rows read, and objects asked for. */
async function watched(mine: Mine, ask: () => Promise<unknown>): Promise<{ rowsRead: number; objectsRead: number }> {
  return runInDurableObject(await shardBehind(mine), async (instance, { storage }) => {
    const statements = vi.spyOn(storage.sql, "exec");
    const { BUCKET } = (instance as unknown as { env: Env }).env;
    const reads = vi.spyOn(BUCKET, "get");
    await ask();
    const rowsRead = statements.mock.results.reduce((sum, { value }) => sum + value.rowsRead, 0);
    return { rowsRead, objectsRead: reads.mock.calls.length };
  });
}

describe("a question", () => {
  it.each([1, 4])(
    "of a channel of %i shards asks each once, and besides only for the account and the count",
    async (shards) => {
      const mine = await newChannel({ shards });
      await fill(mine);
      await call("FindImage", { ...mine, image: circus });
      const { counts, settings } = meter();
      expect(await call("FindImage", { ...mine, image: circus }, settings)).toMatchObject({ identifier: "circus" });
      expect(counts).toEqual({ DIRECTORY: 0, ACCOUNTS: 1, SHARD: shards + 1, BUCKET: 0 });
    },
  );

  it("reads no object, and no more rows than it answers about, where the shard is warm", async () => {
    const mine = await newChannel();
    await fill(mine);
    await call("FindImage", { ...mine, image: circus });
    const { rowsRead, objectsRead } = await watched(mine, () => call("FindImage", { ...mine, image: circus }));
    expect(objectsRead).toBe(0);
    expect(rowsRead).toBeGreaterThan(0);
    expect(rowsRead).toBeLessThan(15);
  });
});

describe("a list", () => {
  it("of a channel of several shards asks each once, from its beginning and by cursor", async () => {
    const mine = await newChannel({ shards: 4 });
    await fill(mine);
    const { cursor } = await call("GetImages", { ...mine, limit: 2 });
    for (const from of [{}, { cursor }]) {
      const { counts, settings } = meter();
      await call("GetImages", { ...mine, ...from, limit: 2 }, settings);
      expect(counts).toEqual({ DIRECTORY: 0, ACCOUNTS: 1, SHARD: 4, BUCKET: 0 });
    }
  });
});

describe("an addition", () => {
  it("asks its shard three times, writes one object, and asks all shards for their number where there are several", async () => {
    for (const shards of [1, 4]) {
      const mine = await newChannel({ shards });
      await fill(mine);
      const { counts, settings } = meter();
      const added = await call(
        "AddImage",
        { ...mine, identifier: "another", image: samples["poster.science_fair"] },
        settings,
      );
      expect(added).toMatchObject({ returncode: 0 });
      expect(counts).toEqual({ DIRECTORY: 0, ACCOUNTS: 1, SHARD: 3 + (shards > 1 ? shards : 0), BUCKET: 1 });
    }
  });
});

describe("a refusal", () => {
  it("costs the same whether the user exists or not, and however well the edge knows them: time tells nothing", async () => {
    const [known, unasked] = [await newChannel(), await newChannel()];
    await call("GetImages", known);
    for (const { username } of [known, known, unasked, { username: "no.such.user" }]) {
      const { counts, settings } = meter();
      const derived = vi.spyOn(crypto.subtle, "deriveBits");
      expect(await call("GetImages", { ...known, username, secretkey: "wrong" }, settings)).toMatchObject({
        returncode: 20001,
      });
      expect(counts).toEqual({ DIRECTORY: 1, ACCOUNTS: 1, SHARD: 0, BUCKET: 0 });
      expect(derived).toHaveBeenCalledTimes(1);
      derived.mockRestore();
    }
  });
});
