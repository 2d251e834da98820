/**
 * How recognition scales with the number of images: one Shard, or several of a channel, in real workerd with real SQLite,
 * grown step by step.
 * Where there are not enough real pictures, targets are made of the features of eight random distractors each, with
 * some of their signatures' bits flipped.
 *
 * With --under, each step is measured under load as well: at fixed rates, while images are added, and after kill -9.
 *
 *   npm run bench:index -- --set DIR --distractors DIR [--images 1000,10000,100000] [--queries 750]
 *     [--shards 1] [--save FILE] [--under]
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startLocal } from "../../scripts/local.ts";
import { portFree } from "../../scripts/workerd.ts";
import { randomFrom } from "../../shared/random.ts";
import { shardNumber } from "../../worker/catalog/shard-map.ts";
import { TARGET_FEATURE_BYTES, type Target } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { writeSegment } from "../../worker/index/segment.ts";
import { type Frame, readFrame, readTarget, TARGET_FEATURES } from "../../worker/recognize/extract.ts";
import { type Picture, type Query, readPictures, readSet } from "./set.ts";
import { percentile } from "./summary.ts";

const { values: options } = parseArgs({
  options: {
    set: { type: "string" },
    distractors: { type: "string" },
    images: { type: "string", default: "1000,10000,100000" },
    queries: { type: "string", default: "750" },
    shards: { type: "string", default: "1" },
    /** Where the times of the Shards go, for bench:model. */
    save: { type: "string" },
    under: { type: "boolean", default: false },
    port: { type: "string", default: "8799" },
  },
});
if (!options.set || !options.distractors) throw new Error("say where the pictures are: --set DIR --distractors DIR");

const LIMITS = { maxBytes: 64 * 2 ** 20, maxPixels: 100e6, minSide: 1 };
const PORTION = 500;
const SOURCES = 8;
/** Of a signature's bits: so that no made feature is the copy of a real one. */
const FLIP_PROBABILITY = 0.08;
/** Questions a second, asked whether or not those before are answered, for so long. */
const RATES = [1, 10, 50];
const RATE_SECONDS = 10;
/** Enough for a pass over the pages. */
const ADDED_MEANWHILE = 4000;

const shards = Number(options.shards);
const core = loadCore();
const random = randomFrom(7);
const stateDir = mkdtempSync(join(tmpdir(), "lookmark-bench-"));
const start = () => startLocal({ port: Number(options.port), stateDir, entry: "test/support/bench-worker.ts" });
let local = await start();
try {
  await measure();
} finally {
  await local.stop();
  rmSync(stateDir, { recursive: true, force: true });
}

interface Asked {
  readonly name: string;
  readonly right: ReadonlySet<string>;
  readonly shared: ReadonlySet<string>;
  readonly kind: Query["kind"];
  readonly frame: Frame;
}

interface Answer {
  readonly found: { value: { hits: { identifier: string; score: number }[]; searchMs: number; verifyMs: number } };
  readonly rowsRead: number;
  readonly databaseBytes: number;
}

async function measure(): Promise<void> {
  const set = readSet(options.set as string);
  const names: string[] = [];
  const targets = await targetsOf(set.targets, names);
  const distractors = await targetsOf(readPictures(options.distractors as string), names);
  const queries = await framesOf(
    set.queries.filter((_, i) => i % Math.ceil(set.queries.length / Number(options.queries)) === 0),
  );
  console.log(`${targets.length} targets, ${distractors.length} distractors, ${queries.length} frames`);
  console.log(
    "  images  made   real right  simulated  wrong  negatives  search+verify ms: p50  p95  p99   round trip: p50  p95  rows p50  bytes/image  workerd MB  build/s",
  );
  let loaded = 0;
  for (const wanted of (options.images as string).split(",").map(Number)) {
    const began = performance.now();
    const before = loaded;
    for (; loaded < wanted; )
      loaded += await loadPortion(loaded, Math.min(PORTION, wanted - loaded), targets, distractors);
    const perSecond = (loaded - before) / ((performance.now() - began) / 1000);
    await report(loaded, Math.max(0, loaded - targets.length - distractors.length), perSecond, queries, names);
    if (!options.under) continue;
    for (const rate of RATES) await reportRate(rate, queries);
    await reportCold(queries);
    loaded += await reportWhileAdding(queries, async () => {
      let added = 0;
      for (; added < ADDED_MEANWHILE; ) added += await loadPortion(loaded + added, PORTION, targets, distractors);
      return added;
    });
  }
}

