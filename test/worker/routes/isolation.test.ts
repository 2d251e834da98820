/**
 * Nobody gets at another user's channel: every endpoint, asked with every kind of credential that is not good for it, answers the
 * documented code, shows nothing of the victim's and changes nothing. `npm run verify:isolation` counts the attempts.
 */

import { env } from "cloudflare:workers";
import { sign } from "hono/jwt";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { directoryOf } from "../../../worker/catalog/accounts.ts";
import { issueToken } from "../../../worker/catalog/tokens.ts";
import type { Env } from "../../../worker/env.ts";
import app from "../../../worker/main.ts";
import {
  admin,
  call,
  type Fields,
  formOf,
  type Mine,
  newChannel,
  newName,
  ORIGIN,
  objectsOf,
  post,
  send,
  shardBehind,
} from "../../support/api.ts";
import { importFields } from "../../support/import.ts";
import { circus } from "../../support/pictures.ts";

/**
 * What an endpoint wants to know of its caller: the owner of the channel; the owner of the account; the owner or a query token or a
 * host mini-program; the operator; the picture's address; nothing.
 */
type Guard = "channel" | "account" | "asking" | "operator" | "address" | "nothing";

/** Every route of the Worker. A new one without an entry fails the first test. */
const GUARDS: Readonly<Record<string, Guard>> = {
  "POST /AddImage": "channel",
  "POST /ReplaceImage": "channel",
  "POST /GradeImage": "channel",
  "POST /RemoveImage": "channel",
  "POST /GetImages": "channel",
  "POST /ImportImages": "channel",
  "POST /GetOriginal": "channel",
  "POST /ReindexImages": "channel",
  "POST /UpdateImageInfo": "channel",
  "POST /Statistics": "channel",
  "POST /IssueToken": "channel",
  "POST /GetChannels": "account",
  "POST /FindImage": "asking",
  "POST /GetImage": "asking",
  "GET /admin/users": "operator",
  "POST /admin/users": "operator",
  "POST /admin/secrets": "operator",
  "POST /admin/secrets/retire": "operator",
  "GET /admin/channels": "operator",
  "POST /admin/channels": "operator",
  "GET /tracking/:channel{[0-9a-f-]+}/:file{[0-9a-f-]+\\.jpg}": "address",
  "GET /health": "nothing",
  "GET /openapi.json": "nothing",
};

interface Attempt {
  readonly fields?: Fields;
  readonly headers?: Record<string, string>;
  readonly settings?: Partial<Env>;
}

interface Attack {
  readonly name: string;
  readonly attempt: () => Attempt | Promise<Attempt>;
  /** The code that each guard answers; a guard that is not named is not attacked so. */
  readonly codes: Partial<Record<Guard, number>>;
}

const EVERYBODY_20001 = { channel: 20001, account: 20001, asking: 20001 };
/** A token is no secret key; where tokens are taken, this one is not valid. */
const NO_TOKEN = { channel: 20001, account: 20001, asking: 30003 };
const LATER_MS = 61_000;

let victim: Mine;
let victimsOther: Mine;
let attacker: Mine;
/** Open until the tests have used them, then closed by the operator; their caches have run out. */
let disabledUser: Mine;
let disabledChannel: Mine;
let tokenOfDisabledUser: string;
/** What nobody but the victim may see. */
let marks: string[];

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const tokenFor = ({ username, channel }: { username: string; channel?: string }, seconds = 60) =>
  issueToken(env, { username, channel }, Math.floor(Date.now() / 1000) + seconds);
const forged = (key: string) =>
  sign({ sub: victim.username, channel: victim.channel, exp: Math.floor(Date.now() / 1000) + 60 }, key, "HS256");
const asVictim = (change: Fields = {}) => ({ fields: { ...victim, ...change } });
const withoutKey = (mine: Mine, change: Fields = {}) => ({ ...mine, secretkey: undefined, ...change });

