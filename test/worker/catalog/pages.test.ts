/** A shard with more targets than memory holds: those on pages are found like the others, through crashes and removals. */

import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { randomFrom } from "../../../shared/random.ts";
import type { NewImage } from "../../../worker/catalog/shard.ts";
import { TargetStore } from "../../../worker/catalog/target-store.ts";
import { TARGET_FEATURE_BYTES, TARGET_FEATURES_MAX } from "../../../worker/core/core.ts";
import { wordCommonness } from "../../../worker/core/worker.ts";
import { HELD_MOST, RESIDENT_MOST } from "../../../worker/index/live-index.ts";
import { call, type Mine, newChannel, shardBehind } from "../../support/api.ts";
import { filler } from "../../support/filler.ts";
import { pagedCount } from "../../support/paged.ts";
import { circus, samples } from "../../support/pictures.ts";

const pictures: Readonly<Record<string, Blob>> = { circus, ...samples };
const QUOTA = 20_000;
const FEATURES = 20;

let mine: Mine;

beforeEach(async () => {
  mine = await newChannel();
});

async function add(...identifiers: string[]): Promise<void> {
  for (const identifier of identifiers) {
    expect(await call("AddImage", { ...mine, identifier, image: pictures[identifier] })).toMatchObject({
      returncode: 0,
    });
  }
}

async function found(identifier: string, more: Record<string, string> = {}): Promise<string | undefined> {
  return (await call("FindImage", { ...mine, ...more, image: pictures[identifier] })).identifier;
}

/** As many images of random features as memory holds. */
function fillers(name: string): NewImage[] {
  const random = randomFrom(name.length);
  return Array.from({ length: RESIDENT_MOST }, (_, i) => filler(`${name}.${i}`, sortedFeatures(random)));
}

/** Adds so many images that all before them go to pages. */
async function fill(name: string): Promise<void> {
  await runInDurableObject(await shardBehind(mine), async (instance) => {
    const images = fillers(name);
    const added = await instance.addAll(images, QUOTA);
    expect(added.ok && new Set(Object.values(added.value.outcomes))).toEqual(new Set(["stored"]));
  });
}

function sortedFeatures(random: () => number): Uint8Array {
  const features = Uint8Array.from({ length: 14 * FEATURES }, () => 256 * random());
  const view = new DataView(features.buffer);
  for (let i = 0; i < FEATURES; i++)
    view.setUint16(14 * i + 12, Math.floor((65_536 / FEATURES) * (i + random())), true);
  return features;
}

async function evict(): Promise<void> {
  await evictDurableObject(await shardBehind(mine));
}

/** How many targets are on pages and how many are not; how many postings the pages have, and have to have. */
async function whereabouts(): Promise<{ paged: number; held: number; postings: number; pagedFeatures: number }> {
  return runInDurableObject(await shardBehind(mine), (_, { storage }) => {
    const { paged } = storage.sql.exec<{ paged: number }>("SELECT paged FROM paging").one();
    const count = (where: string) =>
      storage.sql.exec<{ count: number }>(`SELECT COUNT(*) AS count FROM targets WHERE ${where}`).one().count;
    let pagedFeatures = 0;
    for (const { features } of storage.sql.exec<{ features: ArrayBuffer }>(
      `SELECT features FROM targets WHERE id <= ${paged}`,
    ))
      pagedFeatures += pagedCount(features, wordCommonness);
    let postings = 0;
    for (const row of storage.sql.exec<{ postings: ArrayBuffer }>("SELECT postings FROM pages")) {
      const view = new DataView(row.postings);
      for (let at = 0; at < view.byteLength; ) {
        const inBlock = view.getUint32(at, true);
        postings += inBlock;
        at += 8 + 11 * inBlock;
      }
    }
    return { paged: count(`id <= ${paged}`), held: count(`id > ${paged}`), postings, pagedFeatures };
  });
}

it("a target with as many features as one keeps takes a single page of SQLite", async () => {
  const [targets, pageBytes] = [500, 4096];
  const features = new Uint8Array(TARGET_FEATURES_MAX * TARGET_FEATURE_BYTES);
  await runInDurableObject(await shardBehind(mine), (_, { storage }) => {
    const store = new TargetStore(storage);
    const before = storage.sql.databaseSize;
    for (let id = 1; id <= targets; id++) store.insert(100_000 + id, { width: 640, height: 640, features });
    const pages = (storage.sql.databaseSize - before) / pageBytes;
    expect(pages).toBeGreaterThanOrEqual(targets);
    expect(pages).toBeLessThan(1.02 * targets); // and those that lead to them
  });
});

