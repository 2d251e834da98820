/** Channels of several shards, and shards that split while they serve: answers are those of one shard with all images. */

import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FindImageAnswer } from "../../../shared/protocol.ts";
import { randomFrom } from "../../../shared/random.ts";
import { directoryOf } from "../../../worker/catalog/accounts.ts";
import { FLUSH_MOST } from "../../../worker/catalog/segment-store.ts";
import type { NewImage } from "../../../worker/catalog/shard.ts";
import { shardNumber } from "../../../worker/catalog/shard-map.ts";
import { print } from "../../core/scenes.ts";
import {
  type AnyAnswer,
  call,
  channelNamed,
  type Mine,
  newChannel,
  objectsOf,
  passingError,
  shardBehind,
} from "../../support/api.ts";
import { filler } from "../../support/filler.ts";
import { circus, samples } from "../../support/pictures.ts";
import { pngOfGray } from "../../support/views.ts";

const pictures: Readonly<Record<string, Blob>> = { circus, ...samples };
const names = Object.keys(pictures);
const FILLERS = 300;

let mine: Mine;

afterEach(() => {
  vi.restoreAllMocks();
});

async function add(identifier: string, more: Record<string, string | number> = {}, settings = {}): Promise<AnyAnswer> {
  return call("AddImage", { ...mine, identifier, image: pictures[identifier], ...more }, settings);
}

async function addSamples(): Promise<void> {
  for (const name of names) expect(await add(name)).toMatchObject({ returncode: 0 });
}

async function found(identifier: string, more: Record<string, string | number> = {}): Promise<string | undefined> {
  const answer = await call("FindImage", { ...mine, ...more, image: pictures[identifier] });
  expect(answer).toMatchObject({ returncode: 0 });
  return answer.identifier;
}

async function expectAllFound(): Promise<void> {
  for (const name of names) expect([name, await found(name)]).toEqual([name, name]);
}

async function listed(): Promise<string[]> {
  const identifiers: string[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const page = await call("GetImages", { ...mine, limit: 1000, cursor });
    identifiers.push(...(page.images ?? []).map(({ identifier }) => identifier));
    cursor = page.cursor;
  }
  return identifiers;
}

function randomFiller(identifier: string): NewImage {
  const random = randomFrom(identifier.length);
  return filler(
    identifier,
    Uint8Array.from({ length: 14 }, () => 256 * random()),
  );
}

const fillerNames = Array.from({ length: FILLERS }, (_, i) => `filler.${i}`);

/** Each where a channel of `shards` has it. */
async function fill(identifiers: readonly string[], shards = 1): Promise<void> {
  for (const [number, part] of Map.groupBy(identifiers, (identifier) => shardNumber(identifier, shards))) {
    await runInDurableObject(await shardBehind(mine, number), async (instance) => {
      expect(await instance.addAll(part.map(randomFiller), 1e6)).toMatchObject({ ok: true });
    });
  }
}

async function grow(): Promise<void> {
  await directoryOf(env).grow((await channelNamed(mine.channel)).id);
}

/** Until all splits are done; returns how many shards there are. */
async function grown(): Promise<number> {
  await vi.waitFor(async () => expect(await channelNamed(mine.channel)).toMatchObject({ splitting: false }), 20_000);
  return (await channelNamed(mine.channel)).shards;
}

async function identifiersIn(number: number): Promise<string[]> {
  return runInDurableObject(await shardBehind(mine, number), (_, { storage }) =>
    storage.sql
      .exec<{ identifier: string }>("SELECT identifier FROM images ORDER BY identifier")
      .toArray()
      .map(({ identifier }) => identifier),
  );
}

/** Where each belongs, and nowhere else. */
async function expectSpread(identifiers: readonly string[], shards: number): Promise<void> {
  for (let number = 0; number < shards; number++) {
    const due = identifiers.filter((identifier) => shardNumber(identifier, shards) === number);
    expect(await identifiersIn(number)).toEqual(due.toSorted());
  }
}

