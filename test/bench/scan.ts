/**
 * How near the scan of posting pages comes to the memory's bandwidth: the pages that a frame asks for are read once, and
 * scanned, in turns in the same run. Where there are not enough real pictures, targets are made (made-targets.ts).
 *
 *   npm run bench:scan -- --set DIR --distractors DIR [--images 100000] [--frames 60] [--rounds 15]
 */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { randomFrom } from "../../shared/random.ts";
import { PAGED_WORDS_MOST, type Target } from "../../worker/core/core.ts";
import { FEATURE_BYTES } from "../../worker/core/feature.ts";
import { loadCore, loadWordCommonness } from "../../worker/core/node.ts";
import { PAGED_AT_ONCE } from "../../worker/index/live-index.ts";
import { thinned } from "../../worker/index/page.ts";
import { readFrame, readTarget } from "../../worker/recognize/extract.ts";
import { Kernels } from "../core/kernels.ts";
import { readAsked } from "./asked.ts";
import { makeTarget, measureDifferences } from "./made-targets.ts";
import { addToPages } from "./memory-store.ts";
import { type Picture, readPictures, readSet } from "./set.ts";
import { median, percentile, table } from "./summary.ts";

const { values: options } = parseArgs({
  options: {
    set: { type: "string" },
    distractors: { type: "string" },
    images: { type: "string", default: "0" },
    frames: { type: "string", default: "60" },
    rounds: { type: "string", default: "15" },
  },
});
if (!options.set || !options.distractors) throw new Error("say where the pictures are: --set DIR --distractors DIR");

const LIMITS = { maxBytes: 64 * 2 ** 20, maxPixels: 100e6, minSide: 1 };
/** So much is read at a step. */
const STEP_BYTES = 64;

interface Page {
  readonly address: number;
  readonly bytes: number;
}

const core = loadCore();
const kernels = new Kernels();
const commonness = loadWordCommonness();
const { targets, queries } = readSet(options.set);
const frames = queries.filter((_, i) => i % Math.ceil(queries.length / Number(options.frames)) === 0);
const pagesByWord = await writePages();
const measured = { megabytes: [] as number[], read: [] as number[], scanned: [] as number[], share: [] as number[] };
for (const { file } of frames) await measure(file);
printTable();

/** As a Shard has them that all targets went through. */
async function writePages(): Promise<Map<number, Uint8Array>> {
  const real = await targetsOf([...targets, ...readPictures(options.distractors as string)]);
  const { differences } = await measureDifferences(core, await readAsked(core, frames), targets);
  const random = randomFrom(7);
  const pages = new Map<number, Uint8Array>();
  const count = Math.max(real.length, Number(options.images));
  for (let first = 0; first < count; first += PAGED_AT_ONCE) {
    const batch = Array.from({ length: Math.min(PAGED_AT_ONCE, count - first) }, (_, i) => {
      const target = real[first + i] ?? makeTarget(real, differences, random);
      return thinned({ id: first + i + 1, target }, commonness);
    });
    addToPages(pages, batch);
  }
  console.log(`${count} targets on pages, ${count - real.length} of them made`);
  return pages;
}

async function targetsOf(pictures: readonly Picture[]): Promise<Target[]> {
  const read: Target[] = [];
  for (const { file } of pictures) {
    const picture = await readTarget(core, readFileSync(file), LIMITS);
    if (picture.ok) read.push(picture.value.target);
  }
  return read;
}

async function measure(file: string): Promise<void> {
  const frame = await readFrame(core, readFileSync(file), LIMITS);
  if (!frame.ok) return;
  const start = kernels.run("mark");
  const query = kernels.place(frame.value.features);
  const count = frame.value.features.length / FEATURE_BYTES;
  kernels.run("prepareQuery", query, count);
  const pages = placePages(count);
  const times = { read: [] as number[], scan: [] as number[] };
  for (let round = 0; round < Number(options.rounds); round++) {
    times.read.push(timed(() => readOnce(pages)));
    times.scan.push(timed(() => scan(pages, count)));
  }
  kernels.run("release", start);
  const bytes = pages.reduce((sum, page) => sum + page.bytes, 0);
  measured.megabytes.push(bytes / 1e6);
  measured.read.push(bytes / 1e6 / median(times.read));
  measured.scanned.push(bytes / 1e6 / median(times.scan));
  measured.share.push((100 * median(times.read)) / median(times.scan));
}

/** The pages that the query would read, in the kernels' memory. */
function placePages(count: number): Page[] {
  const words = kernels.take(2 * PAGED_WORDS_MOST);
  const chosen = kernels.run("chooseWords", count, words, PAGED_WORDS_MOST);
  const pages: Page[] = [];
  for (const word of new Uint16Array(kernels.bytes(words, 2 * chosen).buffer)) {
    const page = pagesByWord.get(word);
    if (page) pages.push({ address: kernels.place(page), bytes: page.length });
  }
  return pages;
}

function readOnce(pages: readonly Page[]): void {
  for (const { address, bytes } of pages) kernels.run("readOnce", address, STEP_BYTES * Math.ceil(bytes / STEP_BYTES));
}

function scan(pages: readonly Page[], count: number): void {
  const before = kernels.run("mark");
  kernels.run("preparePages", count);
  for (const { address, bytes } of pages) kernels.run("scanPage", address, bytes);
  kernels.run("release", before);
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function printTable(): void {
  const row = (name: string, values: number[]) => [
    name,
    median(values).toFixed(2),
    percentile(values, 5).toFixed(2),
    percentile(values, 95).toFixed(2),
  ];
  console.log(`${measured.read.length} frames, pages of up to ${PAGED_WORDS_MOST} words each`);
  console.log(
    table(
      ["", "median", "p5", "p95"],
      [
        row("MB of pages a frame", measured.megabytes),
        row("read once, GB/s", measured.read),
        row("scanned, GB/s", measured.scanned),
        row("scanned, % of read once", measured.share),
      ],
    ),
  );
}
