/**
 * Whether the time of a refusal tells anything: calls by a user who does not exist, and by one who does, with a secret key that is
 * wrong in its first character or in its last one, in turn, over HTTP on the deployed bundle. Prints medians, and how much they
 * differ, with intervals that hold 95 of 100 times (bootstrap).
 *
 *   npm run bench:secrets -- [--calls 500] [--port P]
 */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createAccount, removeState } from "../../scripts/local.ts";
import { buildBundle, startWorkerd } from "../../scripts/workerd.ts";
import { type Random, randomFrom } from "../../shared/random.ts";
import { reasons } from "../../shared/reason.ts";
import { median } from "./summary.ts";

const { values } = parseArgs({
  options: { calls: { type: "string", default: "500" }, port: { type: "string", default: "8794" } },
});
const KNOWN = { username: "known.user", secretkey: "abcdefghijkmnpqrstuvwxyz23456789" };
const REFUSED = reasons.credentialsNotCorrect().returncode;
const RESAMPLES = 2000;
const RATE_LIMIT = 1e7;

const kinds = [
  { name: "unknown user", username: "no.such.user", secretkey: KNOWN.secretkey },
  { name: "first character wrong", username: KNOWN.username, secretkey: `z${KNOWN.secretkey.slice(1)}` },
  { name: "last character wrong", username: KNOWN.username, secretkey: `${KNOWN.secretkey.slice(0, -1)}z` },
] as const;

const folder = mkdtempSync(join(tmpdir(), "lookmark-secrets-"));
try {
  const bundle = buildBundle(join(folder, "bundle"));
  const stateDir = join(folder, "state");
  const local = await startWorkerd({ port: Number(values.port), stateDir, bundle, rateLimit: RATE_LIMIT });
  try {
    await createAccount(local, KNOWN.username, KNOWN.secretkey, "known.channel");
    report(await measure(local.origin, Number(values.calls)));
  } finally {
    await local.stop();
  }
} finally {
  removeState(folder);
}

/** Milliseconds, by kind. Each round begins with another kind. */
async function measure(origin: string, calls: number): Promise<number[][]> {
  for (const kind of kinds) await refused(origin, kind); // compiles, and fills the copies of accounts
  const times: number[][] = kinds.map(() => []);
  for (let i = 0; i < calls; i++) {
    for (let j = 0; j < kinds.length; j++) {
      const at = (i + j) % kinds.length;
      times[at]?.push(await refused(origin, kinds[at] as (typeof kinds)[number]));
    }
  }
  return times;
}

async function refused(origin: string, { username, secretkey }: (typeof kinds)[number]): Promise<number> {
  const body = new URLSearchParams({ username, secretkey });
  const began = performance.now();
  const response = await fetch(`${origin}/GetChannels`, { method: "POST", body });
  const { returncode } = (await response.json()) as { returncode: number };
  if (returncode !== REFUSED) throw new Error(`answered ${returncode}`);
  return performance.now() - began;
}

function report(times: readonly number[][]): void {
  const random = randomFrom(1);
  for (const [i, { name }] of kinds.entries()) {
    console.log(`${name.padEnd(24)} median ${median(times[i] as number[]).toFixed(2)} ms of ${times[i]?.length} calls`);
  }
  for (const [i, j] of [
    [0, 1],
    [1, 2],
  ] as const) {
    const [one, other] = [times[i] as number[], times[j] as number[]];
    const differences = Array.from(
      { length: RESAMPLES },
      () => median(resample(one, random)) - median(resample(other, random)),
    ).sort((a, b) => a - b);
    const [least, most] = [0.025, 0.975].map((share) => differences[Math.floor(share * RESAMPLES)] as number);
    const difference = median(one) - median(other);
    console.log(
      `${kinds[i].name} less ${kinds[j].name}: ${difference.toFixed(2)} ms [${least?.toFixed(2)}, ${most?.toFixed(2)}]`,
    );
  }
}

function resample(list: readonly number[], random: Random): number[] {
  return list.map(() => list[Math.floor(random() * list.length)] as number);
}
