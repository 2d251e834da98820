/**
 * The index beside one off the shelf: the same features of the same pictures and frames, in this process, on one thread,
 * in the same run. The peer chooses as many candidates as pages bring into memory, and they are verified in the same way.
 *
 *   npm run bench:index-peers -- --set DIR --distractors DIR [--images 1000,10000] [--queries 375]
 */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { randomFrom } from "../../shared/random.ts";
import { BROUGHT_MOST, TARGET_FEATURE_BYTES, type Target } from "../../worker/core/core.ts";
import { descriptorOf, FEATURE_BYTES } from "../../worker/core/feature.ts";
import { loadCore } from "../../worker/core/node.ts";
import { LiveIndex } from "../../worker/index/live-index.ts";
import { MATCHRATIO_DEFAULT, scoreOf, type Weighed } from "../../worker/index/score.ts";
import { type Frame, readTarget } from "../../worker/recognize/extract.ts";
import { candidates } from "../support/candidates.ts";
import { readAsked } from "./asked.ts";
import { DESCRIPTORS, type Kind, SIGNATURES, UsearchPeer } from "./index-peers/usearch.ts";
import { makeTarget, measureDifferences } from "./made-targets.ts";
import { MemoryStore } from "./memory-store.ts";
import { type Picture, type Query, readPictures, readSet } from "./set.ts";
import { median, percentile, table } from "./summary.ts";

const { values: options } = parseArgs({
  options: {
    set: { type: "string" },
    distractors: { type: "string" },
    images: { type: "string", default: "1000,10000" },
    queries: { type: "string", default: "375" },
  },
});
if (!options.set || !options.distractors) throw new Error("say where the pictures are: --set DIR --distractors DIR");

const LIMITS = { maxBytes: 64 * 2 ** 20, maxPixels: 100e6, minSide: 1 };

interface Listed {
  readonly name: string;
  readonly target: Target;
  /** As extracted; a made picture has none. */
  readonly features?: Uint8Array;
}

interface Answer {
  /** Names of the targets that were looked at more closely; undefined where those were all. */
  readonly brought: readonly string[] | undefined;
  readonly verified: readonly string[];
  readonly best: string | undefined;
  readonly ms: number;
}

interface Contender {
  readonly title: string;
  add(id: number, listed: Listed): void;
  ask(frame: Frame): Answer;
  /** Of everything that it keeps of the images. */
  bytes(): number;
}

type VectorsOf<T> = (from: T) => Int8Array | Uint8Array;

const core = loadCore();
const set = readSet(options.set);
const real = await listedOf([...set.targets, ...readPictures(options.distractors)]);
const step = Math.ceil(set.queries.length / Number(options.queries));
const asked = await readAsked(
  core,
  set.queries.filter((_, i) => i % step === 0),
);
const { differences, summary } = await measureDifferences(core, asked, set.targets);
const distractors = real.slice(set.targets.length).map(({ target }) => target);
const random = randomFrom(7);
console.log(
  `${real.length} pictures, ${asked.length} frames, one thread; ${BROUGHT_MOST} candidates of the peer\n${summary}`,
);

const rows: (string | number)[][] = [];
for (const images of options.images.split(",").map(Number)) {
  const made = Array.from(
    { length: Math.max(0, images - real.length) },
    (): Listed => ({
      name: "",
      target: makeTarget(distractors, differences, random),
    }),
  );
  const listed = [...real.slice(0, images), ...made];
  measure(ours(listed), listed);
  measure(usearch(SIGNATURES, listed, signaturesOfTarget, signaturesOfFrame), listed);
  const withDescriptors = listed.filter(({ features }) => features);
  measure(usearch(DESCRIPTORS, withDescriptors, descriptorsOf, descriptorsOf), withDescriptors);
}
console.log(
  table(
    [
      "",
      "images",
      "real right",
      "simulated",
      "wrong",
      "negatives",
      "in candidates",
      "verified",
      "CPU ms p50",
      "p95",
      "bytes/image",
      "build/CPU s",
    ],
    rows,
  ),
);

function measure(contender: Contender, listed: readonly Listed[]): void {
  const began = cpuMs();
  for (const [id, one] of listed.entries()) contender.add(id, one);
  const perSecond = listed.length / ((cpuMs() - began) / 1000);
  const right = { real: 0, synthetic: 0, negative: 0 };
  let [wrong, brought, verified] = [0, 0, 0];
  const ms: number[] = [];
  for (const { frame, kind, right: truth, shared } of asked) {
    const answer = contender.ask(frame);
    ms.push(answer.ms);
    const shows = (names: readonly string[]) => names.some((name) => truth.has(name));
    if (kind !== "negative" && (!answer.brought || shows(answer.brought))) brought++;
    if (shows(answer.verified)) verified++;
    if (answer.best === undefined) continue;
    if (kind === "negative" || truth.has(answer.best)) right[kind]++;
    else if (!shared.has(answer.best)) wrong++;
  }
  const of = (kind: Query["kind"]) => asked.filter((query) => query.kind === kind).length;
  const shown = of("real") + of("synthetic");
  rows.push([
    contender.title,
    listed.length,
    `${right.real}/${of("real")}`,
    `${right.synthetic}/${of("synthetic")}`,
    wrong,
    `${right.negative}/${of("negative")}`,
    `${brought}/${shown}`,
    `${verified}/${shown}`,
    median(ms).toFixed(0),
    percentile(ms, 95).toFixed(0),
    (contender.bytes() / listed.length).toFixed(0),
    perSecond.toFixed(0),
  ]);
  console.log(rows.at(-1)?.join("  "));
}

