/** /admin: who may, and what users and channels it makes. */

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Directory } from "../../../worker/catalog/directory.ts";
import {
  admin,
  call,
  formOf,
  newChannel,
  newName,
  newUser,
  ORIGIN,
  post,
  readAnswer,
  send,
} from "../../support/api.ts";
import { circus } from "../../support/pictures.ts";

describe("/admin", () => {
  it("is 20001 to a wrong token, and to none", async () => {
    for (const headers of [{ Authorization: "Bearer wrong" }, { Authorization: "Basic test-admin-token" }, {}]) {
      const request = post("admin/users", formOf({ username: newName("user") }), headers);
      expect(await readAnswer(await send(request))).toMatchObject({ returncode: 20001 });
    }
  });

  it("does not exist without the ADMIN_TOKEN secret, whatever token is given", async () => {
    for (const token of ["", "undefined", "test-admin-token"]) {
      const request = post("admin/users", "", { Authorization: `Bearer ${token}` });
      expect(await readAnswer(await send(request, { ADMIN_TOKEN: "" }), 404)).toMatchObject({ returncode: 404 });
    }
  });

  it("has nothing else behind its token", async () => {
    const headers = { Authorization: "Bearer test-admin-token" };
    await readAnswer(await send(post("admin/everything", "", headers)), 404);
    const response = await send(new Request(`${ORIGIN}/admin/users`, { method: "PUT", headers }));
    expect(response.headers.get("Allow")).toBe("GET, POST");
    await readAnswer(response, 405);
    await readAnswer(await send(new Request(`${ORIGIN}/admin/secrets`, { headers })), 405);
  });
});

describe("POST /admin/users", () => {
  it("makes a user with the secret key given, or with a random one", async () => {
    const username = newName("user");
    expect(await admin("users", { username, secretkey: "given" })).toMatchObject({
      returncode: 0,
      username,
      secretkey: "given",
    });
    const random = await admin("users", { username: newName("user") });
    expect(random.secretkey).toMatch(/^[a-z2-9]{32}$/);
    expect(await call("IssueToken", { username, secretkey: "given" })).toMatchObject({ returncode: 0 });
    expect(await call("IssueToken", { username: random.username, secretkey: random.secretkey })).toMatchObject({
      returncode: 0,
    });
  });

  it("refuses a name that is too short, too long or has other characters", async () => {
    for (const username of ["", "ab", "x".repeat(51), "two words", "名字名字"]) {
      expect(await admin("users", { username })).toMatchObject({ returncode: 30001, field: "username" });
    }
  });

  it("says so where the body is too long", async () => {
    expect(await admin("users", { username: "x".repeat(600_000) })).toMatchObject({ returncode: 30001, field: "body" });
  });
});

describe("POST /admin/channels", () => {
  it("makes a channel, with the deployment's quota and closed where nothing else is said", async () => {
    const { username } = await newUser();
    const channel = newName("channel");
    const made = await admin("channels", { username, channel });
    expect(made).toMatchObject({ returncode: 0, username, channel, quota: 5000, publicread: 0 });
  });

  it("changes a channel's quota and public reading and keeps its images", async () => {
    const { username, channel } = await newChannel();
    const changed = await admin("channels", { username, channel, quota: "7", publicread: 1 });
    expect(changed).toMatchObject({ returncode: 0, quota: 7, publicread: 1 });
  });

  it("makes a channel of several shards; later their number is no longer said, it grows", async () => {
    const { username } = await newUser();
    const channel = newName("channel");
    expect(await admin("channels", { username, channel, shards: 25 })).toMatchObject({ returncode: 0, shards: 25 });
    expect(await admin("channels", { username, channel, shards: 26 })).toMatchObject({
      returncode: 30001,
      field: "shards",
    });
    expect(await admin("channels", { username, channel, quota: 9 })).toMatchObject({ quota: 9, shards: 25 });
    for (const shards of [0, 257, "many"]) {
      const refused = await admin("channels", { username, channel: newName("channel"), shards });
      expect(refused).toMatchObject({ returncode: 30001, field: "shards" });
    }
  });

  it("never gives a channel to another user, nor to one who does not exist", async () => {
    const { channel } = await newChannel();
    const { username } = await newUser();
    for (const fields of [
      { channel, username },
      { channel: newName("channel"), username: newName("nobody") },
      { channel: newName("channel") },
    ]) {
      expect(await admin("channels", fields)).toMatchObject({ returncode: 30001, field: "username" });
    }
  });

  it("refuses a malformed name or quota", async () => {
    const { username } = await newUser();
    for (const channel of ["", "ab", "x".repeat(51), "a/b/c"]) {
      expect(await admin("channels", { username, channel })).toMatchObject({ returncode: 30001, field: "channel" });
    }
    for (const quota of ["0", "-1", "many", "10000001"]) {
      const fields = { username, channel: newName("channel"), quota };
      expect(await admin("channels", fields)).toMatchObject({ returncode: 30001, field: "quota" });
    }
    const tooLong = { username, channel: "x".repeat(600_000) };
    expect(await admin("channels", tooLong)).toMatchObject({ returncode: 30001, field: "body" });
  });
});

