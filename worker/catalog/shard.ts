/**
 * The images of a channel, or a part of them: catalog rows, their features, statistics, and the search. One Durable Object.
 *
 * One transaction makes a new image permanent and searchable. An alarm copies its target to a segment in R2, from which
 * the rows could be read anew (first the object, then the one transaction that names it, then old objects go), and, in
 * a shard that is too large for memory, its features to pages.
 */

import { DurableObject } from "cloudflare:workers";
import type { ImageInfo, SimilarImage } from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { Size } from "../core/camera.ts";
import type { Target } from "../core/core.ts";
import { createCore } from "../core/worker.ts";
import type { Env } from "../env.ts";
import { HELD_MOST, LiveIndex } from "../index/live-index.ts";
import { directoryOf } from "./accounts.ts";
import { type Sightings, sightings } from "./hits.ts";
import { type Described, type ImageRow, ImageRows } from "./image-rows.ts";
import { Leftovers } from "./leftovers.ts";
import { objectsOf, trackingPath } from "./pictures.ts";
import { applyChanges } from "./schema.ts";
import { SegmentStore } from "./segment-store.ts";
import { NO_FEATURES, SHARD_CHANGES } from "./shard-tables.ts";
import { shardAt } from "./shards.ts";
import { similarImages } from "./similar.ts";
import { othersTurn } from "./slices.ts";
import { type Heir, Splits } from "./split.ts";
import { type DayCounts, type MatchCount, type Outcome, Statistics } from "./statistics.ts";
import { TargetStore } from "./target-store.ts";

