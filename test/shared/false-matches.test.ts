/** The curve that the console shows is the one that docs/benchmark.md publishes. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { REAL_PHOTOS, thresholdEffects } from "../../shared/false-matches.ts";

it("says of each threshold what the benchmark's table says", () => {
  const benchmark = readFileSync(new URL("../../docs/benchmark.md", import.meta.url), "utf8");
  const [, table = ""] = benchmark.split("| score at or above |");
  expect(table).toContain(`real photos right, of ${REAL_PHOTOS}`);
  const rows = [...table.matchAll(/^\| (\d+) +\| \d+ +\| ([\d.]+) +\| ([\d.]+) +\| (\d+)/gm)].map((row) =>
    row.slice(1, 5).map(Number),
  );
  expect(thresholdEffects.map(Object.values)).toEqual(rows);
});