/** Two copies, of the account in KV and of the secret key in an isolate, are each up to a minute old. */
const COPIES_MS = 121_000;

function later(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + COPIES_MS });
}

afterEach(() => {
  vi.useRealTimers();
});

async function list(path: string, query: Record<string, string | number> = {}) {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const headers = { Authorization: "Bearer test-admin-token" };
  return (await readAnswer(await send(new Request(`${ORIGIN}/admin/${path}?${search}`, { headers })))) as unknown as {
    returncode: number;
    field?: string;
    users: { username: string; secrets: number; disabled: 0 | 1 }[];
    channels: { channel: string; username: string }[];
    cursor?: string;
  };
}

/** All pages of a list. */
async function listAll(path: "users" | "channels", limit: number) {
  const names: string[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const page: Awaited<ReturnType<typeof list>> = await list(path, { limit, cursor });
    names.push(...(page.users?.map(({ username }) => username) ?? page.channels.map(({ channel }) => channel)));
    cursor = page.cursor;
  }
  return names;
}

describe("GET /admin/users and /admin/channels", () => {
  it.each(["users", "channels"] as const)("list all %s once in the order of names, page by page", async (path) => {
    const made = [await newChannel(), await newChannel(), await newChannel()];
    const names = made.map(({ username, channel }) => (path === "users" ? username : channel));
    for (const limit of [2, 1000]) {
      const listed = await listAll(path, limit);
      expect(listed).toEqual(expect.arrayContaining(names));
      expect(new Set(listed).size).toBe(listed.length);
      expect(listed).toEqual(listed.toSorted());
    }
  });

  it("show what is set, and no secret", async () => {
    const { username, channel, secretkey } = await newChannel({ quota: 7, publicread: 1 });
    const { channels } = await list("channels", { username });
    expect(channels).toEqual([{ channel, username, quota: 7, publicread: 1, hostapps: [], disabled: 0, shards: 1 }]);
    const { users } = await list("users", { limit: 1000 });
    expect(users.find((user) => user.username === username)).toEqual({ username, secrets: 1, disabled: 0 });
    expect(JSON.stringify(users)).not.toContain(secretkey);
  });

  it("refuse a malformed limit, and whoever has no token", async () => {
    expect(await list("users", { limit: 0 })).toMatchObject({ returncode: 30001, field: "limit" });
    const request = new Request(`${ORIGIN}/admin/users`);
    expect(await readAnswer(await send(request))).toMatchObject({ returncode: 20001 });
  });
});

describe("secret keys", () => {
  const codeOf = async (username: string, secretkey?: string) =>
    (await call("IssueToken", { username, secretkey })).returncode;

  it("rotate: two are live, the third ends the first, and retiring leaves the newest", async () => {
    const { username, secretkey: first } = await newUser();
    const { secretkey: second } = await admin("secrets", { username });
    expect(second).toMatch(/^[a-z2-9]{32}$/);
    expect([await codeOf(username, first), await codeOf(username, second)]).toEqual([0, 0]);
    const { secretkey: third } = await admin("secrets", { username, secretkey: "third" });
    expect(third).toBe("third");
    later();
    const codes = async () => [
      await codeOf(username, first),
      await codeOf(username, second),
      await codeOf(username, third),
    ];
    expect(await codes()).toEqual([20001, 0, 0]);
    expect(await admin("secrets/retire", { username })).toMatchObject({ returncode: 0, secrets: 1 });
    later();
    expect(await codes()).toEqual([20001, 20001, 0]);
    expect(await codeOf(username, "")).toBe(20001);
  });

  it("all end where another one is put in their place", async () => {
    const { username, secretkey } = await newUser();
    const { secretkey: second } = await admin("secrets", { username });
    await admin("users", { username, secretkey: "leaked.all" });
    later();
    expect(await codeOf(username, secretkey)).toBe(20001);
    expect(await codeOf(username, second)).toBe(20001);
    expect(await codeOf(username, "leaked.all")).toBe(0);
  });

  it("are 30001 for a user who does not exist", async () => {
    for (const path of ["secrets", "secrets/retire"]) {
      const answer = await admin(path, { username: newName("nobody") });
      expect(answer).toMatchObject({ returncode: 30001, field: "username" });
    }
  });
});

