/**
 * What a shard notes of its splits: which shards took over from it, and how far the one is that is under way.
 *
 * Images leave in batches, in the order of their numbers. A batch is noted before it is sent, and until it has arrived
 * and is deleted here none of its images changes; so it can be sent again after a crash, and is taken in once.
 */

import { shardNumber } from "./shard-map.ts";

/** So many images are sent at once: 220 KB of features. */
const BATCH_MOST = 64;
/** So many are looked through for them. */
const LOOKED_THROUGH = 1024;

/** A shard that took over a part of this one's images, and in how many batches. */
export interface Heir {
  readonly number: number;
  readonly given: number;
}

interface Split extends Record<string, SqlStorageValue> {
  /** Of the shard that takes over. */
  number: number;
  channel: string;
  given: number;
  /** Images up to this one have been looked at. */
  reached: number;
  /** The last image of the batch that is on its way. */
  sending: number | null;
  done: number;
}

export const SPLIT_TABLES = `
  CREATE TABLE splits (
    number INTEGER PRIMARY KEY, channel TEXT NOT NULL, given INTEGER NOT NULL, reached INTEGER NOT NULL,
    sending INTEGER, done INTEGER NOT NULL
  );
  CREATE TABLE received (batches INTEGER NOT NULL);
  INSERT INTO received VALUES (0);`;

export class Splits {
  readonly #sql: SqlStorage;
  #all: Split[];

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#all = this.#read();
  }

  get heirs(): Heir[] {
    return this.#all.map(({ number, given }) => ({ number, given }));
  }

  /** How many batches this shard has taken in from the one that it came from. */
  get received(): number {
    return this.#sql.exec<{ batches: number }>("SELECT batches FROM received").one().batches;
  }

  set received(batches: number) {
    this.#sql.exec("UPDATE received SET batches = ?", batches);
  }

  /** The split that is under way. */
  get current(): { readonly number: number; readonly channel: string; readonly batch: number } | undefined {
    const split = this.#current;
    return split && { number: split.number, channel: split.channel, batch: split.given + 1 };
  }

  begin(channel: string, number: number): void {
    this.#change(
      "INSERT OR IGNORE INTO splits (number, channel, given, reached, sending, done) VALUES (?, ?, 0, 0, NULL, 0)",
      number,
      channel,
    );
  }

  /** The shard that the identifier belongs to since a split: its number and its channel's id. */
  heirOf(identifier: string): { readonly channel: string; readonly number: number } | undefined {
    return this.#all.find(({ number }) => shardNumber(identifier, number + 1) === number);
  }

  /** Whether the image is in the batch that is on its way. */
  isLeaving(id: number, identifier: string): boolean {
    const split = this.#current;
    return split?.sending != null && id > split.reached && id <= split.sending && belongsTo(split, identifier);
  }

  /** The numbers of the images to send: of the batch that is on its way, or of the next one. Undefined where all are sent. */
  nextBatch(): number[] | undefined {
    for (let split = this.#current; split; split = this.#current) {
      const { reached, sending } = split;
      const rows = this.#sql
        .exec<{ id: number; identifier: string }>(
          "SELECT id, identifier FROM images WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
          reached,
          sending ?? Number.MAX_SAFE_INTEGER,
          LOOKED_THROUGH,
        )
        .toArray();
      const { number } = split;
      const ids = rows.filter((row) => belongsTo({ number }, row.identifier)).map(({ id }) => id);
      if (sending !== null) return ids;
      const batch = ids.slice(0, BATCH_MOST);
      const last = batch.at(-1);
      if (last !== undefined) {
        this.#change("UPDATE splits SET sending = ? WHERE NOT done", last);
        return batch;
      }
      const lookedAt = rows.at(-1)?.id;
      if (lookedAt === undefined) return undefined;
      this.#change("UPDATE splits SET reached = ? WHERE NOT done", lookedAt);
    }
    return undefined;
  }

  /** The batch that was on its way has arrived. */
  arrived(): void {
    this.#change("UPDATE splits SET given = given + 1, reached = sending, sending = NULL WHERE NOT done");
  }

  finish(): void {
    this.#change("UPDATE splits SET done = 1");
  }

  get #current(): Split | undefined {
    return this.#all.find(({ done }) => !done);
  }

  #change(statement: string, ...parameters: SqlStorageValue[]): void {
    this.#sql.exec(statement, ...parameters);
    this.#all = this.#read();
  }

  #read(): Split[] {
    return this.#sql.exec<Split>("SELECT * FROM splits ORDER BY number").toArray();
  }
}

function belongsTo({ number }: { readonly number: number }, identifier: string): boolean {
  return shardNumber(identifier, number + 1) === number;
}
