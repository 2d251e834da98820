/**
 * How near each stage of a question comes to what the machine could do: its time beside the time in which its bytes could
 * be read, and the time of its multiplications if the vector unit did nothing else.
 *
 *   npm run bench:stages -- --set DIR [--frames 40] [--rounds 9]
 */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FRAME_SIDE_PX } from "../../shared/protocol.ts";
import type { GrayImage } from "../../worker/core/core.ts";
import { FEATURE_BYTES } from "../../worker/core/feature.ts";
import { loadCore } from "../../worker/core/node.ts";
import { decodeImage } from "../../worker/image/decode.ts";
import { Kernels } from "../core/kernels.ts";
import { readSet } from "./set.ts";
import { median, table } from "./summary.ts";

const { values: options } = parseArgs({
  options: {
    set: { type: "string" },
    frames: { type: "string", default: "40" },
    rounds: { type: "string", default: "9" },
  },
});
if (!options.set) {
  console.error("usage: npm run bench:stages -- --set DIR [--frames 40] [--rounds 9]");
  process.exit(2);
}

const LIMITS = { maxBytes: 64 * 2 ** 20, maxPixels: 100e6, minSide: 1 };
const FEATURES = 800;
const KEYPOINT_BYTES = 24;
/** Of a patch: bilinear samples, of 4 products; gradients, each split into 8 directions and pooled into 3 × 3 cells. */
const SAMPLES = 18 * 18;
const GRADIENTS = 16 * 16;
const PATCH_PRODUCTS = 4 * SAMPLES + GRADIENTS * (8 + 3 + 3);
const PROJECTION_PRODUCTS = 48 * 72;
const FLOOD_BYTES = 64 << 20;
const FLOOD_PRODUCTS = 1 << 26;

interface Stage {
  readonly name: string;
  readonly ms: number[];
  readonly megabytes: number[];
  readonly products: number[];
}

const core = loadCore();
const kernels = new Kernels();
const stages = new Map<string, Stage>();
const { queries } = readSet(options.set);
const every = Math.ceil(queries.length / Number(options.frames));
for (const { file } of queries.filter((_, i) => i % every === 0)) {
  const decoded = await decodeImage(core, readFileSync(file), LIMITS, FRAME_SIDE_PX);
  if (decoded.ok) measureFrame(decoded.value.image);
}
report(measureBandwidth(), measureProducts());

/** Runs the stages of extraction one after the other, each several times over. */
function measureFrame({ pixels, width, height }: GrayImage): void {
  const start = kernels.run("mark");
  const image = kernels.place(pixels);
  const keypoints = kernels.take(FEATURES * KEYPOINT_BYTES);
  const feature = kernels.take(FEATURE_BYTES);
  const built = kernels.run("mark");
  kernels.run("buildPyramid", image, width, height);
  const pyramidBytes = Array.from({ length: kernels.global("levelCount") }, (_, level) => levelBytes(level)).reduce(
    (a, b) => a + b,
  );
  kernels.run("release", built);
  // Each level is written, blurred along rows and columns, and halved.
  measure("pyramid", 4 * pyramidBytes, 5 * pyramidBytes, () => {
    kernels.run("release", built);
    kernels.run("buildPyramid", image, width, height);
  });
  const count = kernels.run("detectKeypoints", keypoints, FEATURES);
  // 16 neighbors are compared with each pixel, and its score is read with its eight neighbors'.
  measure("keypoints", 3 * pyramidBytes, 0, () => kernels.run("detectKeypoints", keypoints, FEATURES));
  const found = keypointsAt(keypoints, count);
  measure("directions", count * 31 * 31, 0, () => {
    for (const { pixels, stride, x, y } of found)
      kernels.run("orientationAt", pixels, stride, Math.round(x), Math.round(y));
  });
  measure("patches: gradients into histograms", count * 31 * 31, count * PATCH_PRODUCTS, () => {
    for (const { pixels, stride, x, y } of found) kernels.run("measurePatch", pixels, stride, x, y, 0.1);
  });
  measure("projection to 48 bytes", count * 4 * 72, count * PROJECTION_PRODUCTS, () => {
    for (let i = 0; i < count; i++) kernels.run("describePatch", feature);
  });
  kernels.run("release", start);
}

function levelBytes(level: number): number {
  return kernels.run("levelWidth", level) * kernels.run("levelHeight", level);
}

/** Positions in level px. */
function keypointsAt(address: number, count: number) {
  const view = new DataView(kernels.bytes(address, count * KEYPOINT_BYTES).buffer);
  return Array.from({ length: count }, (_, i) => {
    const level = view.getInt32(i * KEYPOINT_BYTES + 16, true);
    return {
      pixels: kernels.run("levelPixels", level),
      stride: kernels.run("levelStride", level),
      x: view.getFloat32(i * KEYPOINT_BYTES + 8, true),
      y: view.getFloat32(i * KEYPOINT_BYTES + 12, true),
    };
  });
}

function measure(name: string, bytes: number, products: number, work: () => void): void {
  const times = Array.from({ length: Number(options.rounds) }, () => timed(work));
  const stage = stages.get(name) ?? { name, ms: [], megabytes: [], products: [] };
  stages.set(name, stage);
  stage.ms.push(median(times));
  stage.megabytes.push(bytes / 1e6);
  stage.products.push(products);
}

/** GB/s of reading once. */
function measureBandwidth(): number {
  const address = kernels.take(16 << 20);
  const reads = FLOOD_BYTES / (16 << 20);
  const ms = median(
    Array.from({ length: 9 }, () => timed(() => repeat(reads, () => kernels.run("readOnce", address, 16 << 20)))),
  );
  return FLOOD_BYTES / 1e6 / ms;
}

/** Million products a millisecond of f32 × 4 vectors that wait for nothing. */
function measureProducts(): number {
  const calls = () => timed(() => repeat(64, () => kernels.run("multiplyOnly", FLOOD_PRODUCTS / 64)));
  calls(); // so that the engine has made its best of it
  return FLOOD_PRODUCTS / 1e6 / median(Array.from({ length: 9 }, calls));
}

function repeat(times: number, work: () => void): void {
  for (let i = 0; i < times; i++) work();
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function report(bandwidth: number, products: number): void {
  console.log(`reading: ${bandwidth.toFixed(1)} GB/s; multiplying and adding: ${products.toFixed(1)} million f32 a ms`);
  const rows = [...stages.values()].map((stage) => {
    const ms = median(stage.ms);
    const reading = median(stage.megabytes) / bandwidth;
    const multiplying = median(stage.products) / 1e6 / products;
    return [
      stage.name,
      ms.toFixed(2),
      median(stage.megabytes).toFixed(2),
      reading.toFixed(3),
      (median(stage.products) / 1e6).toFixed(2),
      multiplying.toFixed(3),
      (ms / Math.max(reading, multiplying)).toFixed(1),
    ];
  });
  console.log(
    table(
      [
        "stage, a frame",
        "ms",
        "MB touched",
        "ms to read them",
        "million products",
        "ms to multiply",
        "times the larger bound",
      ],
      rows,
    ),
  );
}
