/** Runs a target until it is told to stop, and leaves the input at hand where the main thread finds it should this one hang. */

import { parentPort, workerData } from "node:worker_threads";
import { randomFrom } from "../../shared/random.ts";
import { findingOf } from "./target.ts";
import { loadTarget, seedOf } from "./targets.ts";

export interface Job {
  readonly name: string;
  readonly seed: number;
  readonly milliseconds: number;
  /** How many inputs were begun. */
  readonly begun: Int32Array<SharedArrayBuffer>;
}

export interface Finding {
  readonly execution: number;
  readonly sentence: string;
}

const { name, seed, milliseconds, begun } = workerData as Job;
const target = await loadTarget(name);
const end = performance.now() + milliseconds;

for (let execution = 0; performance.now() < end; execution++) {
  Atomics.store(begun, 0, execution + 1);
  const sentence = await findingOf(target, target.draw(randomFrom(seedOf(seed, execution))));
  if (sentence) parentPort?.postMessage({ execution, sentence } satisfies Finding);
}
