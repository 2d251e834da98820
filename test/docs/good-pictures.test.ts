/** The guide to good pictures says of its examples what Lookmark says of them. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ADVICE } from "../../shared/advice.ts";
import { loadCore } from "../../worker/core/node.ts";
import { readTarget } from "../../worker/recognize/extract.ts";
import { gradeTarget } from "../../worker/recognize/grade.ts";
import { measureDetection } from "../../worker/recognize/level.ts";
import { chinese } from "../../worker/site/console/src/words/chinese.ts";
import { english } from "../../worker/site/console/src/words/english.ts";

const LIMITS = { maxBytes: 8 * 2 ** 20, maxPixels: 24e6, minSide: 150 };
/** A picture, the numbers of the table below it, and the quoted sentence. */
const EXAMPLE = /^!\[[^\]]*\]\(([^)]+)\)\n\n\|.*\n\| -.*\n\|([\d| ]+)\|\n\n> (.+)$/gm;
const core = loadCore();

describe.each([
  ["docs/good-pictures.md", english],
  ["docs/zh/good-pictures.md", chinese],
])("%s", (page, words) => {
  const file = new URL(`../../${page}`, import.meta.url);
  const examples = [...readFileSync(file, "utf8").matchAll(EXAMPLE)].map(
    ([, picture = "", table = "", advice = ""]) => ({
      picture,
      numbers: table.split("|").map(Number),
      advice,
    }),
  );

  it("has an example of each level, and one that is refused", () => {
    expect(examples.map(({ numbers }) => numbers[0])).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it.each(examples)("tells of $picture what its grade is", async ({ picture, numbers, advice }) => {
    const read = await readTarget(core, readFileSync(new URL(picture, file)), LIMITS);
    if (!read.ok) throw new Error(read.reason.message);
    const grade = gradeTarget(read.value, measureDetection(core, read.value.image, read.value.target));
    const { features, distribution, distinctiveness, contrast, detection } = grade.scores;
    const told = [grade.level, features, distribution, distinctiveness, contrast, detection];
    expect(numbers).toEqual(told);
    const [kind] = Object.entries(ADVICE).find(([, sentence]) => sentence === grade.advice) ?? [];
    expect(advice).toBe(words[`advice_${kind}` as keyof typeof words]);
  });
});