describe("a target on pages", () => {
  it("is found, alone and among named ones, and not after its removal", async () => {
    await add("circus", "card.stargazer");
    await fill("filler");
    const { paged, postings, pagedFeatures } = await whereabouts();
    expect(paged).toBeGreaterThan(2);
    expect(postings).toBe(pagedFeatures);
    for (const forget of [async () => {}, evict]) {
      await forget();
      expect(await found("circus")).toBe("circus");
      expect(await found("card.stargazer")).toBe("card.stargazer");
      expect(await found("cover.moon_whale")).toBeUndefined();
    }
    await evict();
    expect(await found("circus", { identifiers: "circus" })).toBe("circus");
    expect(await found("circus", { identifiers: "card.stargazer,filler.1" })).toBeUndefined();
    expect(await call("RemoveImage", { ...mine, identifier: "circus" })).toMatchObject({ removed: 1 });
    expect(await found("circus")).toBeUndefined();
    await evict();
    expect(await found("circus")).toBeUndefined();
    expect(await found("card.stargazer")).toBe("card.stargazer");
  });

  it("gives way to the picture that replaces it", async () => {
    await add("circus");
    await fill("filler");
    const image = samples["cover.moon_whale"];
    expect(await call("ReplaceImage", { ...mine, identifier: "circus", image })).toMatchObject({ returncode: 0 });
    await evict();
    expect(await found("circus")).toBeUndefined();
    expect(await found("cover.moon_whale")).toBe("circus");
  });
});

describe("a question that needs few pages", () => {
  it("reads those statements to their end, since an open one keeps SQLite's log from being emptied", async () => {
    await add("circus");
    await fill("filler");
    await runInDurableObject(await shardBehind(mine), async (_, { storage }) => {
      const statements = vi.spyOn(storage.sql, "exec");
      expect(await found("circus")).toBe("circus");
      const ofPages = statements.mock.calls.filter(([text]) => text.includes("JOIN pages"));
      expect(ofPages.length).toBeGreaterThan(0);
      expect(ofPages.length).toBeLessThan(18);
      for (const { value } of statements.mock.results) expect(value.next()).toEqual({ done: true });
    });
    vi.restoreAllMocks();
  });
});

describe("more targets than memory holds", () => {
  it("go to pages when the shard wakes", async () => {
    await add("circus");
    await runInDurableObject(await shardBehind(mine), (_, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${HELD_MOST})
         INSERT INTO targets SELECT 1000 + i, 320, 320, zeroblob(14) FROM n`,
      );
    });
    await evict();
    expect(await found("circus")).toBe("circus");
    expect((await whereabouts()).held).toBeLessThanOrEqual(RESIDENT_MOST);
  });

  it("go to pages anew where a former version wrote those", async () => {
    await add("circus");
    await fill("filler");
    await runInDurableObject(await shardBehind(mine), (_, { storage }) => {
      storage.sql.exec(
        `UPDATE pages SET postings = x'0100000001000000ff';
         DELETE FROM schema_changes WHERE number = (SELECT MAX(number) FROM schema_changes)`,
      );
    });
    await evict();
    expect(await whereabouts()).toMatchObject({ paged: 0, postings: 0 });
    expect(await found("circus")).toBe("circus");
    await runInDurableObject(await shardBehind(mine), (instance) => instance.alarm());
    const { paged, postings, pagedFeatures } = await whereabouts();
    expect(paged).toBeGreaterThan(2);
    expect(postings).toBe(pagedFeatures);
    expect(await found("circus")).toBe("circus");
  });
});

describe("a pass over the pages", () => {
  it("goes on where a crash ended it: each posting is there once, and nothing is lost", async () => {
    await add("circus", "card.stargazer");
    await fill("filler");
    const before = await whereabouts();
    await runInDurableObject(await shardBehind(mine), async (instance, { storage }) => {
      const transact = storage.transactionSync.bind(storage);
      let slices = 0;
      vi.spyOn(storage, "transactionSync").mockImplementation((change) => {
        if (++slices > 40) throw new Error("crashed");
        return transact(change);
      });
      await expect(instance.addAll(fillers("more"), QUOTA)).rejects.toThrow("crashed");
    });
    vi.restoreAllMocks();
    await abortAllDurableObjects();
    expect(await found("circus")).toBe("circus");
    await runInDurableObject(await shardBehind(mine), (instance) => instance.alarm());
    const after = await whereabouts();
    expect(after.paged).toBeGreaterThan(before.paged);
    expect(after.held).toBeLessThanOrEqual(RESIDENT_MOST);
    expect(after.paged + after.held).toBe(before.paged + before.held + RESIDENT_MOST);
    expect(after.postings).toBe(after.pagedFeatures);
    expect(await found("card.stargazer")).toBe("card.stargazer");
  });

  it("takes out the postings of targets that are gone", async () => {
    await add("circus");
    await fill("filler");
    await runInDurableObject(await shardBehind(mine), async (instance) => {
      for (let i = 0; i < 400; i++) await instance.remove(`filler.${i}`);
    });
    await fill("more");
    const { postings, pagedFeatures } = await whereabouts();
    expect(postings).toBe(pagedFeatures);
    await evict();
    expect(await found("circus")).toBe("circus");
  });
});
