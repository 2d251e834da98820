/**
 * Any order of all that can happen to a channel, against a plain map: additions, also of one identifier by many at once,
 * replacements, removals, flushes, pages, splits, evictions, crashes in the middle of alarms and alarms that run again.
 * Memory holds five targets here, so that pages are not rare.
 */

import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { type Random, randomFrom } from "../../../shared/random.ts";
import type { Result } from "../../../shared/reason.ts";
import { directoryOf } from "../../../worker/catalog/accounts.ts";
import type { Found, NewImage, Part, Shard, Stored } from "../../../worker/catalog/shard.ts";
import { askAll, shardOf } from "../../../worker/catalog/shards.ts";
import type { Target } from "../../../worker/core/core.ts";
import { createCore, wordCommonness } from "../../../worker/core/worker.ts";
import { collage } from "../../core/scenes.ts";
import { channelNamed, type Mine, newChannel, shardBehind } from "../../support/api.ts";
import { pagedCount } from "../../support/paged.ts";

vi.mock("../../../worker/index/live-index.ts", async (original) => ({
  ...(await original<object>()),
  RESIDENT_MOST: 5,
  PAGED_AT_ONCE: 4,
}));

const PICTURES = 8;
const IDENTIFIERS = 20;
const STEPS = 30;
/** This history comes by a removal while a crashed pass waits. */
const SEED = 1;
/** Of a pass over the pages. */
const SLICES = 256;
const QUOTA = 1000;
const HITS_MOST = 20;
const TAKEN = 20016;
const NOT_FOUND = 20014;
const SIZE = { width: 320, height: 240 };

interface Picture {
  readonly target: Target;
  /** What a frame that shows nothing else is asked with. */
  readonly query: Uint8Array;
}

const core = createCore();
const pictures = Array.from({ length: PICTURES }, (_, i): Picture => {
  const image = collage(700 + i, SIZE.width, SIZE.height);
  return { target: core.encodeTarget(core.extract(image, 250), SIZE), query: core.extract(image, 800) };
});

afterEach(() => {
  vi.restoreAllMocks();
});

it("leaves exactly what was acknowledged", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const random = randomFrom(SEED);
  const history = new History(await newChannel({ quota: QUOTA }), random);
  for (let step = 0; step < STEPS; step++) {
    await history.change();
    await history.happen();
    await history.expectFound(Math.floor(PICTURES * random()));
  }
  await history.finish();
  for (let picture = 0; picture < PICTURES; picture++) await history.expectFound(picture);
  await history.expectListed();
  await history.expectPagesWhole();
});

class History {
  /** The picture of each identifier that is there. */
  readonly #model = new Map<string, number>();
  readonly #mine: Mine;
  readonly #random: Random;

  constructor(mine: Mine, random: Random) {
    this.#mine = mine;
    this.#random = random;
  }

