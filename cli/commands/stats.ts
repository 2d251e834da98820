/** `lookmark stats`: matches by day. */

import type { Answer, StatisticsRecord } from "../../shared/protocol.ts";
import { accept, type Call, type Command, EXIT, RefusedError, type Report } from "../command.ts";
import { createClient } from "../connection.ts";
import type { Values } from "../options.ts";
import { tableText } from "../table.ts";

const NAME_FIELDS = ["date", "channel", "identifier"] as const;
const COUNT_FIELDS = ["count", "queries", "nomatch", "badframe"] as const;

export const stats: Command = {
  usage: "[--channel C] [--identifier I] [--from D] [--to D] [--csv]",
  summary: "matches by day",
  details: `Without a channel, the sums of all channels of the user; with one, the matches of its pictures. Days are those of the
deployment's time zone; days on which nobody asked are left out.`,
  options: ["channel", "identifier", "from", "to", "csv"],
  operands: { least: 0, most: 0 },
  run,
};

async function run({ values, connection }: Call): Promise<Report> {
  const range = readRange(values, new Date());
  const { channel } = connection;
  const asked = { ...range, channel, identifier: values.identifier };
  const client = createClient(connection);
  if (values.csv) return table(await client.statisticsCsv(asked));
  const answer = accept(await client.statistics(asked));
  return { text: describe(answer.records ?? [], answer.timezone), document: answer, exitCode: EXIT.success };
}

function table(csv: string | Answer): Report {
  if (typeof csv !== "string") throw new RefusedError(csv);
  return { text: csv.trimEnd(), document: { csv }, exitCode: EXIT.success };
}

/** Time zones go from 12 hours behind UTC to 14 ahead of it, and the deployment's is not known here. */
const HOURS_BEHIND_MOST = 12;
const HOURS_AHEAD_MOST = 14;

/** This month, wherever it is one now, where nothing is said; dates may have hyphens. */
export function readRange(values: Pick<Values, "from" | "to">, now: Date): { startdate: string; enddate: string } {
  const [from, to] = [values.from, values.to].map((date) => date?.replaceAll("-", ""));
  const enddate = to || monthAt(now, HOURS_AHEAD_MOST);
  return { startdate: from || (to ? to.slice(0, 6) : monthAt(now, -HOURS_BEHIND_MOST)), enddate };
}

/** In a zone that is so many hours ahead of UTC. */
function monthAt(now: Date, hours: number): string {
  return new Date(now.getTime() + 3_600_000 * hours).toISOString().slice(0, 7).replace("-", "");
}

/** A column for each field that the records have. */
function describe(records: readonly StatisticsRecord[], timezone = ""): string {
  const [first] = records;
  if (!first) return "No matches in these days.";
  const fields = [...NAME_FIELDS, ...COUNT_FIELDS].filter((field) => first[field] !== undefined);
  const names = NAME_FIELDS.filter((field) => fields.includes(field));
  const numbers = fields.map((_, index) => index).slice(names.length);
  const rows = records.map((record) => fields.map((field) => String(record[field] ?? "")));
  const total = records.reduce((sum, { count }) => sum + count, 0);
  return `${tableText([fields, ...rows], numbers)}\n${total} ${total === 1 ? "match" : "matches"}; days of ${timezone}`;
}
