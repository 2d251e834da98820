/** The level of our own pictures: good samples and the lessons of what is not good. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { loadCore } from "../../worker/core/node.ts";
import { readTarget, type TargetPicture } from "../../worker/recognize/extract.ts";
import { isDetected, levelOf, measureDetection } from "../../worker/recognize/level.ts";

const LIMITS = { maxBytes: 8 * 2 ** 20, maxPixels: 24e6, minSide: 150 };
const ALL_VIEWS = Number.POSITIVE_INFINITY;
const core = loadCore();
const pictures = ["../../worker/site/public/samples/", "../../docs/good-pictures/"].flatMap((folder) =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith(".jpg"))
    .map((name) => ({ name, file: new URL(folder + name, import.meta.url) })),
);

test.each(pictures)("$name has the level that all views give", async ({ file }) => {
  const { image, target } = await read(file);
  expect(levelOf(measureDetection(core, image, target))).toBe(
    levelOf(measureDetection(core, image, target, ALL_VIEWS)),
  );
});

test("two of ten views do for a picture that is found in the hardest ones", async () => {
  const { image, target } = await read(new URL("../../worker/site/public/samples/poster.circus.jpg", import.meta.url));
  const drawView = vi.spyOn(core, "drawView");
  expect(measureDetection(core, image, target)).toBe(1);
  expect(drawView).toHaveBeenCalledTimes(2);
  expect(measureDetection(core, image, target, ALL_VIEWS)).toBe(1);
  expect(drawView).toHaveBeenCalledTimes(12);
});

test("a picture that is found in no view is not found in the easiest one", async () => {
  const { image, target } = await read(new URL("../../docs/good-pictures/lesson.wrapping_paper.jpg", import.meta.url));
  expect(measureDetection(core, image, target)).toBe(0);
  expect(isDetected(core, image, target)).toBe(false);
});

async function read(file: URL): Promise<TargetPicture> {
  const picture = await readTarget(core, readFileSync(file), LIMITS);
  if (!picture.ok) throw new Error(picture.reason.message);
  return picture.value;
}
