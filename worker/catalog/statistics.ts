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

/** What is counted so soon after a write is written together: a row costs the same for one question as for a hundred. */
export const TOGETHER_MS = 1000;

interface Counted {
  readonly day: string;
  readonly outcome: Outcome;
}

/** Counts of a crowded second may be lost where the object ends within it. */
export class Statistics {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  /** Of the second that is under way; undefined where the next one is written at once. */
  #waiting: Counted[] | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  count(day: string, outcome: Outcome): void {
    if (this.#waiting) {
      this.#waiting.push({ day, outcome });
      return;
    }
    this.#waiting = [{ day, outcome }];
    void this.#writeTogether();
  }

  /** At once, and then once a second until one was quiet. */
  async #writeTogether(): Promise<void> {
    try {
      while (this.#writeWaiting()) await scheduler.wait(TOGETHER_MS);
    } catch (error) {
      console.error("counts not written", error);
    } finally {
      this.#waiting = undefined;
    }
  }

  /** Whether there was anything to write. */
  #writeWaiting(): boolean {
    const counted = this.#waiting?.splice(0) ?? [];
    this.#storage.transactionSync(() => {
      for (const [day, all] of Map.groupBy(counted, (one) => one.day)) {
        const outcomes = all.map(({ outcome }) => outcome);
        this.#writeDay(day, outcomes);
      }
    });
    return counted.length > 0;
  }

  #writeDay(day: string, outcomes: readonly Outcome[]): void {
    const ofKind = (kind: Outcome["kind"]) => outcomes.filter((outcome) => outcome.kind === kind).length;
    this.#sql.exec(
      `INSERT INTO days (day, queries, nomatch, badframe) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         queries = queries + excluded.queries, nomatch = nomatch + excluded.nomatch, badframe = badframe + excluded.badframe`,
      day,
      outcomes.length,
      ofKind("nomatch"),
      ofKind("badframe"),
    );
    const classes = outcomes.flatMap((outcome) => (outcome.kind === "badframe" ? [] : [latencyClass(outcome.totalMs)]));
    for (const [index, count] of tally(classes)) {
      this.#sql.exec(
        "INSERT INTO latencies (day, class, count) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
        day,
        index,
        count,
      );
    }
    const found = outcomes.flatMap((outcome) => (outcome.kind === "match" ? [outcome.identifier] : []));
    for (const [identifier, count] of tally(found)) {
      this.#sql.exec(
        "INSERT INTO matches (day, identifier, count) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
        day,
        identifier,
        count,
      );
    }
  }

  /** Both days included. */
  days(first: string, last: string): DayCounts[] {
    this.#writeWaiting();
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
    this.#writeWaiting();
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

function tally<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
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
