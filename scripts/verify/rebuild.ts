/**
 * `npm run verify:rebuild -- [--port P]`: takes all features out of the Shards' databases on disk, as if only their catalog
 * had been restored, and asks for every picture again: the features come back from the segments in R2. One line; non-zero
 * where a picture is not found as before.
 */

import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { LookmarkClient } from "../../shared/client.ts";
import { createAccount, type Local, removeState, startLocal } from "../local.ts";

const SAMPLES = new URL("../../worker/site/public/samples/", import.meta.url);
const ACCOUNT = { username: "rebuild", secretkey: "rebuild.secret", channel: "rebuild" };
/** Longer than targets wait for their segment (FLUSH_AFTER_MS in worker/catalog/shard.ts). */
const FLUSHED_WITHIN_MS = 60_000;
const POLL_MS = 1000;

const { values } = parseArgs({ options: { port: { type: "string", default: "8797" } } });
const folder = mkdtempSync(join(tmpdir(), "lookmark-rebuild-"));
const stateDir = join(folder, "state");
const pictures = readdirSync(SAMPLES).filter((name) => name.endsWith(".jpg"));
try {
  await run(async (local) => {
    await createAccount(local, ACCOUNT.username, ACCOUNT.secretkey, ACCOUNT.channel);
    for (const name of pictures) {
      const { channel } = ACCOUNT;
      const added = await clientOf(local).addImage({ channel, identifier: identifierOf(name), image: pictureOf(name) });
      if (added.returncode !== 0) throw new Error(`${name} not added: ${added.message}`);
    }
    await flushed();
  });
  const lost = loseFeatures();
  let found = 0;
  await run(async (local) => {
    for (const name of pictures) {
      const answer = await clientOf(local).findImage({ channel: ACCOUNT.channel, image: pictureOf(name) });
      if (answer.identifier === identifierOf(name)) found++;
      else console.error(`${name}: ${JSON.stringify(answer)}`);
    }
  });
  console.log(
    `rebuild: the features of ${lost} pictures taken out of the catalog, ${found} of ${pictures.length} found again`,
  );
  process.exitCode = lost === pictures.length && found === pictures.length ? 0 : 1;
} finally {
  removeState(folder);
}

async function run(work: (local: Local) => Promise<void>): Promise<void> {
  const local = await startLocal({ port: Number(values.port), stateDir });
  try {
    await work(local);
  } finally {
    await local.stop();
  }
}

function clientOf({ origin }: Local): LookmarkClient {
  const { username, secretkey } = ACCOUNT;
  return new LookmarkClient(origin, { username, secretkey });
}

function identifierOf(name: string): string {
  return name.replace(".jpg", "");
}

function pictureOf(name: string): Blob {
  return new Blob([readFileSync(new URL(name, SAMPLES))]);
}

/** Until every picture is in a segment. */
async function flushed(): Promise<void> {
  const end = Date.now() + FLUSHED_WITHIN_MS;
  while (Date.now() < end) {
    const { waiting } = inShards((database) =>
      database.prepare("SELECT COUNT(*) AS waiting FROM images WHERE segment IS NULL").get(),
    );
    if (waiting === 0) return;
    await sleep(POLL_MS);
  }
  throw new Error(`not all pictures were in segments after ${FLUSHED_WITHIN_MS / 1000} s`);
}

/** How many pictures lost their features. */
function loseFeatures(): number {
  const { count } = inShards((database) => {
    const counted = database.prepare("SELECT COUNT(*) AS count FROM targets").get();
    database.exec(`DELETE FROM targets; DELETE FROM pages; DELETE FROM gone;
      UPDATE paging SET paged = 0, last = 0, word = 0, complete = 0`);
    return counted;
  });
  return count ?? 0;
}

/** What a query says of the databases that are a Shard's, which is one here. */
function inShards(ask: (database: DatabaseSync) => unknown): Record<string, number> {
  for (const file of readdirSync(stateDir, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".sqlite") || !file.includes("Shard")) continue;
    const database = new DatabaseSync(join(stateDir, file));
    try {
      const isShard = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'images'").get();
      if (isShard) return ask(database) as Record<string, number>;
    } finally {
      database.close();
    }
  }
  throw new Error(`no Shard in ${stateDir}`);
}
