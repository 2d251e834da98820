/**
 * How recognition scales with the number of images: one Shard, or several of a channel, in real workerd with real SQLite,
 * grown step by step. Where there are not enough real pictures, targets are made (made-targets.ts).
 *
 * With --under, each step is measured under load as well: at fixed rates, after kill -9, and while images are added.
 *
 * With --state, what was loaded is kept in that folder, and the next run asks it as it is, also one of another version.
 *
 *   npm run bench:index -- --set DIR --distractors DIR [--images 1000,10000,100000] [--queries 750]
 *     [--shards 1] [--save FILE] [--under] [--state DIR]
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { collectIsolates } from "../../scripts/verify/isolates.ts";
import { buildBundle, startWorkerd } from "../../scripts/workerd.ts";
import { IMPORT_MOST } from "../../shared/protocol.ts";
import { randomFrom } from "../../shared/random.ts";
import { shardNumber } from "../../worker/catalog/shard-map.ts";
import type { SearchTimes, Target } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { writeSegment } from "../../worker/index/segment.ts";
import { readTarget } from "../../worker/recognize/extract.ts";
import { type Asked, readAsked } from "./asked.ts";
import { type Differences, makeTarget, measureDifferences } from "./made-targets.ts";
import { type Picture, type Query, readPictures, readSet } from "./set.ts";
import { median, percentile } from "./summary.ts";

const { values: options } = parseArgs({
  options: {
    set: { type: "string" },
    distractors: { type: "string" },
    images: { type: "string", default: "1000,10000,100000" },
    queries: { type: "string", default: "750" },
    shards: { type: "string", default: "1" },
    /** Where the times for frames without target go, for bench:model: of many Shards one at most has what a frame shows. */
    save: { type: "string" },
    under: { type: "boolean", default: false },
    state: { type: "string" },
    port: { type: "string", default: "8799" },
  },
});
if (!options.set || !options.distractors) throw new Error("say where the pictures are: --set DIR --distractors DIR");

const LIMITS = { maxBytes: 64 * 2 ** 20, maxPixels: 100e6, minSide: 1 };
const ISOLATE = "core:user:lookmark";
/** Each frame is asked so often, after all others: the model wants to know how much its time varies. */
const ROUNDS = 3;
/** Questions a second, asked whether or not those before are answered, for so long. */
const RATES = [1, 10, 50];
const RATE_SECONDS = 10;
/** No longer shall a question wait for an alarm. */
const BUSY_GOAL_MS = 20;
/** Enough for a pass over the pages, and for a merge of segments. */
const ADDED_MEANWHILE = 4000;

const HEAD =
  "  images  made   real right  simulated  wrong  negatives  brought  verified  search+verify ms: p50  p95  p99   with target: p50  p95  round trip: p50  p95  rows p50  with target  bytes/image  workerd MB  build/s";