function ours(listed: readonly Listed[]): Contender {
  const store = new MemoryStore();
  const index = new LiveIndex(loadCore(), store);
  return {
    title: "Lookmark",
    add(id, { target }) {
      index.insert(id, target);
      for (const paged of store.insert(id, target)) index.remove(paged);
    },
    ask({ features, size }) {
      const began = cpuMs();
      const [best] = index.search(features, size).candidates;
      const ms = cpuMs() - began;
      const names = (ids: readonly number[]) => ids.map((id) => nameOf(listed, id));
      return {
        brought: candidates.brought && names(candidates.brought),
        verified: names(candidates.verified),
        best: best && isAccepted(best) ? nameOf(listed, best.id) : undefined,
        ms,
      };
    },
    bytes: () => store.bytes,
  };
}

/** The peer finds candidates; they are verified in a core of their own, where they are all. */
function usearch(
  kind: Kind,
  listed: readonly Listed[],
  ofTarget: VectorsOf<Listed>,
  ofFrame: VectorsOf<Frame>,
): Contender {
  const peer = new UsearchPeer(kind);
  const verifier = loadCore();
  return {
    title: kind.title,
    add: (id, one) => peer.add(id, ofTarget(one)),
    ask(frame) {
      const vectors = ofFrame(frame);
      const began = cpuMs();
      const brought = peer.search(vectors, BROUGHT_MOST);
      verifier.clearTargets();
      const bySlot: string[] = [];
      for (const id of brought) {
        const slot = verifier.insertTarget((listed[id] as Listed).target) as number;
        bySlot[slot] = nameOf(listed, id);
      }
      const { verdicts } = verifier.search(frame.features, frame.size, () => 0);
      const ms = cpuMs() - began;
      const verified = verdicts.map(({ slot }) => bySlot[slot] as string);
      const accepted = verdicts[0] && isAccepted(verdicts[0]);
      return {
        brought: brought.map((id) => nameOf(listed, id)),
        verified,
        best: accepted ? verified[0] : undefined,
        ms,
      };
    },
    bytes: () => peer.bytes + listed.reduce((sum, { target }) => sum + target.features.length, 0),
  };
}

/** What this process has computed: unlike the time that passes, it does not depend on what else the machine does. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function nameOf(listed: readonly Listed[], id: number): string {
  return (listed[id] as Listed).name;
}

function isAccepted(candidate: Weighed): boolean {
  return scoreOf(candidate) >= MATCHRATIO_DEFAULT;
}

/** As the target keeps them, a byte a bit. */
function signaturesOfTarget({ target: { features } }: Listed): Uint8Array {
  const count = features.length / TARGET_FEATURE_BYTES;
  return Uint8Array.from({ length: SIGNATURES.dimensions * count }, (_, i) => {
    const byte = features[TARGET_FEATURE_BYTES * (i >> 6) + ((i >> 3) & 7)] as number;
    return (byte >> (i & 7)) & 1;
  });
}

/** The same of a frame, one feature after the other, since a target keeps fewer and sorts them. */
function signaturesOfFrame({ features }: Frame): Uint8Array {
  const vectors: Uint8Array[] = [];
  for (let at = 0; at < features.length; at += FEATURE_BYTES) {
    const target = core.encodeTarget(features.subarray(at, at + FEATURE_BYTES), { width: 1, height: 1 });
    vectors.push(signaturesOfTarget({ name: "", target }));
  }
  return Uint8Array.from(vectors.flatMap((vector) => [...vector]));
}

function descriptorsOf({ features = new Uint8Array() }: Pick<Listed, "features">): Int8Array {
  const descriptors = new Int8Array((DESCRIPTORS.dimensions * features.length) / FEATURE_BYTES);
  for (let i = 0; i < features.length / FEATURE_BYTES; i++) {
    descriptors.set(descriptorOf(features, i), DESCRIPTORS.dimensions * i);
  }
  return descriptors;
}

async function listedOf(pictures: readonly Picture[]): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (const { name, file } of pictures) {
    const read = await readTarget(core, readFileSync(file), LIMITS);
    if (read.ok) listed.push({ name, target: read.value.target, features: read.value.features });
  }
  return listed;
}
