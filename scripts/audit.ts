/**
 * `npm run audit`: what the registry's advisories say of the pinned packages. Exits with 1 where a deployment would run one with a known hole;
 * those of the tools that build and test are printed. A registry without advisories is no reason to fail, but it is said.
 */

import { spawnSync } from "node:child_process";

interface Hole {
  readonly name: string;
  readonly severity: string;
  readonly via: readonly (string | { readonly title: string; readonly url: string })[];
}

/** What `npm audit --json` prints: holes, or why there is no answer. */
interface Report {
  readonly vulnerabilities?: Readonly<Record<string, Hole>>;
  readonly message?: string;
}

const deployed = audit("--omit=dev");
const all = audit();
if (!deployed.vulnerabilities || !all.vulnerabilities) {
  console.log(`not audited: the registry answers no advisories (${deployed.message ?? all.message})`);
} else {
  const holes = Object.values(deployed.vulnerabilities);
  const names = new Set(holes.map(({ name }) => name));
  const others = Object.values(all.vulnerabilities).filter(({ name }) => !names.has(name));
  for (const hole of holes) console.log(`deployed: ${described(hole)}`);
  for (const hole of others) console.log(`tools: ${described(hole)}`);
  console.log(`${holes.length} packages of a deployment have known holes, ${others.length} of the tools`);
  if (holes.length > 0) process.exitCode = 1;
}

function audit(...more: string[]): Report {
  const { stdout } = spawnSync("npm", ["audit", "--json", ...more], { encoding: "utf8" });
  return JSON.parse(stdout || '{"message": "npm printed nothing"}') as Report;
}

function described({ name, severity, via }: Hole): string {
  const why = via.map((cause) => (typeof cause === "string" ? `by ${cause}` : `${cause.title} ${cause.url}`));
  return `${name} (${severity}): ${why.join("; ")}`;
}
