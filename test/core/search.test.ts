/** From pictures to places: targets drawn into frames by a known homography are found where they were put. */

import { describe, expect, it } from "vitest";
import { applyHomography, cornersOf, type Homography, invert } from "../../shared/homography.ts";
import { between, randomFrom } from "../../shared/random.ts";
import { frameFromPicture } from "../../worker/core/camera.ts";
import type { Core, GrayImage, Target, Verdict } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { MATCHRATIO_DEFAULT, scoreOf } from "../../worker/index/score.ts";
import { collage, noise, print } from "./scenes.ts";

const FRAME = { width: 640, height: 480 };
const PLAIN = { blurPasses: 1, gain: 0.85, gamma: 1, offset: 12, noise: 3 };
/** Evidence, as far as it is worth, above which the product answers. */
const ACCEPTED = 7.5;

const pictures = Array.from({ length: 12 }, (_, i) => collage(100 + i, 480, 360));

function targetOf(core: Core, picture: GrayImage): Target {
  return core.encodeTarget(core.extract(picture, 250), picture);
}

function coreWith(targets: readonly GrayImage[]): { core: Core; slots: number[] } {
  const core = loadCore();
  return { core, slots: targets.map((picture) => core.insertTarget(targetOf(core, picture)) as number) };
}

function randomPose(seed: number): Homography {
  const random = randomFrom(seed);
  return frameFromPicture(pictures[0] as GrayImage, FRAME, {
    scale: between(random, 0.5, 1.1),
    rotation: between(random, -Math.PI, Math.PI),
    tilt: between(random, 0, 0.7),
    tiltAxis: between(random, 0, 2 * Math.PI),
    center: [320 + between(random, -30, 30), 240 + between(random, -30, 30)],
  });
}

function look(core: Core, frame: GrayImage) {
  return core.search(core.extract(frame, 800), frame, () => 0).verdicts;
}

/** What the strongest verdict has, or the one of `slot`. */
function weightIn(verdicts: readonly Verdict[], slot = verdicts[0]?.slot): number {
  const verdict = verdicts.find((one) => one.slot === slot);
  return verdict ? verdict.evidence * verdict.worth : 0;
}

function worstCorner(found: Homography, truth: Homography): number {
  const off = cornersOf(480, 360).map((corner) => {
    const [a, b] = [applyHomography(found, corner), applyHomography(truth, corner)];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  });
  return Math.max(...off);
}

/** Where two pictures lie that stand side by side in the frame. */
const SIDES = [170, 470].map((x) =>
  frameFromPicture({ width: 480, height: 360 }, FRAME, {
    scale: 0.55,
    rotation: 0.2,
    tilt: 0.3,
    tiltAxis: 1,
    center: [x, 240],
  }),
);

function sideBySide(...shown: readonly GrayImage[]): GrayImage {
  const core = loadCore();
  return shown.reduce(
    (frame, picture, i) => core.drawView(picture, invert(SIDES[i] as Homography), frame, PLAIN, i + 1),
    collage(950, 640, 480),
  );
}

/** `other` with the middle `side` px of `picture` in its own middle. */
function paste(picture: GrayImage, other: GrayImage, side: number): GrayImage {
  const pixels = other.pixels.slice();
  const [left, top] = [(picture.width - side) >> 1, (picture.height - side) >> 1];
  for (let y = top; y < top + side; y++) {
    pixels.set(
      picture.pixels.subarray(y * picture.width + left, y * picture.width + left + side),
      y * other.width + left,
    );
  }
  return { ...other, pixels };
}