  async change(): Promise<void> {
    const identifier = `image.${this.#below(IDENTIFIERS)}`;
    const picture = this.#below(PICTURES);
    if (!this.#model.has(identifier)) await this.#add(identifier, picture);
    else if (this.#random() < 0.3) await this.#addAgain(identifier, picture);
    else if (this.#random() < 0.5) await this.#replace(identifier, picture);
    else await this.#remove(identifier);
  }

  async happen(): Promise<void> {
    const events = [
      () => this.#alarm(),
      () => this.#alarm(),
      () => this.#crashInAlarm(),
      () => this.#crashInAlarm(),
      () => this.#evict(),
      abortAllDurableObjects,
      async () => this.#below(8) === 0 && (await directoryOf(env).grow((await this.#channel()).id)),
    ];
    if (this.#random() < 0.7) await events[this.#below(events.length)]?.();
  }

  /**
   * All splits are done, and all that is due is on pages. The alarms run at once: after a crash the platform's own comes seconds
   * later (split.test.ts waits for it).
   */
  async finish(): Promise<void> {
    await this.#alarms();
    expect(await this.#channel()).toMatchObject({ splitting: false });
    await this.#alarms();
    await abortAllDurableObjects();
  }

  async expectFound(picture: number): Promise<void> {
    const { query } = pictures[picture] as Picture;
    const search = (shard: DurableObjectStub<Shard>) =>
      shard.search(query, SIZE, HITS_MOST) as Promise<Part<Result<Found>>>;
    const parts = await askAll(env, await this.#channel(), search);
    const hits = parts.flatMap((found) => (found.ok ? found.value.hits : []));
    // An image that moves may be in both shards for a moment.
    expect([...new Set(hits.map(({ identifier }) => identifier))].toSorted()).toEqual(this.#identifiersOf(picture));
  }

  async expectListed(): Promise<void> {
    const counts = await askAll(env, await this.#channel(), (shard) => shard.imageCount());
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(this.#model.size);
    for (let i = 0; i < IDENTIFIERS; i++) {
      const identifier = `image.${i}`;
      const image = await (await this.#shardOf(identifier)).get(identifier);
      expect([identifier, image?.metadata]).toEqual([identifier, this.#model.get(identifier)?.toString()]);
    }
  }

  /** Each posting of a target on pages is there once, and no others but those of targets that are gone since. */
  async expectPagesWhole(): Promise<void> {
    let pagedTargets = 0;
    for (let number = 0; number < (await this.#channel()).shards; number++) {
      const { expected, live, dead, gone } = await runInDurableObject(await this.#shard(number), whereabouts);
      expect(live).toEqual(expected);
      for (const id of dead) expect(gone).toContain(id);
      pagedTargets += expected.size;
    }
    expect(pagedTargets).toBeGreaterThan(0);
  }

  /** By many at once with different pictures: one is stored. */
  async #add(identifier: string, picture: number): Promise<void> {
    const shard = await this.#shardOf(identifier);
    const choices = [picture, ...(this.#random() < 0.3 ? [(picture + 1) % PICTURES, (picture + 2) % PICTURES] : [])];
    const answers = await Promise.all(
      choices.map(async (choice) => codeOf((await shard.add(imageOf(identifier, choice), QUOTA)) as Result<Stored>)),
    );
    expect(answers.toSorted((a, b) => a - b)).toEqual([0, ...choices.slice(1).map(() => TAKEN)]);
    this.#model.set(identifier, choices[answers.indexOf(0)] as number);
  }

  /** What is there is answered again; anything else is refused. */
  async #addAgain(identifier: string, picture: number): Promise<void> {
    const shard = await this.#shardOf(identifier);
    const known = this.#model.get(identifier) as number;
    const again = this.#random() < 0.5 ? known : picture;
    const answer = (await shard.add(imageOf(identifier, again), QUOTA)) as Result<Stored>;
    expect(codeOf(answer)).toBe(again === known ? 0 : TAKEN);
  }

  async #replace(identifier: string, picture: number): Promise<void> {
    const shard = await this.#shardOf(identifier);
    expect(codeOf((await shard.replace(imageOf(identifier, picture))) as Result<Stored>)).toBe(0);
    this.#model.set(identifier, picture);
  }

  /** Twice at once: one of them removes it. What is gone cannot be replaced. */
  async #remove(identifier: string): Promise<void> {
    const shard = await this.#shardOf(identifier);
    const removed = await Promise.all([shard.remove(identifier), shard.remove(identifier)]);
    expect(removed.map((answer) => answer.ok && answer.value).toSorted()).toEqual([0, 1]);
    expect(codeOf((await shard.replace(imageOf(identifier, 0))) as Result<Stored>)).toBe(NOT_FOUND);
    this.#model.delete(identifier);
  }

  async #alarms(): Promise<void> {
    for (let number = 0; number < (await this.#channel()).shards; number++) await this.#alarm(number);
  }

  async #alarm(number = 0): Promise<void> {
    await runInDurableObject(await this.#shard(number), (instance) => instance.alarm());
  }

  /** Its n-th transaction fails, and the object is taken out of memory; the platform runs the alarm again. */
  async #crashInAlarm(): Promise<void> {
    const last = this.#below(this.#random() < 0.3 ? 10 : SLICES);
    await runInDurableObject(await this.#shard(0), async (instance, { storage }) => {
      const transact = storage.transactionSync.bind(storage);
      let count = 0;
      vi.spyOn(storage, "transactionSync").mockImplementation((change) => {
        if (++count > last) throw new Error("crashed");
        return transact(change);
      });
      await instance.alarm().catch(() => {});
    });
    await abortAllDurableObjects();
    if (this.#random() < 0.5) await this.#alarm();
  }

  async #evict(): Promise<void> {
    const { shards } = await this.#channel();
    await evictDurableObject(await this.#shard(this.#below(shards)));
  }

  #identifiersOf(picture: number): string[] {
    return [...this.#model]
      .filter(([, shown]) => shown === picture)
      .map(([identifier]) => identifier)
      .toSorted();
  }

  async #channel() {
    return channelNamed(this.#mine.channel);
  }

  /** A stub of its own each time: those from before a crash are broken. */
  async #shardOf(identifier: string): Promise<DurableObjectStub<Shard>> {
    return shardOf(env, await this.#channel(), identifier);
  }

  async #shard(number: number): Promise<DurableObjectStub<Shard>> {
    return shardBehind(this.#mine, number);
  }

  #below(count: number): number {
    return Math.floor(count * this.#random());
  }
}

function imageOf(identifier: string, picture: number): NewImage {
  const { target } = pictures[picture] as Picture;
  const metadata = String(picture);
  const digest = `digest of ${picture}`;
  return { identifier, metadata, matchratio: null, level: 3, digest, original: "none", size: SIZE, target };
}

function codeOf(answer: Result<Stored>): number {
  return answer.ok ? 0 : answer.reason.returncode;
}

/** Postings by target: those that the targets on pages should have, and those that the pages have. */
function whereabouts(_: Shard, { storage }: DurableObjectState) {
  const { sql } = storage;
  const numbers = (statement: string) =>
    sql
      .exec<{ n: number }>(statement)
      .toArray()
      .map(({ n }) => n);
  const expected = new Map(
    sql
      .exec<{ id: number; features: ArrayBuffer }>(
        "SELECT id, features FROM targets WHERE id <= (SELECT paged FROM paging) ORDER BY id",
      )
      .toArray()
      .map(({ id, features }) => [id, pagedCount(features, wordCommonness)]),
  );
  const postings = new Map<number, number>();
  for (const { postings: page } of sql.exec<{ postings: ArrayBuffer }>("SELECT postings FROM pages")) {
    for (const id of targetsOn(new DataView(page))) postings.set(id, (postings.get(id) ?? 0) + 1);
  }
  const all = [...postings].sort(([a], [b]) => a - b);
  return {
    expected,
    live: new Map(all.filter(([id]) => expected.has(id))),
    dead: all.map(([id]) => id).filter((id) => !expected.has(id)),
    gone: numbers("SELECT id AS n FROM gone"),
  };
}

/** The target of each posting, by plain reading of worker/index/FORMAT.md. */
function targetsOn(page: DataView): number[] {
  const targets: number[] = [];
  for (let at = 0; at < page.byteLength; ) {
    const count = page.getUint32(at, true);
    const first = 65_536 * page.getUint16(at + 6, true);
    for (let i = 0; i < count; i++) targets.push(first + page.getUint16(at + 8 + 2 * i, true));
    at += 8 + 11 * count;
  }
  return targets;
}
