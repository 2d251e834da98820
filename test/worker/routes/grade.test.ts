/** GradeImage, and AddImage's `allowsimilar`: what they say of a picture before it is in the channel. */

import { beforeAll, describe, expect, it, vi } from "vitest";
import { Core, TARGET_FEATURES_MAX } from "../../../worker/core/core.ts";
import { call, type Mine, newChannel, objectsOf } from "../../support/api.ts";
import { circus, pictures, samples, withTail } from "../../support/pictures.ts";
import { encodePng } from "../../support/png.ts";
import { grayOf, viewOf } from "../../support/views.ts";

let mine: Mine;
const grade = (image: Blob, fields: object = {}) => call("GradeImage", { ...mine, image, ...fields });

beforeAll(async () => {
  mine = await newChannel();
  await call("AddImage", { ...mine, identifier: "circus", image: circus });
  await call("AddImage", { ...mine, identifier: "stargazer", image: samples["card.stargazer"] });
});

/** The circus poster, its grays changed place by place. */
async function changed(grayAt: (gray: number, x: number, y: number) => number): Promise<Blob> {
  const { width, height, pixels } = await grayOf(samples["poster.science_fair"]);
  return encodePng({ width, height, colorType: 0, depth: 8 }, (x, y) => [
    Math.round(grayAt(pixels[y * width + x] as number, x / width, y / height)),
  ]);
}

/** The same cutting 25 times. */
async function repeated(): Promise<Blob> {
  const { width, height, pixels } = await grayOf(samples["poster.science_fair"]);
  const [w, h] = [Math.floor(width / 5), Math.floor(height / 5)];
  return encodePng({ width, height, colorType: 0, depth: 8 }, (x, y) => [pixels[(y % h) * width + (x % w)] as number]);
}

describe("GradeImage", () => {
  it("says the level that AddImage answers, and stores nothing", async () => {
    for (const [identifier, image] of Object.entries(samples)) {
      const graded = await grade(image);
      expect(graded).toMatchObject({ returncode: 0, advice: expect.stringMatching(/^\w.*\.$/) });
      const other = withTail(image, "as yet unseen");
      const { level } = await call("AddImage", { ...(await newChannel()), identifier, image: other });
      expect(graded.level).toBe(level);
    }
    expect(await call("GetImages", mine)).toMatchObject({ totalcount: 2 });
    expect(await objectsOf("originals", mine)).toHaveLength(2);
  });

  it("spares the AddImage that follows it the simulation", async () => {
    const views = vi.spyOn(Core.prototype, "drawView");
    const image = withTail(samples["poster.science_fair"], "graded first");
    const { level } = await grade(image);
    const drawn = views.mock.calls.length;
    expect(drawn).toBeGreaterThan(0);
    const added = await call("AddImage", { ...(await newChannel()), identifier: "fair", image });
    expect(added).toMatchObject({ returncode: 0, level });
    expect(views).toHaveBeenCalledTimes(drawn);
    views.mockRestore();
  });

  it("scores features, distribution, distinctiveness, contrast and detection from 0 to 100", async () => {
    const { scores, level } = await grade(samples["poster.science_fair"]);
    const names = ["features", "distribution", "distinctiveness", "contrast", "detection"];
    expect(Object.keys(scores ?? {})).toEqual(names);
    for (const score of Object.values(scores ?? {})) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(100);
    }
    expect(Math.ceil((scores?.detection ?? 0) / 20)).toBe(level);
  });

  it("says where the picture's points lie, in 0–1 of it, one for each that counts", async () => {
    const corner = await changed((gray, x, y) => (x < 0.3 && y < 0.4 ? gray : 128));
    for (const [image, right, bottom] of [
      [samples["poster.science_fair"], 1, 1],
      [corner, 0.32, 0.42],
    ] as const) {
      const { points = [], scores } = await grade(image);
      expect(Math.round((100 * points.length) / TARGET_FEATURES_MAX)).toBe(scores?.features);
      const [xs, ys] = [points.map(([x]) => x as number), points.map(([, y]) => y as number)];
      expect(Math.min(...xs, ...ys)).toBeGreaterThan(0);
      expect(Math.max(...xs)).toBeLessThan(right);
      expect(Math.max(...ys)).toBeLessThan(bottom);
    }
  });

  it.each([
    ["contrast", "contrast", () => changed((gray) => 110 + gray / 12)],
    ["distribution", "empty", () => changed((gray, x, y) => (x < 0.3 && y < 0.4 ? gray : 128))],
    ["distinctiveness", "repetition", repeated],
  ] as const)("tells by its %s what spoils a picture, and advises on it", async (name, word, spoil) => {
    const whole = await grade(samples["poster.science_fair"]);
    const spoiled = await grade(await spoil());
    expect(spoiled.scores?.[name]).toBeLessThan((whole.scores?.[name] ?? 0) / 1.5);
    expect(spoiled.scores?.detection).toBeLessThan(whole.scores?.detection ?? 0);
    expect(spoiled.advice).toContain(word);
    expect(whole.advice).not.toContain(word);
  });

  it("lists the channel's similar images, most similar first, and whether they would match", async () => {
    const own = await newChannel();
    expect(await grade(circus, own)).toMatchObject({ similar: [] });
    await call("AddImage", { ...own, identifier: "strict", image: pictures.progressive, matchratio: 100 });
    await call("AddImage", { ...own, identifier: "circus", image: circus });
    await call("AddImage", { ...own, identifier: "other", image: samples["card.stargazer"] });
    const { similar = [] } = await grade(withTail(circus, "."), own);
    expect(similar.map(({ identifier }) => identifier).sort()).toEqual(["circus", "strict"]);
    expect(similar.find(({ identifier }) => identifier === "strict")?.matches).toBe(0);
    expect(similar.find(({ identifier }) => identifier === "circus")?.matches).toBe(1);
    expect(similar[0]?.score).toBeGreaterThanOrEqual(similar[1]?.score ?? 0);
  });

  it("does not call an image similar to itself, where the identifier is given", async () => {
    expect(await grade(circus)).toMatchObject({ similar: [{ identifier: "circus", matches: 1 }] });
    expect(await grade(circus, { identifier: "circus" })).toMatchObject({ returncode: 0, similar: [] });
  });

  it("is 20013 with scores and advice for a picture that no view of it shows again", async () => {
    const checks = await encodePng({ width: 320, height: 320, colorType: 0, depth: 8 }, (x, y) => [
      ((x >> 4) ^ (y >> 4)) & 1 ? 240 : 16,
    ]);
    const answer = await grade(checks);
    expect(answer).toMatchObject({ returncode: 20013, level: 0, scores: { detection: 0 } });
    expect(answer.scores?.distinctiveness).toBeLessThan(10);
    expect(answer.advice).toContain("repetition");
    const blank = await encodePng({ width: 320, height: 320, colorType: 0, depth: 8 }, () => [128]);
    expect(await grade(blank)).toMatchObject({ returncode: 20013 });
  });

  it("refuses what AddImage refuses: fields, files and sizes", async () => {
    expect(await grade(circus, { identifier: "a-b" })).toMatchObject({ returncode: 20010 });
    expect(await grade(circus, { metadata: "{" })).toMatchObject({ returncode: 30001, field: "metadata" });
    expect(await grade(circus, { matchratio: 101 })).toMatchObject({ returncode: 30001, field: "matchratio" });
    expect(await grade(circus, { channel: "" })).toMatchObject({ returncode: 30001, field: "channel" });
    expect(await grade(new Blob(["text"]))).toMatchObject({ returncode: 20007 });
    expect(await call("GradeImage", { ...mine, image: "no file" })).toMatchObject({ returncode: 20005 });
  });
});