describe("a channel of several shards", () => {
  const SHARDS = 3;

  beforeEach(async () => {
    mine = await newChannel({ shards: SHARDS, quota: 5000 });
  });

  it("has each image in the shard that its identifier belongs to, and finds all", async () => {
    await addSamples();
    await expectSpread(names, SHARDS);
    await expectAllFound();
    expect(await call("GetChannels", mine)).toMatchObject({ channels: [{ imagecount: names.length }] });
  });

  it("scores images as if all were in one: what their print shares with a frame counts for little", async () => {
    const prints = Array.from({ length: 6 }, (_, i) => ({
      identifier: `print.${i}`,
      image: pngOfGray(print(i, 320, 240)),
    }));
    expect(new Set(prints.map(({ identifier }) => shardNumber(identifier, SHARDS)))).toEqual(new Set([0, 1, 2]));
    const frame = pngOfGray(print(100, 320, 240));
    const scores: unknown[] = [];
    for (const channel of [mine, await newChannel()]) {
      for (const one of prints) await call("AddImage", { ...channel, ...one, matchratio: 1 });
      const { images }: FindImageAnswer = await call("FindImage", { ...channel, image: frame, max: prints.length });
      scores.push(images?.map(({ identifier, score }) => ({ identifier, score })));
    }
    expect(scores[0]).not.toEqual([]);
    expect(scores[0]).toEqual(scores[1]);
  });

  it("changes, replaces, names and removes images wherever they are", async () => {
    await addSamples();
    for (const [i, identifier] of names.entries()) {
      const metadata = JSON.stringify({ i });
      expect(await call("UpdateImageInfo", { ...mine, identifier, metadata })).toMatchObject({ returncode: 0 });
      expect(await call("GetImage", { ...mine, identifier })).toMatchObject({ metadata });
      expect(await found(identifier, { identifiers: identifier })).toBe(identifier);
      expect(await add(identifier)).toMatchObject({ returncode: 20016 });
    }
    const [first = "", second = "", third = ""] = names;
    expect(await call("RemoveImage", { ...mine, identifier: first })).toMatchObject({ removed: 1 });
    expect(await found(first)).toBeUndefined();
    const swapped = { ...mine, identifier: second, image: pictures[first] };
    expect(await call("ReplaceImage", swapped)).toMatchObject({ returncode: 0 });
    expect(await found(first)).toBe(second);
    expect(await found(second)).toBeUndefined();
    const graded = await call("GradeImage", { ...mine, image: pictures[third] });
    expect(graded.similar).toMatchObject([{ identifier: third, matches: 1 }]);
    const twin = { ...mine, identifier: "twin", image: pictures[third], allowsimilar: 0 };
    expect(await call("AddImage", twin)).toMatchObject({ returncode: 30002, similar: [{ identifier: third }] });
    expect(await call("GetImage", { ...mine, identifier: "absent" })).toMatchObject({ returncode: 20014 });
  });

  it("lists images in the order of identifiers, from any position and by cursor, however long metadata are", async () => {
    await fill([...names, ...fillerNames], SHARDS);
    const ordered = [...names, ...fillerNames].toSorted();
    expect(await listed()).toEqual(ordered);
    for (const position of [0, 1, 63, 64, 65, 130, 250, ordered.length - 1, ordered.length, 10_000]) {
      const page = await call("GetImages", { ...mine, position, limit: 7 });
      expect(page.totalcount).toBe(ordered.length);
      expect(page.images?.map(({ identifier }) => identifier)).toEqual(ordered.slice(position, position + 7));
    }
    const some = ordered.filter((identifier) => identifier.startsWith("filler.2"));
    const page = await call("GetImages", { ...mine, prefix: "filler.2", position: 70, limit: 1000 });
    expect(page).toMatchObject({
      totalcount: some.length,
      images: some.slice(70).map((identifier) => ({ identifier })),
    });
    const metadata = JSON.stringify("x".repeat(65_000));
    for (const identifier of ordered.slice(100, 220)) await call("UpdateImageInfo", { ...mine, identifier, metadata });
    expect(await listed()).toEqual(ordered);
  });

  it("refuses more images than its quota", async () => {
    mine = await newChannel({ shards: SHARDS, quota: 2 });
    expect((await add("circus")).returncode).toBe(0);
    expect((await add("card.stargazer")).returncode).toBe(0);
    expect(await add("cover.moon_whale")).toMatchObject({ returncode: 20012 });
    expect(await add("circus")).toMatchObject({ returncode: 0 });
  });

  it("sums what its shards counted", async () => {
    await addSamples();
    for (let i = 0; i < 2; i++)
      for (const name of names) await call("FindImage", { ...mine, image: pictures[name] }, {});
    const other = { ...mine, identifiers: "nobody", image: circus };
    for (let i = 0; i < 5; i++) await call("FindImage", other, {});
    const days = { startdate: "2020", enddate: "2099" };
    const { records } = await call("Statistics", { ...mine, channel: undefined, ...days });
    expect(records).toMatchObject([
      { count: 2 * names.length, queries: 2 * names.length + 5, nomatch: 5, badframe: 0, latency: {} },
    ]);
    const byName = await call("Statistics", { ...mine, ...days });
    expect(byName.records).toMatchObject(names.toSorted().map((identifier) => ({ identifier, count: 2 })));
    const one = await call("Statistics", { ...mine, ...days, identifier: "circus" });
    expect(one.records).toMatchObject([{ count: 2 }]);
    expect(await call("Statistics", { ...mine, ...days, identifier: "never" })).toMatchObject({ returncode: 20014 });
  });

  it("answers 20015, not a part of the truth, where one of its shards is out of reach", async () => {
    await addSamples();
    vi.spyOn(console, "error").mockImplementation(() => {});
    const lost = (await shardBehind(mine, 1)).id.toString();
    const unreachable = new Proxy({}, { get: () => () => Promise.reject(passingError()) });
    const { SHARD } = env;
    const some = {
      idFromName: (name: string) => SHARD.idFromName(name),
      get: (id: DurableObjectId) => (id.toString() === lost ? unreachable : SHARD.get(id)),
    } as unknown as typeof SHARD;
    for (const endpoint of ["FindImage", "GetImages", "GradeImage", "GetChannels"]) {
      expect(await call(endpoint, { ...mine, image: circus }, { SHARD: some })).toMatchObject({ returncode: 20015 });
    }
  });
});

