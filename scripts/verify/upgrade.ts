/**
 * `npm run verify:upgrade -- --from REF [--writes N] [--seed S] [--one-way] [--port P]`: builds the version that a git
 * reference names, and runs it together with the present one on one state (mixed-versions.ts): the objects are of the
 * former version, then of the present one, and of both once more, or, where tables changed, `--one-way`. One line;
 * non-zero on any loss.
 */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { removeState } from "../local.ts";
import { buildBundle, buildFormerBundle } from "../workerd.ts";
import { mixVersions } from "./mixed-versions.ts";

const { values } = parseArgs({
  options: {
    from: { type: "string" },
    writes: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    "one-way": { type: "boolean", default: false },
    port: { type: "string", default: "8793" },
  },
});
if (!values.from) throw new Error("name the version that is upgraded from: --from REF, such as a tag");
const port = Number(values.port);
const folder = mkdtempSync(join(tmpdir(), "lookmark-upgrade-"));
try {
  const former = buildFormerBundle(values.from, join(folder, "former"));
  const present = buildBundle(join(folder, "present"));
  const upgrade = [
    [former, present],
    [present, former],
  ] as const;
  const counts = await mixVersions({
    stateDir: join(folder, "state"),
    ports: [port, port + 1],
    phases: values["one-way"] ? upgrade : [...upgrade, ...upgrade],
    writes: Number(values.writes),
    seed: Number(values.seed),
    report: (loss) => console.error(loss),
  });
  console.log(
    `upgrade from ${values.from}: ${counts.phases} phases, ${counts.writes} writes, ${counts.finds} finds and ` +
      `${counts.listings} listings compared; ${counts.losses} losses`,
  );
  process.exitCode = counts.losses === 0 ? 0 : 1;
} finally {
  removeState(folder);
}
