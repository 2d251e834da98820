/**
 * `npm run bench:scanner`: milliseconds and bytes of the scanner where JavaScript has no JIT, as on iPhones in WeChat.
 * It bundles the scanner and runs itself under `node --jitless`; fails where a budget is exceeded.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = mkdtempSync(join(tmpdir(), "lookmark-bench-"));
try {
  const outfile = join(folder, "scanner-measure.cjs");
  const entry = fileURLToPath(new URL("scanner-measure.ts", import.meta.url));
  await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "cjs", target: "es2018" });
  if (!readFileSync(outfile).length) throw new Error("esbuild wrote nothing");
  const { status } = spawnSync(process.execPath, ["--jitless", outfile], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
