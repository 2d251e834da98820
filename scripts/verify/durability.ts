/**
 * `npm run verify:durability -- [--kills N] [--seed S] [--port P]`: kills the deployment's bundle with `kill -9` under mixed
 * load, N times, and prints what became of acknowledged writes in one line; non-zero on any loss.
 */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { removeState } from "../local.ts";
import { buildBundle, startWorkerd } from "../workerd.ts";
import { killRepeatedly } from "./kills.ts";
import { compareOriginals } from "./originals.ts";

const PROGRESS_EVERY = 25;

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    port: { type: "string", default: "8792" },
  },
});
const [kills, seed, port] = [Number(values.kills), Number(values.seed), Number(values.port)];
const folder = mkdtempSync(join(tmpdir(), "lookmark-durability-"));
const stateDir = join(folder, "state");
const began = performance.now();
try {
  const bundle = buildBundle(join(folder, "bundle"));
  const { counts, originals } = await killRepeatedly({
    kills,
    seed,
    start: () => startWorkerd({ port, stateDir, bundle }),
    report: (loss) => console.error(loss),
    progress: (so) => so.kills % PROGRESS_EVERY === 0 && console.error(`${so.kills} kills, ${so.losses} losses`),
  });
  const stored = await compareOriginals(stateDir, originals);
  for (const problem of stored.problems) console.error(problem);
  const losses = counts.losses + stored.problems.length;
  console.log(
    `durability: seed ${seed}, ${counts.kills} kills in ${Math.round((performance.now() - began) / 1000)} s; ` +
      `${counts.acknowledged} writes acknowledged, ${counts.cutOffDone + counts.cutOffUndone} cut off ` +
      `(${counts.cutOffDone} done, ${counts.cutOffUndone} not); ${counts.checked} states and ${counts.finds} finds compared, ` +
      `${originals.length} originals read, ${stored.orphans} left over; ${losses} losses`,
  );
  process.exitCode = counts.kills === kills && losses === 0 ? 0 : 1;
} finally {
  removeState(folder);
}
