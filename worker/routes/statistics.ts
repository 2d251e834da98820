/** Statistics: matches by day, for billing and for seeing what works. */

import { Hono } from "hono";
import type { StatisticsRecord } from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { channelOf, directoryOf } from "../catalog/accounts.ts";
import { daysOf } from "../catalog/calendar.ts";
import type { Channel } from "../catalog/directory.ts";
import { askAll } from "../catalog/shards.ts";
import { type DayCounts, type MatchCount, sumDays, sumMatches } from "../catalog/statistics.ts";
import { readSettings } from "../env.ts";
import { requireUser } from "./access.ts";
import { type AppContext, type AppEnv, answer } from "./answer.ts";
import { type Form, readFieldForm, readIdentifier } from "./form.ts";

export const statistics = new Hono<AppEnv>();

statistics.post("/Statistics", async (context) => {
  const form = await readFieldForm(context.req.raw);
  if (!form.ok) return answer(context, form);
  const format = form.value.text("format") || "json";
  const read = FORMATS.includes(format)
    ? await readStatistics(context, form.value)
    : failure(reasons.fieldNotValid("format", `must be ${FORMATS.join(" or ")}`));
  return read.ok && format === "csv" ? csvAnswer(context, read.value.records) : answer(context, read);
});

const FORMATS = ["json", "csv"];
const CSV_COLUMNS = [
  "date",
  "channel",
  "identifier",
  "count",
  "queries",
  "nomatch",
  "badframe",
  "p50",
  "p95",
  "p99",
] as const;

type Column = (typeof CSV_COLUMNS)[number];

interface Range {
  readonly first: string;
  readonly last: string;
}

interface Read {
  readonly username: string;
  readonly channel?: string;
  readonly timezone: string;
  readonly records: readonly StatisticsRecord[];
}

async function readStatistics(context: AppContext, form: Form): Promise<Result<Read>> {
  const user = await requireUser(context, form);
  if (!user.ok) return user;
  const range = readRange(form);
  if (!range.ok) return range;
  const { timeZone: timezone, strictChannels } = readSettings(context.env);
  const name = form.text("channel");
  if (!name) {
    if (form.text("identifier"))
      return failure(reasons.fieldNotValid("channel", "is missing; name the identifier's channel"));
    return success({ username: user.value, timezone, records: await ofAllChannels(context, user.value, range.value) });
  }
  const channel = await channelOf(context.env, user.value, name, Date.now(), strictChannels);
  if (!channel.ok) return channel;
  const records = await ofChannel(context, channel.value, range.value, form);
  return records.ok ? success({ username: user.value, channel: name, timezone, records: records.value }) : records;
}

/** Both ends included; a year or a month stands for all its days. */
function readRange(form: Form): Result<Range> {
  const start = daysOf(form.text("startdate") ?? "");
  const end = daysOf(form.text("enddate") ?? "");
  const expected = "must be a date written yyyy, yyyyMM or yyyyMMdd";
  if (!start) return failure(reasons.fieldNotValid("startdate", expected));
  if (!end) return failure(reasons.fieldNotValid("enddate", expected));
  if (start.first > end.last) return failure(reasons.fieldNotValid("enddate", "must not be before startdate"));
  return success({ first: start.first, last: end.last });
}

/** A record for each day and channel, in the order of days. */
async function ofAllChannels(
  context: AppContext,
  username: string,
  { first, last }: Range,
): Promise<StatisticsRecord[]> {
  const channels = (await directoryOf(context.env).channelsOf(username)) as Channel[];
  const records = await Promise.all(
    channels.map(async (channel) => {
      const counts = await askAll<DayCounts[]>(context.env, channel, (shard) => shard.dailyCounts(first, last));
      return sumDays(counts.flat()).map((sum) => ({ ...sum, channel: channel.name }));
    }),
  );
  return records.flat().sort((a, b) => compare(a.date, b.date) || compare(a.channel, b.channel));
}

/** A record for each day and identifier, or for each day of one identifier. */
async function ofChannel(
  context: AppContext,
  channel: Channel,
  { first, last }: Range,
  form: Form,
): Promise<Result<StatisticsRecord[]>> {
  const { env } = context;
  const matches = async (name?: string) =>
    sumMatches((await askAll<MatchCount[]>(env, channel, (shard) => shard.dailyMatches(first, last, name))).flat());
  if (!form.text("identifier")) return success(await matches());
  const identifier = readIdentifier(form);
  if (!identifier.ok) return identifier;
  const had = await askAll(env, channel, (shard) => shard.everHad(identifier.value));
  if (!had.includes(true)) return failure(reasons.identifierNotFound());
  return success((await matches(identifier.value)).map(({ date, count }) => ({ date, count })));
}

/**
 * The records as a table (RFC 4180) with a column for each field that any of them has. Names hold nothing that would have
 * to be quoted.
 */
function csvAnswer(context: AppContext, records: readonly StatisticsRecord[]): Response {
  const rows: Partial<Record<Column, string | number>>[] = records.map(({ latency, ...record }) => ({
    ...record,
    ...latency,
  }));
  const isUsed = (column: Column) => rows.length === 0 || rows.some((row) => row[column] !== undefined);
  const columns = CSV_COLUMNS.filter(isUsed);
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))];
  return context.body(lines.map((line) => `${line.join()}\r\n`).join(""), 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": 'attachment; filename="statistics.csv"',
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