/** All three must be refused in the same words: which of name and key is wrong is not to be learned. */
const GUESSES: readonly Attack[] = [
  { name: "a wrong secret key", attempt: () => asVictim({ secretkey: newName("guess") }), codes: EVERYBODY_20001 },
  {
    name: "another user's secret key",
    attempt: () => asVictim({ secretkey: attacker.secretkey }),
    codes: EVERYBODY_20001,
  },
  { name: "an unknown user name", attempt: () => asVictim({ username: newName("nobody") }), codes: EVERYBODY_20001 },
];

const ATTACKS: readonly Attack[] = [
  ...GUESSES,
  { name: "no secret key", attempt: () => ({ fields: withoutKey(victim) }), codes: EVERYBODY_20001 },
  {
    name: "no credentials at all",
    attempt: () => ({ fields: withoutKey(victim, { username: undefined }) }),
    codes: { ...EVERYBODY_20001, operator: 20001 },
  },
  {
    name: "the user name in capitals",
    attempt: () => asVictim({ username: victim.username.toUpperCase() }),
    codes: EVERYBODY_20001,
  },
  {
    name: "an attacker's own credentials",
    attempt: () => ({ fields: { ...attacker, channel: victim.channel } }),
    codes: { channel: 20004, account: 0, asking: 20004 },
  },
  {
    name: "an attacker's own credentials where channels are strict",
    attempt: () => ({
      fields: { ...attacker, channel: victim.channel },
      settings: { STRICT_CHANNELS: "true" },
    }),
    codes: { channel: 20003, account: 0, asking: 20003 },
  },
  {
    name: "the victim's query token for another channel",
    attempt: async () => ({ fields: withoutKey(victim, { token: await tokenFor(victimsOther) }) }),
    codes: { channel: 20001, account: 20001, asking: 20004 },
  },
  {
    name: "the victim's query token for this channel",
    attempt: async () => ({ fields: withoutKey(victim, { token: await tokenFor(victim) }) }),
    codes: { channel: 20001, account: 20001 },
  },
  {
    name: "the victim's query token for this channel in the header",
    attempt: async () => ({ fields: withoutKey(victim), headers: bearer(await tokenFor(victim)) }),
    codes: { channel: 20001, account: 20001, operator: 20001 },
  },
  {
    name: "an attacker's query token for all its channels",
    attempt: async () => ({
      fields: withoutKey(victim),
      headers: bearer(await tokenFor({ username: attacker.username })),
    }),
    codes: { channel: 20001, account: 20001, asking: 20004 },
  },
  {
    name: "an expired query token",
    attempt: async () => ({ fields: withoutKey(victim, { token: await tokenFor(victim, -1) }) }),
    codes: NO_TOKEN,
  },
  {
    name: "a query token signed with another key",
    attempt: async () => ({ fields: withoutKey(victim, { token: await forged("another key") }) }),
    codes: NO_TOKEN,
  },
  {
    name: "a query token signed with the victim's name",
    attempt: async () => ({ fields: withoutKey(victim, { token: await forged(victim.username) }) }),
    codes: NO_TOKEN,
  },
  {
    name: "the admin token in the header",
    attempt: () => ({ fields: withoutKey(victim), headers: bearer(env.ADMIN_TOKEN ?? "") }),
    codes: NO_TOKEN,
  },
  {
    name: "the admin token as secret key",
    attempt: () => asVictim({ secretkey: env.ADMIN_TOKEN }),
    codes: { ...EVERYBODY_20001, operator: 20001 },
  },
  {
    name: "the victim's secret key in the header",
    attempt: () => ({ fields: withoutKey(victim), headers: bearer(victim.secretkey) }),
    codes: { ...NO_TOKEN, operator: 20001 },
  },
  {
    name: "an admin token that lacks its end",
    attempt: () => ({ fields: { ...victim }, headers: bearer((env.ADMIN_TOKEN ?? "").slice(0, -1)) }),
    codes: { operator: 20001 },
  },
  {
    name: "the admin token where the deployment has none",
    attempt: () => ({
      fields: { ...victim },
      headers: bearer(env.ADMIN_TOKEN ?? ""),
      settings: { ADMIN_TOKEN: "" },
    }),
    codes: { operator: 404 },
  },
  {
    name: "WeChat's signature for a host that the channel does not list",
    attempt: async () => ({ fields: withoutKey(victim), headers: await hostSign(env.WECHAT_PLUGIN_TOKEN ?? "") }),
    codes: { channel: 20001, account: 20001, asking: 20004 },
  },
  {
    name: "a host signature with another plugin's token",
    attempt: async () => ({ fields: withoutKey(victim), headers: await hostSign("another token") }),
    codes: { channel: 20001, account: 20001, asking: 30003 },
  },
  {
    name: "the credentials of a disabled user",
    attempt: () => ({ fields: disabledUser }),
    codes: EVERYBODY_20001,
  },
  {
    name: "a query token of a disabled user",
    attempt: () => ({ fields: withoutKey(disabledUser, { token: tokenOfDisabledUser }) }),
    codes: { channel: 20001, account: 20001, asking: 20003 },
  },
  {
    name: "the owner's credentials for a disabled channel",
    attempt: () => ({ fields: disabledChannel }),
    codes: { channel: 20003, asking: 20003 },
  },
  {
    name: "every credential of the victim's",
    attempt: () => ({ headers: bearer(victim.secretkey) }),
    codes: { nothing: 0 },
  },
];

