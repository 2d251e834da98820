/**
 * The images of a channel: catalog rows, their features, statistics, and the search. One Durable Object.
 *
 * One transaction makes a new image permanent and searchable. An alarm copies its target to a segment in R2, from which
 * the rows could be read anew (first the object, then the one transaction that names it, then old objects go), and, in
 * a shard that is too large for memory, its features to pages.
 */

import { DurableObject } from "cloudflare:workers";
import type { ImageInfo, Latency, SimilarImage, StatisticsRecord } from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { Size } from "../core/camera.ts";
import type { Target } from "../core/core.ts";
import { createCore } from "../core/worker.ts";
import type { Env } from "../env.ts";
import { planCompaction } from "../index/compaction.ts";
import { HELD_MOST, LiveIndex } from "../index/live-index.ts";
import { readSegment, writeSegment } from "../index/segment.ts";
import { decideHits, type Hit } from "./hits.ts";
import { latencyClass, percentiles } from "./latency.ts";
import { objectsOf, trackingPath } from "./pictures.ts";
import { applyChanges } from "./schema.ts";
import { similarImages } from "./similar.ts";
import { TARGET_TABLES, TargetStore } from "./target-store.ts";

export interface NewImage {
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
  readonly target: Target;
}

/** A new picture under an identifier; metadata and matchratio stay where they are undefined. */
export interface NewPicture extends Omit<NewImage, "metadata" | "matchratio"> {
  readonly metadata: string | undefined;
  readonly matchratio: number | null | undefined;
}

/** The features of a frame, and its size in px. */
export interface Query {
  readonly features: Uint8Array;
  readonly size: Size;
}

/** `repeated` where an earlier call had stored the very same. */
export interface Stored {
  readonly level: number;
  readonly repeated: boolean;
}

export interface Found {
  /** Above their thresholds, best first. */
  readonly hits: readonly Hit[];
  readonly searchMs: number;
  readonly verifyMs: number;
}

/** What became of a question, for the statistics. */
export type Outcome =
  | { readonly kind: "match"; readonly identifier: string; readonly totalMs: number }
  | { readonly kind: "nomatch"; readonly totalMs: number }
  | { readonly kind: "badframe" };

/** What is answered of an image, but for the address of its tracking image. */
export interface CatalogImage extends Omit<ImageInfo, "trackingimage"> {
  /** Where its tracking image is served. */
  readonly trackingPath: string;
}

export interface ImagePage {
  readonly totalcount: number;
  readonly images: readonly CatalogImage[];
}

