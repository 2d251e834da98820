/** Which days `lookmark stats` asks for. */

import { expect, it } from "vitest";
import { readRange } from "../../cli/commands/stats.ts";

const none = {};
const noon = new Date("2026-11-15T12:00:00Z");

it("are this month's, and in the hours in which it is one month here and another there, both", () => {
  expect(readRange(none, noon)).toEqual({ startdate: "202611", enddate: "202611" });
  expect(readRange(none, new Date("2026-11-30T16:30:00Z"))).toEqual({ startdate: "202611", enddate: "202612" });
  expect(readRange(none, new Date("2026-12-01T03:00:00Z"))).toEqual({ startdate: "202611", enddate: "202612" });
  expect(readRange(none, new Date("2026-12-31T20:00:00Z"))).toEqual({ startdate: "202612", enddate: "202701" });
});

it("are those that are named, to the end of the month or from its beginning where one of them is", () => {
  expect(readRange({ from: "2026-10-05", to: "20261101" }, noon)).toEqual({
    startdate: "20261005",
    enddate: "20261101",
  });
  expect(readRange({ from: "2026-10-05" }, noon)).toEqual({ startdate: "20261005", enddate: "202611" });
  expect(readRange({ to: "2026-09-20" }, noon)).toEqual({ startdate: "202609", enddate: "20260920" });
});
