/** `npm run bench:recognition`: how many pictures are recognized, how many wrongly, and how long each stage takes. */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { applyHomography } from "../../shared/homography.ts";
import type { Candidate } from "../../worker/index/live-index.ts";
import { MATCHRATIO_DEFAULT, scoreOf } from "../../worker/index/score.ts";
import { type Recognition, Recognizer, type StageTimes } from "./recognizer.ts";
import { type Query, readPictures, readSet } from "./set.ts";
import { median, percentile, table } from "./summary.ts";

const { values: options } = parseArgs({
  options: {
    set: { type: "string" },
    distractors: { type: "string" },
    size: { type: "string", default: "640" },
    json: { type: "string" },
    misses: { type: "boolean", default: false },
  },
});
if (!options.set) {
  console.error(
    "usage: npm run bench:recognition -- --set DIR [--distractors DIR] [--size 640] [--json FILE] [--misses]",
  );
  process.exit(2);
}

type Verdict = "correct" | "wrong" | "shared" | "missed";

interface Answer {
  readonly query: Query;
  readonly recognition: Recognition;
  readonly verdict: Verdict;
}

const SAME_PLACE_PX = 60;
const THRESHOLDS = [50, 55, 60, 65, 70, 75, 80, 85];

const set = readSet(options.set);
const recognizer = new Recognizer();
const pictures = [...set.targets, ...(options.distractors ? readPictures(options.distractors) : [])];
const refused: string[] = [];
for (const picture of pictures) {
  const added = await recognizer.add(picture);
  if (!added.ok) refused.push(`${picture.name}: ${added.reason.message}`);
}
console.log(`index: ${pictures.length - refused.length} targets, ${Math.round(recognizer.bytesPerTarget)} bytes each`);
for (const line of refused) console.log(`refused ${line}`);

const answers: Answer[] = [];
for (const query of set.queries) {
  const recognition = await recognizer.find(query.file, Number(options.size));
  answers.push({ query, recognition, verdict: judge(query, recognition) });
}
printSources();
printThresholds();
printLookAlikes();
printTimes();
if (options.misses) printMisses();
if (options.json) writeFileSync(options.json, `${JSON.stringify(report(), null, 2)}\n`);

function judge({ right, shared }: Query, { hit }: Recognition): Verdict {
  if (!hit) return "missed";
  if (right.has(hit.identifier)) return "correct";
  return shared.has(hit.identifier) ? "shared" : "wrong";
}

function of(filter: (query: Query) => boolean) {
  const chosen = answers.filter(({ query }) => filter(query));
  const count = (verdict: Verdict) => chosen.filter((answer) => answer.verdict === verdict).length;
  return { queries: chosen.length, correct: count("correct"), wrong: count("wrong"), shared: count("shared") };
}

function sourcesOf(kind: Query["kind"]): string[] {
  return [...new Set(answers.filter(({ query }) => query.kind === kind).map(({ query }) => query.source))];
}

function printSources(): void {
  const row = (name: string, kind: Query["kind"], counts: ReturnType<typeof of>) => [
    name,
    kind,
    counts.queries,
    counts.correct,
    `${((100 * counts.correct) / counts.queries).toFixed(1)} %`,
    counts.wrong,
    counts.shared,
  ];
  const rows = (["real", "synthetic"] as const).flatMap((kind) => [
    ...sourcesOf(kind).map((source) =>
      row(
        source,
        kind,
        of((query) => query.kind === kind && query.source === source),
      ),
    ),
    row(
      "all",
      kind,
      of((query) => query.kind === kind),
    ),
  ]);
  console.log(table(["source", "kind", "queries", "correct", "recall@1", "wrong", "twin"], rows));
  const negatives = sourcesOf("negative").map((source) => {
    const { queries, wrong } = of((query) => query.kind === "negative" && query.source === source);
    return [source, queries, wrong];
  });
  const all = of((query) => query.kind === "negative");
  console.log(table(["negatives", "queries", "matched"], [...negatives, ["all", all.queries, all.wrong]]));
}

