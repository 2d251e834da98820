/** `npm run bench:false-matches`: how often a frame without any target is taken for one, by score. */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { MATCHRATIO_DEFAULT } from "../../worker/index/score.ts";
import { upperBound } from "./bounds.ts";
import { type Picture, readPictures, readSet } from "./set.ts";
import { table } from "./summary.ts";

/** What a thread is given: of all `frames` it takes every `step`th from `first`. */
export interface Task {
  readonly index: readonly Picture[];
  readonly sources: readonly Picture[];
  readonly frames: number;
  readonly first: number;
  readonly step: number;
}

/** The best answer to a frame, whatever its score. */
export interface FrameAnswer {
  readonly frame: number;
  /** Names of the pictures that the frame shows. */
  readonly source: string;
  /** `as it is`, `crop` or `warp`. */
  readonly kind: string;
  readonly score: number;
  readonly matched: string;
  readonly inliers: number;
  readonly visible: number;
}

const { values: options } = parseArgs({
  options: {
    set: { type: "string" },
    distractors: { type: "string" },
    frames: { type: "string", default: "50000" },
    threads: { type: "string", default: "1" },
    siblings: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const [frames, threads] = [Number(options.frames), Number(options.threads)];
if (!options.set || !options.distractors || !(frames >= 1) || !(threads >= 1)) {
  console.error(
    "usage: npm run bench:false-matches -- --set DIR --distractors DIR [--siblings] [--frames 50000] [--threads 1] [--json FILE]",
  );
  process.exit(2);
}

const set = readSet(options.set);
const distractors = readPictures(options.distractors);
// With siblings, every other distractor fills the index and the rest are frames, so that a frame often shows a card or
// cover whose series is in the index without it: the hardest case.
const indexed = distractors.filter((_, i) => options.siblings && i % 2 === 0);
const shown = distractors.filter((picture) => !indexed.includes(picture));
const index = [...set.targets, ...indexed];
const negatives = set.queries.filter(({ kind }) => kind === "negative");
const negativeNames = new Set(negatives.map(({ name }) => name));
const sources = [...negatives.map(({ name, file }) => ({ name, file })), ...shown];
const SHOWN = 40;
const began = performance.now();
const answers = (
  await Promise.all(
    Array.from({ length: threads }, (_, first) => run({ index, sources, frames, first, step: threads })),
  )
)
  .flat()
  .sort((a, b) => b.score - a.score || a.frame - b.frame);
report();

function run(task: Task): Promise<FrameAnswer[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./false-matches-thread.ts", import.meta.url), { workerData: task });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

function atOrAbove(score: number): number {
  return answers.filter((answer) => answer.score >= score).length;
}

function per10000(rate: number): string {
  return (10_000 * rate).toFixed(2);
}

function report(): void {
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`index: ${index.length} pictures; ${answers.length} frames of ${sources.length} pictures; ${seconds} s`);
  const rows = ["as it is", "crop", "warp"].flatMap((kind) => [
    countRow(`${kind}, of the set's negatives`, (answer) => answer.kind === kind && isNegative(answer)),
    countRow(`${kind}, of distractors`, (answer) => answer.kind === kind && !isNegative(answer)),
  ]);
  console.log(table(["frames", "count", `at or above ${MATCHRATIO_DEFAULT}`], rows));
  const matches = answers.filter(({ score }) => score >= MATCHRATIO_DEFAULT);
  const bound = upperBound(matches.length, answers.length);
  console.log(
    `\nfalse matches at the default threshold (${MATCHRATIO_DEFAULT}): ${matches.length} of ${answers.length}, ` +
      `${per10000(matches.length / answers.length)} per 10,000, 95 % upper bound ${per10000(bound)}`,
  );
  console.log(table(["score", "at or above", "per 10,000", "95 % upper bound"], curve().map(Object.values)));
  if (matches.length) {
    console.log(
      table(["strongest false matches", "taken for", "score", "places"], matches.slice(0, SHOWN).map(describe)),
    );
  }
  console.log(
    "\nEvery match counts as false; none is judged away. Some pairs share print that no recognizer can tell from a match\n" +
      "(cards of a series, editions), others only a word or a typeface: look at them.",
  );
  if (options.json) writeFileSync(options.json, `${JSON.stringify(toJson(matches), null, 2)}\n`);
}

function countRow(name: string, filter: (answer: FrameAnswer) => boolean): (string | number)[] {
  const chosen = answers.filter(filter);
  return [name, chosen.length, chosen.filter(({ score }) => score >= MATCHRATIO_DEFAULT).length];
}

/** By the picture in front. */
function isNegative({ source }: FrameAnswer): boolean {
  return negativeNames.has(source.split(" before ")[0] as string);
}

function curve() {
  return Array.from({ length: 20 }, (_, i) => {
    const score = 5 * i;
    const count = atOrAbove(score);
    return {
      score,
      count,
      per10000: per10000(count / answers.length),
      bound: per10000(upperBound(count, answers.length)),
    };
  });
}

function describe({ source, kind, matched, score, inliers, visible }: FrameAnswer): string[] {
  return [`${source} (${kind})`, matched, score.toFixed(1), `${inliers} of ${visible}`];
}

function toJson(matches: readonly FrameAnswer[]) {
  return {
    index: index.length,
    frames: answers.length,
    threshold: MATCHRATIO_DEFAULT,
    matched: matches.length,
    upperBoundPer10000: 10_000 * upperBound(matches.length, answers.length),
    curve: curve().map((row) => ({ ...row, per10000: Number(row.per10000), bound: Number(row.bound) })),
    matches,
  };
}
