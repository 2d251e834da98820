/**
 * Objects in R2 that no image refers to, or not yet. A key is noted before its object is written, and in the transaction
 * that takes its image away; the transaction that makes an image takes the note away. So whatever a crash leaves is
 * deleted by a later alarm.
 */

/** Longer than any call may take between writing an object and the row that names it. */
const EXPECTED_WITHIN_MS = 3_600_000;
/** R2 deletes so many at once. */
const DELETED_MOST = 1000;

export const LEFTOVER_TABLES = `
  CREATE TABLE leftovers (key TEXT PRIMARY KEY, due INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX leftovers_by_due ON leftovers (due);`;

export class Leftovers {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** An image is about to name this object. */
  expect(key: string, now: number): void {
    this.#note(key, now + EXPECTED_WITHIN_MS);
  }

  /** No image names these objects any more. */
  abandon(keys: readonly string[], now: number): void {
    for (const key of keys) this.#note(key, now);
  }

  /** They are named by an image, or deleted. */
  forget(keys: readonly string[]): void {
    for (const key of keys) this.#sql.exec("DELETE FROM leftovers WHERE key = ?", key);
  }

  due(now: number): string[] {
    return this.#sql
      .exec<{ key: string }>("SELECT key FROM leftovers WHERE due <= ? ORDER BY due LIMIT ?", now, DELETED_MOST)
      .toArray()
      .map(({ key }) => key);
  }

  /** When something is due next, ms since 1970. */
  next(): number | null {
    return this.#sql.exec<{ due: number | null }>("SELECT min(due) AS due FROM leftovers").one().due;
  }

  #note(key: string, due: number): void {
    this.#sql.exec("INSERT OR REPLACE INTO leftovers (key, due) VALUES (?, ?)", key, due);
  }
}
