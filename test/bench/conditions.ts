/** `npm run bench:conditions`: recall under each hard condition by strength, beside OpenCV's ORB and SIFT, and corner errors. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { applyHomography, cornersOf, type Homography } from "../../shared/homography.ts";
import { randomFrom } from "../../shared/random.ts";
import type { Verdict as Found, GrayImage } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { MATCHRATIO_DEFAULT, scoreOf } from "../../worker/index/score.ts";
import { readFrame, readTarget, type TargetPicture } from "../../worker/recognize/extract.ts";
import { drawCurves } from "./curves.ts";
import { OrbPeer } from "./peers/orb.ts";
import { MATCHES_LEAST, type Peer, type PeerAnswer } from "./peers/peer.ts";
import { SiftPeer } from "./peers/sift.ts";
import { afterLooks } from "./recognizer.ts";
import { type Picture, readPictures } from "./set.ts";
import { CONDITIONS, type Condition, FRAME, type Rendered, render } from "./simulator.ts";
import { median, percentile, table } from "./summary.ts";

const SAMPLES = fileURLToPath(new URL("../../worker/site/public/samples", import.meta.url));
const { values: options } = parseArgs({
  options: {
    set: { type: "string", default: SAMPLES },
    targets: { type: "string", default: "24" },
    views: { type: "string", default: "24" },
    json: { type: "string" },
    svg: { type: "string" },
  },
});

/** Pictures outside the index: clutter, occluders and, seen as targets are, frames that must not match. */
const OTHERS_MOST = 24;
const NEGATIVE_VIEWS = 100;
const LIMITS = { maxBytes: 1e9, maxPixels: 1e9, minSide: 1 };
const viewCount = Number(options.views);
const core = loadCore();
const sift = SiftPeer.start();
const peers: readonly Peer[] = [await OrbPeer.start(), ...(sift ? [sift] : [])];

interface Target extends TargetPicture {
  readonly name: string;
}

interface Answer {
  readonly name: string | undefined;
  readonly queryFromTarget: Homography;
}

type Verdict = "right" | "wrong" | "none";

interface Sample {
  readonly condition: Condition;
  readonly strength: number;
  readonly ours: Verdict;
  /** In the order of `peers`. */
  readonly peers: readonly Verdict[];
  /** Of a right answer, px in the frame; those of corners outside the frame are extrapolated. */
  readonly cornerErrors: readonly { readonly px: number; readonly inside: boolean }[];
}

const { targets, others } = await choosePictures();
const targetBySlot = new Map<number, Target>();
for (const target of targets) {
  targetBySlot.set(core.insertTarget(target.target) as number, target);
  for (const peer of peers) await peer.add(target.name, target.image);
}
const negatives = await askNegatives();
// As in bench:peers: a peer has no threshold of its own and gets the smallest that accepts none of the negatives.
const thresholds = peers.map((_, i) =>
  Math.max(MATCHES_LEAST, ...negatives.map((negative) => inliersOf(negative, i) + 1)),
);
const samples: Sample[] = [];
for (const condition of CONDITIONS) {
  for (const strength of condition.strengths) {
    for (let view = 0; view < viewCount; view++) samples.push(await measure(condition, strength, view));
  }
}
report();
for (const peer of peers) peer.stop?.();

async function choosePictures(): Promise<{ targets: Target[]; others: GrayImage[] }> {
  const folder = existsSync(join(options.set, "targets")) ? join(options.set, "targets") : options.set;
  const pictures = readPictures(folder);
  const wanted = Math.min(Number(options.targets), pictures.length - 1);
  if (!(wanted >= 1 && viewCount >= 1)) {
    console.error(
      "usage: npm run bench:conditions -- [--set DIR] [--targets 24] [--views 24] [--json FILE] [--svg FILE]",
    );
    console.error("DIR, or its folder targets, holds at least two pictures: one target and one beside it.");
    process.exit(2);
  }
  const chosen = new Set(spread(pictures, wanted));
  const left = pictures.filter((picture) => !chosen.has(picture));
  const images = (await readAll(spread(left, OTHERS_MOST))).map(({ image }) => image);
  return { targets: await readAll([...chosen]), others: images };
}