beforeAll(async () => {
  victim = await newChannel();
  victimsOther = await newChannel({ owner: victim });
  attacker = await newChannel();
  disabledUser = await newChannel();
  disabledChannel = await newChannel();
  const metadata = JSON.stringify({ secret: newName("mark") });
  for (const mine of [victim, disabledUser, disabledChannel]) {
    expect(await call("AddImage", { ...mine, identifier: "circus", image: circus, metadata })).toMatchObject({
      returncode: 0,
    });
  }
  tokenOfDisabledUser = await tokenFor(disabledUser, 3600);
  await admin("users", { username: disabledUser.username, disabled: 1 });
  await admin("channels", { username: disabledChannel.username, channel: disabledChannel.channel, disabled: 1 });
  const [original = ""] = await objectsOf("originals", victim);
  marks = [metadata, JSON.stringify(metadata).slice(1, -1), ...original.split("/").slice(1), victimsOther.channel];
});

/** Accounts are cached for a minute; "disabled" holds from then on. */
afterEach(() => {
  vi.useRealTimers();
});

describe("every route of the Worker", () => {
  it("is on the list of what its caller must show", () => {
    const routes = app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(GUARDS).sort()).toEqual(routes.sort());
  });
});

describe.each(Object.entries(GUARDS).filter(([, guard]) => guard !== "address"))("%s", (endpoint, guard) => {
  it.each(ATTACKS.filter(({ codes }) => codes[guard] !== undefined))("gives nothing away for $name", async (attack) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LATER_MS });
    const before = await stateOf(victim);
    const { status, body } = await ask(endpoint, await attack.attempt());
    const code = attack.codes[guard] as number;
    if (endpoint !== "GET /openapi.json") expect(JSON.parse(body).returncode).toBe(code);
    expect(status).toBe(code === 404 ? 404 : 200);
    for (const mark of marks) expect(body).not.toContain(mark);
    expect(await stateOf(victim)).toEqual(before);
  });

  if (takesKeys(guard)) {
    it("refuses an unknown user and a wrong secret key in the same words", async () => {
      const bodies = await Promise.all(
        GUESSES.map(async ({ attempt }) => withoutRequestId((await ask(endpoint, await attempt())).body)),
      );
      expect(new Set(bodies).size).toBe(1);
    });

    it("lets its own user in", async () => {
      const mine = await newChannel();
      await call("AddImage", { ...mine, identifier: "circus", image: circus });
      const { status, body } = await ask(endpoint, { fields: mine });
      expect(status).toBe(200);
      if (body.startsWith("{")) expect(JSON.parse(body).returncode).toBe(0);
      else expect(endpoint).toBe("POST /GetOriginal");
    });
  }

  if (takesKeys(guard) && guard !== "account") {
    it("says of another user's channel what it says of none, where channels are strict", async () => {
      const settings = { STRICT_CHANNELS: "true" };
      const taken = await ask(endpoint, { fields: { ...attacker, channel: victim.channel }, settings });
      const none = await ask(endpoint, { fields: { ...attacker, channel: newName("nothing") }, settings });
      expect(withoutRequestId(taken.body)).toBe(withoutRequestId(none.body));
    });
  }

  if (guard === "operator") {
    it("lets the operator in", async () => {
      const { username, channel } = await newChannel();
      const answer = await ask(endpoint, { fields: { username, channel }, headers: bearer(env.ADMIN_TOKEN ?? "") });
      expect(JSON.parse(answer.body).returncode).toBe(0);
    });
  }
});

