/** One thread of bench:false-matches: an index of its own, and its share of the frames. */

import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { type Homography, invert } from "../../shared/homography.ts";
import { FRAME_SIDE_PX } from "../../shared/protocol.ts";
import { between, type Random, randomFrom } from "../../shared/random.ts";
import { frameFromPicture, type Size } from "../../worker/core/camera.ts";
import type { GrayImage } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { decodeImage } from "../../worker/image/decode.ts";
import { scoreOf } from "../../worker/index/score.ts";
import type { FrameAnswer, Task } from "./false-matches.ts";
import { Recognizer } from "./recognizer.ts";
import type { Picture } from "./set.ts";
import { encodeGray } from "./simulator.ts";

const FRAME: Size = { width: 640, height: 480 };
const SEED = 4;
const LIMITS = { maxBytes: 1e9, maxPixels: 1e9, minSide: 1 };
const EXPOSURE = { blurPasses: 0, gain: 0.9, gamma: 1, offset: 8, noise: 2 };
const JPEG_QUALITY = 85;

const { index, sources, frames, first, step } = workerData as Task;
const core = loadCore();
const shuffled = shuffle(sources, randomFrom(SEED));
const recognizer = new Recognizer();
for (const picture of index) {
  const added = await recognizer.add(picture);
  if (!added.ok && first === 0) console.log(`refused ${picture.name}: ${added.reason.message}`);
}
const answers: FrameAnswer[] = [];
for (let frame = first; frame < frames; frame += step) answers.push(await ask(frame));
parentPort?.postMessage(answers);

/** Every third frame is a picture as it is, until all were; the others are crops and warps by turns. */
async function ask(frame: number): Promise<FrameAnswer> {
  const random = randomFrom(SEED + 1 + frame);
  const whole = frame % 3 === 0 ? shuffled[frame / 3] : undefined;
  const source = whole ?? oneOf(sources, random);
  const kind = whole ? "as it is" : frame % 2 ? "crop" : "warp";
  const behind = kind === "warp" ? oneOf(sources, random) : undefined;
  const bytes = whole ? readFileSync(source.file) : await draw(source, behind, random);
  const { candidates } = await recognizer.find(bytes, FRAME_SIDE_PX);
  const [best] = candidates.toSorted((a, b) => scoreOf(b) - scoreOf(a));
  return {
    frame,
    source: behind ? `${source.name} before ${behind.name}` : source.name,
    kind,
    score: best ? scoreOf(best) : 0,
    matched: best?.name ?? "",
    inliers: best?.inliers ?? 0,
    visible: best?.visible ?? 0,
  };
}

/** A crop, or a warp where something is behind the picture. */
async function draw(source: Picture, behind: Picture | undefined, random: Random): Promise<Uint8Array> {
  const picture = await readGray(source.file);
  const frame = behind ? warp(picture, crop(await readGray(behind.file), random), random) : crop(picture, random);
  return encodeGray(frame, JPEG_QUALITY);
}

/** A part of the picture that fills the frame. */
function crop(picture: GrayImage, random: Random): GrayImage {
  const fits = Math.min(picture.width / FRAME.width, picture.height / FRAME.height);
  const pxPerPx = fits * between(random, 0.4, 0.95);
  const x = random() * (picture.width - pxPerPx * FRAME.width);
  const y = random() * (picture.height - pxPerPx * FRAME.height);
  const gray = { ...FRAME, pixels: new Uint8Array(FRAME.width * FRAME.height).fill(128) };
  return core.drawView(
    picture,
    [pxPerPx, 0, x, 0, pxPerPx, y, 0, 0, 1],
    gray,
    EXPOSURE,
    Math.floor(random() * 2 ** 31),
  );
}

/** The picture tilted and turned, as a target would be seen, before a part of another one. */
function warp(picture: GrayImage, background: GrayImage, random: Random): GrayImage {
  const inFrame: Homography = frameFromPicture(picture, FRAME, {
    scale: (between(random, 0.4, 1.3) * FRAME.height) / Math.max(picture.width, picture.height),
    rotation: between(random, -Math.PI, Math.PI),
    tilt: between(random, 0, 0.9),
    tiltAxis: between(random, 0, 2 * Math.PI),
    center: [FRAME.width / 2 + between(random, -80, 80), FRAME.height / 2 + between(random, -80, 80)],
  });
  return core.drawView(picture, invert(inFrame), background, EXPOSURE, Math.floor(random() * 2 ** 31));
}

async function readGray(file: string): Promise<GrayImage> {
  const decoded = await decodeImage(core, readFileSync(file), LIMITS, 2 * FRAME.width);
  if (!decoded.ok) throw new Error(`${file}: ${decoded.reason.message}`);
  return decoded.value.image;
}

/** Fisher and Yates' shuffle, of a copy. */
function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
  }
  return shuffled;
}

function oneOf<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}
