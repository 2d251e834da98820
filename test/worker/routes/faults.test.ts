/** Bindings that are slow, fail, or answer with what is old or damaged; clocks that jump: a right answer or 20015, and nothing lost. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  call,
  formOf,
  type Mine,
  newChannel,
  passingError,
  post,
  readAnswer,
  send,
  shardBehind,
} from "../../support/api.ts";
import { circus } from "../../support/pictures.ts";

const SLOW_MS = 1500;
const YEAR_MS = 365 * 24 * 3600 * 1000;
const TOO_MANY = "put: Reduce your concurrent request rate for the same object. (10058)";

let mine: Mine;
const picture = { identifier: "circus", image: circus, metadata: "{}" };

beforeEach(async () => {
  mine = await newChannel();
  vi.spyOn(console, "error").mockImplementation(() => {});
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The binding, but for these methods. */
function faulty<T extends object>(binding: T, faults: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(binding, {
    get(target, name) {
      const fault = faults[name as keyof T];
      const method = fault ?? Reflect.get(target, name);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });
}

const add = (settings = {}) => call("AddImage", { ...mine, ...picture }, settings);
const find = (settings = {}) => call("FindImage", { ...mine, image: circus }, settings);

async function expectBusy(endpoint: string, fields: object, settings: object): Promise<void> {
  const response = await send(post(endpoint, formOf({ ...mine, ...fields })), settings);
  expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
  expect(await readAnswer(response)).toMatchObject({ returncode: 20015 });
}

describe("with R2", () => {
  it.each([
    ["refusing for the rate", () => Promise.reject(new Error(TOO_MANY))],
    ["out of reach", () => Promise.reject(passingError())],
  ])("%s, AddImage and ReplaceImage are 20015 and leave what was there", async (_, put) => {
    const settings = { BUCKET: faulty(env.BUCKET, { put }) };
    await expectBusy("AddImage", picture, settings);
    expect(await call("GetImages", mine)).toMatchObject({ totalcount: 0 });
    expect(await add()).toMatchObject({ returncode: 0 });
    await expectBusy("ReplaceImage", { ...picture, image: new Blob([circus, "tail"]) }, settings);
    expect(await find(settings)).toMatchObject({ identifier: "circus" });
  });

  it("slow, AddImage is acknowledged only when the original is kept", async () => {
    let kept = false;
    const put = async (...parameters: Parameters<R2Bucket["put"]>) => {
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
      const object = await env.BUCKET.put(...parameters);
      kept = true;
      return object;
    };
    expect(await add({ BUCKET: faulty(env.BUCKET, { put }) })).toMatchObject({ returncode: 0 });
    expect(kept).toBe(true);
    expect(await find()).toMatchObject({ identifier: "circus" });
  });

  it("refusing an alarm's segment, the image stays and the next alarm writes it; repeated alarms change nothing", async () => {
    await add();
    await runInDurableObject(await shardBehind(mine), async (instance) => {
      const bucket = vi.spyOn(Object.getPrototypeOf(env.BUCKET), "put");
      bucket.mockRejectedValueOnce(new Error(TOO_MANY));
      const outcome = await instance.alarm().then(
        () => "done",
        (error: Error) => error.message,
      );
      expect(outcome).toBe(TOO_MANY);
      bucket.mockRestore();
      expect(instance.imageCount().value).toBe(1);
      for (let i = 0; i < 3; i++) await instance.alarm();
    });
    expect(await find()).toMatchObject({ identifier: "circus" });
    const { id } = await shardBehind(mine);
    expect((await env.BUCKET.list({ prefix: `segments/${id}/` })).objects).toHaveLength(1);
  });

  it("giving damaged bytes for an original, its tracking image is an answer with a code, and not kept", async () => {
    await add();
    const { trackingimage = "" } = await find();
    const damaged = () => Promise.resolve({ bytes: () => Promise.resolve(new Uint8Array(100)) });
    const get = (key: string) => (key.startsWith("originals/") ? damaged() : env.BUCKET.get(key));
    const response = await send(new Request(trackingimage), { BUCKET: faulty(env.BUCKET, { get }) });
    expect(await readAnswer(response, 503)).toMatchObject({ returncode: 20007 });
    expect((await send(new Request(trackingimage), {})).status).toBe(200);
  });
});

describe("with KV", () => {
  it.each([
    [
      "out of reach",
      { get: () => Promise.reject(new Error("KV GET failed: 503")), put: () => Promise.reject(new Error("429")) },
    ],
    ["knowing nothing", { get: () => Promise.resolve(null) }],
    [
      "serving a copy that is long out of date",
      { get: () => Promise.resolve({ value: { owner: "somebody", disabled: true }, readAt: 0 }) },
    ],
  ])("%s, calls are answered from the Directory", async (_, faults) => {
    const settings = { ACCOUNTS: faulty(env.ACCOUNTS, faults) };
    expect(await add(settings)).toMatchObject({ returncode: 0 });
    expect(await find(settings)).toMatchObject({ identifier: "circus" });
  });
});

describe("with a shard", () => {
  it.each([
    ["overloaded", Object.assign(new Error("Durable Object is overloaded."), { overloaded: true })],
    ["that was reset", passingError("Durable Object reset because its code was updated.")],
  ])("%s, FindImage and AddImage are 20015 and nothing is half there", async (_, error) => {
    const broken = new Proxy({}, { get: () => () => Promise.reject(error) });
    const settings = { SHARD: { idFromName: () => ({}), get: () => broken } as unknown as typeof env.SHARD };
    await expectBusy("AddImage", picture, settings);
    await expectBusy("FindImage", { image: circus }, settings);
    expect(await call("GetImages", mine)).toMatchObject({ totalcount: 0 });
  });
});

describe("with a clock that jumps", () => {
  it.each([
    ["back", -YEAR_MS],
    ["forward", YEAR_MS],
  ])("a year %s, what is there is found, and added, and counted on a day", async (_, jump) => {
    await add();
    vi.setSystemTime(Date.now() + jump);
    expect(await find({})).toMatchObject({ identifier: "circus" });
    const year = new Date().getUTCFullYear();
    const answer = await call("Statistics", { ...mine, startdate: year - 1, enddate: year + 1 });
    expect(answer.records?.length).toBeGreaterThan(0);
  });

  it("a query token of before is 30003 after a jump forward, and good again after it", async () => {
    const { token } = await call("IssueToken", { ...mine, ttl: 60 });
    await add();
    vi.setSystemTime(Date.now() + YEAR_MS);
    expect(await call("FindImage", { token, image: circus }, {})).toMatchObject({ returncode: 30003 });
    vi.useRealTimers();
    expect(await call("FindImage", { token, image: circus }, {})).toMatchObject({ identifier: "circus" });
  });
});
