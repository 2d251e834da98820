/** `npm run verify:isolation`: every endpoint with every kind of foreign credential, in one line; non-zero on any leak. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TEST = "test/worker/routes/isolation.test.ts";

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[];
}

interface Assertion {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), "lookmark-isolation-"));
try {
  const file = join(folder, "report.json");
  const { stderr } = spawnSync(
    "npx",
    ["vitest", "run", "--project", "worker", TEST, "--reporter=json", `--outputFile=${file}`],
    { encoding: "utf8" },
  );
  const tests = readReport(file, stderr).testResults.flatMap(({ assertionResults }) => assertionResults);
  const leaks = tests.filter(({ status }) => status !== "passed");
  for (const { ancestorTitles, title, failureMessages } of leaks) {
    console.error(`${ancestorTitles.join(" ")} ${title}: ${failureMessages[0]?.split("\n")[0]}`);
  }
  const endpoints = new Set(
    tests.map(({ ancestorTitles }) => ancestorTitles[0]).filter((name) => / \//.test(name ?? "")),
  );
  const attempts = tests.filter(({ title }) => title.startsWith("gives nothing away"));
  console.log(
    `isolation: ${attempts.length} attempts with foreign credentials and ${tests.length - attempts.length} further checks on ` +
      `${endpoints.size} endpoints, ${leaks.length} failed`,
  );
  process.exitCode = tests.length > 0 && leaks.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function readReport(file: string, stderr: string): Report {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    throw new Error(`the tests did not run:\n${stderr}`);
  }
}