describe("GET /tracking", () => {
  it("serves a picture at its own address alone: no channel name, no other channel's id, no other name", async () => {
    const [original = ""] = await objectsOf("originals", victim);
    const [, id, picture] = original.split("/");
    const { id: foreignId } = (await directoryOf(env).channel(attacker.channel)) as { id: string };
    const statusOf = async (path: string) => (await send(new Request(`${ORIGIN}/tracking/${path}.jpg`))).status;
    expect(await statusOf(`${id}/${picture}`)).toBe(200);
    for (const path of [
      `${foreignId}/${picture}`,
      `${victim.channel}/${picture}`,
      `${id}/${crypto.randomUUID()}`,
      `${id}/..%2f${id}/${picture}`,
      `${id}/${picture?.toUpperCase()}x`,
    ]) {
      expect([path, await statusOf(path)]).toEqual([path, 404]);
    }
  });
});

function takesKeys(guard: Guard): boolean {
  return guard === "channel" || guard === "account" || guard === "asking";
}

async function ask(endpoint: string, { fields = {}, headers = {}, settings }: Attempt) {
  const [method = "", path = ""] = endpoint.split(" ");
  const common = { identifier: "circus", image: circus, metadata: "{}", startdate: "2000", enddate: "2099" };
  // What would change something if it were let in.
  const own =
    path === "/AddImage"
      ? { identifier: "another" }
      : path === "/ImportImages"
        ? importFields({ imported: circus })
        : {};
  const request =
    method === "GET"
      ? new Request(`${ORIGIN}${path}`, { headers })
      : post(path.slice(1), formOf({ ...common, ...own, ...fields }), headers);
  const response = await send(request, settings);
  return { status: response.status, body: await response.text() };
}

function withoutRequestId(body: string): string {
  return JSON.stringify({ ...JSON.parse(body), requestid: "" });
}

/** All that is kept of a channel and its owner. */
async function stateOf(mine: Mine) {
  const shard = await shardBehind(mine);
  const directory = directoryOf(env);
  return {
    user: await directory.user(mine.username),
    channels: await directory.channelsOf(mine.username),
    images: await shard.page({ position: 0 }, 1000, "", 1e6),
    statistics: await shard.dailyCounts("00000101", "99991231"),
    originals: await objectsOf("originals", mine),
  };
}

/** As WeChat signs (worker/catalog/host-sign.ts). */
async function hostSign(pluginToken: string) {
  const appId = "wx0123456789abcdef";
  const noncestr = "44729805311ed2cd0ac08f8b4cac5114";
  const timestamp = String(Math.floor(Date.now() / 1000));
  const text = [appId, noncestr, timestamp, pluginToken].sort().join("");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text)));
  const signature = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    "X-WECHAT-HOSTSIGN": JSON.stringify({ noncestr, timestamp, signature }),
    Referer: `https://servicewechat.com/${appId}/12/page-frame.html`,
  };
}
