/**
 * `npm run verify:soak -- [--requests N] [--seed S] [--port P] [--svg FILE] [--garbage]`: mixed calls, also with bad files and
 * bombs, each with the code that it must be answered with; memory over time. One line at the end; non-zero on any other
 * answer, or where memory grows or is too much. `--garbage` leaves garbage to workerd, and shows what that makes of it.
 */

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { randomFrom } from "../../shared/random.ts";
import { createAccount, type Local, removeState } from "../local.ts";
import { buildBundle, startWorkerd } from "../workerd.ts";
import { collectIsolates } from "./isolates.ts";
import { drawMemory, type Growth, growthOf, residentMegabytes, type Sample } from "./memory.ts";
import { ACCOUNT, CHANNEL, makeMix } from "./mix.ts";

const CLIENTS = 4;
/** The limit is about strangers, not about memory. */
const RATE_LIMIT = 1e6;
const SAMPLE_MS = 4000;
const ISOLATE = "core:user:lookmark";
/** Of the 128 MB that Cloudflare gives. */
const ISOLATE_MOST_MB = 100;
/** By so much may the median of the last fifth of the samples exceed that of the second. */
const GROWTH_MOST = 0.1;
const PROGRESS_EVERY = 1000;
const WRONG_SHOWN = 20;

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    port: { type: "string", default: "8797" },
    svg: { type: "string" },
    garbage: { type: "boolean", default: false },
  },
});
const [requests, seed, port] = [Number(values.requests), Number(values.seed), Number(values.port)];
const inspectorPort = port + 1;
const folder = mkdtempSync(join(tmpdir(), "lookmark-soak-"));
const codes = new Map<string, number>();
const samples: Sample[] = [];
let [sent, wrong] = [0, 0];
let isOver = false;

try {
  const bundle = buildBundle(join(folder, "bundle"));
  const stateDir = join(folder, "state");
  const local = await startWorkerd({ port, stateDir, bundle, rateLimit: RATE_LIMIT, inspectorPort });
  try {
    await createAccount(local, ACCOUNT.username, ACCOUNT.secretkey, CHANNEL);
    const draw = await makeMix(local.origin, randomFrom(seed));
    const began = performance.now();
    const sampled = sampleMemory(local, began);
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        while (sent < requests) {
          sent++;
          if (sent % PROGRESS_EVERY === 0) console.error(`${sent} requests, ${wrong} wrong, ${latest()}`);
          await ask(draw(client));
        }
      }),
    );
    isOver = true;
    const seconds = (performance.now() - began) / 1000;
    await sampled;
    report(seconds);
  } finally {
    await local.stop();
  }
} finally {
  removeState(folder);
}

async function sampleMemory(local: Local, began: number): Promise<void> {
  while (!isOver) {
    const held = values.garbage ? undefined : (await collectIsolates(inspectorPort)).get(ISOLATE);
    const isolate = held ? (held.heap + held.wasm) / 2 ** 20 : Number.NaN;
    const resident = residentMegabytes(local.process.pid as number);
    samples.push({ seconds: (performance.now() - began) / 1000, resident, isolate });
    await sleep(SAMPLE_MS);
  }
}

function latest(): string {
  const { isolate, resident } = samples.at(-1) ?? { isolate: Number.NaN, resident: Number.NaN };
  return `isolate ${isolate.toFixed(1)} MB, workerd ${resident.toFixed(0)} MB`;
}

function report(seconds: number): void {
  const kinds = [...codes].sort().map(([what, count]) => `${what}: ${count}`);
  console.error(kinds.join("\n"));
  if (values.svg) writeFileSync(values.svg, drawMemory(samples, `Memory under ${sent} mixed calls`));
  const [isolate, resident] = [growthOf(samples, "isolate"), growthOf(samples, "resident")];
  console.log(
    `soak: seed ${seed}, ${sent} requests in ${seconds.toFixed(0)} s (${(sent / seconds).toFixed(1)}/s), ${wrong} unexpected answers; ` +
      `${textOf("isolate", isolate)}; ${textOf("workerd", resident)}`,
  );
  const isWithin = isolate.most <= ISOLATE_MOST_MB && isFlat(isolate) && isFlat(resident);
  process.exitCode = wrong === 0 && isWithin ? 0 : 1;
}

function textOf(what: string, { early, late, percent, most }: Growth): string {
  return `${what} ${early.toFixed(1)} MB early, ${late.toFixed(1)} MB late (${percent} %), ${most.toFixed(1)} MB at most`;
}

function isFlat({ early, late }: Growth): boolean {
  return late <= (1 + GROWTH_MOST) * early;
}

async function ask({ kind, send }: ReturnType<Awaited<ReturnType<typeof makeMix>>>): Promise<void> {
  const problem = await send().catch((error: unknown) => `no answer: ${error}`);
  codes.set(kind, (codes.get(kind) ?? 0) + 1);
  if (problem === undefined) return;
  wrong++;
  if (wrong <= WRONG_SHOWN) console.error(`request ${sent}, ${kind}: ${problem}`);
}
