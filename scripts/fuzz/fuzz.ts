/**
 * `npm run fuzz -- --target jpeg|png|form|token|hostsign|segment --seconds N [--seed S]`: draws inputs that are nearly right, from
 * valid samples, and gives them to the code that takes them from strangers. The same seed draws the same inputs. What crashes, hangs,
 * throws or is answered without a documented code is saved to test/fixtures/fuzz/, where a test replays it from then on.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { randomFrom } from "../../shared/random.ts";
import { loadTarget, seedOf, targetNames } from "./targets.ts";
import type { Finding, Job } from "./thread.ts";

/** An input on which the thread stands still for so long hangs. */
const HANG_MS = 5000;
const WATCH_MS = 1000;
/** One fault is found many times; so many inputs tell enough. */
const SAVED_MOST = 20;

const { name, seconds, seed } = readOptions();
const corpus = new URL(`../../test/fixtures/fuzz/${name}/`, import.meta.url);
const begun = new Int32Array(new SharedArrayBuffer(4));
let findings = 0;

const start = performance.now();
await run();
const elapsed = (performance.now() - start) / 1000;
const executions = begun[0] as number;
console.log(
  `fuzz ${name}: seed ${seed}, ${executions} executions in ${elapsed.toFixed(0)} s, ` +
    `${Math.round(executions / elapsed)} executions/s, ${findings} findings`,
);
process.exitCode = findings === 0 ? 0 : 1;

/** Until the time is over, or the thread hangs or dies. */
function run(): Promise<void> {
  const job: Job = { name, seed, milliseconds: 1000 * seconds, begun };
  const thread = new Worker(new URL("./thread.ts", import.meta.url), { workerData: job });
  const saving: Promise<void>[] = [];
  thread.on("message", (finding: Finding) => saving.push(save(finding)));
  return new Promise((resolve) => {
    let [seen, since] = [0, performance.now()];
    const watch = setInterval(() => {
      const now = Atomics.load(begun, 0);
      if (now !== seen) [seen, since] = [now, performance.now()];
      else if (now > 0 && performance.now() - since > HANG_MS) {
        saving.push(save({ execution: now - 1, sentence: `it hangs for more than ${HANG_MS} ms` }));
        thread.terminate();
      }
    }, WATCH_MS);
    thread.on("error", (error) => saving.push(save({ execution: (begun[0] as number) - 1, sentence: `${error}` })));
    thread.on("exit", async () => {
      clearInterval(watch);
      await Promise.all(saving);
      resolve();
    });
  });
}

async function save({ execution, sentence }: Finding): Promise<void> {
  findings++;
  console.error(`${name} seed ${seed} execution ${execution}: ${sentence}`);
  if (findings > SAVED_MOST) return;
  mkdirSync(corpus, { recursive: true });
  const input = (await loadTarget(name)).draw(randomFrom(seedOf(seed, execution)));
  writeFileSync(new URL(`${seed}-${execution}`, corpus), input);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      target: { type: "string" },
      seconds: { type: "string", default: "60" },
      seed: { type: "string", default: "1" },
    },
  });
  const name = values.target ?? "";
  if (!targetNames.includes(name)) throw new Error(`--target must be one of ${targetNames.join(", ")}`);
  const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
  if (!(seconds > 0) || !Number.isInteger(seed)) throw new Error("--seconds must be above 0, --seed a whole number");
  return { name, seconds, seed };
}
