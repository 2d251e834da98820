/**
 * How near the scan of posting pages comes to the memory's bandwidth: the pages that a frame asks for are read once, and
 * scanned, in turns in the same run.
 *
 *   npm run bench:scan -- --set DIR --distractors DIR [--frames 60] [--rounds 15]
 */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FEATURE_BYTES } from "../../worker/core/feature.ts";
import { loadCore, loadWordCommonness } from "../../worker/core/node.ts";
import { BLOCK_POSTINGS_MOST, blocksOf, thinned } from "../../worker/index/page.ts";
import type { NumberedTarget } from "../../worker/index/segment.ts";
import { readFrame, readTarget } from "../../worker/recognize/extract.ts";
import { Kernels } from "../core/kernels.ts";
import { type Picture, readPictures, readSet } from "./set.ts";
import { median, percentile, table } from "./summary.ts";

const { values: options } = parseArgs({
  options: {
    set: { type: "string" },
    distractors: { type: "string" },
    frames: { type: "string", default: "60" },
    rounds: { type: "string", default: "15" },
  },
});
if (!options.set || !options.distractors) throw new Error("say where the pictures are: --set DIR --distractors DIR");

const LIMITS = { maxBytes: 64 * 2 ** 20, maxPixels: 100e6, minSide: 1 };
const PAGES = 900;
/** So much is read at a step. */
const STEP_BYTES = 64;

interface Page {
  readonly word: number;
  readonly address: number;
  readonly bytes: number;
}

const core = loadCore();
const kernels = new Kernels();
const commonness = loadWordCommonness();
const { targets, queries } = readSet(options.set);
const blocks = blocksOf(await targetsOf([...targets, ...readPictures(options.distractors)]));
const measured = { megabytes: [] as number[], read: [] as number[], scanned: [] as number[], share: [] as number[] };
const step = Math.ceil(queries.length / Number(options.frames));
for (const { file } of queries.filter((_, i) => i % step === 0)) await measure(file);
printTable();

async function targetsOf(pictures: readonly Picture[]): Promise<NumberedTarget[]> {
  const numbered: NumberedTarget[] = [];
  for (const { file } of pictures) {
    const read = await readTarget(core, readFileSync(file), LIMITS);
    if (read.ok) numbered.push(thinned({ id: numbered.length + 1, target: read.value.target }, commonness));
  }
  return numbered;
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
    times.scan.push(timed(() => scan(pages)));
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
  const words = kernels.take(2 * PAGES);
  const chosen = kernels.run("chooseWords", count, words, PAGES);
  const pages: Page[] = [];
  for (const word of new Uint16Array(kernels.bytes(words, 2 * chosen).buffer)) {
    const block = blocks.get(word);
    if (block) pages.push({ word, address: kernels.place(block), bytes: block.length });
  }
  return pages;
}

function readOnce(pages: readonly Page[]): void {
  for (const { address, bytes } of pages) kernels.run("readOnce", address, STEP_BYTES * Math.ceil(bytes / STEP_BYTES));
}

function scan(pages: readonly Page[]): void {
  const before = kernels.run("mark");
  kernels.run("preparePages", BLOCK_POSTINGS_MOST);
  for (const { word, address, bytes } of pages) kernels.run("scanPage", word, address, bytes);
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
  console.log(`${measured.read.length} frames, up to ${PAGES} pages each`);
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