async function readAll(pictures: readonly Picture[]): Promise<Target[]> {
  const all: Target[] = [];
  for (const { name, file } of pictures) {
    const result = await readTarget(core, readFileSync(file), LIMITS);
    if (result.ok) all.push({ name, ...result.value });
    else console.log(`left out ${name}: ${result.reason.message}`);
  }
  return all;
}

/** Up to `wanted` of them, evenly spread. */
function spread<T>(items: readonly T[], wanted: number): T[] {
  const count = Math.min(wanted, items.length);
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)] as T);
}

/** Easy views of pictures that are not in the index. */
async function askNegatives() {
  const answers: { readonly ours: string | undefined; readonly peers: readonly PeerAnswer[] }[] = [];
  for (let view = 0; view < NEGATIVE_VIEWS; view++) {
    const image = others[view % others.length] as GrayImage;
    const { file } = render(core, image, others, undefined, 0, randomFrom(view));
    answers.push({ ours: (await ask(file)).name, peers: await askPeers(file) });
  }
  return answers;
}

function inliersOf({ peers }: { readonly peers: readonly PeerAnswer[] }, peer: number): number {
  return peers[peer]?.inliers ?? 0;
}

/** A view has the same target, place and direction at every strength, so that strengths are compared like with like. */
async function measure(condition: Condition, strength: number, view: number): Promise<Sample> {
  const { name, image } = targets[view % targets.length] as Target;
  const rendered = render(core, image, others, condition, strength, randomFrom(1000 + view));
  const answer = await ask(rendered.file);
  const answered = await askPeers(rendered.file);
  const right = answer.name === name;
  return {
    condition,
    strength,
    ours: verdictOf(answer.name, name),
    peers: answered.map((peer, i) =>
      verdictOf(peer.inliers >= (thresholds[i] as number) ? peer.name : undefined, name),
    ),
    cornerErrors: right ? compareCorners(image, answer, rendered) : [],
  };
}

function verdictOf(answered: string | undefined, shown: string): Verdict {
  return answered === undefined ? "none" : answered === shown ? "right" : "wrong";
}

async function ask(file: Uint8Array): Promise<Answer> {
  const frame = await readFrame(core, file, LIMITS);
  if (!frame.ok) return { name: undefined, queryFromTarget: [] };
  const { verdicts } = core.search(frame.value.features, frame.value.size, () => 0);
  const featuresOf = ({ slot }: Found) => (targetBySlot.get(slot) as Target).target.features;
  const [best] = afterLooks(core, frame.value.image, verdicts, featuresOf);
  const accepted = best && scoreOf(best) >= MATCHRATIO_DEFAULT;
  return {
    name: accepted ? targetBySlot.get(best.slot)?.name : undefined,
    queryFromTarget: best?.queryFromTarget ?? [],
  };
}

/** Peers see the same decoded pixels. */
function askPeers(file: Uint8Array): Promise<PeerAnswer[]> {
  const frame = core.decodeJpeg(file, 1);
  if (typeof frame === "number") throw new Error(`the core refused the simulator's JPEG with ${frame}`);
  return Promise.all(peers.map((peer) => peer.find(frame)));
}

function compareCorners({ width, height }: GrayImage, { queryFromTarget }: Answer, { frameFromPicture }: Rendered) {
  return cornersOf(width, height).map((corner) => {
    const [x, y] = applyHomography(frameFromPicture, corner);
    const [foundX, foundY] = applyHomography(queryFromTarget, corner);
    return {
      px: Math.hypot(foundX - x, foundY - y),
      inside: x >= 0 && y >= 0 && x <= FRAME.width && y <= FRAME.height,
    };
  });
}

interface Counts {
  readonly name: string;
  readonly right: number;
  readonly wrong: number;
}

/** Ours, then the peers'. */
function countsOf(chosen: readonly Sample[]): Counts[] {
  const count = (name: string, verdictIn: (sample: Sample) => Verdict | undefined): Counts => ({
    name,
    right: chosen.filter((sample) => verdictIn(sample) === "right").length,
    wrong: chosen.filter((sample) => verdictIn(sample) === "wrong").length,
  });
  return [
    count("Lookmark", ({ ours }) => ours),
    ...peers.map(({ title }, i) => count(title, (sample) => sample.peers[i])),
  ];
}