/** What a higher `matchratio` costs. */
function printThresholds(): void {
  const rows = THRESHOLDS.map((threshold) => {
    const right = (kind: Query["kind"]) =>
      answers.filter(({ query, recognition: { hit }, verdict }) => {
        return query.kind === kind && verdict === "correct" && (hit?.score ?? 0) >= threshold;
      }).length;
    return [threshold, right("real"), right("synthetic")];
  });
  console.log(table(["score at or above", "real right", "synthetic right"], rows));
}

/** Whether a picture that shares most of its print with the right one, and passes as well, comes after it. */
function printLookAlikes(): void {
  const pairs = answers.flatMap(({ query, recognition: { candidates } }) => {
    const passing = candidates.filter((candidate) => scoreOf(candidate) >= MATCHRATIO_DEFAULT);
    const right = passing.find(({ name }) => query.right.has(name));
    const other = passing.find(({ name }) => !query.right.has(name));
    if (!right || !other || !isInSamePlace(right, other)) return [];
    const worth = Math.max(right.worth, other.worth);
    return [scoreOf({ ...right, worth }) - scoreOf({ ...other, worth })];
  });
  const behind = pairs.filter((lead) => lead < 0).map((lead) => -lead.toFixed(1));
  console.log(
    `\nframes in which another picture passes in the same place: ${pairs.length}; the right one comes first in ` +
      `${pairs.length - behind.length}${behind.length ? `, elsewhere it lacks ${behind.join(", ")} of score` : ""}`,
  );
}

function isInSamePlace(a: Candidate, b: Candidate): boolean {
  const [[x, y], [u, v]] = [middleOf(a), middleOf(b)];
  return Math.hypot(x - u, y - v) < SAME_PLACE_PX;
}

function middleOf({ queryFromTarget, targetSize: { width, height } }: Candidate) {
  return applyHomography(queryFromTarget, [width / 2, height / 2]);
}

function stages(): readonly (keyof StageTimes)[] {
  return ["decode", "extract", "search", "verify", "total"];
}

function timesOf(stage: keyof StageTimes): number[] {
  return answers.map(({ recognition }) => recognition.ms[stage]);
}

function printTimes(): void {
  const rows = stages().map((stage) => [
    stage,
    median(timesOf(stage)).toFixed(1),
    percentile(timesOf(stage), 95).toFixed(1),
  ]);
  console.log(table(["ms", "median", "p95"], rows));
}

/** Which stage lost each real query that was not answered right. */
function printMisses(): void {
  for (const { query, recognition, verdict } of answers) {
    if (verdict === "correct" || query.kind === "negative") continue;
    console.log(`${verdict} ${query.kind} ${query.condition} ${query.name}: ${reasonOf(query, recognition)}`);
  }
}

function reasonOf({ right }: Query, { hit, candidates, featureCount }: Recognition): string {
  if (featureCount === 0) return "too few features";
  const rank = candidates.findIndex(({ name }) => right.has(name));
  const other = hit ? `, answered ${hit.identifier} with ${hit.score}` : "";
  const found = candidates[rank];
  if (!found) return `not among the candidates${other}`;
  const judged =
    found.evidence > 0 ? `score ${scoreOf(found)}, ${found.inliers} of ${found.visible} places` : "no plane map";
  return `candidate ${rank + 1} by evidence, ${judged}${other}`;
}

function report() {
  const bySource = (["real", "synthetic"] as const).flatMap((kind) =>
    sourcesOf(kind).map(
      (source) => [source, { kind, ...of((query) => query.kind === kind && query.source === source) }] as const,
    ),
  );
  const negatives = of((query) => query.kind === "negative");
  return {
    real: of((query) => query.kind === "real"),
    synthetic: of((query) => query.kind === "synthetic"),
    negatives: { queries: negatives.queries, matched: negatives.wrong },
    bySource: Object.fromEntries(bySource),
    ms: Object.fromEntries(stages().map((stage) => [stage, median(timesOf(stage))])),
    bytesPerTarget: Math.round(recognizer.bytesPerTarget),
  };
}