const shards = Number(options.shards);
const core = loadCore();
const random = randomFrom(7);
const folder = mkdtempSync(join(tmpdir(), "lookmark-bench-"));
const stateDir = options.state ?? join(folder, "state");
/** How many images are there already. */
const loadedFile = join(stateDir, "loaded");
const bundle = buildBundle(join(folder, "bundle"), "test/support/bench-worker.ts");
const port = Number(options.port);
const inspectorPort = port + 1;
const start = () => startWorkerd({ port, stateDir, bundle, inspectorPort });
let local = await start();
try {
  await measure();
} finally {
  await local.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** What a Shard did for a question. */
interface Seen extends SearchTimes {
  readonly rowsRead: number;
  readonly databaseBytes: number;
  readonly brought?: string[];
  readonly verified: string[];
}

/** How long the Shard was busy each time, ms: by itself, and while R2 worked for it, on the same thread here. */
interface Busy {
  readonly own: number[];
  readonly withR2: number[];
  /** Of a pass over the pages. */
  readonly slices: number[];
}

/** The real pictures, and what made ones are made with. */
interface Sources {
  readonly targets: readonly Target[];
  readonly distractors: readonly Target[];
  readonly differences: Differences;
}

async function measure(): Promise<void> {
  const set = readSet(options.set as string);
  const names: string[] = [];
  const targets = await targetsOf(set.targets, names);
  const distractors = await targetsOf(readPictures(options.distractors as string), names);
  const queries = await readAsked(
    core,
    set.queries.filter((_, i) => i % Math.ceil(set.queries.length / Number(options.queries)) === 0),
  );
  console.log(`${targets.length} targets, ${distractors.length} distractors, ${queries.length} frames`);
  const { differences, summary } = await measureDifferences(core, queries, set.targets);
  console.log(summary);
  console.log(HEAD);
  const sources = { targets, distractors, differences };
  const kept = existsSync(loadedFile) ? Number(readFileSync(loadedFile, "utf8")) : 0;
  let loaded = kept;
  for (const wanted of (options.images as string).split(",").map(Number)) {
    if (kept && wanted !== kept) throw new Error(`${stateDir} has ${kept} images: ask with --images ${kept}`);
    const began = performance.now();
    const before = loaded;
    loaded += await load(loaded, wanted - loaded, sources);
    const perSecond = (loaded - before) / ((performance.now() - began) / 1000);
    await finishAlarms();
    await report(loaded, Math.max(0, loaded - targets.length - distractors.length), perSecond, queries, names);
    await reportMemory();
    if (!options.under) continue;
    for (const rate of RATES) await reportRate(rate, queries);
    await reportCold(queries);
    loaded += await reportWhileAdding(queries, () => load(loaded, ADDED_MEANWHILE, sources));
    loaded += await reportBusy(() => load(loaded, ADDED_MEANWHILE, sources));
  }
}

/** So that what is measured then is the question alone. */
async function finishAlarms(): Promise<void> {
  for (let shard = 0; shard < shards; shard++) {
    while (await (await fetch(`${local.origin}/flush?shard=${shard}`)).json());
  }
}

/** The identifier of what is found, undefined for nothing. */
async function ask({ frame: { image, features } }: Asked): Promise<string | undefined> {
  const address = `${local.origin}/ask?shards=${shards}&width=${image.width}&height=${image.height}`;
  const response = await fetch(address, { method: "POST", body: new Blob([image.pixels, features] as BlobPart[]) });
  const answer = (await response.json()) as { value?: { hits: { identifier: string }[] } };
  if (!answer.value) throw new Error(`not answered: ${JSON.stringify(answer)}`);
  return answer.value.hits[0]?.identifier;
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

/** For how long the Shard is at work at a stretch while nothing is asked. */
async function reportBusy(add: () => Promise<number>): Promise<number> {
  let added = 0;
  await printBusy("images are added and put on pages", async () => {
    added = await add();
  });
  await printBusy("they are flushed to segments", finishAlarms);
  return added;
}

async function printBusy(when: string, work: () => Promise<void>): Promise<void> {
  await fetch(`${local.origin}/watch`);
  await work();
  const { own, withR2, slices } = (await (await fetch(`${local.origin}/unwatch`)).json()) as Busy;
  const say = (times: number[]) => {
    const at = (share: number) => percentile(times, share).toFixed(0);
    const late = times.filter((ms) => ms > BUSY_GOAL_MS).length;
    return `${times.length} times, p50 ${at(50)}, p95 ${at(95)}, most ${at(100)} ms, ${late} above ${BUSY_GOAL_MS}`;
  };
  const more = (name: string, times: number[]) => (times.length > 0 ? `; ${name} ${say(times)}` : "");
  console.log(
    `          while ${when}, at a stretch busy ${say(own)}${more("with R2", withR2)}${more("slices of pages", slices)}`,
  );
}

/** What the isolate of the Shard holds when its garbage is collected. */
async function reportMemory(): Promise<void> {
  const held = (await collectIsolates(inspectorPort)).get(ISOLATE);
  if (!held) throw new Error(`no isolate ${ISOLATE}`);
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  console.log(
    `          the isolate of Worker and Shard holds ${megabytes(held.heap + held.wasm)} MB: ${megabytes(held.heap)} heap, ${megabytes(held.wasm)} WebAssembly memory`,
  );
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

/** Numbers from 1: first the targets, so that in a large shard they are the oldest; then distractors; then made ones. */
async function load(loaded: number, count: number, { targets, distractors, differences }: Sources): Promise<number> {
  for (let first = loaded; first < loaded + count; first += IMPORT_MOST) {
    const portion = Array.from({ length: Math.min(IMPORT_MOST, loaded + count - first) }, (_, i) => {
      const at = first + i;
      const real = targets[at] ?? distractors[at - targets.length];
      return { id: at + 1, target: real ?? makeTarget(distractors, differences, random) };
    });
    for (const [shard, part] of Map.groupBy(portion, ({ id }) => shardNumber(`image.${id}`, shards))) {
      const address = `${local.origin}/load?shard=${shard}`;
      const response = await fetch(address, { method: "POST", body: writeSegment(part) as BodyInit });
      const answer = (await response.json()) as { ok: boolean };
      if (!answer.ok) throw new Error(`not loaded: ${JSON.stringify(answer)}`);
    }
  }
  writeFileSync(loadedFile, String(loaded + count));
  return count;
}

async function report(
  images: number,
  made: number,
  perSecond: number,
  queries: readonly Asked[],
  names: readonly string[],
): Promise<void> {
  const msByFrame: number[][] = queries.map(() => []);
  const tripMs: number[] = [];
  const rowsByFrame: number[][] = queries.map(() => []);
  const right = { real: 0, synthetic: 0, negative: 0 };
  const among = { brought: 0, verified: 0 };
  let [wrong, bytes] = [0, 0];
  const time = async (frame: number) => {
    const began = performance.now();
    const identifier = await ask(queries[frame] as Asked);
    tripMs.push(performance.now() - began);
    const seen = (await (await fetch(`${local.origin}/seen?shards=${shards}`)).json()) as Seen[];
    for (const { searchMs, verifyMs, rowsRead } of seen) {
      msByFrame[frame]?.push(tenths(searchMs + verifyMs));
      rowsByFrame[frame]?.push(rowsRead);
    }
    return { identifier, seen };
  };
  for (const [frame, query] of queries.entries()) {
    const { kind, right: truth, shared } = query;
    const { identifier, seen } = await time(frame);
    bytes = seen.reduce((sum, { databaseBytes }) => sum + databaseBytes, 0);
    const shows = (identifiers: string[]) => identifiers.some((one) => truth.has(nameOf(one, names)));
    if (kind !== "negative" && seen.some(({ brought }) => !brought || shows(brought))) among.brought++;
    if (seen.some(({ verified }) => shows(verified))) among.verified++;
    if (!identifier) continue;
    const name = nameOf(identifier, names);
    if (kind === "negative" || truth.has(name)) right[kind]++;
    else if (!shared.has(name)) wrong++;
  }
  for (let round = 1; round < ROUNDS; round++) for (const frame of queries.keys()) await time(frame);
  const of = (kind: Query["kind"]) => queries.filter((query) => query.kind === kind).length;
  const withTarget = of("real") + of("synthetic");
  const at = (values: readonly number[], percent: number) => percentile(values, percent).toFixed(0);
  const shardMs = msByFrame.flat();
  const framesOf = (byFrame: number[][], withTarget: boolean) =>
    byFrame.filter((_, frame) => (queries[frame]?.kind !== "negative") === withTarget);
  if (options.save) {
    const times = {
      images: images / shards,
      msByFrame: framesOf(msByFrame, false),
      rowsRead: median(framesOf(rowsByFrame, false).flat()),
      bytesPerImage: bytes / images,
    };
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
      `${among.brought}/${withTarget}`.padStart(9),
      `${among.verified}/${withTarget}`.padStart(10),
      " ".repeat(20),
      at(shardMs, 50).padStart(4),
      at(shardMs, 95).padStart(4),
      at(shardMs, 99).padStart(4),
      at(framesOf(msByFrame, true).flat(), 50).padStart(18),
      at(framesOf(msByFrame, true).flat(), 95).padStart(4),
      at(tripMs, 50).padStart(17),
      at(tripMs, 95).padStart(4),
      at(rowsByFrame.flat(), 50).padStart(9),
      at(framesOf(rowsByFrame, true).flat(), 50).padStart(12),
      (bytes / images).toFixed(0).padStart(10),
      workerdMegabytes().padStart(10),
      perSecond.toFixed(0).padStart(8),
    ].join(" "),
  );
}

function nameOf(identifier: string, names: readonly string[]): string {
  return names[Number(identifier.slice("image.".length)) - 1] ?? "";
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
