/** What stays behind after a call: of a frame nothing but counts, of a secret key nothing but salted hashes. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { directoryOf } from "../../../worker/catalog/accounts.ts";
import { admin, call, type Mine, newChannel, newName, newUser, shardBehind } from "../../support/api.ts";
import { circus, samples, withTail } from "../../support/pictures.ts";

type Rows = Record<string, Record<string, unknown>[]>;

/** Counted by day. */
const STATISTICS = /^(matches|days|latencies)$/;

let mine: Mine;

beforeAll(async () => {
  mine = await newChannel();
  await call("AddImage", { ...mine, identifier: "circus", image: circus });
});

/** All rows of all tables of an object, bytes as text. */
function rowsOf(stub: DurableObjectStub): Promise<Rows> {
  const readable = (row: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        value instanceof ArrayBuffer ? new Uint8Array(value).join() : value,
      ]),
    );
  return runInDurableObject(stub, (_, { storage: { sql } }) => {
    const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
    const kept = tables.filter(({ name }) => !/^(_cf_|sqlite_)/.test(name));
    return Object.fromEntries(
      kept.map(({ name }) => [name, sql.exec(`SELECT * FROM "${name}"`).toArray().map(readable)]),
    );
  });
}

async function everyObject(): Promise<string[]> {
  const { objects, truncated } = await env.BUCKET.list();
  expect(truncated).toBe(false);
  return objects.map(({ key, etag }) => `${key} ${etag}`);
}

describe("FindImage", () => {
  it("keeps nothing of a frame, whether it matches, matches nothing or is refused: only its day's counts change", async () => {
    const shard = await shardBehind(mine);
    const [rows, objects, { keys }] = [await rowsOf(shard), await everyObject(), await env.ACCOUNTS.list()];
    for (const image of [withTail(circus, "seen by nobody"), samples["card.stargazer"], new Blob(["no picture"])]) {
      await call("FindImage", { ...mine, image }, {});
    }
    const after = await rowsOf(shard);
    expect(await everyObject()).toEqual(objects);
    expect((await env.ACCOUNTS.list()).keys.map(({ name }) => name)).toEqual(keys.map(({ name }) => name));
    const changed = Object.keys(after).filter((table) => JSON.stringify(after[table]) !== JSON.stringify(rows[table]));
    expect(changed).not.toEqual([]);
    for (const table of changed) {
      expect(table).toMatch(STATISTICS);
      for (const value of (after[table] ?? []).flatMap(Object.values)) {
        expect(typeof value === "number" || /^(\d{8}|circus)$/.test(String(value))).toBe(true);
      }
    }
  });
});

describe("a secret key", () => {
  it("is kept as hashes alone, in the Directory and in the edge's copy", async () => {
    const { username, secretkey } = await newUser();
    await call("GetChannels", { username, secretkey });
    const rotated = await admin("secrets", { username });
    await call("GetChannels", { username, secretkey: rotated.secretkey });
    const { keys } = await env.ACCOUNTS.list();
    const copies = await Promise.all(keys.map(({ name }) => env.ACCOUNTS.get(name)));
    const kept = JSON.stringify([await rowsOf(directoryOf(env)), keys, copies]);
    expect(kept).toContain(username);
    for (const secret of [secretkey, rotated.secretkey]) expect(kept).not.toContain(secret);
  });

  it("that two users share is hashed with a salt each", async () => {
    const secretkey = newName("shared");
    const [first, second] = [newName("user"), newName("user")];
    await admin("users", { username: first, secretkey });
    await admin("users", { username: second, secretkey });
    const hashes = [await directoryOf(env).user(first), await directoryOf(env).user(second)];
    expect(hashes[0]?.secret).toMatch(/^[\w+/=]{20,}\.[\w+/=]{40,}$/);
    expect(hashes[0]?.secret).not.toBe(hashes[1]?.secret);
  });
});
