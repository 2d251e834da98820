/**
 * `npm run verify:soak -- [--requests N] [--seed S] [--port P] [--svg FILE]`: mixed calls, also with bad files and bombs, each
 * with the code that it must be answered with; memory of workerd over time. One line at the end; non-zero on any other
 * answer, or where memory grows.
 */

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { randomFrom } from "../../shared/random.ts";
import { createAccount, removeState } from "../local.ts";
import { buildBundle, startWorkerd } from "../workerd.ts";
import { drawMemory, growthOf, Memory } from "./memory.ts";
import { ACCOUNT, CHANNEL, makeMix } from "./mix.ts";

const CLIENTS = 4;
/** The limit is about strangers, not about memory. */
const RATE_LIMIT = 1e6;
const SAMPLE_MS = 2000;
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
  },
});
const [requests, seed, port] = [Number(values.requests), Number(values.seed), Number(values.port)];
const folder = mkdtempSync(join(tmpdir(), "lookmark-soak-"));
const codes = new Map<string, number>();
let [sent, wrong] = [0, 0];

try {
  const bundle = buildBundle(join(folder, "bundle"));
  const local = await startWorkerd({ port, stateDir: join(folder, "state"), bundle, rateLimit: RATE_LIMIT });
  try {
    await createAccount(local, ACCOUNT.username, ACCOUNT.secretkey, CHANNEL);
    const random = randomFrom(seed);
    const draw = await makeMix(local.origin, random);
    const memory = new Memory(local.process.pid as number, SAMPLE_MS);
    const began = performance.now();
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        while (sent < requests) {
          sent++;
          if (sent % PROGRESS_EVERY === 0) console.error(`${sent} requests, ${wrong} wrong, ${memory.latest} MB`);
          await ask(draw(client));
        }
      }),
    );
    const seconds = (performance.now() - began) / 1000;
    const samples = memory.stop();
    const growth = growthOf(samples);
    if (values.svg) writeFileSync(values.svg, drawMemory(samples, `workerd under ${sent} mixed requests`));
    console.error(
      [...codes]
        .sort()
        .map(([what, count]) => `${what}: ${count}`)
        .join("\n"),
    );
    console.log(
      `soak: seed ${seed}, ${sent} requests in ${seconds.toFixed(0)} s (${(sent / seconds).toFixed(1)}/s), ${wrong} unexpected answers; ` +
        `workerd ${growth.early} MB early, ${growth.late} MB late (${growth.percent} %), ${growth.most} MB at most`,
    );
    process.exitCode = wrong === 0 && growth.late <= (1 + GROWTH_MOST) * growth.early ? 0 : 1;
  } finally {
    await local.stop();
  }
} finally {
  removeState(folder);
}

async function ask({ kind, send }: ReturnType<Awaited<ReturnType<typeof makeMix>>>): Promise<void> {
  const problem = await send().catch((error: unknown) => `no answer: ${error}`);
  codes.set(kind, (codes.get(kind) ?? 0) + 1);
  if (problem === undefined) return;
  wrong++;
  if (wrong <= WRONG_SHOWN) console.error(`request ${sent}, ${kind}: ${problem}`);
}
