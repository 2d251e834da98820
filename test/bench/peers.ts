/** `npm run bench:peers`: Lookmark beside OpenCV's ORB, on the same gray pictures in the same run. */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type GrayImage, TARGET_FEATURES_MAX } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { decodeImage } from "../../worker/image/decode.ts";
import { MATCHRATIO_DEFAULT, scoreOf } from "../../worker/index/score.ts";
import { type OrbAnswer, OrbPeer } from "./peers/orb.ts";
import { MATCHES_LEAST } from "./peers/peer.ts";
import { type Query, readSet } from "./set.ts";
import { median, table } from "./summary.ts";

const { values: options } = parseArgs({
  options: {
    set: { type: "string" },
    targets: { type: "string", default: "100" },
    queries: { type: "string", default: "60" },
  },
});
if (!options.set) {
  console.error("usage: npm run bench:peers -- --set DIR [--targets 100] [--queries 60]");
  process.exit(2);
}

const FRAME_SIDE_PX = 640;
const TARGET_SIDE_PX = 480;
const LIMITS = { maxBytes: 1e9, maxPixels: 1e9, minSide: 1 };
const core = loadCore();
const peer = await OrbPeer.start();

const set = readSet(options.set);
const reals = everyNth(
  set.queries.filter(({ kind }) => kind === "real"),
  Number(options.queries),
);
const negatives = everyNth(
  set.queries.filter(({ kind }) => kind === "negative"),
  Number(options.queries),
);
const names = chooseTargets(reals, Number(options.targets));
const slots = new Map<number, string>();
for (const { name, file } of set.targets.filter((target) => names.has(target.name))) {
  const image = await readGray(file, TARGET_SIDE_PX);
  slots.set(core.insertTarget(core.encodeTarget(core.extract(image, TARGET_FEATURES_MAX), image)) as number, name);
  peer.add(name, image);
}
console.log(`${slots.size} targets, ${reals.length} real queries, ${negatives.length} negatives, one thread`);

interface Ours {
  readonly name: string | undefined;
  readonly extractMs: number;
  readonly matchMs: number;
}

interface Row {
  readonly query: Query;
  readonly ours: Ours;
  readonly orb: OrbAnswer;
}

const rows: Row[] = [];
for (const query of [...reals, ...negatives]) {
  const image = await readGray(query.file, FRAME_SIDE_PX);
  rows.push({ query, ours: ask(image), orb: peer.find(image) });
}
report();

function everyNth<T>(items: readonly T[], wanted: number): T[] {
  const step = Math.max(1, Math.floor(items.length / wanted));
  return items.filter((_, i) => i % step === 0).slice(0, wanted);
}

/** All right answers, and others up to the wanted number. */
function chooseTargets(queries: readonly Query[], wanted: number): Set<string> {
  const chosen = new Set(queries.flatMap(({ right }) => [...right]));
  for (const { name } of everyNth(set.targets, wanted)) if (chosen.size < wanted) chosen.add(name);
  return chosen;
}

async function readGray(file: string, side: number): Promise<GrayImage> {
  const decoded = await decodeImage(core, readFileSync(file), LIMITS, side);
  if (!decoded.ok) throw new Error(`${file}: ${decoded.reason.message}`);
  return decoded.value.image;
}

function ask(image: GrayImage): Ours {
  const began = performance.now();
  const features = core.extract(image, 800);
  const extracted = performance.now();
  const best = core.search(features, image, () => 0).verdicts[0];
  const name = best && scoreOf(best) >= MATCHRATIO_DEFAULT ? slots.get(best.slot) : undefined;
  return { name, extractMs: extracted - began, matchMs: performance.now() - extracted };
}

function report(): void {
  const ofNegatives = rows.filter(({ query }) => query.kind === "negative");
  const ofReals = rows.filter(({ query }) => query.kind === "real");
  // The peer has no threshold of its own: it gets the smallest that accepts no negative.
  const threshold = Math.max(MATCHES_LEAST, ...ofNegatives.map(({ orb }) => orb.inliers + 1));
  const orbName = ({ orb }: Row) => (orb.inliers >= threshold ? orb.name : undefined);
  const right = (name: string | undefined, query: Query) => name !== undefined && query.right.has(name);
  const times = (pick: (row: Row) => number) => median(rows.map(pick)).toFixed(1);
  const ratio = (pick: (answer: Ours | OrbAnswer) => number) =>
    median(rows.map(({ ours, orb }) => pick(ours) / pick(orb))).toFixed(3);
  const total = (answer: Ours | OrbAnswer) => answer.extractMs + answer.matchMs;
  console.log(
    table(
      ["", "real right", "negatives matched", "extract ms", "match ms", "total ms"],
      [
        [
          "Lookmark",
          `${ofReals.filter(({ ours, query }) => right(ours.name, query)).length} of ${ofReals.length}`,
          `${ofNegatives.filter(({ ours }) => ours.name !== undefined).length} of ${ofNegatives.length}`,
          times(({ ours }) => ours.extractMs),
          times(({ ours }) => ours.matchMs),
          times(({ ours }) => total(ours)),
        ],
        [
          `ORB-500 + brute force (at ${threshold} inliers)`,
          `${ofReals.filter((row) => right(orbName(row), row.query)).length} of ${ofReals.length}`,
          `0 of ${ofNegatives.length}`,
          times(({ orb }) => orb.extractMs),
          times(({ orb }) => orb.matchMs),
          times(({ orb }) => total(orb)),
        ],
        [
          "ratio, median of pairs",
          "",
          "",
          ratio(({ extractMs }) => extractMs),
          ratio(({ matchMs }) => matchMs),
          ratio(total),
        ],
      ],
    ),
  );
}