export interface NewImage extends Described {
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

export interface Stored {
  readonly level: number;
  /** An earlier call had stored the very same. */
  readonly repeated: boolean;
  /** So many images the shard has now. */
  readonly imageCount: number;
}

/** "present" where the very same was there; "taken" where the identifier has other content. */
export type ImportOutcome = "stored" | "present" | "taken";

export interface Imported {
  /** By identifier. */
  readonly outcomes: Readonly<Record<string, ImportOutcome>>;
  /** So many images the shard has now. */
  readonly imageCount: number;
}

export interface Found extends Sightings {
  readonly searchMs: number;
  readonly verifyMs: number;
}

/** What a shard says of its part of the channel's images, and which other parts belong to the whole. */
export interface Part<T> {
  readonly value: T;
  /** The shards that took over from this one. */
  readonly heirs: readonly Heir[];
  /** The batches that it has taken in from the one that it came from. */
  readonly received: number;
}

/** What is answered of an image, but for the address of its tracking image. */
export interface CatalogImage extends Omit<ImageInfo, "trackingimage"> {
  /** Where its tracking image is served. */
  readonly trackingPath: string;
}

export interface ImagePage {
  readonly totalcount: number;
  readonly images: readonly CatalogImage[];
  /** Whether others follow, as far as this shard knows. */
  readonly more: boolean;
}

/** Targets wait this long for others to share a segment with. */
const FLUSH_AFTER_MS = 30_000;
const RETRY_SECONDS = 2;
const INDEX_FULL = reasons.busy("the channel's index is catching up", RETRY_SECONDS);
/** So long an alarm goes on with a split, before it begins anew: it may take 15 minutes. */
const SPLITTING_MS = 20_000;

export class Shard extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #images: ImageRows;
  readonly #targets: TargetStore;
  readonly #segments: SegmentStore;
  readonly #statistics: Statistics;
  readonly #splits: Splits;
  readonly #leftovers: Leftovers;
  #index: LiveIndex | undefined;
  #pageWriter: Promise<void> | undefined;
  #batchSender: Promise<boolean> | undefined;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    applyChanges(state.storage, SHARD_CHANGES);
    this.#images = new ImageRows(this.#sql);
    this.#targets = new TargetStore(state.storage);
    this.#segments = new SegmentStore(state, env.BUCKET, this.#targets);
    this.#statistics = new Statistics(state.storage);
    this.#splits = new Splits(this.#sql);
    this.#leftovers = new Leftovers(this.#sql);
  }

  /**
   * What AddImage would come to, before the picture is graded and stored: the level of a repeated call, a reason to
   * refuse, or undefined where the identifier is free.
   */
  async foresee(
    identifier: string,
    digest: string,
    metadata: string,
    quota: number,
  ): Promise<Result<number | undefined>> {
    const heir = this.#heirOf(identifier);
    return heir
      ? heir.foresee(identifier, digest, metadata, quota)
      : this.#foresee(identifier, digest, metadata, quota);
  }

  #foresee(identifier: string, digest: string, metadata: string, quota: number): Result<number | undefined> {
    const existing = this.#images.named(identifier);
    if (existing) {
      const repeated = existing.digest === digest && existing.metadata === metadata;
      return repeated ? success(existing.level) : failure(reasons.identifierTaken());
    }
    return this.#images.count < quota ? success(undefined) : failure(reasons.tooManyImages(quota));
  }

  /** Notes that these originals are about to be written, so that none is left over where the images do not come. */
  async expectOriginals(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#leftovers.expect(key, Date.now());
    await this.#flushLater();
  }

  /** Stores the image, unless the channel would match `query`, its picture; the next search finds it. */
  async add(image: NewImage, quota: number, query?: Query): Promise<Result<Stored>> {
    const loaded = await this.#load();
    if (!loaded.ok) return loaded;
    const index = loaded.value;
    // From here to the end of the transaction nothing else runs.
    const heir = this.#heirOf(image.identifier);
    if (heir) {
      this.#leftovers.forget([image.original]); // the other shard names it, where nothing would tell this one
      return heir.add(image, quota, query);
    }
    const foreseen = this.#foresee(image.identifier, image.digest, image.metadata, quota);
    if (!foreseen.ok) return foreseen;
    if (foreseen.value !== undefined) return success(this.#stored(foreseen.value, true));
    const alike = query && this.#matching(index, query, image.identifier);
    if (alike?.length) return failure(reasons.similarImages(alike));
    const id = this.ctx.storage.transactionSync(() => this.#insert(image));
    if (!index.insert(id, image.target)) {
      this.ctx.storage.transactionSync(() => this.#delete(id));
      await this.#pageSoon();
      return failure(INDEX_FULL);
    }
    await this.#flushLater();
    return success(this.#stored(image.level, false));
  }

  /**
   * Stores images that are known to be good, as an import brings them, and says for each what became of it; all those
   * whose identifiers are free, or none where they are too many.
   */
  async addAll(images: readonly NewImage[], quota: number): Promise<Result<Imported>> {
    const loaded = await this.#load();
    if (!loaded.ok) return loaded;
    const outcomes: Record<string, ImportOutcome> = {};
    const free: NewImage[] = [];
    const elsewhere: NewImage[] = [];
    for (const image of images) {
      const { identifier, digest, metadata } = image;
      const existing = this.#images.named(identifier);
      if (existing) {
        outcomes[identifier] = existing.digest === digest && existing.metadata === metadata ? "present" : "taken";
      } else {
        (this.#splits.heirOf(identifier) ? elsewhere : free).push(image);
      }
    }
    if (this.#images.count + free.length > quota) return failure(reasons.tooManyImages(quota));
    this.#insertAll(free);
    for (const { identifier } of free) outcomes[identifier] = "stored";
    await this.#flushLater();
    await this.#writePages();
    this.#leftovers.forget(elsewhere.map(({ original }) => original));
    for (const image of elsewhere) {
      const there = await (this.#heirOf(image.identifier) as DurableObjectStub<Shard>).addAll([image], quota);
      if (!there.ok) return there;
      Object.assign(outcomes, there.value.outcomes);
    }
    return success({ outcomes, imageCount: this.#images.count });
  }

  /** What ReplaceImage would come to: the level of a repeated call, 20014, or undefined where there is work to do. */
  async foreseeReplacement(
    identifier: string,
    digest: string,
    metadata: string | undefined,
    matchratio: number | null | undefined,
  ): Promise<Result<number | undefined>> {
    const heir = this.#heirOf(identifier);
    if (heir) return heir.foreseeReplacement(identifier, digest, metadata, matchratio);
    return this.#foreseeReplacement(identifier, digest, metadata, matchratio);
  }

  #foreseeReplacement(
    identifier: string,
    digest: string,
    metadata: string | undefined,
    matchratio: number | null | undefined,
  ): Result<number | undefined> {
    const row = this.#images.named(identifier);
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
    const { identifier, digest, metadata, matchratio } = image;
    const settled = await this.#settle(identifier);
    if (!settled.ok) return settled;
    // From here to the end of the transaction nothing else runs.
    const heir = this.#heirOf(identifier);
    if (heir) {
      this.#leftovers.forget([image.original]);
      return heir.replace(image, query);
    }
    const foreseen = this.#foreseeReplacement(identifier, digest, metadata, matchratio);
    if (!foreseen.ok) return foreseen;
    if (foreseen.value !== undefined) return success(this.#stored(foreseen.value, true));
    const alike = query && this.#matching(index, query, identifier);
    if (alike?.length) return failure(reasons.similarImages(alike));
    const old = this.#images.named(identifier) as ImageRow;
    const kept = {
      metadata: metadata ?? old.metadata,
      matchratio: matchratio === undefined ? old.matchratio : matchratio,
    };
    if (!(await this.#swap(index, old, { ...image, ...kept }))) return failure(INDEX_FULL);
    await this.#deleteLeftovers();
    return success(this.#stored(image.level, false));
  }

  /**
   * Features of the same picture, extracted anew: one transaction replaces them. False where the image is gone, or has
   * another picture by now.
   */
  async retarget(identifier: string, digest: string, target: Target): Promise<Result<boolean>> {
    const loaded = await this.#load();
    if (!loaded.ok) return loaded;
    const settled = await this.#settle(identifier);
    if (!settled.ok) return settled;
    // From here to the end of the transaction nothing else runs.
    const heir = this.#heirOf(identifier);
    if (heir) return heir.retarget(identifier, digest, target);
    const row = this.#images.named(identifier);
    if (row?.digest !== digest) return success(false);
    return (await this.#swap(loaded.value, row, { ...imageOf(row), target })) ? success(true) : failure(INDEX_FULL);
  }

  /** Removes the image; no later search finds it. Returns how many there were: 0 or 1. */
  async remove(identifier: string): Promise<Result<0 | 1>> {
    const settled = await this.#settle(identifier);
    if (!settled.ok) return settled;
    const heir = this.#heirOf(identifier);
    if (heir) return heir.remove(identifier);
    const row = this.#images.named(identifier);
    if (!row) return success(0);
    this.ctx.storage.transactionSync(() => {
      this.#delete(row.id);
      this.#leftovers.abandon(objectsOf(row.original), Date.now());
      this.#sql.exec("INSERT OR IGNORE INTO removed (identifier) VALUES (?)", identifier);
    });
    this.#index?.remove(row.id);
    await this.#flushLater();
    await this.#deleteLeftovers();
    return success(1);
  }

  async get(identifier: string): Promise<CatalogImage | undefined> {
    const heir = this.#heirOf(identifier);
    if (heir) return heir.get(identifier);
    const row = this.#images.named(identifier);
    return row && infoOf(row);
  }

  /** Where the uploaded file lies in R2. */
  async original(identifier: string): Promise<string | undefined> {
    const heir = this.#heirOf(identifier);
    return heir ? heir.original(identifier) : this.#images.named(identifier)?.original;
  }

  /** PATCH: undefined leaves a field as it is. */
  async update(
    identifier: string,
    change: { metadata?: string | undefined; matchratio?: number | null | undefined },
  ): Promise<Result<undefined>> {
    const settled = await this.#settle(identifier);
    if (!settled.ok) return settled;
    const heir = this.#heirOf(identifier);
    if (heir) return heir.update(identifier, change);
    const row = this.#images.named(identifier);
    if (!row) return failure(reasons.identifierNotFound());
    const { metadata = row.metadata, matchratio = row.matchratio } = change;
    this.#images.update(row.id, metadata, matchratio);
    return success(undefined);
  }

  /**
   * `limit` images in the order of their identifiers, or fewer where their metadata are long: from a position, or those
   * behind an identifier; all, or those whose identifier begins with `prefix`, which are one range of the index.
   */
  page(
    from: { position: number } | { after: string },
    limit: number,
    prefix: string,
    metadataBytesMost: number,
  ): Part<ImagePage> {
    const [after, skipped] = "after" in from ? [from.after, 0] : ["", from.position];
    const images: CatalogImage[] = [];
    let metadataBytes = 0;
    for (const row of this.#images.page(after, skipped, prefix, limit)) {
      images.push(infoOf(row));
      metadataBytes += new TextEncoder().encode(row.metadata).length;
      if (metadataBytes >= metadataBytesMost) break;
    }
    const more = images.length === limit || metadataBytes >= metadataBytesMost;
    return this.#part({
      totalcount: prefix ? this.#images.countBetween("", prefix) : this.#images.count,
      images,
      more,
    });
  }

  /** The identifier that `skipped` others behind `after` come before. */
  identifierBehind(after: string, skipped: number, prefix: string): Part<string | undefined> {
    return this.#part(this.#images.identifierBehind(after, skipped, prefix));
  }

  /** How many images there are behind `after` up to `last`. */
  countUpTo(after: string, last: string, prefix: string): Part<number> {
    return this.#part(this.#images.countBetween(after, prefix, last));
  }

  imageCount(): Part<number> {
    return this.#part(this.#images.count);
  }

  /** Which images does a frame with these features show, of all or of those with these identifiers? */
  async search(
    features: Uint8Array,
    frame: Size,
    most: number,
    identifiers?: readonly string[],
  ): Promise<Part<Result<Found>>> {
    const loaded = await this.#load();
    if (!loaded.ok) return this.#part(loaded);
    const { candidates, times } = loaded.value.search(features, frame, {
      ids: identifiers && this.#images.idsOf(identifiers),
      wanted: most,
    });
    const know = (id: number) => this.#images.get(id);
    const seen = sightings(candidates, frame, know, (id) => this.#targets.featuresOf(id), most);
    return this.#part(success({ ...seen, ...times }));
  }

  /** The images that a picture is most similar to, except the one of this identifier. */
  async similar(query: Query, except?: string): Promise<Part<Result<SimilarImage[]>>> {
    const loaded = await this.#load();
    return this.#part(loaded.ok ? success(this.#similar(loaded.value, query, except)) : loaded);
  }

  /** Counts one question on `day`. */
  count(day: string, outcome: Outcome): void {
    this.#statistics.count(day, outcome);
  }

  /** What was counted by day, both days included. */
  dailyCounts(first: string, last: string): Part<DayCounts[]> {
    return this.#part(this.#statistics.days(first, last));
  }

  /** Matches by day and identifier, or of one identifier, both days included. */
  dailyMatches(first: string, last: string, identifier?: string): Part<MatchCount[]> {
    return this.#part(this.#statistics.matches(first, last, identifier));
  }

  /** Whether the shard has, or ever removed, an image of that name. */
  everHad(identifier: string): Part<boolean> {
    return this.#part(
      this.#images.named(identifier) !== undefined ||
        this.#sql.exec("SELECT 1 FROM removed WHERE identifier = ?", identifier).toArray().length > 0,
    );
  }

  /**
   * Begins to hand over to shard `number`, which the channel has from now on, the images that belong to it. Can be
   * repeated.
   */
  async split(channelId: string, number: number): Promise<void> {
    this.#splits.begin(channelId, number);
    await this.ctx.storage.setAlarm(Date.now());
  }

  /** Takes in images from the shard that this one came from: each batch once, all of it in one transaction. */
  async receive(batch: number, images: readonly NewImage[]): Promise<Result<undefined>> {
    const loaded = await this.#load();
    if (!loaded.ok) return loaded;
    if (batch <= this.#splits.received) return success(undefined);
    this.#insertAll(images, () => {
      this.#splits.received = batch;
    });
    await this.#flushLater();
    await this.#writePages();
    return success(undefined);
  }

  /**
   * Writes waiting targets to a segment, together with those of small segments; then to pages what memory cannot hold;
   * then goes on with a split.
   */
  override async alarm(): Promise<void> {
    // A merge must not take the targets that are only in segments as yet for removed ones.
    const loaded = await this.#load();
    if (!loaded.ok) throw new Error(loaded.reason.message);
    await this.#flush();
    await this.#writePages();
    await this.#goOnSplitting();
    await this.#deleteLeftovers();
    const due = this.#leftovers.next();
    if (due !== null && (await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(due);
  }

  /** For a while; a failure is tried again later, since the platform gives up on an alarm that fails too often. */
  async #goOnSplitting(): Promise<void> {
    const end = Date.now() + SPLITTING_MS;
    try {
      while (this.#splits.current) {
        if (Date.now() > end) return await this.ctx.storage.setAlarm(Date.now());
        if (!(await this.#sendBatch())) await this.#finishSplit();
      }
    } catch (error) {
      console.error("split interrupted", error);
      await this.ctx.storage.setAlarm(Date.now() + 1000 * RETRY_SECONDS);
    }
  }

  /** Hands the next images over; one batch at a time. False where none are left. */
  #sendBatch(): Promise<boolean> {
    this.#batchSender ??= this.#handOver().finally(() => {
      this.#batchSender = undefined;
    });
    return this.#batchSender;
  }

  async #handOver(): Promise<boolean> {
    const split = this.#splits.current;
    const ids = this.#splits.nextBatch();
    if (!split || !ids) return false;
    const heir = shardAt(this.env, split.channel, split.number);
    const received = await heir.receive(split.batch, this.#imagesOf(ids));
    if (!received.ok) throw new Error(received.reason.message);
    this.#images.countAnew();
    this.ctx.storage.transactionSync(() => {
      for (const id of ids) this.#delete(id);
      this.#splits.arrived();
    });
    for (const id of ids) this.#index?.remove(id);
    return true;
  }

  async #finishSplit(): Promise<void> {
    const { channel, number } = this.#splits.current as { channel: string; number: number };
    await directoryOf(this.env).finishSplit(channel, number);
    this.#splits.finish();
  }

  /** Waits for an image that is on its way to another shard: there it can be changed, here no more. */
  async #settle(identifier: string): Promise<Result<undefined>> {
    try {
      for (let row = this.#images.named(identifier); row; row = this.#images.named(identifier)) {
        if (!this.#splits.isLeaving(row.id, identifier)) break;
        await this.#sendBatch();
      }
      return success(undefined);
    } catch (error) {
      console.error("image not handed over", error);
      return failure(reasons.busy("the image is being moved", RETRY_SECONDS));
    }
  }

  /** The shard that has to do with an identifier, where a split gave it to another one and this one has no such image. */
  #heirOf(identifier: string): DurableObjectStub<Shard> | undefined {
    const heir = this.#splits.heirOf(identifier);
    return heir && !this.#images.named(identifier) ? shardAt(this.env, heir.channel, heir.number) : undefined;
  }

  #part<T>(value: T): Part<T> {
    return { value, heirs: this.#splits.heirs, received: this.#splits.received };
  }

  #stored(level: number, repeated: boolean): Stored {
    return { level, repeated, imageCount: this.#images.count };
  }

  async #flush(): Promise<void> {
    if (!this.#segments.isDue) return;
    await this.#segments.flush();
    if (this.#segments.isDue) await this.ctx.storage.setAlarm(Date.now());
    await this.#segments.sweep();
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
      while (this.#targets.goOn(pass)) await othersTurn();
      for (const { id } of pass.targets) this.#index?.remove(id);
    }
  }

  /** Where nothing else may run, not even timers. */
  #writePassAtOnce(): void {
    const pass = this.#targets.nextPass();
    while (pass && this.#targets.goOn(pass));
  }

  async #pageSoon(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now());
  }

  async #flushLater(): Promise<void> {
    const due = Date.now() + FLUSH_AFTER_MS;
    const alarm = await this.ctx.storage.getAlarm();
    if (alarm === null || alarm > due) await this.ctx.storage.setAlarm(due);
  }

  /** The index in memory, read from segments and rows when the object wakes. */
  async #load(): Promise<Result<LiveIndex>> {
    if (this.#index) return success(this.#index);
    return this.ctx.blockConcurrencyWhile(async () => {
      try {
        await this.#segments.restoreTargets();
        this.#warnOfFormerFeatures();
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

  #warnOfFormerFeatures(): void {
    const waiting = this.#sql.exec("SELECT COUNT(*) AS count FROM images WHERE segment = ?", NO_FEATURES).one().count;
    if (waiting)
      console.warn(`${waiting} images are not found before lookmark reindex: their features are of a former version`);
  }

  /** Deletes what no row names any more, once that is on disk. What cannot be deleted now is deleted by a later alarm. */
  async #deleteLeftovers(): Promise<void> {
    const keys = this.#leftovers.due(Date.now());
    if (keys.length === 0) return;
    await this.ctx.storage.sync();
    try {
      await this.env.BUCKET.delete(keys);
      this.#leftovers.forget(keys);
    } catch (error) {
      console.error("objects not deleted", keys, error);
    }
  }

  #insert(image: NewImage, id: number | null = null): number {
    const given = this.#images.insert(image, id);
    this.#leftovers.forget([image.original]);
    this.#targets.insert(given, image.target);
    return given;
  }

  /** Puts an image in the place of another one, under a number of its own. False where the index is full. */
  async #swap(index: LiveIndex, { id: oldId, original }: ImageRow, image: NewImage): Promise<boolean> {
    // The index first, which may be full; should the rows fail, it knows a number too many and is read anew.
    const id = this.#images.nextId;
    if (!index.insert(id, image.target)) {
      await this.#pageSoon();
      return false;
    }
    this.#index = undefined;
    this.#images.countAnew();
    this.ctx.storage.transactionSync(() => {
      this.#delete(oldId);
      if (original !== image.original) this.#leftovers.abandon(objectsOf(original), Date.now());
      this.#insert(image, id);
    });
    index.remove(oldId);
    this.#index = index;
    await this.#flushLater();
    return true;
  }

  /** In one transaction, with `more`. Where memory is full, the index is read anew, with pages. */
  #insertAll(images: readonly NewImage[], more?: () => void): void {
    const index = this.#index;
    this.#index = undefined;
    this.#images.countAnew();
    const ids = this.ctx.storage.transactionSync(() => {
      more?.();
      return images.map((image) => this.#insert(image));
    });
    const fit = index && images.every(({ target }, i) => index.insert(ids[i] as number, target));
    if (fit) this.#index = index;
  }

  /** Images with their targets, as another shard takes them in. */
  #imagesOf(ids: readonly number[]): NewImage[] {
    return this.#targets.read(ids).map(({ id, target }) => ({ ...imageOf(this.#images.get(id)), target }));
  }

  #delete(id: number): void {
    this.#images.delete(id);
    this.#targets.remove(id);
  }

  #similar(index: LiveIndex, { features, size }: Query, except: string | undefined): SimilarImage[] {
    return similarImages(index.search(features, size).candidates, (id) => this.#images.get(id), except);
  }

  /** Those of the similar images that would be taken for the picture. */
  #matching(index: LiveIndex, query: Query, except: string): SimilarImage[] {
    return this.#similar(index, query, except).filter(({ matches }) => matches === 1);
  }
}

/** All of an image but its features. */
function imageOf({ width, height, id: _, ...row }: ImageRow): Omit<NewImage, "target"> {
  return { ...row, size: { width, height } };
}

function infoOf({ identifier, metadata, matchratio, level, original }: ImageRow): CatalogImage {
  return { identifier, metadata, matchratio, level, trackingPath: trackingPath(original) };
}