function at(condition: Condition, strength: number): Counts[] {
  return countsOf(samples.filter((sample) => sample.condition === condition && sample.strength === strength));
}

function report(): void {
  const oursFalse = negatives.filter(({ ours }) => ours !== undefined).length;
  console.log(`${targets.length} targets in the index, ${viewCount} views for each strength, frames of 640 × 480`);
  console.log(
    `${negatives.length} views of ${others.length} pictures outside the index: Lookmark matches ${oursFalse} at ` +
      `score ${MATCHRATIO_DEFAULT}; ${peers.map(({ title }, i) => `${title} none at ${thresholds[i]} inliers`).join(", ")}`,
  );
  if (!sift) console.log("SIFT needs Python with OpenCV (apt-get install python3-opencv) and is not measured here.");
  console.log(table(["condition", "strengths, then right answers of each recognizer"], conditionRows()));
  console.log(table(["all conditions", "views", "right", "wrong"], totalRows()));
  console.log(table(["corner error", "corners", "median px", "p95 px"], cornerRows()));
  console.log(
    "\ntargets: median ≤ 1.5 px, p95 ≤ 5 px; a corner outside the frame is extrapolated from what is inside.",
  );
  if (options.json) writeFileSync(options.json, `${JSON.stringify(toJson(), null, 2)}\n`);
  if (options.svg) writeFileSync(options.svg, drawCurves(CONDITIONS.map(chartOf)));
}

/** For each condition its strengths, and how many views each recognizer got right. */
function conditionRows(): string[][] {
  const line = (values: readonly (string | number)[]) => values.map((value) => String(value).padStart(6)).join("");
  return CONDITIONS.flatMap((condition) => {
    return [
      [`${condition.name} (${condition.unit})`, line(condition.strengths)],
      ...linesOf(condition).map(({ name, rights }) => [`  ${name}`, line(rights)]),
    ];
  });
}

/** What each recognizer got right, by strength. */
function linesOf(condition: Condition): { name: string; rights: number[] }[] {
  const counts = condition.strengths.map((strength) => at(condition, strength));
  const names = counts[0]?.map(({ name }) => name) ?? [];
  return names.map((name, i) => ({ name, rights: counts.map((count) => count[i]?.right ?? 0) }));
}

function totalRows(): (string | number)[][] {
  return countsOf(samples).map(({ name, right, wrong }) => [name, samples.length, right, wrong]);
}

function cornerRows(): (string | number)[][] {
  const row = (name: string, chosen: readonly Sample[], insideOnly: boolean) => {
    const errors = chosen.flatMap((s) => s.cornerErrors).filter(({ inside }) => inside || !insideOnly);
    const px = errors.map((error) => error.px);
    return [name, px.length, median(px).toFixed(2), percentile(px, 95).toFixed(2)];
  };
  return [
    ...CONDITIONS.map((condition) =>
      row(
        condition.name,
        samples.filter((sample) => sample.condition === condition),
        false,
      ),
    ),
    row("all", samples, false),
    row("all inside the frame", samples, true),
  ];
}

function chartOf(condition: Condition) {
  return {
    title: condition.name,
    unit: condition.unit,
    steps: condition.strengths.map(String),
    lines: linesOf(condition).map(({ name, rights }) => ({ name, values: rights.map((right) => right / viewCount) })),
  };
}

function toJson() {
  return {
    targets: targets.length,
    negatives: negatives.length,
    thresholds: peers.map(({ title }, i) => ({ name: title, inliers: thresholds[i] })),
    conditions: CONDITIONS.map((condition) => ({
      name: condition.name,
      unit: condition.unit,
      strengths: condition.strengths.map((strength) => ({
        strength,
        views: viewCount,
        answers: at(condition, strength),
      })),
    })),
    corners: cornerRows().map(([of, corners, medianPx, p95Px]) => ({
      of,
      corners,
      medianPx: Number(medianPx),
      p95Px: Number(p95Px),
    })),
  };
}
