/** A channel's images through flushes, merges, evictions, crashes and damage: what was acknowledged holds. */

import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { randomFrom } from "../../../shared/random.ts";
import { FLUSH_MOST } from "../../../worker/catalog/segment-store.ts";
import { readSegment } from "../../../worker/index/segment.ts";
import { call, type Mine, newChannel, objectsOf, shardBehind } from "../../support/api.ts";
import { filler } from "../../support/filler.ts";
import { circus, samples } from "../../support/pictures.ts";

const pictures: Readonly<Record<string, Blob>> = { circus, ...samples };

let mine: Mine;

beforeEach(async () => {
  mine = await newChannel();
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function add(...identifiers: string[]): Promise<void> {
  for (const identifier of identifiers) {
    const image = pictures[identifier];
    expect(await call("AddImage", { ...mine, identifier, image })).toMatchObject({ returncode: 0 });
  }
}

async function remove(identifier: string): Promise<void> {
  expect(await call("RemoveImage", { ...mine, identifier })).toMatchObject({ returncode: 0, removed: 1 });
}

/** What FindImage says when it is shown the picture. */
async function found(identifier: string): Promise<string | undefined> {
  const answer = await call("FindImage", { ...mine, image: pictures[identifier] });
  expect(answer.returncode).toBe(0);
  return answer.identifier;
}

async function expectFound(...identifiers: string[]): Promise<void> {
  for (const identifier of identifiers) expect(await found(identifier)).toBe(identifier);
}

/** Takes the object out of memory, as the platform does with idle ones. */
async function evict(): Promise<void> {
  await evictDurableObject(await shardBehind(mine));
}

async function flush(): Promise<void> {
  expect(await runDurableObjectAlarm(await shardBehind(mine))).toBe(true);
}

/** How many images wait for a segment, and how many are in one. */
async function whereabouts(): Promise<{ waiting: number; inSegments: number }> {
  return runInDurableObject(await shardBehind(mine), (_, { storage }) =>
    storage.sql
      .exec<{ waiting: number; inSegments: number }>(
        "SELECT COUNT(*) - COUNT(segment) AS waiting, COUNT(segment) AS inSegments FROM images",
      )
      .one(),
  );
}

/** Leaves of the shard what a backup of its catalog has: no features. */
async function loseTargets(): Promise<void> {
  await runInDurableObject(await shardBehind(mine), (_, { storage }) => {
    for (const table of ["targets", "pages", "gone"]) storage.sql.exec(`DELETE FROM ${table}`);
    storage.sql.exec("UPDATE paging SET paged = 0, last = 0, word = 0, complete = 0");
  });
  await evict();
}

const segments = () => objectsOf("segments", mine);

async function segmentIds(name = ""): Promise<number[]> {
  const object = (await env.BUCKET.get(name)) as R2ObjectBody;
  return readSegment(new Uint8Array(await object.arrayBuffer())).map(({ id }) => id);
}

describe("an added image", () => {
  it("is found by the very next question", async () => {
    for (const identifier of Object.keys(pictures)) {
      expect(await found(identifier)).toBeUndefined();
      await add(identifier);
      expect(await found(identifier)).toBe(identifier);
    }
  });

  it("is found after an eviction and after a crash, before any flush", async () => {
    await add("circus", "card.stargazer");
    await evict();
    await expectFound("circus", "card.stargazer");
    await abortAllDurableObjects();
    await expectFound("circus", "card.stargazer");
    expect(await segments()).toEqual([]);
  });

  it("is found after its flush to a segment, with the index in memory and read anew", async () => {
    await add("circus", "card.stargazer");
    await flush();
    expect(await whereabouts()).toEqual({ waiting: 0, inSegments: 2 });
    await expectFound("circus", "card.stargazer");
    await evict();
    await expectFound("circus", "card.stargazer");
  });

  it("is found from rows and segments together", async () => {
    await add("circus");
    await flush();
    await add("card.stargazer");
    await evict();
    await expectFound("circus", "card.stargazer");
  });

  it("has an alarm to flush it; an alarm with nothing to do changes nothing", async () => {
    const shard = await shardBehind(mine);
    expect(await runDurableObjectAlarm(shard)).toBe(false);
    await add("circus");
    await flush();
    const before = await segments();
    await runInDurableObject(shard, (instance) => instance.alarm());
    expect(await segments()).toEqual(before);
    await evict();
    await expectFound("circus");
  });
});

describe("a removed image", () => {
  it.each([
    ["before its flush", []],
    ["after its flush", ["flush"]],
    ["after its flush and an eviction", ["flush", "evict"]],
  ])("is never found again: %s", async (_, before) => {
    await add("circus", "card.stargazer");
    if (before.includes("flush")) await flush();
    if (before.includes("evict")) await evict();
    await remove("circus");
    expect(await found("circus")).toBeUndefined();
    await evict();
    expect(await found("circus")).toBeUndefined();
    await add("cover.moon_whale");
    await runDurableObjectAlarm(await shardBehind(mine));
    expect(await found("circus")).toBeUndefined();
    await abortAllDurableObjects();
    expect(await found("circus")).toBeUndefined();
    await expectFound("card.stargazer", "cover.moon_whale");
  });

  it("is left out where its segment is merged with others", async () => {
    await add("circus", "card.stargazer");
    await flush();
    const [first] = await segments();
    await remove("circus");
    await add("cover.moon_whale");
    await flush();
    const [merged, ...others] = await segments();
    expect(others).toEqual([]);
    expect(merged).not.toBe(first);
    expect(await segmentIds(merged)).toHaveLength(2);
    await evict();
    expect(await found("circus")).toBeUndefined();
    await expectFound("card.stargazer", "cover.moon_whale");
  });

  it("that comes back under its name is found as the new picture only", async () => {
    await add("circus");
    await flush();
    await remove("circus");
    const image = samples["cover.moon_whale"];
    await call("AddImage", { ...mine, identifier: "circus", image });
    await evict();
    expect(await found("circus")).toBeUndefined();
    expect(await found("cover.moon_whale")).toBe("circus");
  });

  it("during a flush is not found, and one added meanwhile is", async () => {
    await add("circus", "card.stargazer");
    await runInDurableObject(await shardBehind(mine), async (instance) => {
      const flushing = instance.alarm();
      await instance.remove("circus");
      await flushing;
    });
    expect(await whereabouts()).toEqual({ waiting: 0, inSegments: 1 });
    await evict();
    expect(await found("circus")).toBeUndefined();
    await expectFound("card.stargazer");
  });
});

describe("a flush", () => {
  it("that ends between the object and the row that names it loses nothing", async () => {
    await add("circus");
    await flush();
    await add("card.stargazer");
    await remove("circus");
    const crash = runInDurableObject(await shardBehind(mine), async (instance, { storage }) => {
      vi.spyOn(storage, "transactionSync").mockImplementation(() => {
        throw new Error("crashed");
      });
      await instance.alarm();
    });
    await expect(crash).rejects.toThrow("crashed");
    expect(await segments()).toHaveLength(2); // the old one, and one that nothing names
    vi.restoreAllMocks();
    await abortAllDurableObjects();
    expect(await whereabouts()).toEqual({ waiting: 1, inSegments: 0 });
    await expectFound("card.stargazer");
    expect(await found("circus")).toBeUndefined();
    // The platform tries the alarm again.
    await runInDurableObject(await shardBehind(mine), (instance) => instance.alarm());
    expect(await segments()).toHaveLength(1);
    await evict();
    await expectFound("card.stargazer");
    expect(await found("circus")).toBeUndefined();
  });

  it("moves many images in portions, one alarm after the other", async () => {
    await add("circus");
    const more = FLUSH_MOST + 1;
    await runInDurableObject(await shardBehind(mine), async (instance) => {
      for (let i = 0; i < more; i++) await instance.add(filler(`image.${i}`, new Uint8Array(14)), 5000);
    });
    await add("card.stargazer");
    await flush();
    await vi.waitFor(async () => expect(await whereabouts()).toEqual({ waiting: 0, inSegments: more + 2 }));
    const ids = (await Promise.all((await segments()).map(segmentIds))).flat();
    expect(new Set(ids).size).toBe(more + 2);
    expect(ids).toHaveLength(more + 2);
    await evict();
    await expectFound("circus", "card.stargazer");
  });
});

describe("a catalog without features", () => {
  it("gets them back from its segments", async () => {
    await add("circus", "card.stargazer");
    await flush();
    await loseTargets();
    await expectFound("circus", "card.stargazer");
    await remove("circus");
    await evict();
    expect(await found("circus")).toBeUndefined();
    await expectFound("card.stargazer");
  });
});

describe("a shard of a former version", () => {
  /** Then images kept other features until they were in a segment, and the tables' changes were not counted. */
  const BEFORE = `
    ALTER TABLE images ADD COLUMN target_width INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE images ADD COLUMN target_height INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE images ADD COLUMN features BLOB;
    UPDATE images SET target_width = t.width, target_height = t.height, features = iif(segment IS NULL, t.features, NULL)
      FROM targets AS t WHERE t.id = images.id;
    DROP TABLE targets; DROP TABLE pages; DROP TABLE gone; DROP TABLE paging; DROP TABLE splits; DROP TABLE received; DROP TABLE leftovers;
    DROP TABLE schema_changes;`;

  it.each(["a question", "its alarm"])(
    "keeps its images, waiting and in segments, and finds them when they are reindexed, woken by %s",
    async (first) => {
      const log = vi.spyOn(console, "warn").mockImplementation(() => {});
      await add("circus");
      await flush();
      await add("card.stargazer");
      await runInDurableObject(await shardBehind(mine), (_, { storage }) => void storage.sql.exec(BEFORE));
      await evict();
      if (first === "its alarm") await flush();
      else expect(await call("FindImage", { ...mine, image: circus })).not.toHaveProperty("identifier");
      expect(log.mock.calls.join()).toContain("2 images are not found before lookmark reindex");
      expect(await call("GetImages", mine)).toMatchObject({ totalcount: 2 });
      expect(await call("ReindexImages", mine)).toMatchObject({ returncode: 0, reindexed: 2, refused: [] });
      await expectFound("circus", "card.stargazer");
      await flush();
      await evict();
      await expectFound("circus", "card.stargazer");
      expect(await whereabouts()).toEqual({ waiting: 0, inSegments: 2 });
    },
  );
});

describe("a segment that is needed and cannot be read", () => {
  const damage: [string, (bytes: Uint8Array) => Uint8Array | undefined][] = [
    ["is missing", () => undefined],
    ["is empty", () => new Uint8Array(0)],
    ["is cut off", (bytes) => bytes.slice(0, bytes.length - 100)],
    ["has one wrong bit", (bytes) => bytes.map((byte, i) => (i === 500 ? byte ^ 4 : byte))],
    ["is another file", (bytes) => bytes.map((_, i) => i & 255)],
  ];

  it.each(damage)("makes questions and additions 20015, not wrong, until it is back: %s", async (_, spoil) => {
    await add("circus");
    await flush();
    const [name = ""] = await segments();
    const whole = new Uint8Array(await ((await env.BUCKET.get(name)) as R2ObjectBody).arrayBuffer());
    const spoiled = spoil(whole);
    if (spoiled) await env.BUCKET.put(name, spoiled);
    else await env.BUCKET.delete(name);
    await loseTargets();
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    expect(await call("FindImage", { ...mine, image: circus })).toMatchObject({ returncode: 20015 });
    const another = { ...mine, identifier: "another", image: samples["card.stargazer"] };
    expect(await call("AddImage", another)).toMatchObject({ returncode: 20015 });
    expect(log).toHaveBeenCalled();
    expect(await call("GetImages", mine)).toMatchObject({ returncode: 0, totalcount: 1 });
    await env.BUCKET.put(name, whole);
    await expectFound("circus");
    expect(await call("AddImage", another)).toMatchObject({ returncode: 0 });
  });
});

describe("any order of additions, removals, flushes, evictions and crashes", () => {
  it.each([1, 2, 3])("leaves exactly what was acknowledged (order %i)", async (seed) => {
    const random = randomFrom(seed);
    const there = new Set<string>();
    const names = Object.keys(pictures);
    const steps = [
      evict,
      abortAllDurableObjects,
      async () => void (await runDurableObjectAlarm(await shardBehind(mine))),
    ];
    for (let step = 0; step < 12; step++) {
      const name = names[Math.floor(random() * names.length)] as string;
      if (there.has(name)) {
        await remove(name);
        there.delete(name);
      } else {
        await add(name);
        there.add(name);
      }
      if (random() < 0.7) await steps[Math.floor(random() * steps.length)]?.();
      expect(await found(name)).toBe(there.has(name) ? name : undefined);
    }
    await evict();
    for (const name of names) expect(await found(name)).toBe(there.has(name) ? name : undefined);
    expect(await call("GetImages", mine)).toMatchObject({ totalcount: there.size });
    expect(await objectsOf("originals", mine)).toHaveLength(there.size);
  });
});
