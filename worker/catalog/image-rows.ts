/** The images of a shard as rows of its SQLite, but for their features. */

import type { Size } from "../core/camera.ts";

export interface ImageRow extends Record<string, SqlStorageValue> {
  id: number;
  identifier: string;
  metadata: string;
  matchratio: number | null;
  level: number;
  digest: string;
  original: string;
  width: number;
  height: number;
}

/** What a row is made of. */
export interface Described {
  readonly identifier: string;
  readonly metadata: string;
  readonly matchratio: number | null;
  readonly level: number;
  /** SHA-256 of the uploaded file, hexadecimal. */
  readonly digest: string;
  /** Where the uploaded file lies in R2. */
  readonly original: string;
  /** Of the uploaded picture, px. */
  readonly size: Size;
}

/** Sorts behind every character of an identifier. */
const BEYOND_IDENTIFIERS = "\x7f";
/** Identifiers with a prefix behind another one: a single range of the index. */
const BEHIND = "identifier >= ? AND identifier <> ? AND identifier < ?";

export class ImageRows {
  readonly #sql: SqlStorage;
  /** Counted when it is first asked for. */
  #count: number | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get count(): number {
    this.#count ??= this.#sql.exec<{ count: number }>("SELECT COUNT(*) AS count FROM images").one().count;
    return this.#count;
  }

  /** Before a transaction that may fail after rows were inserted or deleted. */
  countAnew(): void {
    this.#count = undefined;
  }

  /** The number that the next row would be given. */
  get nextId(): number {
    const last = this.#sql.exec<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'images'").toArray()[0];
    return (last?.seq ?? 0) + 1;
  }

  /** Returns the row's number: `id`, or the next one. */
  insert(image: Described, id: number | null = null): number {
    const { identifier, metadata, matchratio, level, digest, original, size } = image;
    const row = this.#sql
      .exec<{ id: number }>(
        `INSERT INTO images (id, identifier, metadata, matchratio, level, digest, original, width, height)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
        id,
        identifier,
        metadata,
        matchratio,
        level,
        digest,
        original,
        size.width,
        size.height,
      )
      .one();
    if (this.#count !== undefined) this.#count++;
    return row.id;
  }

  delete(id: number): void {
    this.#sql.exec("DELETE FROM images WHERE id = ?", id);
    if (this.#count !== undefined) this.#count--;
  }

  update(id: number, metadata: string, matchratio: number | null): void {
    this.#sql.exec("UPDATE images SET metadata = ?, matchratio = ? WHERE id = ?", metadata, matchratio, id);
  }

  /** One that is known to be there. */
  get(id: number): ImageRow {
    return this.#sql.exec<ImageRow>("SELECT * FROM images WHERE id = ?", id).one();
  }

  named(identifier: string): ImageRow | undefined {
    return this.#sql.exec<ImageRow>("SELECT * FROM images WHERE identifier = ?", identifier).toArray()[0];
  }

  /** Numbers of the identifiers that are there. As one JSON text, since a statement takes at most 100 parameters. */
  idsOf(identifiers: readonly string[]): number[] {
    return this.#sql
      .exec<{ id: number }>(
        "SELECT id FROM images WHERE identifier IN (SELECT value FROM json_each(?))",
        JSON.stringify(identifiers),
      )
      .toArray()
      .map(({ id }) => id);
  }

  /** Of identifiers with the prefix, up to `limit` behind `after`, but for the first `skipped`. */
  page(after: string, skipped: number, prefix: string, limit: number): Iterable<ImageRow> {
    return this.#sql.exec<ImageRow>(
      `SELECT * FROM images WHERE ${BEHIND} ORDER BY identifier LIMIT ? OFFSET ?`,
      ...behind(after, prefix),
      limit,
      skipped,
    );
  }

  /** The identifier with the prefix that `skipped` others behind `after` come before. */
  identifierBehind(after: string, skipped: number, prefix: string): string | undefined {
    const row = this.#sql
      .exec<{ identifier: string }>(
        `SELECT identifier FROM images WHERE ${BEHIND} ORDER BY identifier LIMIT 1 OFFSET ?`,
        ...behind(after, prefix),
        skipped,
      )
      .toArray()[0];
    return row?.identifier;
  }

  /** Of identifiers with the prefix, those behind `after` and up to `last`. */
  countBetween(after: string, prefix: string, last = BEYOND_IDENTIFIERS): number {
    return this.#sql
      .exec<{ count: number }>(
        `SELECT COUNT(*) AS count FROM images WHERE ${BEHIND} AND identifier <= ?`,
        ...behind(after, prefix),
        last,
      )
      .one().count;
  }
}

function behind(after: string, prefix: string): [string, string, string] {
  return [after > prefix ? after : prefix, after, prefix + BEYOND_IDENTIFIERS];
}
