/** The sample pictures in simulated camera views: a floor for right answers, a ceiling for wrong ones. */

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { applyHomography, cornersOf, type Homography, invert } from "../../shared/homography.ts";
import { between, randomFrom } from "../../shared/random.ts";
import { frameFromPicture } from "../../worker/core/camera.ts";
import type { Core, GrayImage, Verdict } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { decodeImage } from "../../worker/image/decode.ts";
import { MATCHRATIO_DEFAULT, scoreOf } from "../../worker/index/score.ts";

const FRAME = { width: 640, height: 480 };
const VIEWS_EACH = 4;
const folder = new URL("../../worker/site/public/", import.meta.url);
const limits = { maxBytes: 1e7, maxPixels: 1e8, minSide: 1 };

interface Sample {
  readonly identifier: string;
  readonly file: string;
}

interface View {
  readonly sample: string;
  readonly answer: Verdict | undefined;
  readonly truth: Homography;
  readonly picture: GrayImage;
}

const names = (JSON.parse(readFileSync(new URL("samples/samples.json", folder), "utf8")) as Sample[]).slice(0, 28);
const views = { plain: [] as View[], clutter: [] as View[] };
const slots = new Map<number, string>();

beforeAll(async () => {
  const core = loadCore();
  const pictures = new Map<string, GrayImage>();
  for (const { identifier, file } of names) {
    const decoded = await decodeImage(core, readFileSync(new URL(file, folder)), limits, 480);
    if (!decoded.ok) throw new Error(decoded.reason.message);
    const picture = decoded.value.image;
    pictures.set(identifier, picture);
    slots.set(core.insertTarget(core.encodeTarget(core.extract(picture, 250), picture)) as number, identifier);
  }
  for (const [i, { identifier }] of names.entries()) {
    const picture = pictures.get(identifier) as GrayImage;
    const clutter = scrambled(pictures.get(names[(i + 5) % names.length]?.identifier as string) as GrayImage);
    for (let view = 0; view < VIEWS_EACH; view++) {
      views.plain.push(lookAt(core, identifier, picture, wall(), 100 * i + view));
      views.clutter.push(lookAt(core, identifier, picture, clutter, 100 * i + view));
    }
  }
});

function lookAt(core: Core, sample: string, picture: GrayImage, background: GrayImage, seed: number): View {
  const random = randomFrom(seed);
  const truth = frameFromPicture(picture, FRAME, {
    scale: (between(random, 0.4, 0.9) * FRAME.height) / Math.max(picture.width, picture.height),
    rotation: between(random, -Math.PI, Math.PI),
    tilt: between(random, 0, 0.75),
    tiltAxis: between(random, 0, 2 * Math.PI),
    center: [320 + between(random, -50, 50), 240 + between(random, -20, 20)],
  });
  const gain = between(random, 0.4, 1);
  const exposure = {
    blurPasses: Math.floor(3 * random()),
    gain,
    gamma: 1,
    offset: 60 * (1 - gain),
    noise: between(random, 2, 8),
  };
  const frame = core.drawView(picture, invert(truth), background, exposure, seed + 1);
  const answer = core.search(core.extract(frame, 800), frame, () => 0).verdicts[0];
  const accepted = answer !== undefined && scoreOf(answer) >= MATCHRATIO_DEFAULT;
  return { sample, answer: accepted ? answer : undefined, truth, picture };
}

/** A plain wall, a little lighter on one side. */
function wall(): GrayImage {
  return {
    ...FRAME,
    pixels: Uint8Array.from({ length: FRAME.width * FRAME.height }, (_, i) => 100 + (i % FRAME.width) / 16),
  };
}

/** Clutter: a picture cut into small tiles in another order, so that its corners stay and its content goes. */
function scrambled(picture: GrayImage): GrayImage {
  const pixels = new Uint8Array(FRAME.width * FRAME.height);
  for (let y = 0; y < FRAME.height; y++) {
    for (let x = 0; x < FRAME.width; x++) {
      const tile = Math.floor(x / 24) * 7 + Math.floor(y / 24) * 13;
      const u = (tile * 29 + (x % 24)) % picture.width;
      const v = (tile * 17 + (y % 24)) % picture.height;
      pixels[y * FRAME.width + x] = picture.pixels[v * picture.width + u] as number;
    }
  }
  return { ...FRAME, pixels };
}

describe.each([
  ["plain", 0.95],
  ["clutter", 0.75],
] as const)(`${VIEWS_EACH} views of each sample picture before %s`, (background, floor) => {
  it("are recognized often enough, and never as another picture", () => {
    const seen = views[background];
    const right = seen.filter(({ sample, answer }) => answer && slots.get(answer.slot) === sample);
    const wrong = seen.filter(({ sample, answer }) => answer && slots.get(answer.slot) !== sample);
    expect(seen).toHaveLength(VIEWS_EACH * 28);
    expect(wrong).toEqual([]);
    expect(right.length / seen.length).toBeGreaterThanOrEqual(floor);
  });

  it("are placed within 1.5 px in the median, and 6 px in 95 of 100 cases", () => {
    const errors = views[background].flatMap(({ answer, truth, picture }) =>
      answer
        ? cornersOf(picture.width, picture.height).map((corner) => distance(answer.queryFromTarget, truth, corner))
        : [],
    );
    errors.sort((a, b) => a - b);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(1.5);
    expect(errors[Math.floor(errors.length * 0.95)]).toBeLessThan(6);
  });
});

function distance(found: Homography, truth: Homography, corner: readonly [number, number]): number {
  const [a, b] = [applyHomography(found, corner), applyHomography(truth, corner)];
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
