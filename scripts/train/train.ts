/**
 * Trains the numbers of worker/core/model/lookmark.bin from a folder of pictures: `npm run train -- --pictures DIR`.
 *
 * 1. Pairs of gradient histograms of one point in two views, from simulated camera frames (pairs.ts).
 * 2. Projection: linear discriminant analysis. Differences within pairs are made white, then the directions are kept
 *    in which different points differ most.
 * 3. Signature planes: random orthogonal directions. Codebooks: k-means of the even and of the odd leading values.
 * 4. Evidence: how the disagreement of signatures is distributed for one point, and for different points.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Random, randomFrom } from "../../shared/random.ts";
import type { Core, GrayImage } from "../../worker/core/core.ts";
import { loadCore, modelFile } from "../../worker/core/node.ts";
import { decodeImage } from "../../worker/image/decode.ts";
import { kMeans, nearestCenter } from "./kmeans.ts";
import { addOuter, dot, eigen, type Matrix, product, randomDirections, transpose, zeros } from "./linear.ts";
import { collectPairs } from "./pairs.ts";

const HISTOGRAM_SIZE = 72;
const DESCRIPTOR_SIZE = 48;
const SIGNATURE_BITS = 64;
const CODE_COUNT = 256;
const CODE_SIZE = 16;
const EVIDENCE_STEPS = 64;
/** Units of the stored descriptor in the white noise's standard deviation (assembly/descriptor.ts). */
const UNITS_PER_SIGMA = 8;
/** Descriptor units that a plane counts at most, and that a disagreement reaches at most (assembly/signature.ts). */
const DISTANCE_MOST = 40;
const DISAGREEMENT_UNITS = 1024;
/** Features that evidence is learned from, and others that each is compared with. */
const EVIDENCE_TARGETS = 150_000;
const OTHERS_A_TARGET = 20;
const NO_LIMITS = { maxBytes: 1e9, maxPixels: 1e9, minSide: 1 };
const MODEL_FLOATS =
  HISTOGRAM_SIZE +
  DESCRIPTOR_SIZE * HISTOGRAM_SIZE +
  SIGNATURE_BITS * DESCRIPTOR_SIZE +
  2 * CODE_COUNT * CODE_SIZE +
  2 * EVIDENCE_STEPS;

const { values: options } = parseArgs({
  options: {
    pictures: { type: "string" },
    views: { type: "string", default: "4000" },
    seed: { type: "string", default: "1" },
    /** Keeps the present file's numbers but for the evidence. */
    evidence: { type: "boolean", default: false },
  },
});
if (!options.pictures) {
  console.error("Name a folder of JPEG or PNG pictures: npm run train -- --pictures DIR [--views 4000] [--seed 1]");
  process.exit(2);
}

const random = randomFrom(Number(options.seed));
const core = loadCore(new Uint8Array(4 * MODEL_FLOATS));
const pairs = await gatherPairs(core, options.pictures, Number(options.views), random);
console.log(`${pairs.count} pairs`);
const { mean, projection, planes, codebooks } = options.evidence ? readFeatureNumbers() : trainFeatureNumbers(pairs);
const firsts = projectAll(pairs.firsts, mean, projection);
const seconds = projectAll(pairs.seconds, mean, projection);
const evidence = measureEvidence(firsts, seconds, planes, codebooks, random);
const parts = [mean, ...projection, ...planes, ...codebooks, evidence.same, evidence.other];
const model = Float32Array.from(parts.flatMap((part) => Array.from(part)));
if (model.length !== MODEL_FLOATS) throw new Error(`the model has ${model.length} numbers instead of ${MODEL_FLOATS}`);
writeFileSync(modelFile, new Uint8Array(model.buffer));
console.log(`wrote ${model.byteLength} bytes`);

interface Pairs {
  readonly count: number;
  /** Histograms one after the other. */
  readonly firsts: Float32Array;
  readonly seconds: Float32Array;
}

/** All that features are made with. */
interface FeatureNumbers {
  readonly mean: Float64Array;
  readonly projection: Matrix;
  readonly planes: Matrix;
  readonly codebooks: readonly Float32Array[];
}

function trainFeatureNumbers(pairs: Pairs): FeatureNumbers {
  const { mean, projection } = trainProjection(pairs);
  const firsts = projectAll(pairs.firsts, mean, projection);
  const planes = randomDirections(SIGNATURE_BITS, DESCRIPTOR_SIZE, random);
  return { mean, projection, planes, codebooks: [0, 1].map((odd) => trainCodebook(firsts, odd, random)) };
}

