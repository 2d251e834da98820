/**
 * `npm run fixtures:state -- --from REF --out FILE.tgz [--port P]`: the state that a former version of the Worker keeps of a
 * user, two channels and three sample pictures, one of them in no segment yet. For tests of the present version.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { LookmarkClient } from "../../shared/client.ts";
import { createAccount, removeState } from "../local.ts";
import { buildFormerBundle, startWorkerd } from "../workerd.ts";
import { FORMER } from "./former.ts";

/** Longer than any version had targets wait for their segment. */
const FLUSHED_MS = 40_000;

const { values } = parseArgs({
  options: { from: { type: "string" }, out: { type: "string" }, port: { type: "string", default: "8795" } },
});
if (!values.from || !values.out) throw new Error("name a git reference and a file: --from REF --out FILE.tgz");
const folder = mkdtempSync(join(tmpdir(), "lookmark-former-state-"));
const stateDir = join(folder, "state");
try {
  const bundle = buildFormerBundle(values.from, join(folder, "bundle"));
  const local = await startWorkerd({ port: Number(values.port), stateDir, bundle });
  try {
    const { username, secretkey, channel, empty, pictures } = FORMER;
    for (const name of [channel, empty]) await createAccount(local, username, secretkey, name);
    const client = new LookmarkClient(local.origin, { username, secretkey });
    const add = async (identifier: string) => {
      const image = new Blob([readFileSync(`worker/site/public/samples/${identifier}.jpg`)]);
      const metadata = JSON.stringify({ title: identifier });
      const added = await client.addImage({ channel, identifier, image, metadata });
      if (added.returncode !== 0) throw new Error(`${identifier}: ${added.message}`);
      const found = await client.findImage({ channel, image });
      if (found.identifier !== identifier) throw new Error(`${identifier}: ${JSON.stringify(found)}`);
    };
    for (const identifier of pictures.slice(0, -1)) await add(identifier);
    await sleep(FLUSHED_MS);
    await add(pictures.at(-1) as string);
  } finally {
    await local.stop();
  }
  settle();
  execFileSync("tar", ["czf", resolve(values.out), "-C", stateDir, "v3"]);
} finally {
  removeState(folder);
}

/** What a killed workerd left in SQLite's logs goes into the databases: fewer and smaller files. */
function settle(): void {
  for (const file of readdirSync(stateDir, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".sqlite")) continue;
    const database = new DatabaseSync(join(stateDir, file));
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
  }
}