describe("AddImage with allowsimilar=0", () => {
  const add = (identifier: string, image: Blob, fields: object = {}) =>
    call("AddImage", { ...mine, identifier, image, allowsimilar: 0, ...fields });

  it("is 30002 for what the channel would match: the same picture, and a photo of it", async () => {
    for (const image of [circus, pictures.progressive, (await viewOf(circus, { share: 0.95 })).frame]) {
      const answer = await add("again", image);
      expect(answer).toMatchObject({ returncode: 30002, message: expect.stringContaining("circus") });
      expect(answer.similar).toMatchObject([{ identifier: "circus", matches: 1, score: expect.any(Number) }]);
    }
    expect(await call("GetImage", { ...mine, identifier: "again" })).toMatchObject({ returncode: 20014 });
    expect(await objectsOf("originals", mine)).toHaveLength(2);
  });

  it("adds a picture that is not like the others, and all pictures without it", async () => {
    const own = await newChannel();
    expect(await add("circus", circus, own)).toMatchObject({ returncode: 0 });
    expect(await add("whale", samples["cover.moon_whale"], own)).toMatchObject({ returncode: 0 });
    for (const allowsimilar of [1, undefined, ""]) {
      const identifier = `circus.${allowsimilar}`;
      expect(await add(identifier, circus, { ...own, allowsimilar })).toMatchObject({ returncode: 0 });
    }
  });

  it("is 0 for a repeated call, which is not similar to itself", async () => {
    expect(await add("circus", circus)).toMatchObject({ returncode: 0 });
  });

  it("lets one of many alike through where they come at once", async () => {
    const own = await newChannel();
    const names = ["one", "two", "three"];
    const answers = await Promise.all(names.map((name) => add(name, circus, own)));
    expect(answers.map(({ returncode }) => returncode).sort()).toEqual([0, 30002, 30002]);
    expect(await objectsOf("originals", own)).toHaveLength(1);
  });

  it("is 30001 where it is neither 0 nor 1", async () => {
    for (const allowsimilar of ["no", 2, -1]) {
      expect(await add("again", circus, { allowsimilar })).toMatchObject({ returncode: 30001, field: "allowsimilar" });
    }
  });
});
