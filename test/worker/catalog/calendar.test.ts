/** Days in a time zone, and the first and last day of a year or month. */

import { describe, expect, it } from "vitest";
import { dayOf, daysOf } from "../../../worker/catalog/calendar.ts";

describe("a moment's day", () => {
  it.each([
    ["2025-06-30T15:59:59.999Z", "Asia/Shanghai", "20250630"],
    ["2025-06-30T16:00:00Z", "Asia/Shanghai", "20250701"],
    ["2025-12-31T16:00:00Z", "Asia/Shanghai", "20260101"],
    ["2025-01-01T04:59:59Z", "America/New_York", "20241231"],
    ["2025-07-01T04:00:00Z", "America/New_York", "20250701"], // in summer time
    ["2025-03-09T07:00:00Z", "UTC", "20250309"],
  ])("at %s in %s is %s", (moment, timeZone, day) => {
    expect(dayOf(Date.parse(moment), timeZone)).toBe(day);
  });
});

describe("a date", () => {
  it.each([
    ["2024", "20240101", "20241231"],
    ["0099", "00990101", "00991231"],
    ["202402", "20240201", "20240229"],
    ["202302", "20230201", "20230228"],
    ["202412", "20241201", "20241231"],
    ["20240229", "20240229", "20240229"],
  ])("%s is from %s to %s", (text, first, last) => {
    expect(daysOf(text)).toEqual({ first, last });
  });

  it.each([
    "",
    "2",
    "202",
    "20241",
    "2024011",
    "202413",
    "202400",
    "20240100",
    "20230229",
    "20240431",
    "0000",
    "２０２４",
  ])("%j does not exist", (text) => {
    expect(daysOf(text)).toBeUndefined();
  });
});