interface ImageRow extends Record<string, SqlStorageValue> {
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

/** Targets wait this long for others to share a segment with. */
const FLUSH_AFTER_MS = 30_000;
export const FLUSH_MOST = 1000;
const RETRY_SECONDS = 2;
/** A page ends here at the latest, far below the 32 MB that an RPC may carry: 100 images always fit. */
const PAGE_METADATA_BYTES = 8 * 2 ** 20;
/** Sorts behind every character of an identifier. */
const BEYOND_IDENTIFIERS = "\x7f";

const CHANGES = [
  `CREATE TABLE IF NOT EXISTS images (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     identifier TEXT NOT NULL UNIQUE,
     metadata TEXT NOT NULL,
     matchratio REAL,
     level INTEGER NOT NULL,
     digest TEXT NOT NULL,
     original TEXT NOT NULL,
     width INTEGER NOT NULL,
     height INTEGER NOT NULL,
     target_width INTEGER NOT NULL,
     target_height INTEGER NOT NULL,
     features BLOB,
     segment TEXT
   );
   CREATE INDEX IF NOT EXISTS images_by_segment ON images (segment);
   CREATE TABLE IF NOT EXISTS segments (name TEXT PRIMARY KEY) WITHOUT ROWID;
   CREATE TABLE IF NOT EXISTS removed (identifier TEXT PRIMARY KEY) WITHOUT ROWID;
   CREATE TABLE IF NOT EXISTS matches (
     day TEXT NOT NULL, identifier TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, identifier)
   ) WITHOUT ROWID;
   CREATE TABLE IF NOT EXISTS days (
     day TEXT PRIMARY KEY, queries INTEGER NOT NULL, nomatch INTEGER NOT NULL, badframe INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE IF NOT EXISTS latencies (
     day TEXT NOT NULL, class INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, class)
   ) WITHOUT ROWID;`,
  // Features stay in rows of their own, whether they are in a segment or not; those that are only there are read anew.
  `${TARGET_TABLES}
   INSERT INTO targets SELECT id, target_width, target_height, features FROM images WHERE features IS NOT NULL;
   ALTER TABLE images DROP COLUMN features;
   ALTER TABLE images DROP COLUMN target_width;
   ALTER TABLE images DROP COLUMN target_height;`,
];

export class Shard extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #targets: TargetStore;
  #index: LiveIndex | undefined;
  #pageWriter: Promise<void> | undefined;
  /** Counted when it is first asked for. */
  #imageCount: number | undefined;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    applyChanges(state.storage, CHANGES);
    this.#targets = new TargetStore(state.storage);
  }

  /**
   * What AddImage would come to, before the picture is graded and stored: the level of a repeated call, a reason to
   * refuse, or undefined where the identifier is free.
   */
  foresee(identifier: string, digest: string, metadata: string, quota: number): Result<number | undefined> {
    const existing = this.#row(identifier);
    if (existing) {
      const repeated = existing.digest === digest && existing.metadata === metadata;
      return repeated ? success(existing.level) : failure(reasons.identifierTaken());
    }
    return this.#count() < quota ? success(undefined) : failure(reasons.tooManyImages(quota));
  }

  /** Stores the image, unless the channel would match `query`, its picture; the next search finds it. */
  async add(image: NewImage, quota: number, query?: Query): Promise<Result<Stored>> {
    const loaded = await this.#load();
    if (!loaded.ok) return loaded;
    const index = loaded.value;
    // From here to the end of the transaction nothing else runs.
    const foreseen = this.foresee(image.identifier, image.digest, image.metadata, quota);
    if (!foreseen.ok) return foreseen;
    if (foreseen.value !== undefined) return success({ level: foreseen.value, repeated: true });
    const alike = query && this.#matching(index, query, image.identifier);
    if (alike?.length) return failure(reasons.similarImages(alike));
    const { id } = this.#insert(image);
    if (!index.insert(id, image.target)) {
      this.#delete(id);
      await this.#pageSoon();
      return failure(reasons.busy("the channel's index is catching up", RETRY_SECONDS));
    }
    await this.#flushLater();
    return success({ level: image.level, repeated: false });
  }

  /** Stores many images that are known to be good, as an import brings them; those whose identifiers are taken are left out. */
  async addAll(images: readonly NewImage[], quota: number): Promise<Result<{ stored: number }>> {
    let stored = 0;
    for (const image of images) {
      const added = await this.add(image, quota);
      if (added.ok && !added.value.repeated) stored++;
      if (!added.ok && added.reason.returncode !== reasons.identifierTaken().returncode) return added;
    }
    await this.#writePages();
    return success({ stored });
  }

  /** What ReplaceImage would come to: the level of a repeated call, 20014, or undefined where there is work to do. */
  foreseeReplacement(
    identifier: string,
    digest: string,
    metadata: string | undefined,
    matchratio: number | null | undefined,
  ): Result<number | undefined> {
    const row = this.#row(identifier);
    if (!row) return failure(reasons.identifierNotFound());
    const repeated =
      row.digest === digest &&
      (metadata ?? row.metadata) === row.metadata &&
      (matchratio === undefined || matchratio === row.matchratio);
    return success(repeated ? row.level : undefined);
  }

  /**
   * Puts another picture under an identifier: one transaction replaces the row, so that there is always one of the two.
   * It gets a number of its own, under which a flush that is under way does not know it.
   */
  async replace(image: NewPicture, query?: Query): Promise<Result<Stored>> {
    const loaded = await this.#load();
    if (!loaded.ok) return loaded;
    const index = loaded.value;
    // From here to the end of the transaction nothing else runs.
    const { identifier, digest, metadata, matchratio } = image;
    const foreseen = this.foreseeReplacement(identifier, digest, metadata, matchratio);
    if (!foreseen.ok) return foreseen;
    if (foreseen.value !== undefined) return success({ level: foreseen.value, repeated: true });
    const alike = query && this.#matching(index, query, identifier);
    if (alike?.length) return failure(reasons.similarImages(alike));
    const old = this.#row(identifier) as ImageRow;
    const kept = {
      metadata: metadata ?? old.metadata,
      matchratio: matchratio === undefined ? old.matchratio : matchratio,
    };
    // The index first, which may be full; should the rows fail, it knows a number too many and is read anew.
    const id = this.#nextId();
    if (!index.insert(id, image.target)) {
      await this.#pageSoon();
      return failure(reasons.busy("the channel's index is catching up", RETRY_SECONDS));
    }
    this.#index = undefined;
    this.#imageCount = undefined;
    this.ctx.storage.transactionSync(() => {
      this.#delete(old.id);
      this.#insert({ ...image, ...kept }, id);
    });
    index.remove(old.id);
    this.#index = index;
    await this.#flushLater();
    await this.#deleteObjects(objectsOf(old.original));
    return success({ level: image.level, repeated: false });
  }

  /** Removes the image; no later search finds it. Returns how many there were: 0 or 1. */
  async remove(identifier: string): Promise<0 | 1> {
    const row = this.#row(identifier);
    if (!row) return 0;
    this.ctx.storage.transactionSync(() => {
      this.#delete(row.id);
      this.#sql.exec("INSERT OR IGNORE INTO removed (identifier) VALUES (?)", identifier);
    });
    this.#index?.remove(row.id);
    await this.#deleteObjects(objectsOf(row.original));
    return 1;
  }

  get(identifier: string): CatalogImage | undefined {
    const row = this.#row(identifier);
    return row && infoOf(row);
  }

  /** PATCH: undefined leaves a field as it is. False where there is no such image. */
  update(
    identifier: string,
    change: { metadata?: string | undefined; matchratio?: number | null | undefined },
  ): boolean {
    const row = this.#row(identifier);
    if (!row) return false;
    const { metadata = row.metadata, matchratio = row.matchratio } = change;
    this.#sql.exec("UPDATE images SET metadata = ?, matchratio = ? WHERE id = ?", metadata, matchratio, row.id);
    return true;
  }

  /**
   * `limit` images in the order of their identifiers, or fewer where their metadata are long: from a position, or those
   * behind an identifier; all, or those whose identifier begins with `prefix`, which are one range of the index.
   */
  page(from: { position: number } | { after: string }, limit: number, prefix = ""): ImagePage {
    const [first, end] = [prefix, prefix + BEYOND_IDENTIFIERS];
    const rows =
      "after" in from
        ? this.#sql.exec<ImageRow>(
            "SELECT * FROM images WHERE identifier > ? AND identifier >= ? AND identifier < ? ORDER BY identifier LIMIT ?",
            from.after,
            first,
            end,
            limit,
          )
        : this.#sql.exec<ImageRow>(
            "SELECT * FROM images WHERE identifier >= ? AND identifier < ? ORDER BY identifier LIMIT ? OFFSET ?",
            first,
            end,
            limit,
            from.position,
          );
    const images: CatalogImage[] = [];
    let metadataBytes = 0;
    for (const row of rows) {
      images.push(infoOf(row));
      metadataBytes += new TextEncoder().encode(row.metadata).length;
      if (metadataBytes >= PAGE_METADATA_BYTES) break;
    }
    return { totalcount: prefix ? this.#countBetween(first, end) : this.#count(), images };
  }

  imageCount(): number {
    return this.#count();
  }

  /** Which images does a frame with these features show, of all or of those with these identifiers? */
  async search(
    features: Uint8Array,
    frame: Size,
    most: number,
    identifiers?: readonly string[],
  ): Promise<Result<Found>> {
    const loaded = await this.#load();
    if (!loaded.ok) return loaded;
    const { candidates, times } = loaded.value.search(features, frame, identifiers && this.#idsOf(identifiers));
    return success({ hits: decideHits(candidates, frame, (id) => this.#known(id), most), ...times });
  }

  /** The images that a picture is most similar to, except the one of this identifier. */
  async similar(query: Query, except?: string): Promise<Result<SimilarImage[]>> {
    const loaded = await this.#load();
    return loaded.ok ? success(this.#similar(loaded.value, query, except)) : loaded;
  }

  /** Counts one question on `day`. */
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

  /** Sums by day of the whole channel, both days included. */
  dailySums(first: string, last: string): StatisticsRecord[] {
    return this.#sql
      .exec<{ date: string; count: number; queries: number; nomatch: number; badframe: number }>(
        `SELECT day AS date, queries - nomatch - badframe AS count, queries, nomatch, badframe
         FROM days WHERE day BETWEEN ? AND ? ORDER BY day`,
        first,
        last,
      )
      .toArray()
      .map((sums) => ({ ...sums, ...this.#latencyOn(sums.date) }));
  }

  #latencyOn(day: string): { latency?: Latency } {
    const classes = this.#sql
      .exec<{ class: number; count: number }>("SELECT class, count FROM latencies WHERE day = ?", day)
      .toArray();
    const latency = percentiles(classes);
    return latency ? { latency } : {};
  }

  /** Matches by day and identifier, or of one identifier, both days included. */
  dailyMatches(first: string, last: string, identifier?: string): StatisticsRecord[] {
    return this.#sql
      .exec<{ date: string; identifier: string; count: number }>(
        `SELECT day AS date, identifier, count FROM matches
         WHERE day BETWEEN ? AND ? AND (?3 IS NULL OR identifier = ?3) ORDER BY day, identifier`,
        first,
        last,
        identifier ?? null,
      )
      .toArray();
  }

  /** Whether the channel has, or ever had, an image of that name. */
  everHad(identifier: string): boolean {
    return (
      this.#row(identifier) !== undefined ||
      this.#sql.exec("SELECT 1 FROM removed WHERE identifier = ?", identifier).toArray().length > 0
    );
  }

  /** Writes waiting targets to a segment, together with those of small segments; then to pages what memory cannot hold. */
  override async alarm(): Promise<void> {
    // A merge must not take the targets that are only in segments as yet for removed ones.
    const loaded = await this.#load();
    if (!loaded.ok) throw new Error(loaded.reason.message);
    await this.#flush();
    await this.#writePages();
  }

  async #flush(): Promise<void> {
    const waiting = this.#idsWhere("segment IS NULL LIMIT ?", FLUSH_MOST);
    if (waiting.length === 0) return;
    const merged = planCompaction(this.#segmentSizes(), waiting.length).map(({ name }) => name);
    const targets = this.#targets.read([...waiting, ...merged.flatMap((name) => this.#idsWhere("segment = ?", name))]);
    const name = `${this.#segmentFolder}${crypto.randomUUID()}`;
    await this.env.BUCKET.put(name, writeSegment(targets));
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec("INSERT INTO segments (name) VALUES (?)", name);
      for (const { id } of targets) this.#sql.exec("UPDATE images SET segment = ? WHERE id = ?", name, id);
      for (const old of merged) this.#sql.exec("DELETE FROM segments WHERE name = ?", old);
    });
    if (this.#idsWhere("segment IS NULL LIMIT 1").length > 0) await this.ctx.storage.setAlarm(Date.now());
    await this.#sweepSegments();
  }

  /** In slices, between which questions are answered; one pass at a time. */
  #writePages(): Promise<void> {
    this.#pageWriter ??= this.#writePass().finally(() => {
      this.#pageWriter = undefined;
    });
    return this.#pageWriter;
  }

  async #writePass(): Promise<void> {
    for (let pass = this.#targets.nextPass(); pass; pass = this.#targets.nextPass()) {
      while (this.#targets.writeSlice(pass)) await new Promise((resolve) => setTimeout(resolve, 0));
      for (const id of pass.ids) this.#index?.remove(id);
    }
  }

  /** Where nothing else may run, not even timers. */
  #writePassAtOnce(): void {
    const pass = this.#targets.nextPass();
    while (pass && this.#targets.writeSlice(pass));
  }

  async #pageSoon(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now());
  }

  async #flushLater(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + FLUSH_AFTER_MS);
  }

  /** The index in memory, read from segments and rows when the object wakes. */
  async #load(): Promise<Result<LiveIndex>> {
    if (this.#index) return success(this.#index);
    return this.ctx.blockConcurrencyWhile(async () => {
      try {
        await this.#restoreTargets();
        while (this.#targets.residentCount() > HELD_MOST) this.#writePassAtOnce();
        const index = new LiveIndex(createCore(), this.#targets);
        for (const { id, target } of this.#targets.resident()) {
          if (!index.insert(id, target)) throw new Error("more targets than memory holds");
        }
        this.#index = index;
        return success(index);
      } catch (error) {
        console.error("index not loaded", error);
        return failure(reasons.busy("the index could not be read", RETRY_SECONDS));
      }
    });
  }

  /** Reads from segments the targets of images that have none: of an older version's rows, or of a restored catalog. */
  async #restoreTargets(): Promise<void> {
    if (this.#targets.complete) return;
    const missing = new Set(this.#idsWhere("id NOT IN (SELECT id FROM targets)"));
    for (const { name } of this.#segmentSizes()) {
      if (!this.#idsWhere("segment = ?", name).some((id) => missing.has(id))) continue;
      const object = await this.env.BUCKET.get(name);
      if (!object) throw new Error(`segment ${name} is missing`);
      const targets = readSegment(new Uint8Array(await object.arrayBuffer())).filter(({ id }) => missing.has(id));
      this.ctx.storage.transactionSync(() => {
        for (const { id, target } of targets) this.#targets.insert(id, target);
      });
    }
    this.#targets.markComplete();
  }

  /** Deletes the segments that no row names: merged ones, and those of flushes that were cut off. */
  async #sweepSegments(): Promise<void> {
    const { objects } = await this.env.BUCKET.list({ prefix: this.#segmentFolder });
    const live = new Set(this.#segmentSizes().map(({ name }) => name));
    const dead = objects.map(({ key }) => key).filter((key) => !live.has(key));
    if (dead.length > 0) await this.#deleteObjects(dead);
  }

  get #segmentFolder(): string {
    return `segments/${this.ctx.id}/`;
  }

  /** Deletes what no row names any more, once that is on disk. What cannot be deleted is left: nothing refers to it. */
  async #deleteObjects(keys: string[]): Promise<void> {
    await this.ctx.storage.sync();
    await this.env.BUCKET.delete(keys).catch((error) => console.error("objects not deleted", keys, error));
  }

  #idsWhere(condition: string, ...parameters: SqlStorageValue[]): number[] {
    return this.#sql
      .exec<{ id: number }>(`SELECT id FROM images WHERE ${condition}`, ...parameters)
      .toArray()
      .map(({ id }) => id);
  }

  #segmentSizes() {
    return this.#sql
      .exec<{ name: string; imageCount: number }>(
        "SELECT name, (SELECT COUNT(*) FROM images WHERE segment = name) AS imageCount FROM segments",
      )
      .toArray();
  }

  /** The number that the next row would be given. */
  #nextId(): number {
    const last = this.#sql.exec<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'images'").toArray()[0];
    return (last?.seq ?? 0) + 1;
  }

  #insert(
    { identifier, metadata, matchratio, level, digest, original, size, target }: NewImage,
    id: number | null = null,
  ): { id: number } {
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
    this.#targets.insert(row.id, target);
    if (this.#imageCount !== undefined) this.#imageCount++;
    return row;
  }

  #delete(id: number): void {
    this.#sql.exec("DELETE FROM images WHERE id = ?", id);
    this.#targets.remove(id);
    if (this.#imageCount !== undefined) this.#imageCount--;
  }

  #similar(index: LiveIndex, { features, size }: Query, except: string | undefined): SimilarImage[] {
    return similarImages(index.search(features, size).candidates, (id) => this.#known(id), except);
  }

  /** Those of the similar images that would be taken for the picture. */
  #matching(index: LiveIndex, query: Query, except: string): SimilarImage[] {
    return this.#similar(index, query, except).filter(({ matches }) => matches === 1);
  }

  #known(id: number): ImageRow {
    return this.#sql.exec<ImageRow>("SELECT * FROM images WHERE id = ?", id).one();
  }

  /** Of the identifiers that are there. As one JSON text, since a statement takes at most 100 parameters. */
  #idsOf(identifiers: readonly string[]): number[] {
    return this.#sql
      .exec<{ id: number }>(
        "SELECT id FROM images WHERE identifier IN (SELECT value FROM json_each(?))",
        JSON.stringify(identifiers),
      )
      .toArray()
      .map(({ id }) => id);
  }

  #row(identifier: string): ImageRow | undefined {
    return this.#sql.exec<ImageRow>("SELECT * FROM images WHERE identifier = ?", identifier).toArray()[0];
  }

  #count(): number {
    this.#imageCount ??= this.#sql.exec<{ count: number }>("SELECT COUNT(*) AS count FROM images").one().count;
    return this.#imageCount;
  }

  #countBetween(first: string, end: string): number {
    const range = "SELECT COUNT(*) AS count FROM images WHERE identifier >= ? AND identifier < ?";
    return this.#sql.exec<{ count: number }>(range, first, end).one().count;
  }
}

function infoOf({ identifier, metadata, matchratio, level, original }: ImageRow): CatalogImage {
  return { identifier, metadata, matchratio, level, trackingPath: trackingPath(original) };
}