async function ask({ frame }: Asked): Promise<Answer[]> {
  const { width, height } = frame.size;
  const address = `${local.origin}/ask?shards=${shards}&width=${width}&height=${height}`;
  const response = await fetch(address, { method: "POST", body: frame.features as BodyInit });
  if (!response.ok) throw new Error(`not answered: ${response.status}`);
  return (await response.json()) as Answer[];
}

/** From when it was due, so that one that waits for those before it counts as late. */
async function askedAt(due: number, query: Asked): Promise<number> {
  await ask(query);
  return performance.now() - due;
}

async function reportRate(rate: number, queries: readonly Asked[]): Promise<void> {
  const began = performance.now();
  const asked: Promise<number>[] = [];
  for (let i = 0; i < rate * RATE_SECONDS; i++) {
    const due = began + (1000 * i) / rate;
    await sleep(Math.max(0, due - performance.now()));
    asked.push(askedAt(due, queries[i % queries.length] as Asked));
  }
  printTimes(`at ${rate} questions a second`, await Promise.all(asked));
}

/** The first questions after a `kill -9`, the start of the process not counted. */
async function reportCold(queries: readonly Asked[]): Promise<void> {
  await local.stop("SIGKILL");
  await portFree(Number(options.port), stateDir);
  local = await start();
  const times: string[] = [];
  for (const query of queries.slice(0, 3)) times.push((await askedAt(performance.now(), query)).toFixed(0));
  console.log(`          after kill -9: first question ${times[0]} ms, then ${times.slice(1).join(" and ")} ms`);
}

/** One question after the other while `add` runs. */
async function reportWhileAdding(queries: readonly Asked[], add: () => Promise<number>): Promise<number> {
  let done = false;
  const adding = add().finally(() => {
    done = true;
  });
  const times: number[] = [];
  for (let i = 0; !done; i++) times.push(await askedAt(performance.now(), queries[i % queries.length] as Asked));
  printTimes(`while ${ADDED_MEANWHILE} images are added and put on pages`, times);
  return adding;
}

function printTimes(when: string, times: number[]): void {
  const at = (share: number) => percentile(times, share).toFixed(0);
  console.log(`          ${when}: ${times.length} answered, p50 ${at(50)}, p95 ${at(95)}, most ${at(100)} ms`);
}

async function targetsOf(pictures: readonly Picture[], names: string[]): Promise<Target[]> {
  const targets: Target[] = [];
  for (const { name, file } of pictures) {
    const read = await readTarget(core, readFileSync(file), LIMITS);
    if (!read.ok) continue;
    targets.push(read.value.target);
    names.push(name);
  }
  return targets;
}

async function framesOf(queries: readonly Query[]): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const query of queries) {
    const frame = await readFrame(core, readFileSync(query.file), LIMITS);
    if (frame.ok) asked.push({ ...query, frame: frame.value });
  }
  return asked;
}

/** Numbers from 1: first the targets, so that in a large shard they are the oldest; then distractors; then made ones. */
async function loadPortion(loaded: number, count: number, targets: Target[], distractors: Target[]): Promise<number> {
  const portion = Array.from({ length: count }, (_, i) => {
    const at = loaded + i;
    return { id: at + 1, target: targets[at] ?? distractors[at - targets.length] ?? madeOf(distractors) };
  });
  for (const [shard, part] of Map.groupBy(portion, ({ id }) => shardNumber(`image.${id}`, shards))) {
    const address = `${local.origin}/load?shard=${shard}`;
    const response = await fetch(address, { method: "POST", body: writeSegment(part) as BodyInit });
    const answer = (await response.json()) as { ok: boolean };
    if (!answer.ok) throw new Error(`not loaded: ${JSON.stringify(answer)}`);
  }
  return count;
}

