/** `npm run bench:decode`: milliseconds and memory from a file to the gray picture that features are taken from. */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import jpeg from "jpeg-js";
import UPNG from "upng-js";
import { FRAME_SIDE_PX } from "../../shared/protocol.ts";
import { loadCore } from "../../worker/core/node.ts";
import { decodeImage } from "../../worker/image/decode.ts";
import { median, percentile, table } from "./summary.ts";

const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "15" } } });
const ROUNDS = Number(options.rounds);
const LIMITS = { maxBytes: 64 * 2 ** 20, maxPixels: 100e6, minSide: 1 };
/** What phones save: 2–4 bits a pixel. */
const QUALITY = 85;
const SIZES = [
  [640, 480],
  [1280, 960],
  [4000, 3000],
] as const;
const SAMPLE = new URL("../../worker/site/public/samples/poster.circus.jpg", import.meta.url);
const PROGRESSIVE = new URL("../fixtures/circus.progressive.jpg", import.meta.url);

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The sample poster enlarged bilinearly and grained like a photo, so that its codes are as many. */
function photo(width: number, height: number): Rgba {
  const sample = jpeg.decode(readFileSync(SAMPLE), { useTArray: true });
  const data = new Uint8Array(4 * width * height).fill(255);
  let grain = 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const [u, v] = [(x * (sample.width - 1.01)) / width, (y * (sample.height - 1.01)) / height];
      const corner = 4 * (Math.floor(v) * sample.width + Math.floor(u));
      grain = (Math.imul(grain, 1664525) + 1013904223) | 0;
      for (let channel = 0; channel < 3; channel++) {
        const pixel = (offset: number) => sample.data[corner + offset + channel] as number;
        const upper = pixel(0) + (u % 1) * (pixel(4) - pixel(0));
        const lower = pixel(4 * sample.width) + (u % 1) * (pixel(4 * sample.width + 4) - pixel(4 * sample.width));
        data[at + channel] = Math.max(0, Math.min(255, upper + (v % 1) * (lower - upper) + (grain >> 28)));
      }
    }
  }
  return { width, height, data };
}

type Decoder = () => Promise<unknown> | unknown;

/** Medians in ms, turn by turn, so that both see the same machine. */
async function compare(ours: Decoder, peer: Decoder, rounds: number): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [i, decode] of [ours, peer].entries()) {
      const began = performance.now();
      await decode();
      (times[i] as number[]).push(performance.now() - began);
    }
  }
  return times;
}

async function measure(kind: string, file: Uint8Array, width: number, height: number, peer: Decoder) {
  const core = loadCore();
  const before = core.memoryBytes;
  let decodedSize = "";
  const ours = async () => {
    const decoded = await decodeImage(core, file, LIMITS, FRAME_SIDE_PX);
    if (!decoded.ok) throw new Error(decoded.reason.message);
    decodedSize = `${decoded.value.image.width} × ${decoded.value.image.height}`;
  };
  await ours(); // compiles
  const [own, others] = await compare(ours, peer, width * height > 4e6 ? Math.ceil(ROUNDS / 3) : ROUNDS);
  return [
    kind,
    `${width} × ${height}`,
    `${Math.round(file.length / 1024)} KB`,
    decodedSize,
    median(own).toFixed(2),
    percentile(own, 95).toFixed(2),
    median(others).toFixed(1),
    (median(others) / median(own)).toFixed(1),
    ((core.memoryBytes - before) / 2 ** 20).toFixed(1),
    (core.memoryBytes / 2 ** 20).toFixed(1),
  ];
}

const byJpegJs = (file: Uint8Array) => () => jpeg.decode(file, { useTArray: true, maxMemoryUsageInMB: 2048 });
const rows: (string | number)[][] = [];
for (const [width, height] of SIZES) {
  const picture = photo(width, height);
  const file = new Uint8Array(jpeg.encode(picture, QUALITY).data);
  rows.push(await measure("JPEG baseline", file, width, height, byJpegJs(file)));
  const png = new Uint8Array(UPNG.encode([picture.data.buffer as ArrayBuffer], width, height, 0));
  const byUpng = () => UPNG.toRGBA8(UPNG.decode(png.buffer));
  rows.push(await measure("PNG", png, width, height, byUpng));
}
const progressive = new Uint8Array(readFileSync(PROGRESSIVE));
rows.push(await measure("JPEG progressive", progressive, 240, 320, byJpegJs(progressive)));
rows.sort((a, b) => String(a[0]).localeCompare(String(b[0])));
console.log(
  table(["file", "size", "bytes", "decoded", "ms", "p95", "peer ms", "peer ÷ ours", "memory + MB", "memory MB"], rows),
);
console.log(
  "\nours: to gray of at most 640 px, upright; memory is the core's linear memory, before and all, with the compressed file.\n" +
    "peer: jpeg-js or upng-js to RGBA at full size.",
);