describe("disabled=1", () => {
  it("closes a user, all channels and tokens; 0 opens them with the same secret key", async () => {
    const mine = await newChannel({ publicread: 1 });
    await call("AddImage", { ...mine, identifier: "circus", image: circus });
    const { token } = await call("IssueToken", mine);
    const { username, channel } = mine;
    const codes = async () => [
      (await call("GetImages", mine)).returncode,
      (await call("FindImage", { token, channel, image: circus })).returncode,
      (await call("GetImage", { channel, identifier: "circus" })).returncode,
    ];
    expect(await codes()).toEqual([0, 0, 0]);
    const closed = await admin("users", { username, disabled: 1 });
    expect(closed).toMatchObject({ returncode: 0, username, disabled: 1 });
    expect(closed).not.toHaveProperty("secretkey");
    later();
    expect(await codes()).toEqual([20001, 20003, 20001]);
    expect(await call("FindImage", { token, image: circus })).toMatchObject({ returncode: 20003 });
    await admin("users", { username, disabled: 0 });
    later();
    expect(await codes()).toEqual([0, 0, 0]);
  });

  it("closes a channel at once, and leaves the others of its owner", async () => {
    const mine = await newChannel();
    const other = await newChannel({ owner: mine });
    await call("AddImage", { ...mine, identifier: "circus", image: circus });
    await admin("channels", { username: mine.username, channel: mine.channel, disabled: 1 });
    expect(await call("FindImage", { ...mine, image: circus })).toMatchObject({ returncode: 20003 });
    expect(await call("FindImage", { ...mine, channel: "", image: circus })).not.toHaveProperty("identifier");
    expect(await call("GetImages", other)).toMatchObject({ returncode: 0 });
    await admin("channels", { username: mine.username, channel: mine.channel, disabled: 0 });
    expect(await call("FindImage", { ...mine, image: circus })).toMatchObject({ identifier: "circus" });
  });

  it("is 30001 where it is neither 0 nor 1", async () => {
    const { username } = await newUser();
    expect(await admin("users", { username, disabled: "yes" })).toMatchObject({ returncode: 30001, field: "disabled" });
  });

  it("may make a user who is disabled from the start", async () => {
    const username = newName("user");
    expect(await admin("users", { username, disabled: 1 })).toMatchObject({
      disabled: 1,
      secretkey: expect.any(String),
    });
  });
});

describe("a Directory made before users could be disabled", () => {
  it("keeps its users and channels", async () => {
    const directory = env.DIRECTORY.get(env.DIRECTORY.idFromName(newName("old")));
    await runInDurableObject(directory, async (instance, state) => {
      state.storage.sql.exec(`
        DROP TABLE schema_changes; DROP TABLE users; DROP TABLE channels;
        CREATE TABLE users (username TEXT PRIMARY KEY, secret TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE channels (
          name TEXT PRIMARY KEY, id TEXT NOT NULL, owner TEXT NOT NULL, quota INTEGER NOT NULL, public_read INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO users VALUES ('ada', 'salt.hash');
        INSERT INTO channels VALUES ('museum', 'id', 'ada', 7, 1);`);
      expect(instance).toBeInstanceOf(Directory);
    });
    await evictDurableObject(directory);
    expect(await directory.user("ada")).toEqual({
      username: "ada",
      secret: "salt.hash",
      previous: null,
      disabled: false,
    });
    const settings = { quota: 7, publicRead: true, hostApps: [], disabled: false, shards: 1, splitting: false };
    const kept = { id: "id", name: "museum", owner: "ada", ...settings };
    expect(await directory.channel("museum")).toEqual(kept);
    await evictDurableObject(directory);
    expect(await directory.channel("museum")).toEqual(kept);
  });
});
