/** Days as the API writes them, yyyyMMdd, in the deployment's time zone. */

/** The day of a moment (ms since 1970). */
export function dayOf(moment: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(moment);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value;
  return `${part("year")}${part("month")}${part("day")}`;
}

/** The first and last day of a year (yyyy), a month (yyyyMM) or a day; undefined where there is no such date. */
export function daysOf(text: string): { first: string; last: string } | undefined {
  const [, year, month, day] = /^(\d{4})(?:(\d{2})(\d{2})?)?$/.exec(text) ?? [];
  if (!year || year === "0000") return undefined;
  const first = new Date(0);
  first.setUTCFullYear(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  const last = new Date(first);
  if (!month) last.setUTCMonth(11, 31);
  else if (!day) last.setUTCMonth(last.getUTCMonth() + 1, 0);
  return plainDay(first).startsWith(text) ? { first: plainDay(first), last: plainDay(last) } : undefined;
}

function plainDay(date: Date): string {
  return date.toISOString().slice(0, 10).replaceAll("-", "");
}
