/** Who may do what: secret keys, channels and their owners, query tokens, and how often. */

import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  admin,
  call,
  type Fields,
  formOf,
  type Mine,
  newChannel,
  newName,
  ORIGIN,
  passingError,
  post,
  readAnswer,
  send,
} from "../../support/api.ts";
import { circus } from "../../support/pictures.ts";

const MANAGING = [
  "AddImage",
  "ReplaceImage",
  "GradeImage",
  "RemoveImage",
  "GetImages",
  "UpdateImageInfo",
  "Statistics",
  "IssueToken",
];
const ASKING = ["FindImage", "GetImage"];
const ALL = [...MANAGING, ...ASKING];
const DAY_MS = 86_400_000;
/** wrangler.toml, [[ratelimits]]. */
const LIMIT = 2000;

/** All that any endpoint wants. */
const COMMON = { identifier: "circus", image: circus, startdate: "2025", enddate: "2025" };

let mine: Mine;
let foreign: Mine;

beforeAll(async () => {
  mine = await newChannel();
  foreign = await newChannel();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("20001", () => {
  it.each(ALL)(
    "is what %s answers to a wrong secret key and to an unknown user, in the same words",
    async (endpoint) => {
      const wrong = await call(endpoint, { ...mine, ...COMMON, secretkey: "wrong" });
      const unknown = await call(endpoint, { ...mine, ...COMMON, username: newName("nobody") });
      const foreignSecret = await call(endpoint, { ...mine, ...COMMON, secretkey: foreign.secretkey });
      for (const answer of [wrong, unknown, foreignSecret]) expect(answer.returncode).toBe(20001);
      expect(unknown.message).toBe(wrong.message);
    },
  );

  it.each(ALL)("is what %s answers where the user name or the secret key is missing", async (endpoint) => {
    for (const missing of ["username", "secretkey"]) {
      expect(await call(endpoint, { ...mine, ...COMMON, [missing]: undefined })).toMatchObject({ returncode: 20001 });
      expect(await call(endpoint, { ...mine, ...COMMON, [missing]: "" })).toMatchObject({ returncode: 20001 });
    }
  });

  it.each(MANAGING)("is what %s answers to a query token, in a field or in the header", async (endpoint) => {
    const { token = "" } = await call("IssueToken", mine);
    const fields = { ...COMMON, channel: mine.channel };
    expect(await call(endpoint, { ...fields, token })).toMatchObject({ returncode: 20001 });
    const inHeader = post(endpoint, formOf(fields), { Authorization: `Bearer ${token}` });
    expect(await readAnswer(await send(inHeader))).toMatchObject({ returncode: 20001 });
  });

  it("is the answer to a user name that is longer than any key of KV", async () => {
    expect(await call("GetImages", { ...mine, username: "x".repeat(600) })).toMatchObject({ returncode: 20001 });
  });
});

describe("a secret key", () => {
  it("that was replaced is refused after a minute; the new one works at once", async () => {
    const renewed = await newChannel();
    expect(await call("GetImages", renewed)).toMatchObject({ returncode: 0 });
    const { secretkey } = await admin("users", { username: renewed.username });
    expect(secretkey).not.toBe(renewed.secretkey);
    expect(await call("GetImages", { ...renewed, secretkey })).toMatchObject({ returncode: 0 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    expect(await call("GetImages", renewed)).toMatchObject({ returncode: 20001 });
    expect(await call("GetImages", { ...renewed, secretkey })).toMatchObject({ returncode: 0 });
  });

  it("works for a user who was made a moment after it was refused", async () => {
    const later = { username: newName("user"), secretkey: "secret" };
    expect(await call("IssueToken", later)).toMatchObject({ returncode: 20001 });
    await admin("users", later);
    expect(await call("IssueToken", later)).toMatchObject({ returncode: 0 });
  });
});

describe("a channel", () => {
  it.each(ALL)("that does not exist is 20003 at %s", async (endpoint) => {
    for (const channel of [newName("nothing"), "x".repeat(600)]) {
      expect(await call(endpoint, { ...mine, ...COMMON, channel })).toMatchObject({ returncode: 20003 });
    }
  });

  it.each(ALL)("of another user is 20004 at %s", async (endpoint) => {
    const fields = { ...mine, ...COMMON, channel: foreign.channel };
    expect(await call(endpoint, fields)).toMatchObject({ returncode: 20004 });
  });

  it.each(ALL)(
    "of another user is 20003 at %s where channels are strict, in the words for none at all",
    async (endpoint) => {
      const strict = { STRICT_CHANNELS: "true" };
      const taken = await call(endpoint, { ...mine, ...COMMON, channel: foreign.channel }, strict);
      const none = await call(endpoint, { ...mine, ...COMMON, channel: newName("nothing") }, strict);
      expect(taken.returncode).toBe(20003);
      expect(taken.message).toBe(none.message);
    },
  );

  it("of one's own works where channels are strict", async () => {
    expect(await call("GetImages", mine, { STRICT_CHANNELS: "true" })).toMatchObject({ returncode: 0 });
  });
});

describe("the edge's copy of accounts", () => {
  const unreachable = new Proxy({}, { get: () => () => Promise.reject(passingError()) });
  const DIRECTORY = { idFromName: () => ({}), get: () => unreachable } as unknown as typeof env.DIRECTORY;

  it("serves known users and channels while the Directory is out of reach", async () => {
    const known = await newChannel();
    await call("GetImages", known);
    expect(await call("GetImages", known, { DIRECTORY })).toMatchObject({ returncode: 0 });
  });

  it("does not say alone that a secret key is wrong, nor that a user does not exist: the one may be new, and so may the other", async () => {
    const known = await newChannel();
    await call("GetImages", known);
    vi.spyOn(console, "error").mockImplementation(() => {});
    for (const wrong of [{ secretkey: "wrong" }, { username: "no.such.user" }]) {
      expect(await call("GetImages", { ...known, ...wrong }, { DIRECTORY })).toMatchObject({ returncode: 20015 });
    }
  });

  it("does not keep a new secret key waiting", async () => {
    const known = await newChannel();
    await call("GetImages", known);
    await env.DIRECTORY.get(env.DIRECTORY.idFromName("directory")).putUser(known.username, "changed.elsewhere");
    expect(await call("GetImages", { ...known, secretkey: "changed.elsewhere" })).toMatchObject({ returncode: 0 });
  });

  it("is asked anew after a minute", async () => {
    const known = await newChannel();
    await call("GetImages", known);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    vi.spyOn(console, "error").mockImplementation(() => {});
    expect(await call("GetImages", known, { DIRECTORY })).toMatchObject({ returncode: 20015 });
    expect(await call("GetImages", known)).toMatchObject({ returncode: 0 });
  });

  it("is only a copy: where KV fails, the Directory answers", async () => {
    const ACCOUNTS = new Proxy({}, { get: () => () => Promise.reject(new Error("KV is down")) }) as KVNamespace;
    const fresh = await newChannel();
    expect(await call("GetImages", fresh, { ACCOUNTS })).toMatchObject({ returncode: 0 });
    expect(await call("GetImages", { ...fresh, channel: foreign.channel }, { ACCOUNTS })).toMatchObject({
      returncode: 20004,
    });
  });

  it("shows changes of a channel's settings at once", async () => {
    const closed = await newChannel();
    const ask = { channel: closed.channel, identifier: "circus" };
    expect(await call("GetImage", ask)).toMatchObject({ returncode: 20001 });
    await admin("channels", { username: closed.username, channel: closed.channel, publicread: 1 });
    expect(await call("GetImage", ask)).toMatchObject({ returncode: 20014 });
  });
});

describe("a query token", () => {
  const ask = async (endpoint: string, fields: Fields, token: string) => {
    const inField = await call(endpoint, { ...COMMON, ...fields, token });
    const request = post(endpoint, formOf({ ...COMMON, ...fields }), { Authorization: `Bearer ${token}` });
    const inHeader = await readAnswer(await send(request));
    expect(inHeader.returncode).toBe(inField.returncode);
    return inField;
  };

  it.each(ASKING)("for one channel lets %s ask about this one and no other", async (endpoint) => {
    const other = await newChannel({ owner: mine });
    const { token = "" } = await call("IssueToken", mine);
    const allowed = endpoint === "FindImage" ? 0 : 20014;
    expect(await ask(endpoint, { channel: mine.channel }, token)).toMatchObject({ returncode: allowed });
    expect(await ask(endpoint, { channel: other.channel }, token)).toMatchObject({ returncode: 20004 });
  });

  it.each(ASKING)("for all channels lets %s ask about each of the user's", async (endpoint) => {
    const other = await newChannel({ owner: mine });
    const { token = "" } = await call("IssueToken", { ...mine, channel: undefined });
    const allowed = endpoint === "FindImage" ? 0 : 20014;
    for (const { channel } of [mine, other]) {
      expect(await ask(endpoint, { channel }, token)).toMatchObject({ returncode: allowed });
    }
    expect(await ask(endpoint, { channel: foreign.channel }, token)).toMatchObject({ returncode: 20004 });
    expect(await ask(endpoint, { channel: newName("nothing") }, token)).toMatchObject({ returncode: 20003 });
  });

  it("for one channel asks about this one where the form names none", async () => {
    const tokened = await newChannel();
    const other = await newChannel({ owner: tokened });
    await call("AddImage", { ...other, ...COMMON });
    const { token = "" } = await call("IssueToken", tokened);
    const answer = await call("FindImage", { image: circus, token });
    expect(answer.returncode).toBe(0);
    expect(answer).not.toHaveProperty("identifier");
  });

  it.each(ASKING)("that is expired is 30003 at %s", async (endpoint) => {
    const { token = "", expires = 0 } = await call("IssueToken", { ...mine, ttl: 60 });
    vi.useFakeTimers({ toFake: ["Date"], now: 1000 * expires - 1000 });
    expect((await ask(endpoint, { channel: mine.channel }, token)).returncode).not.toBe(30003);
    vi.setSystemTime(1000 * expires);
    expect(await ask(endpoint, { channel: mine.channel }, token)).toMatchObject({ returncode: 30003 });
    vi.setSystemTime(1000 * expires + DAY_MS);
    expect(await ask(endpoint, { channel: mine.channel }, token)).toMatchObject({ returncode: 30003 });
  });

  it.each(ASKING)("that is forged or garbage is 30003 at %s", async (endpoint) => {
    const { token = "" } = await call("IssueToken", mine);
    const [header, payload, signature] = token.split(".") as [string, string, string];
    const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
    const lasting = { sub: mine.username, exp: 4_000_000_000 };
    const forged = [
      "garbage",
      "a.b",
      "a.b.c",
      "..",
      `${header}.${payload}.`,
      `${header}.${payload}.!!!`,
      `${header}.${payload}.${signature.slice(1)}`,
      `${header}.${part(lasting)}.${signature}`,
      `${part({ alg: "none", typ: "JWT" })}.${part(lasting)}.`,
      `${part({ alg: "HS512", typ: "JWT" })}.${payload}.${signature}`,
      `${header}.${part(null)}.${signature}`,
      `${header}.${part("text")}.${signature}`,
      `${part(null)}.${payload}.${signature}`,
      `${token}.${signature}`,
    ];
    for (const text of forged) {
      expect([text, await ask(endpoint, { channel: mine.channel }, text)]).toMatchObject([text, { returncode: 30003 }]);
    }
  });
});

describe("too many calls from one address", () => {
  it.each(ALL)("are 20015 at %s, with Retry-After", async (endpoint) => {
    const RATE_LIMITER = { limit: async () => ({ success: false }) };
    const response = await send(post(endpoint, formOf({ ...mine, ...COMMON })), { RATE_LIMITER });
    expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(await readAnswer(response)).toMatchObject({ returncode: 20015 });
  });

  it.each(["AddImage", "ReplaceImage", "GradeImage", "FindImage", "ImportImages"])(
    "are 20015 at %s also where the body is none that can be read, and each is counted once",
    async (endpoint) => {
      const keys: string[] = [];
      const limiter = (success: boolean) => ({
        limit: async ({ key }: { key: string }) => ({ success: keys.push(key) > 0 && success }),
      });
      const nonsense = () => post(endpoint, "no form", { "Content-Type": "multipart/form-data; boundary=x" });
      const refused = await send(nonsense(), { RATE_LIMITER: limiter(false) });
      expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
      expect(await readAnswer(refused)).toMatchObject({ returncode: 20015 });
      const read = await readAnswer(await send(nonsense(), { RATE_LIMITER: limiter(true) }));
      expect(read.returncode).not.toBe(20015);
      await call(endpoint, { ...mine, ...COMMON }, { RATE_LIMITER: limiter(true) });
      expect(keys).toHaveLength(3);
    },
  );

  it.each(ASKING)("are 20015 at %s with a token, too", async (endpoint) => {
    const { token } = await call("IssueToken", mine);
    const RATE_LIMITER = { limit: async () => ({ success: false }) };
    const answer = await call(endpoint, { ...COMMON, channel: mine.channel, token }, { RATE_LIMITER });
    expect(answer).toMatchObject({ returncode: 20015 });
  });

  it.each(ALL)("or of one user from many are 20015 at %s", async (endpoint) => {
    const keys: string[] = [];
    const limit = async ({ key }: { key: string }) => ({ success: keys.push(key) === 0 });
    const answer = await call(endpoint, { ...mine, ...COMMON }, { USER_RATE_LIMITER: { limit } });
    expect(answer).toMatchObject({ returncode: 20015, message: expect.stringContaining("this user") });
    expect(keys).toEqual([mine.username]);
    await call(endpoint, { ...mine, ...COMMON, secretkey: "wrong" }, { USER_RATE_LIMITER: { limit } });
    expect(keys).toHaveLength(1); // who does not know the key takes nothing from the user
  });

  it("are counted for each address, whatever it asks and whoever it says it is: 2000 in ten seconds", async () => {
    const from = (address: string) => ({ "CF-Connecting-IP": address });
    const asking = (address: string) => post("GetImages", formOf(mine), from(address));
    const guessing = (address: string) => new Request(`${ORIGIN}/admin/users`, { headers: from(address) });
    const codeOf = async (request: Request) => (await readAnswer(await send(request))).returncode;
    const keys: string[] = [];
    const RATE_LIMITER = { limit: async ({ key }: { key: string }) => ({ success: keys.push(key) > 0 }) };
    for (const request of [asking("192.0.2.1"), guessing("192.0.2.1")]) await send(request, { RATE_LIMITER });
    expect(keys).toEqual(["192.0.2.1", "192.0.2.1"]);
    const used = await inOneWindow(async (attempt) => {
      const address = `198.51.100.${attempt}`;
      const calls = Array.from({ length: LIMIT + 100 }, () => env.RATE_LIMITER.limit({ key: address }));
      const within = (await Promise.all(calls)).filter(({ success }) => success).length;
      return { within, codes: [await codeOf(asking(address)), await codeOf(guessing(address))] };
    });
    expect(used).toEqual({ within: LIMIT, codes: [20015, 20015] });
    expect(await codeOf(asking("192.0.2.2"))).toBe(0);
  });
});

/** What the calls give when all of them fall into one window of the limiter, which begins one every ten seconds. */
async function inOneWindow<T>(calls: (attempt: number) => Promise<T>): Promise<T> {
  const windowNow = () => Math.floor(Date.now() / 10_000);
  for (let attempt = 0; attempt < 5; attempt++) {
    const [window, given] = [windowNow(), await calls(attempt)];
    if (windowNow() === window) return given;
  }
  throw new Error("in none of five attempts did the calls fall into one window: is the machine too busy?");
}