describe("a shard that splits", () => {
  beforeEach(async () => {
    mine = await newChannel({ quota: 5000 });
  });

  it("does so where it is full, again and again, and all images are found", async () => {
    for (const name of names) expect(await add(name, {}, { SHARD_IMAGES: "2" })).toMatchObject({ returncode: 0 });
    const shards = await grown();
    expect(shards).toBeGreaterThan(1);
    await expectSpread(names, shards);
    await expectAllFound();
    expect(await listed()).toEqual(names.toSorted());
    expect(await objectsOf("originals", mine)).toHaveLength(names.length);
  });

  it("answers all along as one shard with all images would, to those who do not know of it yet", async () => {
    await addSamples();
    await fill(fillerNames);
    const there = new Set(names);
    const random = randomFrom(5);
    await grow();
    for (let step = 0; step < 24 || (await channelNamed(mine.channel)).splitting; step++) {
      const name = names[Math.floor(random() * names.length)] as string;
      const [asked, shown] = await Promise.all([found(name), call("GetImage", { ...mine, identifier: name })]);
      expect([name, asked]).toEqual([name, there.has(name) ? name : undefined]);
      expect(shown.returncode).toBe(there.has(name) ? 0 : 20014);
      if (random() < 0.4) continue;
      if (there.delete(name)) {
        expect(await call("RemoveImage", { ...mine, identifier: name })).toMatchObject({ removed: 1 });
      } else {
        expect(await add(name)).toMatchObject({ returncode: 0 });
        there.add(name);
      }
      expect([name, await found(name)]).toEqual([name, there.has(name) ? name : undefined]);
    }
    expect(await grown()).toBe(2);
    const all = [...there, ...fillerNames];
    await expectSpread(all, 2);
    expect(await listed()).toEqual(all.toSorted());
  });

  it("goes on where a crash ended it: images that had arrived already are found once, and removed ones never", async () => {
    await addSamples();
    await fill(fillerNames);
    const moving = names.filter((name) => shardNumber(name, 2) === 1);
    const [removed = "", changed = ""] = moving;
    const { id } = await channelNamed(mine.channel);
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const shard = await shardBehind(mine);
    await runInDurableObject(shard, async (instance, { storage }) => {
      for (let flushed = 0; flushed < FILLERS + names.length; flushed += FLUSH_MOST) await instance.alarm(); // flushes are not what is to crash
      vi.spyOn(storage, "transactionSync").mockImplementation(() => {
        throw new Error("crashed");
      });
    });
    await directoryOf(env).grow(id);
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith("split interrupted", expect.anything()), 5000);
    await runInDurableObject(shard, (_, { storage }) => storage.deleteAlarm());
    expect((await identifiersIn(1)).filter((identifier) => names.includes(identifier))).toEqual(moving.toSorted());
    expect(await identifiersIn(0)).toHaveLength(names.length + FILLERS);
    await abortAllDurableObjects();
    await expectAllFound();
    expect(await listed()).toEqual([...names, ...fillerNames].toSorted());
    expect((await call("FindImage", { ...mine, image: pictures[changed], max: 5 })).images).toHaveLength(1);
    expect(await call("RemoveImage", { ...mine, identifier: removed })).toMatchObject({ removed: 1 });
    expect(await call("UpdateImageInfo", { ...mine, identifier: changed, metadata: "1" })).toMatchObject({
      returncode: 0,
    });
    expect(await found(removed)).toBeUndefined();
    expect(await call("GetImage", { ...mine, identifier: changed })).toMatchObject({ metadata: "1" });
    await runInDurableObject(await shardBehind(mine), (instance) => instance.alarm());
    expect(await grown()).toBe(2);
    const left = [...names.filter((name) => name !== removed), ...fillerNames];
    await expectSpread(left, 2);
    expect(await listed()).toEqual(left.toSorted());
    expect(await found(removed)).toBeUndefined();
    expect(await call("GetImage", { ...mine, identifier: changed })).toMatchObject({ metadata: "1" });
  });

  it("tries again where the other shard is out of reach, and loses nothing", async () => {
    await addSamples();
    const { id } = await channelNamed(mine.channel);
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const heir = await shardBehind(mine, 1);
    await runInDurableObject(heir, (_, { storage }) => {
      vi.spyOn(storage, "transactionSync").mockImplementationOnce(() => {
        throw passingError();
      });
    });
    await directoryOf(env).grow(id);
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith("split interrupted", expect.anything()), 5000);
    await expectAllFound();
    expect(await grown()).toBe(2);
    await expectSpread(names, 2);
    await expectAllFound();
  });
});

