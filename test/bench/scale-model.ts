/**
 * What a channel of very many pictures would take at the edge, and cost: by the times of Shards that `bench:index --save`
 * measured, and a model of the network. It is arithmetic and chance, no measurement; every input is printed. All Shards
 * are asked with the same frame: each takes as long as the one that was measured took for it, times what the time of one
 * frame varied by.
 *
 *   npm run bench:model -- --times FILE [--images 10000000] [--questions 20000]
 */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { between, randomFrom } from "../../shared/random.ts";
import { median, percentile } from "./summary.ts";

const { values: options } = parseArgs({
  options: {
    times: { type: "string" },
    images: { type: "string", default: "10000000" },
    questions: { type: "string", default: "20000" },
  },
});
if (!options.times)
  throw new Error("say where the times are: --times FILE, written by npm run bench:index -- --save FILE");

interface Times {
  /** In the Shard that was measured. */
  readonly images: number;
  /** How long each frame took, several times. */
  readonly msByFrame: readonly (readonly number[])[];
  readonly rowsRead: number;
  readonly bytesPerImage: number;
}

/** A warm round trip from a Worker to a Durable Object, ms; third parties' measurements of 2026. */
const ROUND_TRIP_MS = [40, 90] as const;
/** A Durable Object that has to be started, ms. */
const COLD_MS = [700, 1300] as const;
const COLD_PROBABILITIES = [0, 0.0001, 0.001];
/** Decoding and extracting on this machine, and three times that. */
const WORKER_MS = 7;
const WORKER_CPU_MS = 40;
const SHARD_GIGABYTES = 0.128;
const SECONDS_A_MONTH = 30.4 * 86_400;

const times = JSON.parse(readFileSync(options.times, "utf8")) as Times;
const prices = JSON.parse(readFileSync(new URL("../../docs/prices.json", import.meta.url), "utf8"));
const images = Number(options.images);
const shards = Math.ceil(images / times.images);
const allMs = times.msByFrame.flat();
const frameMs = times.msByFrame.map(median);
const variations = times.msByFrame.flatMap((ms, frame) => ms.map((one) => one / (frameMs[frame] as number)));
const random = randomFrom(9);

console.log(
  `${images} pictures in ${shards} Shards of ${times.images}; of one Shard ${allMs.length} times of ${frameMs.length} frames were measured, ` +
    `median ${median(allMs)} ms, p95 ${percentile(allMs, 95)} ms, ${times.rowsRead} rows read a question; ` +
    `a frame's times are ${percentile(variations, 5).toFixed(2)} to ${percentile(variations, 95).toFixed(2)} of its median (p5, p95)`,
);
console.log(
  `model: Worker ${WORKER_MS} ms; each Shard a round trip of ${ROUND_TRIP_MS.join("-")} ms, uniform, and the frame's time, varied; ` +
    `cold, ${COLD_MS.join("-")} ms more; a question takes as long as its slowest Shard`,
);
for (const cold of COLD_PROBABILITIES) {
  const totals = Array.from({ length: Number(options.questions) }, () => WORKER_MS + slowest(cold));
  const at = (percent: number) => percentile(totals, percent).toFixed(0);
  console.log(`a Shard is cold with probability ${cold}: p50 ${at(50)} ms, p95 ${at(95)} ms, p99 ${at(99)} ms`);
}
for (const perSecond of [1, 100]) console.log(costText(perSecond));

function slowest(cold: number): number {
  const ms = draw(frameMs);
  let most = 0;
  for (let shard = 0; shard < shards; shard++) {
    const start = random() < cold ? between(random, ...COLD_MS) : 0;
    most = Math.max(most, start + between(random, ...ROUND_TRIP_MS) + ms * draw(variations));
  }
  return most;
}

function draw(values: readonly number[]): number {
  return values[Math.floor(random() * values.length)] as number;
}

function costText(perSecond: number): string {
  const questions = perSecond * SECONDS_A_MONTH;
  const mean = allMs.reduce((sum, ms) => sum + ms, 0) / allMs.length;
  const uses = {
    requests: questions,
    cpuMs: questions * WORKER_CPU_MS,
    objectRequests: questions * (shards + 1),
    objectGigabyteSeconds: (questions * shards * mean * SHARD_GIGABYTES) / 1000,
    rowsRead: questions * shards * times.rowsRead,
    rowsWritten: questions * 3,
    kvReads: questions,
  };
  const dollars = Object.entries(uses).map(([what, amount]) => {
    const { included, perMillion } = prices[what];
    return [what, (Math.max(0, amount - included) / 1e6) * perMillion] as const;
  });
  const gigabytes = (images * times.bytesPerImage) / 1e9;
  dollars.push([
    "storage",
    Math.max(0, gigabytes - prices.storedGigabyteMonths.included) * prices.storedGigabyteMonths.each,
  ]);
  const sum = dollars.reduce((total, [, amount]) => total + amount, prices.plan);
  const parts = dollars.map(([what, amount]) => `${what} ${amount.toFixed(0)}`).join(", ");
  const busy = (perSecond * mean) / 1000;
  const short =
    busy > 1
      ? `; one Shard would be busy ${busy.toFixed(1)} times over, so this needs replicas, which there are not`
      : "";
  return `${perSecond} questions a second: ${sum.toFixed(0)} dollars a month (plan ${prices.plan}, ${parts})${short}`;
}