describe("search", () => {
  it("is judged here by the product's threshold", () => {
    expect(scoreOf({ evidence: 2 * ACCEPTED, worth: 0.5 })).toBe(MATCHRATIO_DEFAULT);
  });

  it("does not take one print for another in the same typeface", () => {
    for (let text = 0; text < 4; text++) {
      const { core } = coreWith([print(text, 480, 360)]);
      expect(weightIn(look(core, print(text, 480, 360)))).toBeGreaterThan(10 * ACCEPTED);
      expect(weightIn(look(core, print(100 + text, 480, 360)))).toBeLessThan(ACCEPTED);
    }
  });

  it("counts what a print gives one target the less, the more it gives others", () => {
    const prints = [0, 1, 2].map((text) => print(text, 480, 360));
    const frame = print(100, 480, 360);
    const alone = prints.map((target) => weightIn(look(coreWith([target]).core, frame)));
    const sum = alone.reduce((a, b) => a + b);
    const { core, slots } = coreWith(prints);
    const among = look(core, frame);
    for (const [i, slot] of slots.entries()) {
      const { ownEvidence, worth, evidence } = among.find((verdict) => verdict.slot === slot) as Verdict;
      expect(ownEvidence * worth).toBe(alone[i]);
      expect(evidence).toBeCloseTo(Math.max(0, ownEvidence - (sum - ownEvidence * worth) / 2), 6);
      expect(evidence).toBeLessThan(0.6 * ownEvidence);
    }
  });

  it("takes nothing from a target for another one that is in the frame as well", () => {
    const [left, right] = [pictures[0] as GrayImage, pictures[1] as GrayImage];
    const frame = sideBySide(left, right);
    const [alone] = look(coreWith([left]).core, frame);
    const { core, slots } = coreWith([left, right]);
    const both = look(core, frame);
    expect(both.find(({ slot }) => slot === slots[0])?.evidence).toBe(alone?.evidence);
    expect(weightIn(both, slots[1])).toBeGreaterThan(ACCEPTED);
  });

  it("does not take another picture with the same small emblem for the target", () => {
    for (const [i, target] of pictures.entries()) {
      const { core } = coreWith([target]);
      const other = paste(target, collage(700 + i, 480, 360), 80);
      expect(weightIn(look(core, other))).toBeLessThan(ACCEPTED);
    }
  });

  it("is worth the more, the wider the places spread that agree", () => {
    const [target, other] = [pictures[0] as GrayImage, collage(700, 480, 360)];
    const { core } = coreWith([target]);
    const worths = [360, 240, 150, 110].map((side) => look(core, paste(target, other, side))[0]?.worth as number);
    expect(worths[0]).toBeGreaterThan(0.9);
    expect(worths).toEqual(worths.toSorted((a, b) => b - a));
    expect(worths[3]).toBeLessThan(0.4);
  });

  it("finds each of twelve targets in random views, with corners within a few pixels", () => {
    const { core, slots } = coreWith(pictures);
    const errors = pictures.map((picture, i) => {
      const truth = randomPose(i);
      const frame = core.drawView(picture, invert(truth), collage(900 + i, 640, 480), PLAIN, i + 1);
      const best = look(core, frame)[0];
      expect(best?.slot).toBe(slots[i]);
      expect(weightIn([best as Verdict])).toBeGreaterThan(ACCEPTED);
      return worstCorner(best?.queryFromTarget as Homography, truth);
    });
    errors.sort((a, b) => a - b);
    expect(errors[6]).toBeLessThan(2);
    expect(errors[11]).toBeLessThan(8);
  });

  it("finds two targets in one frame, each in its place", () => {
    const { core, slots } = coreWith(pictures);
    const verdicts = look(core, sideBySide(pictures[0] as GrayImage, pictures[1] as GrayImage));
    for (const [i, map] of SIDES.entries()) {
      const verdict = verdicts.slice(0, 2).find(({ slot }) => slot === slots[i]);
      expect(worstCorner(verdict?.queryFromTarget as Homography, map)).toBeLessThan(6);
    }
  });

  it("accepts nothing in frames that show none of the targets", () => {
    const { core } = coreWith(pictures);
    const frames = [...Array.from({ length: 10 }, (_, i) => collage(500 + i, 640, 480)), noise(1, 640, 480)];
    for (const frame of frames) expect(weightIn(look(core, frame))).toBeLessThan(ACCEPTED);
  });

  it("finds nothing in an empty index, and no target after its removal", () => {
    const { core, slots } = coreWith([]);
    expect(look(core, pictures[0] as GrayImage)).toEqual([]);
    expect(slots).toEqual([]);
    const slot = core.insertTarget(targetOf(core, pictures[0] as GrayImage)) as number;
    expect(look(core, pictures[0] as GrayImage)[0]?.slot).toBe(slot);
    core.removeTarget(slot);
    expect(look(core, pictures[0] as GrayImage)).toEqual([]);
  });

  it("finds an allowed target although others show more of the frame, and none where none is allowed", () => {
    const { core, slots } = coreWith([pictures[0] as GrayImage, ...pictures]);
    const frame = core.drawView(pictures[0] as GrayImage, invert(randomPose(5)), collage(970, 640, 480), PLAIN, 5);
    const features = core.extract(frame, 800);
    for (const slot of slots.slice(0, 2)) {
      const allowed = new Uint8Array(slots.length);
      allowed[slot as number] = 1;
      const { verdicts } = core.search(features, frame, () => 0, { allowed });
      expect(verdicts.map((verdict) => verdict.slot)).toEqual([slot]);
      expect(weightIn(verdicts)).toBeGreaterThan(ACCEPTED);
    }
    expect(core.search(features, frame, () => 0, { allowed: new Uint8Array(slots.length) }).verdicts).toEqual([]);
  });

  it("gives the same answer twice, and leaves its memory as it was", () => {
    const { core } = coreWith(pictures);
    const frame = core.drawView(pictures[3] as GrayImage, invert(randomPose(77)), collage(960, 640, 480), PLAIN, 5);
    const first = look(core, frame);
    for (let i = 0; i < 50; i++) expect(look(core, frame)).toEqual(first);
  });

  it("works with as many targets as there is room for, all alike", () => {
    const core = loadCore();
    const target = targetOf(core, pictures[0] as GrayImage);
    while (core.insertTarget(target) !== undefined);
    const frame = core.drawView(pictures[0] as GrayImage, invert(randomPose(3)), collage(980, 640, 480), PLAIN, 3);
    expect(weightIn(look(core, frame))).toBeGreaterThan(ACCEPTED);
  });

  it("takes a frame without features", () => {
    const { core } = coreWith(pictures);
    expect(core.search(new Uint8Array(0), FRAME, () => 0).verdicts).toEqual([]);
  });
});

it("refuses a model of another size", async () => {
  const { loadCore: load } = await import("../../worker/core/node.ts");
  expect(() => load(new Uint8Array(10))).toThrow(/model has 10 bytes/);
});