function readFeatureNumbers(): FeatureNumbers {
  const numbers = new Float32Array(new Uint8Array(readFileSync(modelFile)).buffer);
  let at = 0;
  const rows = (count: number, size: number) =>
    Array.from({ length: count }, () => {
      const row = Float64Array.from(numbers.subarray(at, at + size));
      at += size;
      return row;
    });
  const [mean] = rows(1, HISTOGRAM_SIZE) as [Float64Array];
  const projection = rows(DESCRIPTOR_SIZE, HISTOGRAM_SIZE);
  const planes = rows(SIGNATURE_BITS, DESCRIPTOR_SIZE);
  const codebooks = rows(2, CODE_COUNT * CODE_SIZE).map((book) => Float32Array.from(book));
  return { mean, projection, planes, codebooks };
}

async function gatherPairs(core: Core, folder: string, views: number, random: Random): Promise<Pairs> {
  const names = readdirSync(folder)
    .filter((name) => /\.(jpe?g|png)$/i.test(name))
    .sort();
  const draw = () => readPicture(core, join(folder, names[Math.floor(random() * names.length)] as string));
  const firsts: Float32Array[] = [];
  const seconds: Float32Array[] = [];
  for (let view = 0; view < views; view++) {
    collectPairs(core, await draw(), await draw(), random, (first, second) => {
      firsts.push(first.slice());
      seconds.push(second.slice());
    });
    if (view % 500 === 499) console.log(`${view + 1} of ${views} views`);
  }
  return { count: firsts.length, firsts: joined(firsts), seconds: joined(seconds) };
}

async function readPicture(core: Core, file: string): Promise<GrayImage> {
  const decoded = await decodeImage(core, readFileSync(file), NO_LIMITS, Number.POSITIVE_INFINITY);
  if (!decoded.ok) throw new Error(`${file}: ${decoded.reason.message}`);
  return decoded.value.image;
}

function joined(rows: Float32Array[]): Float32Array {
  const all = new Float32Array(rows.length * HISTOGRAM_SIZE);
  for (const [i, row] of rows.entries()) all.set(row, i * HISTOGRAM_SIZE);
  return all;
}

/** Rows of the projection take a centered histogram to a descriptor value whose noise has variance 1. */
function trainProjection({ count, firsts, seconds }: Pairs): { mean: Float64Array; projection: Matrix } {
  const mean = new Float64Array(HISTOGRAM_SIZE);
  for (let i = 0; i < firsts.length; i++) {
    const at = i % HISTOGRAM_SIZE;
    mean[at] = (mean[at] as number) + ((firsts[i] as number) + (seconds[i] as number)) / (2 * count);
  }
  const noise = zeros(HISTOGRAM_SIZE, HISTOGRAM_SIZE);
  const total = zeros(HISTOGRAM_SIZE, HISTOGRAM_SIZE);
  const difference = new Float64Array(HISTOGRAM_SIZE);
  const centered = new Float64Array(HISTOGRAM_SIZE);
  for (let pair = 0; pair < count; pair++) {
    for (let i = 0; i < HISTOGRAM_SIZE; i++) {
      const first = firsts[pair * HISTOGRAM_SIZE + i] as number;
      difference[i] = first - (seconds[pair * HISTOGRAM_SIZE + i] as number);
      centered[i] = first - (mean[i] as number);
    }
    addOuter(noise, difference, 1 / (2 * count));
    addOuter(total, centered, 1 / count);
  }
  const ofNoise = eigen(noise);
  const whitening = ofNoise.vectors.map((vector, i) =>
    vector.map((value) => value / Math.sqrt((ofNoise.values[i] as number) + 1e-6)),
  );
  const ofWhite = eigen(product(whitening, product(total, transpose(whitening))));
  console.log(
    `signal to noise of the kept values: ${ofWhite.values
      .slice(0, DESCRIPTOR_SIZE)
      .map((v) => v.toFixed(1))
      .join(" ")}`,
  );
  return { mean, projection: product(ofWhite.vectors.slice(0, DESCRIPTOR_SIZE), whitening) };
}

