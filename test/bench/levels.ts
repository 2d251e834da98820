/** `npm run bench:levels`: what `level` promises, and what grading a picture costs. */

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FRAME_SIDE_PX } from "../../shared/protocol.ts";
import { loadCore } from "../../worker/core/node.ts";
import { readTarget } from "../../worker/recognize/extract.ts";
import { levelOf, measureDetection } from "../../worker/recognize/level.ts";
import { Recognizer } from "./recognizer.ts";
import { type Picture, type Query, readSet } from "./set.ts";
import { median, percentile, table } from "./summary.ts";

const { values: options } = parseArgs({ options: { set: { type: "string" }, json: { type: "string" } } });
if (!options.set) {
  console.error("usage: npm run bench:levels -- --set DIR [--json FILE]");
  process.exit(2);
}

const LIMITS = { maxBytes: 1e9, maxPixels: 1e9, minSide: 1 };
/** 0: the picture is not recognized again even in the easiest views, and AddImage refuses it. */
const LEVELS = [0, 1, 2, 3, 4, 5];
const core = loadCore();
const recognizer = new Recognizer();
const set = readSet(options.set);
const levels = new Map<string, number>();
const gradeMs: number[] = [];
for (const picture of set.targets) {
  levels.set(picture.name, await grade(picture));
  await recognizer.add(picture);
}
const rightQueries = new Set<Query>();
for (const query of set.queries.filter(({ kind }) => kind !== "negative")) {
  const { hit } = await recognizer.find(query.file, FRAME_SIDE_PX);
  if (hit && query.right.has(hit.identifier)) rightQueries.add(query);
}
const rows = LEVELS.map((level) => ({
  level,
  targets: [...levels.values()].filter((of) => of === level).length,
  real: recallOf("real", level),
  synthetic: recallOf("synthetic", level),
}));
console.log(
  table(
    ["level", "targets", "real queries", "right", "recall", "simulated queries", "right", "recall"],
    rows.map(({ level, targets, real, synthetic }) => [level, targets, ...cells(real), ...cells(synthetic)]),
  ),
);
console.log(
  `\nAll that AddImage computes (decode, extract, ten simulated views): median ${median(gradeMs).toFixed(0)} ms, ` +
    `p95 ${percentile(gradeMs, 95).toFixed(0)} ms`,
);
if (options.json)
  writeFileSync(options.json, `${JSON.stringify({ levels: rows, gradeMs: median(gradeMs) }, null, 2)}\n`);

async function grade({ file }: Picture): Promise<number> {
  const bytes = readFileSync(file);
  const began = performance.now();
  const read = await readTarget(core, bytes, LIMITS);
  const level = read.ok ? levelOf(measureDetection(core, read.value.image, read.value.target)) : 0;
  gradeMs.push(performance.now() - began);
  return level;
}

/** Of the queries that show a target of this level; of several right ones, the easiest. */
function recallOf(kind: Query["kind"], level: number): { queries: number; right: number } {
  const chosen = set.queries.filter(
    (query) => query.kind === kind && Math.max(...[...query.right].map((name) => levels.get(name) ?? 0)) === level,
  );
  return { queries: chosen.length, right: chosen.filter((query) => rightQueries.has(query)).length };
}

function cells({ queries, right }: { queries: number; right: number }): (string | number)[] {
  return [queries, right, queries ? `${((100 * right) / queries).toFixed(0)} %` : "–"];
}
