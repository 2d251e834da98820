/**
 * Calls that end between any two operations on storage, as where the machine stops: for each call and each n, its n-th
 * operation on SQLite, alarms or R2 fails, with all after it, and the objects are taken out of memory. The call is wholly
 * done or not at all, its neighbour stays, and the same call again completes it.
 */

import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Shard } from "../../../worker/catalog/shard.ts";
import {
  type AnyAnswer,
  formOf,
  type Mine,
  newChannel,
  post,
  readAnswer,
  send,
  shardBehind,
} from "../../support/api.ts";
import { circus, samples } from "../../support/pictures.ts";

const OPERATIONS_MOST = 100;
const NEIGHBOUR = "card.stargazer";
const other = samples["cover.moon_whale"];
const neighbour = samples[NEIGHBOUR];

let mine: Mine;
let shardId: DurableObjectId;

beforeEach(async () => {
  mine = await newChannel();
  shardId = (await shardBehind(mine)).id;
  vi.spyOn(console, "error").mockImplementation(() => {});
  await expectDone("AddImage", { identifier: NEIGHBOUR, image: neighbour });
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function ask(endpoint: string, fields: object): Promise<AnyAnswer> {
  const response = await send(post(endpoint, formOf({ ...mine, ...fields })), {});
  return readAnswer(response, response.status);
}

async function expectDone(endpoint: string, fields: object): Promise<AnyAnswer> {
  const answer = await ask(endpoint, fields);
  expect(answer).toMatchObject({ returncode: 0 });
  return answer;
}

const found = async (image: Blob) => (await expectDone("FindImage", { image })).identifier;
/** A stub of its own each time: those from before a crash are broken. */
const shard = () => env.SHARD.get(shardId) as DurableObjectStub<Shard>;
const alarm = () =>
  runInDurableObject(shard(), (instance) =>
    instance.alarm().then(
      () => true,
      () => false,
    ),
  );

/** Lets `most` operations on storage through. Says how many there were to be. */
async function cutOff(most: number, work: () => Promise<unknown>): Promise<number> {
  let operations = 0;
  await runInDurableObject(shard(), async (_, { storage }) => {
    const targets: readonly [object, readonly string[]][] = [
      [Object.getPrototypeOf(storage.sql), ["exec"]],
      [Object.getPrototypeOf(storage), ["transactionSync", "setAlarm", "getAlarm", "sync"]],
      [Object.getPrototypeOf(env.BUCKET), ["put", "get", "list", "delete"]],
    ];
    for (const [target, names] of targets) {
      for (const name of names) {
        const method = Reflect.get(target, name) as (...parameters: unknown[]) => unknown;
        vi.spyOn(target as Record<string, () => unknown>, name).mockImplementation(function (
          this: unknown,
          ...parameters: unknown[]
        ) {
          if (++operations > most) throw new Error("cut off");
          return method.apply(this, parameters);
        });
      }
    }
  });
  await work();
  vi.restoreAllMocks();
  vi.spyOn(console, "error").mockImplementation(() => {});
  await abortAllDurableObjects();
  return operations;
}

/** Cuts `work` off at each of its operations in turn; `check` sees to the state after, and makes that from before. */
async function cutOffEverywhere(work: () => Promise<unknown>, check: () => Promise<void>): Promise<number> {
  for (let most = 0; most < OPERATIONS_MOST; most++) {
    const operations = await cutOff(most, work);
    await check();
    if (operations > most) continue;
    expect(await found(neighbour)).toBe(NEIGHBOUR);
    return operations;
  }
  throw new Error("never came to its end");
}

async function listed(): Promise<readonly string[]> {
  const { images = [] } = await expectDone("GetImages", {});
  const identifiers = images.map(({ identifier }) => identifier);
  expect(identifiers).toContain(NEIGHBOUR);
  return identifiers.filter((identifier) => identifier !== NEIGHBOUR);
}

const REMOVED = { identifier: "circus" };
const ADDED = { ...REMOVED, image: circus };

describe("cut off at any operation on storage", () => {
  it("AddImage has added the image, or not; again it does", async () => {
    const operations = await cutOffEverywhere(
      () => ask("AddImage", ADDED),
      async () => {
        expect(await listed()).toEqual([await found(circus)].filter(Boolean));
        await expectDone("AddImage", ADDED);
        await expectDone("RemoveImage", REMOVED);
      },
    );
    expect(operations).toBeGreaterThan(5);
  });

  it("ReplaceImage leaves one of the two pictures; again it is the new one", async () => {
    await expectDone("AddImage", ADDED);
    const replaced = { ...REMOVED, image: other };
    const operations = await cutOffEverywhere(
      () => ask("ReplaceImage", replaced),
      async () => {
        expect([await found(circus), await found(other)].filter(Boolean)).toEqual(["circus"]);
        await expectDone("ReplaceImage", replaced);
        await expectDone("ReplaceImage", ADDED);
      },
    );
    expect(operations).toBeGreaterThan(5);
  });

  it("RemoveImage has removed the image, or not; again it does", async () => {
    await expectDone("AddImage", ADDED);
    const operations = await cutOffEverywhere(
      () => ask("RemoveImage", REMOVED),
      async () => {
        expect(await listed()).toEqual([await found(circus)].filter(Boolean));
        await expectDone("RemoveImage", REMOVED);
        await expectDone("AddImage", ADDED);
      },
    );
    expect(operations).toBeGreaterThan(5);
  });

  it("an alarm that writes segments and deletes what is dead loses nothing; again it completes", async () => {
    const operations = await cutOffEverywhere(alarm, async () => {
      expect(await listed()).toEqual([]);
      expect(await alarm()).toBe(true);
      await expectDone("AddImage", ADDED);
      expect(await alarm()).toBe(true);
      await expectDone("RemoveImage", REMOVED);
      expect(await found(circus)).toBeUndefined();
    });
    expect(operations).toBeGreaterThan(5);
  });
});
