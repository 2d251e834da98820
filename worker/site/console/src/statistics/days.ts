/** Days as the statistics write them, yyyyMMdd in the deployment's time zone. */

const DAY_MS = 86_400_000;

/** The dates to ask for: a day more at each end, since the deployment's day may be another than here. */
export function rangeOf(days: number): { startdate: string; enddate: string } {
  const now = Date.now();
  return { startdate: dayOf(now - days * DAY_MS, "UTC"), enddate: dayOf(now + DAY_MS, "UTC") };
}

/** The last so many days, the oldest first. */
export function daysUntilToday(days: number, timeZone = "UTC"): string[] {
  const now = Date.now();
  return Array.from({ length: days }, (_, i) => dayOf(now - (days - 1 - i) * DAY_MS, timeZone));
}

function dayOf(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(ms).replaceAll("-", "");
}

/** "11-24", or "2026-11-24" where the year matters. */
export function writeDay(day: string, withYear = false): string {
  const [year, month, date] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)];
  return withYear ? `${year}-${month}-${date}` : `${month}-${date}`;
}
