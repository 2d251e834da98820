/**
 * `npm run bench:levels`: what `level` promises, and what grading a picture costs. Besides the set's own photos and views, each target is
 * shown in `--views` views of the simulator of bench:conditions, each with a condition and a strength of its own.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FRAME_SIDE_PX } from "../../shared/protocol.ts";
import { randomFrom } from "../../shared/random.ts";
import type { GrayImage } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { readTarget } from "../../worker/recognize/extract.ts";
import { levelOf, measureDetection } from "../../worker/recognize/level.ts";
import { Recognizer } from "./recognizer.ts";
import { type Picture, type Query, readSet } from "./set.ts";
import { CONDITIONS, render } from "./simulator.ts";
import { median, percentile, table } from "./summary.ts";

const { values: options } = parseArgs({
  options: { set: { type: "string" }, views: { type: "string", default: "8" }, json: { type: "string" } },
});
if (!options.set) {
  console.error("usage: npm run bench:levels -- --set DIR [--views 8] [--json FILE]");
  process.exit(2);
}

const LIMITS = { maxBytes: 1e9, maxPixels: 1e9, minSide: 1 };
/** 0: the picture is not recognized again even in the easiest views, and AddImage refuses it. */
const LEVELS = [0, 1, 2, 3, 4, 5];
/** Has no common factor with the number of conditions and strengths, so that a target's views differ in both. */
const STEP = 31;
/** Pictures outside the index, for clutter and occluders. */
const OTHERS = 24;
const core = loadCore();
const recognizer = new Recognizer();
const set = readSet(options.set);
const levels = new Map<string, number>();
const gradeMs: number[] = [];
/** Targets whose level would be another one if all views were drawn. */
let otherwise = 0;
for (const picture of set.targets) {
  levels.set(picture.name, await grade(picture));
  await recognizer.add(picture);
}
const rightQueries = new Set<Query>();
for (const query of set.queries.filter(({ kind }) => kind !== "negative")) {
  const { hit } = await recognizer.find(query.file, FRAME_SIDE_PX);
  if (hit && query.right.has(hit.identifier)) rightQueries.add(query);
}
const views = await showTargets(Number(options.views));
const rows = LEVELS.map((level) => ({
  level,
  targets: [...levels.values()].filter((of) => of === level).length,
  real: recallOf("real", level),
  synthetic: recallOf("synthetic", level),
  views: {
    queries: views.filter((view) => view.level === level).length,
    right: views.filter((view) => view.level === level && view.right).length,
  },
}));
console.log(
  table(
    ["level", "targets", ...["real", "simulated", "conditions"].flatMap((kind) => [kind, "right", "recall"])],
    rows.map((row) => [row.level, row.targets, ...[row.real, row.synthetic, row.views].flatMap(cells)]),
  ),
);
console.log(
  `\nAll that AddImage computes (decode, extract, simulated views): median ${median(gradeMs).toFixed(0)} ms, ` +
    `p95 ${percentile(gradeMs, 95).toFixed(0)} ms; all ten views would give ${otherwise} of ${levels.size} another level`,
);
if (options.json)
  writeFileSync(options.json, `${JSON.stringify({ levels: rows, gradeMs: median(gradeMs) }, null, 2)}\n`);

async function grade({ file }: Picture): Promise<number> {
  const bytes = readFileSync(file);
  const began = performance.now();
  const read = await readTarget(core, bytes, LIMITS);
  if (!read.ok) return 0;
  const level = levelOf(measureDetection(core, read.value.image, read.value.target));
  gradeMs.push(performance.now() - began);
  const { image, target } = read.value;
  if (levelOf(measureDetection(core, image, target, Number.POSITIVE_INFINITY)) !== level) otherwise++;
  return level;
}

/** The conditions in turn, so that targets of each level see all of them in all strengths. */
async function showTargets(count: number): Promise<{ level: number; right: boolean }[]> {
  const steps = CONDITIONS.flatMap((condition) => condition.strengths.map((strength) => ({ condition, strength })));
  const others = (
    await Promise.all(
      set.queries
        .filter(({ kind }) => kind === "negative")
        .slice(0, OTHERS)
        .map(read),
    )
  ).flat();
  const shown: { level: number; right: boolean }[] = [];
  for (const picture of set.targets) {
    const level = levels.get(picture.name) ?? 0;
    for (const image of await read(picture)) {
      for (let view = 0; view < count; view++) {
        const { condition, strength } = steps[(shown.length * STEP) % steps.length] as (typeof steps)[number];
        const { file } = render(core, image, others, condition, strength, randomFrom(shown.length));
        const { hit } = await recognizer.find(file, FRAME_SIDE_PX);
        shown.push({ level, right: hit !== undefined && isSame(hit.identifier, picture.name) });
      }
    }
  }
  return shown;
}

/** The picture as it is graded; nothing where it is refused. */
async function read({ file }: { readonly file: string }): Promise<GrayImage[]> {
  const result = await readTarget(core, readFileSync(file), LIMITS);
  return result.ok ? [result.value.image] : [];
}

/** Also for twins, which the set does not tell apart. */
function isSame(answered: string, shown: string): boolean {
  return answered === shown || set.queries.some(({ right }) => right.has(answered) && right.has(shown));
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
