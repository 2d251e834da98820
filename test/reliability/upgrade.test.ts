/** The present version on the state of a former one, of a newer one, and beside another Worker. */

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Local, removeState } from "../../scripts/local.ts";
import { FORMER } from "../../scripts/verify/former.ts";
import { mixVersions } from "../../scripts/verify/mixed-versions.ts";
import { buildBundle, startWorkerd } from "../../scripts/workerd.ts";
import { LookmarkClient } from "../../shared/client.ts";
import { freePort, root, samplePicture, temporaryFolder } from "../processes.ts";

const { username, secretkey, channel, empty, pictures } = FORMER;
const [first, second, unflushed] = pictures;
const folder = temporaryFolder();
const bundle = join(folder, "bundle");
const stateDir = join(folder, "state");
let local: Local | undefined;
let client: LookmarkClient;
let printed = "";

beforeAll(() => {
  buildBundle(bundle);
  mkdirSync(stateDir);
  execFileSync("tar", ["xzf", join(root, "test/fixtures/state.before-pages.tgz"), "-C", stateDir]);
});

afterAll(async () => {
  await local?.stop();
  removeState(folder);
});

async function restart(): Promise<void> {
  await local?.stop();
  const log = (text: string) => {
    printed += text;
  };
  local = await startWorkerd({ port: await freePort(), stateDir, bundle, log });
  client = new LookmarkClient(local.origin, { username, secretkey });
}

async function found(identifier: string): Promise<string | undefined> {
  const answer = await client.findImage({ channel, image: samplePicture(identifier) });
  expect(answer).toMatchObject({ returncode: 0 });
  return answer.identifier;
}

async function listed(): Promise<string[]> {
  const { images = [] } = await client.getImages({ channel });
  return images.map(({ identifier }) => identifier);
}

/** Of the Shard that has the pictures, while nothing else has it open. */
function inShard<T>(work: (database: DatabaseSync) => T): T {
  const shards = join(stateDir, "v3/do/lookmark-Shard");
  for (const file of readdirSync(shards).filter((name) => /^[0-9a-f]+\.sqlite$/.test(name))) {
    const database = new DatabaseSync(join(shards, file));
    try {
      const images = database.prepare("SELECT COUNT(*) AS count FROM sqlite_master WHERE name = 'images'").get();
      if (images?.count && database.prepare("SELECT 1 FROM images").get()) return work(database);
    } finally {
      database.close();
    }
  }
  throw new Error("no Shard has pictures");
}

describe("the state of a version whose features were others, in other tables and in segments only", () => {
  it("is listed at once, and found again once it is reindexed", async () => {
    await restart();
    for (const identifier of pictures) expect(await found(identifier)).toBeUndefined();
    expect(await listed()).toEqual([...pictures].sort());
    expect(await client.reindexImages({ channel })).toMatchObject({ returncode: 0, reindexed: 3, refused: [] });
    for (const identifier of pictures) expect(await found(identifier)).toBe(identifier);
    await restart();
    for (const identifier of pictures) expect(await found(identifier)).toBe(identifier);
  });

  it("is then changed as if the present version had made it, also after a restart", async () => {
    for (const identifier of pictures) expect(await found(identifier)).toBe(identifier);
    expect(await listed()).toEqual([...pictures].sort());
    const info = await client.getImage({ channel, identifier: first });
    expect(info).toMatchObject({ returncode: 0, metadata: JSON.stringify({ title: first }) });
    expect((await fetch(info.trackingimage as string)).status).toBe(200);
    expect(await client.removeImage({ channel, identifier: second })).toMatchObject({ removed: 1 });
    const circus = { channel, identifier: "added", image: samplePicture("poster.circus") };
    expect(await client.addImage(circus)).toMatchObject({ returncode: 0 });
    const replacement = { channel, identifier: unflushed, image: samplePicture("label.crane_tea") };
    expect(await client.replaceImage(replacement)).toMatchObject({ returncode: 0 });
    for (const again of [false, true]) {
      if (again) await restart();
      expect(await listed()).toEqual(["added", unflushed, first].sort());
      expect(await found(first)).toBe(first);
      expect(await found(second)).toBeUndefined();
      expect(await found(unflushed)).toBeUndefined();
      expect(await found("label.crane_tea")).toBe(unflushed);
      expect(await found("poster.circus")).toBe("added");
    }
  });
});

describe("the state of a newer version", () => {
  it("is refused with a line that says why, and left as it is; the version that made it goes on", async () => {
    await restart();
    const before = await listed();
    await local?.stop();
    inShard((database) => database.exec("INSERT INTO schema_changes (number) VALUES (1000)"));
    await restart();
    printed = "";
    const image = samplePicture(first);
    for (const refused of [
      client.findImage({ channel, image }),
      client.addImage({ channel, identifier: "never.there", image }),
      client.removeImage({ channel, identifier: first }),
      client.getImages({ channel }),
    ]) {
      expect(await refused).toMatchObject({ returncode: 500, message: expect.stringContaining("internal error") });
    }
    expect(printed).toMatch(/a newer version has changed the tables \(7 changes, this version knows 6\)/);
    expect(await client.getImages({ channel: empty })).toMatchObject({ returncode: 0, totalcount: 0 });
    await local?.stop();
    inShard((database) => database.exec("DELETE FROM schema_changes WHERE number = 1000"));
    await restart();
    expect(await listed()).toEqual(before);
    expect(await found(first)).toBe(first);
  });
});

describe("two Workers on one state, of which only one has the Durable Objects", () => {
  it("lose nothing where calls come in by both (verify:upgrade does the same with two versions)", async () => {
    const report: string[] = [];
    const counts = await mixVersions({
      stateDir: join(folder, "mixed"),
      ports: [await freePort(), await freePort()],
      phases: [
        [bundle, bundle],
        [bundle, bundle],
      ],
      writes: 5,
      seed: 1,
      report: (loss) => report.push(loss),
    });
    expect(report).toEqual([]);
    expect(counts).toMatchObject({ phases: 2, writes: 10, listings: 4, losses: 0 });
  });
});
