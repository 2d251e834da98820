/** ReplaceImage: another picture under an identifier, whole or not at all. */

import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { call, type Mine, newChannel, objectsOf, send, shardBehind } from "../../support/api.ts";
import { circus, samples, withTail } from "../../support/pictures.ts";

const whale = samples["cover.moon_whale"];
let mine: Mine;
const replace = (fields: object = {}) =>
  call("ReplaceImage", { ...mine, identifier: "poster", image: whale, ...fields });
const found = async (image: Blob) => (await call("FindImage", { ...mine, image }, {})).identifier;

beforeEach(async () => {
  mine = await newChannel();
  await call("AddImage", { ...mine, identifier: "poster", image: circus, metadata: "[1]", matchratio: 40 });
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function expectOnly(there: Blob, gone: Blob): Promise<void> {
  expect(await found(there)).toBe("poster");
  expect(await found(gone)).toBeUndefined();
}

describe("ReplaceImage", () => {
  it("makes the new picture found at once, and the old one never again", async () => {
    const { returncode, level } = await replace();
    expect(returncode).toBe(0);
    await expectOnly(whale, circus);
    expect(await call("GetImage", { ...mine, identifier: "poster" })).toMatchObject({ level });
    expect(await call("GetImages", mine)).toMatchObject({ totalcount: 1 });
    expect(await objectsOf("originals", mine)).toHaveLength(1);
    await evictDurableObject(await shardBehind(mine));
    await expectOnly(whale, circus);
    await runDurableObjectAlarm(await shardBehind(mine));
    await abortAllDurableObjects();
    await expectOnly(whale, circus);
  });

  it("keeps metadata and matchratio that are absent, and takes those that are given", async () => {
    await replace();
    expect(await call("GetImage", { ...mine, identifier: "poster" })).toMatchObject({
      metadata: "[1]",
      matchratio: 40,
    });
    await replace({ image: circus, metadata: "[2]", matchratio: "" });
    expect(await call("GetImage", { ...mine, identifier: "poster" })).toMatchObject({
      metadata: "[2]",
      matchratio: null,
    });
  });

  it("keeps the statistics", async () => {
    await found(circus);
    await replace();
    await found(whale);
    const { records } = await call("Statistics", { ...mine, startdate: "2000", enddate: "2099" });
    expect(records).toMatchObject([{ identifier: "poster", count: 2 }]);
  });

  it("gives the new picture a tracking image of its own, and ends the old one's", async () => {
    const address = async (image: Blob) => (await call("FindImage", { ...mine, image })).trackingimage ?? "";
    const status = async (url: string) => (await send(new Request(url))).status;
    const before = await address(circus);
    expect(await status(before)).toBe(200);
    await replace();
    const after = await address(whale);
    expect(after).not.toBe(before);
    expect([await status(before), await status(after)]).toEqual([404, 200]);
  });

  it("repeated is 0 with the same level, and changes nothing", async () => {
    const { level } = await replace({ metadata: "[3]" });
    const originals = await objectsOf("originals", mine);
    expect(await replace({ metadata: "[3]" })).toMatchObject({ returncode: 0, level });
    expect(await objectsOf("originals", mine)).toEqual(originals);
  });

  it("works where the quota is reached, since nothing is added", async () => {
    const own = await newChannel({ quota: 1 });
    await call("AddImage", { ...own, identifier: "poster", image: circus });
    expect(await replace(own)).toMatchObject({ returncode: 0 });
  });

  it("with allowsimilar=0 refuses a picture like another one, not one like itself", async () => {
    await call("AddImage", { ...mine, identifier: "whale", image: whale });
    expect(await replace({ allowsimilar: 0 })).toMatchObject({ returncode: 30002, similar: [{ identifier: "whale" }] });
    expect(await replace({ allowsimilar: 0, image: withTail(circus, ".") })).toMatchObject({ returncode: 0 });
  });

  it("is 20014 for an identifier that is not there, 20010 for a malformed one; nothing is left behind", async () => {
    expect(await replace({ identifier: "never.there" })).toMatchObject({ returncode: 20014 });
    expect(await replace({ identifier: "a-b" })).toMatchObject({ returncode: 20010 });
    expect(await replace({ image: new Blob(["text"]) })).toMatchObject({ returncode: 20007 });
    expect(await objectsOf("originals", mine)).toHaveLength(1);
    await expectOnly(circus, whale);
  });
});

describe("ReplaceImage that is cut off", () => {
  const failing = (method: string) =>
    new Proxy(env.BUCKET, {
      get: (bucket, name) =>
        name === method ? () => Promise.reject(new Error("cut off")) : Reflect.get(bucket, name).bind(bucket),
    });

  it("before its original is stored leaves the old picture", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const image = { ...mine, identifier: "poster", image: whale };
    expect(await call("ReplaceImage", image, { BUCKET: failing("put") })).toMatchObject({ returncode: 20015 });
    await abortAllDurableObjects();
    await expectOnly(circus, whale);
    expect(await replace()).toMatchObject({ returncode: 0 });
    await expectOnly(whale, circus);
  });

  it.each(["before", "within"])("%s its transaction leaves the old picture, also in memory", async (moment) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    await runInDurableObject(await shardBehind(mine), async (_, { storage }) => {
      const run = storage.transactionSync.bind(storage);
      vi.spyOn(storage, "transactionSync").mockImplementationOnce((work) =>
        run(() => {
          if (moment === "within") work();
          throw new Error("cut off");
        }),
      );
    });
    const request = replace().catch(() => undefined);
    await request;
    await expectOnly(circus, whale);
    await abortAllDurableObjects();
    await expectOnly(circus, whale);
    expect(await replace()).toMatchObject({ returncode: 0 });
    await expectOnly(whale, circus);
  });

  it("before the old original is deleted leaves the new picture", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    await runInDurableObject(await shardBehind(mine), (instance) => {
      Object.assign(instance, { env: { ...env, BUCKET: failing("delete") } });
    });
    expect(await replace()).toMatchObject({ returncode: 0 });
    await abortAllDurableObjects();
    await expectOnly(whale, circus);
  });

  it("during a flush of the old picture leaves the new one", async () => {
    const shard = await shardBehind(mine);
    await call("AddImage", { ...mine, identifier: "other", image: samples["card.stargazer"] });
    const flushing = runDurableObjectAlarm(shard);
    await replace();
    await flushing;
    await evictDurableObject(shard);
    await expectOnly(whale, circus);
  });
});
