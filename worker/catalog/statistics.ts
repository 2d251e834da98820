/** A shard's counts of what questions came to, and their sums over the shards of a channel. */

import type { Latency, StatisticsRecord } from "../../shared/protocol.ts";
import { type LatencyClass, latencyClass, percentiles } from "./latency.ts";

/** What became of a question. */
export type Outcome =
  | { readonly kind: "match"; readonly identifier: string; readonly totalMs: number }
  | { readonly kind: "nomatch"; readonly totalMs: number }
  | { readonly kind: "badframe" };

/** What one shard counted on a day. */
export interface DayCounts {
  readonly date: string;
  readonly queries: number;
  readonly nomatch: number;
  readonly badframe: number;
  readonly latencies: readonly LatencyClass[];
}

/** How often an image was found on a day. */
export interface MatchCount {
  readonly date: string;
  readonly identifier: string;
  readonly count: number;
}

export const STATISTICS_TABLES = `
  CREATE TABLE IF NOT EXISTS matches (
    day TEXT NOT NULL, identifier TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, identifier)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS days (
    day TEXT PRIMARY KEY, queries INTEGER NOT NULL, nomatch INTEGER NOT NULL, badframe INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS latencies (
    day TEXT NOT NULL, class INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, class)
  ) WITHOUT ROWID;`;

export class Statistics {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  count(day: string, outcome: Outcome): void {
    const [nomatch, badframe] = [outcome.kind === "nomatch" ? 1 : 0, outcome.kind === "badframe" ? 1 : 0];
    this.#sql.exec(
      `INSERT INTO days (day, queries, nomatch, badframe) VALUES (?, 1, ?, ?)
       ON CONFLICT DO UPDATE SET queries = queries + 1, nomatch = nomatch + excluded.nomatch, badframe = badframe + excluded.badframe`,
      day,
      nomatch,
      badframe,
    );
    if (outcome.kind === "badframe") return;
    this.#sql.exec(
      "INSERT INTO latencies (day, class, count) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1",
      day,
      latencyClass(outcome.totalMs),
    );
    if (outcome.kind === "nomatch") return;
    this.#sql.exec(
      "INSERT INTO matches (day, identifier, count) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1",
      day,
      outcome.identifier,
    );
  }

  /** Both days included. */
  days(first: string, last: string): DayCounts[] {
    return this.#sql
      .exec<Omit<DayCounts, "latencies">>(
        "SELECT day AS date, queries, nomatch, badframe FROM days WHERE day BETWEEN ? AND ?",
        first,
        last,
      )
      .toArray()
      .map((counts) => ({ ...counts, latencies: this.#latenciesOn(counts.date) }));
  }

  /** Of all images or of one, both days included. */
  matches(first: string, last: string, identifier?: string): MatchCount[] {
    return this.#sql
      .exec<{ date: string; identifier: string; count: number }>(
        `SELECT day AS date, identifier, count FROM matches
         WHERE day BETWEEN ? AND ? AND (?3 IS NULL OR identifier = ?3)`,
        first,
        last,
        identifier ?? null,
      )
      .toArray();
  }

  #latenciesOn(day: string): LatencyClass[] {
    return this.#sql
      .exec<{ class: number; count: number }>("SELECT class, count FROM latencies WHERE day = ?", day)
      .toArray();
  }
}

/** A record for each day, in their order. */
export function sumDays(counts: readonly DayCounts[]): StatisticsRecord[] {
  const byDate = Map.groupBy(counts, ({ date }) => date);
  return [...byDate].sort(byKey).map(([date, parts]) => {
    const sum = (field: "queries" | "nomatch" | "badframe") => parts.reduce((total, part) => total + part[field], 0);
    const [queries, nomatch, badframe] = [sum("queries"), sum("nomatch"), sum("badframe")];
    return { date, count: queries - nomatch - badframe, queries, nomatch, badframe, ...latencyOf(parts) };
  });
}

/** A record for each day and identifier, in their order. */
export function sumMatches(counts: readonly MatchCount[]): (StatisticsRecord & MatchCount)[] {
  const byDateAndName = Map.groupBy(counts, ({ date, identifier }) => `${date} ${identifier}`);
  return [...byDateAndName].sort(byKey).map(([, parts]) => {
    const [{ date, identifier }] = parts as [MatchCount];
    return { date, identifier, count: parts.reduce((total, { count }) => total + count, 0) };
  });
}

function latencyOf(parts: readonly DayCounts[]): { latency?: Latency } {
  const latency = percentiles(parts.flatMap(({ latencies }) => latencies));
  return latency ? { latency } : {};
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
