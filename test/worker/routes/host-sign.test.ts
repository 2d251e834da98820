/** X-WECHAT-HOSTSIGN: which requests of a WeChat plugin are taken for what they say. */

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../../worker/env.ts";
import { admin, call, formOf, type Mine, newChannel, post, readAnswer, send } from "../../support/api.ts";
import { circus } from "../../support/pictures.ts";

/** By hand: printf 'A\nB\nC\nD' | LC_ALL=C sort | tr -d '\n' | sha1sum, with the token of vitest.config.ts. */
const VECTOR = {
  appId: "wx0123456789abcdef",
  noncestr: "44729805311ed2cd0ac08f8b4cac5114",
  timestamp: 1711421951,
  signature: "1a7ceee1253cce9df62d94a470a748fa81b8674d",
};
const OTHER_APP = "wxfedcba9876543210";

let mine: Mine;

const referer = (appId: string) => `https://servicewechat.com/${appId}/12/page-frame.html`;
const headerOf = (sign: object) => JSON.stringify(sign);

interface Call {
  readonly sign?: object;
  readonly from?: string;
  readonly fields?: object;
  readonly settings?: Partial<Env>;
  readonly endpoint?: string;
}

async function ask({ sign = {}, from = referer(VECTOR.appId), fields, settings, endpoint = "FindImage" }: Call = {}) {
  const { noncestr, timestamp, signature } = VECTOR;
  const headers = { "X-WECHAT-HOSTSIGN": headerOf({ noncestr, timestamp, signature, ...sign }), Referer: from };
  const body = formOf({ channel: mine.channel, image: circus, ...fields });
  return readAnswer(await send(post(endpoint, body, headers), settings));
}

const at = (seconds: number) => vi.useFakeTimers({ toFake: ["Date"], now: 1000 * seconds });

beforeAll(async () => {
  mine = await newChannel();
  await call("AddImage", { ...mine, identifier: "circus", image: circus });
  const hostapps = `${VECTOR.appId}, wx1111111111111111`;
  expect(await admin("channels", { ...mine, secretkey: undefined, hostapps })).toMatchObject({ returncode: 0 });
});

beforeEach(() => {
  at(VECTOR.timestamp);
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a plugin's request", () => {
  it("may ask FindImage and GetImage in a channel that lists its host", async () => {
    expect(await ask()).toMatchObject({ returncode: 0, identifier: "circus", channel: mine.channel });
    const get = await ask({ endpoint: "GetImage", fields: { identifier: "circus", image: undefined } });
    expect(get).toMatchObject({ returncode: 0, level: expect.any(Number) });
  });

  it("may bring its time as text, as the documentation shows it", async () => {
    expect(await ask({ sign: { timestamp: String(VECTOR.timestamp) } })).toMatchObject({ identifier: "circus" });
  });

  it.each(["AddImage", "RemoveImage", "GetImages", "Statistics", "IssueToken"])("may not call %s", async (endpoint) => {
    expect(await ask({ endpoint, fields: { identifier: "circus" } })).toMatchObject({ returncode: 20001 });
  });

  it("is taken from 15 minutes before to 15 minutes after its time", async () => {
    for (const offset of [-900, 900]) {
      at(VECTOR.timestamp + offset);
      expect(await ask()).toMatchObject({ returncode: 0 });
    }
    for (const offset of [-901, 901, 86_400]) {
      at(VECTOR.timestamp + offset);
      expect(await ask()).toMatchObject({ returncode: 30003, message: expect.stringContaining("15 minutes") });
    }
  });

  it("needs a channel by name that lists its host", async () => {
    expect(await ask({ fields: { channel: undefined } })).toMatchObject({ returncode: 30001, field: "channel" });
    expect(await ask({ fields: { channel: "there.is.none" } })).toMatchObject({ returncode: 20003 });
    const other = await newChannel();
    const fields = { channel: other.channel };
    expect(await ask({ fields })).toMatchObject({ returncode: 20004, message: expect.stringContaining(VECTOR.appId) });
    expect(await ask({ fields, settings: { STRICT_CHANNELS: "true" } })).toMatchObject({ returncode: 20003 });
  });

  it("is 20015 where one host asks too often", async () => {
    const RATE_LIMITER = { limit: async () => ({ success: false }) };
    expect(await ask({ settings: { RATE_LIMITER } })).toMatchObject({ returncode: 20015 });
  });
});

describe("30003 is the answer", () => {
  it.each([
    ["another signature", { signature: VECTOR.signature.replace("1", "2") }],
    ["the signature in other letters", { signature: VECTOR.signature.toUpperCase() }],
    ["a part of the signature", { signature: VECTOR.signature.slice(0, 38) }],
    ["no signature", { signature: undefined }],
    ["another nonce", { noncestr: "54729805311ed2cd0ac08f8b4cac5114" }],
    ["a nonce with other characters", { noncestr: "a b" }],
    ["another time", { timestamp: VECTOR.timestamp + 1 }],
    ["no time", { timestamp: null }],
    ["a time in words", { timestamp: "now" }],
  ])("to %s", async (_, sign) => {
    expect(await ask({ sign })).toMatchObject({ returncode: 30003 });
  });

  it.each([
    referer(OTHER_APP),
    "",
    "https://example.com/wx0123456789abcdef/12/page-frame.html",
    "https://servicewechat.com.example.com/wx0123456789abcdef/1/page-frame.html",
    "https://servicewechat.com/wx0123456789ABCDEF/1/page-frame.html",
  ])("to the Referer %j", async (from) => {
    expect(await ask({ from })).toMatchObject({ returncode: 30003 });
  });

  it.each(["", "null", "[]", "{}", "text", '"text"'])("to the header %j", async (header) => {
    const headers = { "X-WECHAT-HOSTSIGN": header, Referer: referer(VECTOR.appId) };
    const body = formOf({ channel: mine.channel, image: circus });
    expect(await readAnswer(await send(post("FindImage", body, headers)))).toMatchObject({ returncode: 30003 });
  });

  it("with another plugin's token, and without one", async () => {
    for (const WECHAT_PLUGIN_TOKEN of ["another.token", ""]) {
      expect(await ask({ settings: { WECHAT_PLUGIN_TOKEN } })).toMatchObject({ returncode: 30003 });
    }
  });
});

describe("a query token or a secret key", () => {
  it("counts before the header, which WeChat adds to every request of a plugin", async () => {
    vi.useRealTimers();
    const { token } = await call("IssueToken", mine);
    expect(await ask({ fields: { token }, sign: { signature: "x" } })).toMatchObject({ identifier: "circus" });
    expect(await ask({ fields: mine, sign: { signature: "x" } })).toMatchObject({ identifier: "circus" });
  });
});

describe("hostapps", () => {
  it("may be changed, emptied, and stays where it is not mentioned", async () => {
    vi.useRealTimers();
    const own = await newChannel();
    const set = (fields: object) => admin("channels", { username: own.username, channel: own.channel, ...fields });
    expect(await set({ hostapps: OTHER_APP })).toMatchObject({ hostapps: [OTHER_APP] });
    expect(await set({ quota: 7 })).toMatchObject({ hostapps: [OTHER_APP], quota: 7 });
    expect(await set({ hostapps: "" })).toMatchObject({ hostapps: [], quota: 7 });
    for (const hostapps of ["wx1", `${OTHER_APP},`, "gh_0123456789ab"]) {
      expect(await set({ hostapps })).toMatchObject({ returncode: 30001, field: "hostapps" });
    }
  });
});