describe("any order of additions, changes, removals, splits, flushes and crashes", () => {
  it.each([1, 2, 3, 4])("leaves exactly what was acknowledged (order %i)", async (seed) => {
    mine = await newChannel({ quota: 5000 });
    const random = randomFrom(seed);
    const there = new Map<string, string>();
    const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
    const anyShard = async () => shardBehind(mine, pick([0, 1, 2, 3]));
    const events = [
      grow,
      grow,
      abortAllDurableObjects,
      async () => void (await runDurableObjectAlarm(await anyShard())),
      () => fill([`filler.${Math.floor(1e6 * random())}`]),
    ];
    vi.spyOn(console, "error").mockImplementation(() => {});
    for (let step = 0; step < 20; step++) {
      const name = pick(names);
      if (random() < 0.5) await pick(events)();
      const identifier = { ...mine, identifier: name };
      if (!there.has(name)) {
        expect(await add(name)).toMatchObject({ returncode: 0 });
        there.set(name, "");
      } else if (random() < 0.5) {
        there.set(name, String(step));
        const updated = await call("UpdateImageInfo", { ...identifier, metadata: String(step) });
        expect(updated).toMatchObject({ returncode: 0 });
      } else {
        there.delete(name);
        expect(await call("RemoveImage", identifier)).toMatchObject({ removed: 1 });
      }
      expect([name, await found(name)]).toEqual([name, there.has(name) ? name : undefined]);
    }
    const shards = await grown();
    await abortAllDurableObjects();
    for (const name of names) {
      expect([name, await found(name)]).toEqual([name, there.has(name) ? name : undefined]);
      const metadata = there.get(name);
      if (metadata !== undefined)
        expect(await call("GetImage", { ...mine, identifier: name })).toMatchObject({ metadata });
    }
    const own = (await listed()).filter((identifier) => !identifier.startsWith("filler."));
    expect(own).toEqual([...there.keys()].toSorted());
    await expectSpread(await listed(), shards);
  });
});
