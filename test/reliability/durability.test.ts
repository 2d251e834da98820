/** What was acknowledged survives kill -9: a short run of `npm run verify:durability`, on the bundle and on `npm start`'s wrangler. */

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccount, type Local, removeState, startLocal } from "../../scripts/local.ts";
import { ACCOUNT, CHANNELS, type KillsOptions, killRepeatedly } from "../../scripts/verify/kills.ts";
import { Entry } from "../../scripts/verify/ledger.ts";
import { madePicture } from "../../scripts/verify/made.ts";
import { compareOriginals } from "../../scripts/verify/originals.ts";
import { buildBundle, startWorkerd } from "../../scripts/workerd.ts";
import { LookmarkClient } from "../../shared/client.ts";
import { freePort, temporaryFolder } from "../processes.ts";

const folder = temporaryFolder();
const bundle = join(folder, "bundle");
const servers: Local[] = [];

beforeAll(() => {
  buildBundle(bundle);
});

afterAll(async () => {
  for (const server of servers) await server.stop();
  removeState(folder);
});

async function kill(stateDir: string, options: Omit<KillsOptions, "report" | "seed">) {
  const lost: string[] = [];
  const { counts, originals } = await killRepeatedly({ seed: 1, ...options, report: (loss) => lost.push(loss) });
  const { problems } = await compareOriginals(stateDir, originals);
  return { ...counts, originals: originals.length, lost: [...lost, ...problems] };
}

/** Remembers the server, so that none outlives a test that fails. */
async function remember(starting: Promise<Local>): Promise<Local> {
  const local = await starting;
  servers.push(local);
  return local;
}

describe("under mixed load", () => {
  it("three kills of the deployed bundle lose nothing, and leave no write half done", async () => {
    const stateDir = join(folder, "bundle-state");
    const start = async () => remember(startWorkerd({ port: await freePort(), stateDir, bundle }));
    const outcome = await kill(stateDir, { kills: 3, start });
    expect(outcome).toMatchObject({ kills: 3, lost: [] });
    expect(outcome.acknowledged).toBeGreaterThan(3);
    expect(outcome.finds).toBeGreaterThan(48);
    expect(outcome.originals).toBeGreaterThan(0);
  });

  it("neither does a kill of wrangler dev", async () => {
    const stateDir = join(folder, "wrangler-state");
    const start = async () => remember(startLocal({ port: await freePort(), stateDir }));
    expect(await kill(stateDir, { kills: 1, start })).toMatchObject({ kills: 1, lost: [] });
  });

  it("a deployment that forgets what it acknowledged is caught", async () => {
    const lost: string[] = [];
    let starts = 0;
    const start = async () => {
      const stateDir = join(folder, `empty-${starts++}`);
      const local = await remember(startWorkerd({ port: await freePort(), stateDir, bundle }));
      for (const channel of CHANNELS) await createAccount(local, ACCOUNT.username, ACCOUNT.secretkey, channel);
      return local;
    };
    // Of four kills, at least one comes when something was acknowledged.
    await killRepeatedly({ kills: 4, seed: 1, start, report: (loss) => lost.push(loss) });
    expect(lost.join("\n")).toMatch(/image\.\d\d: must be .*, is undefined/);
  });
});

describe("a backup of the state folder", () => {
  const stateDir = join(folder, "backed-up");
  const archive = join(folder, "backup.tgz");
  const place = { channel: "drill" };
  const account = { username: "drill", secretkey: "drill" };
  const [removed, replaced, changed, later] = [0, 1, 2, 3].map(madePicture) as [Blob, Blob, Blob, Blob];
  let client: LookmarkClient;

  async function whileItRuns<T>(work: () => Promise<T>): Promise<T> {
    const local = await remember(startWorkerd({ port: await freePort(), stateDir, bundle }));
    client = new LookmarkClient(local.origin, account);
    try {
      await createAccount(local, account.username, account.secretkey, place.channel);
      return await work();
    } finally {
      await local.stop();
    }
  }

  const found = async (image: Blob) => (await client.findImage({ ...place, image })).identifier;
  const done = async (answer: Promise<{ returncode: number }>) => expect((await answer).returncode).toBe(0);

  it("brings back all that was acknowledged before it, and nothing that came after it", async () => {
    await whileItRuns(async () => {
      await done(client.addImage({ ...place, identifier: "removed", image: removed, metadata: "1" }));
      await done(client.addImage({ ...place, identifier: "replaced", image: replaced, metadata: "2" }));
      await done(client.addImage({ ...place, identifier: "changed", image: changed, metadata: "3" }));
    });
    execFileSync("tar", ["czf", archive, "-C", stateDir, "."]); // as docs/operations.md says
    await whileItRuns(async () => {
      await done(client.removeImage({ ...place, identifier: "removed" }));
      await done(client.replaceImage({ ...place, identifier: "replaced", image: later }));
      await done(client.updateImageInfo({ ...place, identifier: "changed", metadata: "4" }));
      await done(client.addImage({ ...place, identifier: "added", image: replaced }));
      expect([await found(removed), await found(later), await found(replaced)]).toEqual([
        undefined,
        "replaced",
        "added",
      ]);
    });
    removeState(stateDir);
    mkdirSync(stateDir);
    execFileSync("tar", ["xzf", archive, "-C", stateDir]);
    await whileItRuns(async () => {
      const { images = [] } = await client.getImages(place);
      const rows = images.map(({ identifier, metadata }) => [identifier, metadata]);
      expect(rows).toEqual([
        ["changed", "3"],
        ["removed", "1"],
        ["replaced", "2"],
      ]);
      for (const { trackingimage } of images) expect((await fetch(trackingimage)).status).toBe(200);
      expect([await found(removed), await found(replaced), await found(changed), await found(later)]).toEqual([
        "removed",
        "replaced",
        "changed",
        undefined,
      ]);
      await done(client.addImage({ ...place, identifier: "added", image: later }));
      expect(await found(later)).toBe("added");
    });
  });
});

describe("the ledger", () => {
  it("allows both states of a write that was cut off, and afterwards only the one that was found", () => {
    const entry = new Entry<number>("it");
    entry.begin(1);
    expect(entry.certain).toBe(false);
    expect(entry.settle(1)).toBe("after");
    expect(entry.settle(undefined)).toBeUndefined();
  });

  it("allows only the new state of a write that was acknowledged", () => {
    const entry = new Entry<number>("it");
    entry.begin(1);
    entry.acknowledge();
    expect(entry.settle(undefined)).toBeUndefined();
  });

  it("does not allow a mixture", () => {
    const entry = new Entry<{ picture: number; metadata: string }>("it");
    entry.begin({ picture: 0, metadata: "a" });
    entry.acknowledge();
    entry.begin({ picture: 1, metadata: "b" });
    expect(entry.settle({ picture: 0, metadata: "b" })).toBeUndefined();
  });
});