/** Descriptors as the core stores them. */
function projectAll(histograms: Float32Array, mean: Float64Array, projection: Matrix): Float32Array {
  const count = histograms.length / HISTOGRAM_SIZE;
  const out = new Float32Array(count * DESCRIPTOR_SIZE);
  const centered = new Float64Array(HISTOGRAM_SIZE);
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < HISTOGRAM_SIZE; i++)
      centered[i] = (histograms[n * HISTOGRAM_SIZE + i] as number) - (mean[i] as number);
    projection.forEach((row, k) => {
      out[n * DESCRIPTOR_SIZE + k] = Math.max(-127, Math.min(127, Math.round(UNITS_PER_SIGMA * dot(centered, row))));
    });
  }
  return out;
}

/** Centers of the even (odd = 0) or odd values among the leading ones, of at most 150,000 descriptors. */
function trainCodebook(descriptors: Float32Array, odd: number, random: Random): Float32Array {
  const count = descriptors.length / DESCRIPTOR_SIZE;
  const sampled = Math.min(count, 150_000);
  const points = new Float32Array(sampled * CODE_SIZE);
  for (let n = 0; n < sampled; n++) {
    const at = Math.floor((n * count) / sampled) * DESCRIPTOR_SIZE;
    for (let i = 0; i < CODE_SIZE; i++) points[n * CODE_SIZE + i] = descriptors[at + 2 * i + odd] as number;
  }
  return kMeans(points, CODE_SIZE, CODE_COUNT, 15, random);
}

/** Shares of pairs by step of disagreement; a share never seen gets one in a million. */
function measureEvidence(
  firsts: Float32Array,
  seconds: Float32Array,
  planes: Matrix,
  codebooks: readonly Float32Array[],
  random: Random,
) {
  const count = firsts.length / DESCRIPTOR_SIZE;
  const same = new Float64Array(EVIDENCE_STEPS);
  const other = new Float64Array(EVIDENCE_STEPS);
  const descriptor = (all: Float32Array, n: number) => all.subarray(n * DESCRIPTOR_SIZE, (n + 1) * DESCRIPTOR_SIZE);
  const distances = (from: ArrayLike<number>) => planes.map((plane) => dot(plane, from));
  const targets = Array.from({ length: Math.min(count, EVIDENCE_TARGETS) }, () => {
    const n = Math.floor(random() * count);
    const center = distances(wordCenter(descriptor(firsts, n), codebooks));
    return { n, center, distances: distances(descriptor(firsts, n)) };
  });
  for (const target of targets) {
    add(same, disagreement(distances(descriptor(seconds, target.n)), target));
    for (let k = 0; k < OTHERS_A_TARGET; k++) {
      const elsewhere = distances(descriptor(seconds, Math.floor(random() * count)));
      add(other, disagreement(elsewhere, target));
    }
  }
  return { same: sharesOf(same), other: sharesOf(other) };
}

/** The nearest center of each book, put together. */
function wordCenter(descriptor: Float32Array, codebooks: readonly Float32Array[]): Float32Array {
  const center = new Float32Array(DESCRIPTOR_SIZE);
  for (const [odd, book] of codebooks.entries()) {
    const half = Float32Array.from({ length: CODE_SIZE }, (_, i) => descriptor[2 * i + odd] as number);
    const at = nearestCenter(half, 0, book, CODE_SIZE) * CODE_SIZE;
    for (let i = 0; i < CODE_SIZE; i++) center[2 * i + odd] = book[at + i] as number;
  }
  return center;
}

function sharesOf(histogram: Float64Array): Float64Array {
  const sum = histogram.reduce((a, b) => a + b, 0);
  return histogram.map((value) => value / sum + 1e-6);
}

function add(histogram: Float64Array, value: number): void {
  const step = Math.min(EVIDENCE_STEPS - 1, Math.floor(value * EVIDENCE_STEPS));
  histogram[step] = (histogram[step] as number) + 1;
}

/**
 * How far the query lies from the planes through the target's word on whose other side the target lies, as a share of the
 * largest disagreement that is told apart (assembly/signature.ts).
 */
function disagreement(
  query: readonly number[],
  target: { readonly center: readonly number[]; readonly distances: readonly number[] },
): number {
  let sum = 0;
  for (const [i, center] of target.center.entries()) {
    const distance = (query[i] as number) - center;
    if (distance > 0 !== (target.distances[i] as number) > center) sum += Math.min(Math.abs(distance), DISTANCE_MOST);
  }
  return sum / DISAGREEMENT_UNITS;
}