function madeOf(distractors: readonly Target[]): Target {
  const sources = Array.from(
    { length: SOURCES },
    () => distractors[Math.floor(random() * distractors.length)] as Target,
  );
  const features: Uint8Array[] = [];
  for (let i = 0; i < TARGET_FEATURES; i++) {
    const source = (sources[i % SOURCES] as Target).features;
    const from = TARGET_FEATURE_BYTES * Math.floor((random() * source.length) / TARGET_FEATURE_BYTES);
    const feature = source.slice(from, from + TARGET_FEATURE_BYTES);
    for (let bit = 0; bit < 64; bit++)
      if (random() < FLIP_PROBABILITY) feature[bit >> 3] = (feature[bit >> 3] as number) ^ (1 << (bit & 7));
    features.push(feature);
  }
  const word = (feature: Uint8Array) => (feature[12] as number) | ((feature[13] as number) << 8);
  features.sort((a, b) => word(a) - word(b));
  return { width: 480, height: 480, features: new Uint8Array(features.flatMap((feature) => [...feature])) };
}

async function report(
  images: number,
  made: number,
  perSecond: number,
  queries: readonly Asked[],
  names: readonly string[],
): Promise<void> {
  const shardMs: number[] = [];
  const tripMs: number[] = [];
  const rows: number[] = [];
  const right = { real: 0, synthetic: 0, negative: 0 };
  let [wrong, bytes] = [0, 0];
  for (const query of queries) {
    const { kind, right: truth, shared } = query;
    const began = performance.now();
    const answers = await ask(query);
    tripMs.push(performance.now() - began);
    for (const { found, rowsRead } of answers) {
      shardMs.push(found.value.searchMs + found.value.verifyMs);
      rows.push(rowsRead);
    }
    bytes = answers.reduce((sum, { databaseBytes }) => sum + databaseBytes, 0);
    const [best] = answers.flatMap(({ found }) => found.value.hits).sort((a, b) => b.score - a.score);
    if (!best) continue;
    const name = names[Number(best.identifier.slice("image.".length)) - 1] ?? "";
    if (kind === "negative" || truth.has(name)) right[kind]++;
    else if (!shared.has(name)) wrong++;
  }
  const of = (kind: Query["kind"]) => queries.filter((query) => query.kind === kind).length;
  const at = (values: number[], share: number) =>
    (values.sort((a, b) => a - b)[Math.floor(share * values.length)] as number).toFixed(0);
  if (options.save) {
    const rowsRead = rows[rows.length >> 1];
    const times = { images: images / shards, shardMs: shardMs.map(tenths), rowsRead, bytesPerImage: bytes / images };
    writeFileSync(options.save, JSON.stringify(times));
  }
  console.log(
    [
      String(images).padStart(8),
      String(made).padStart(7),
      `${right.real}/${of("real")}`.padStart(10),
      `${right.synthetic}/${of("synthetic")}`.padStart(10),
      String(wrong).padStart(6),
      `${right.negative}/${of("negative")}`.padStart(9),
      " ".repeat(20),
      at(shardMs, 0.5).padStart(4),
      at(shardMs, 0.95).padStart(4),
      at(shardMs, 0.99).padStart(4),
      " ".repeat(14),
      at(tripMs, 0.5).padStart(4),
      at(tripMs, 0.95).padStart(4),
      at(rows, 0.5).padStart(8),
      (bytes / images).toFixed(0).padStart(10),
      workerdMegabytes().padStart(10),
      perSecond.toFixed(0).padStart(8),
    ].join(" "),
  );
}

function tenths(ms: number): number {
  return Math.round(10 * ms) / 10;
}

/** Memory of the process that has the shard, and the Worker beside it. */
function workerdMegabytes(): string {
  const rows = execFileSync("ps", ["-eo", "pgid,rss,comm"], { encoding: "utf8" }).split("\n");
  const mine = rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([group, , name]) => Number(group) === local.process.pid && name?.includes("workerd"));
  return mine.length > 0 ? (mine.reduce((sum, [, kilobytes]) => sum + Number(kilobytes), 0) / 1024).toFixed(0) : "?";
}
