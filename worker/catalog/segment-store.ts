/**
 * A shard's segments: copies of all its targets in R2, from which its rows could be read anew. First the object is
 * written, then rows name it, then old objects go, so a crash between any two leaves each image in one segment or the
 * other. Small segments are merged with what is written.
 */

import { planCompaction } from "../index/compaction.ts";
import { joinBlocks, type NumberedTarget, readSegmentBlocks, type WrittenBlock, writeBlock } from "../index/segment.ts";
import { othersTurn, slices } from "./slices.ts";
import type { TargetStore } from "./target-store.ts";

/** So many new images are written at once. */
export const FLUSH_MOST = 250;

export class SegmentStore {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #bucket: R2Bucket;
  readonly #targets: TargetStore;
  readonly #folder: string;

  constructor({ id, storage }: DurableObjectState, bucket: R2Bucket, targets: TargetStore) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#bucket = bucket;
    this.#targets = targets;
    this.#folder = `segments/${id}/`;
  }

  /** Whether images wait that are in no segment. */
  get isDue(): boolean {
    return this.#idsWhere("segment IS NULL LIMIT 1").length > 0;
  }

  /** Writes images that wait to a segment, with those of small segments, in slices. */
  async flush(): Promise<void> {
    const waiting = this.#idsWhere("segment IS NULL LIMIT ?", FLUSH_MOST);
    const merged = planCompaction(this.#sizes(), waiting.length).map(({ name }) => name);
    const ids = [...waiting, ...merged.flatMap((name) => this.#idsWhere("segment = ?", name))];
    const name = `${this.#folder}${crypto.randomUUID()}`;
    await this.#bucket.put(name, joinBlocks(await this.#blocksOf(ids)));
    this.#sql.exec("INSERT INTO segments (name) VALUES (?)", name);
    for (const slice of slices(ids)) {
      this.#storage.transactionSync(() => {
        for (const id of slice) this.#sql.exec("UPDATE images SET segment = ? WHERE id = ?", name, id);
      });
      await othersTurn();
    }
    this.#storage.transactionSync(() => {
      for (const old of merged) this.#sql.exec("DELETE FROM segments WHERE name = ?", old);
    });
  }

  /** Deletes the segments that no row names: merged ones, and those of flushes that were cut off. */
  async sweep(): Promise<void> {
    const { objects } = await this.#bucket.list({ prefix: this.#folder });
    const live = new Set(this.#names());
    const dead = objects.map(({ key }) => key).filter((key) => !live.has(key));
    if (dead.length === 0) return;
    await this.#storage.sync();
    await this.#bucket.delete(dead).catch((error) => console.error("segments not deleted", dead, error));
  }

  /** Reads the targets of images that have none: of an older version's rows, or of a restored catalog. */
  async restoreTargets(): Promise<void> {
    if (this.#targets.complete) return;
    const missing = new Set(this.#idsWhere("id NOT IN (SELECT id FROM targets)"));
    for (const name of this.#names()) {
      if (!this.#idsWhere("segment = ?", name).some((id) => missing.has(id))) continue;
      for await (const targets of this.#read(name)) {
        this.#storage.transactionSync(() => {
          for (const { id, target } of targets) if (missing.delete(id)) this.#targets.insert(id, target);
        });
      }
    }
    this.#targets.markComplete();
  }

  async *#read(name: string): AsyncGenerator<NumberedTarget[]> {
    const object = await this.#bucket.head(name);
    if (!object) throw new Error(`segment ${name} is missing`);
    yield* readSegmentBlocks(object.size, async (offset, length) => {
      const part = await this.#bucket.get(name, { range: { offset, length } });
      if (!part) throw new Error(`segment ${name} is missing`);
      return new Uint8Array(await part.arrayBuffer());
    });
  }

  async #blocksOf(ids: readonly number[]): Promise<WrittenBlock[]> {
    const blocks: WrittenBlock[] = [];
    for (const slice of slices(ids)) {
      const targets = this.#targets.read(slice);
      await othersTurn();
      blocks.push(writeBlock(targets));
    }
    return blocks;
  }

  #names(): string[] {
    return this.#sql
      .exec<{ name: string }>("SELECT name FROM segments")
      .toArray()
      .map(({ name }) => name);
  }

  #sizes() {
    return this.#sql
      .exec<{ name: string; imageCount: number }>(
        "SELECT name, (SELECT COUNT(*) FROM images WHERE segment = name) AS imageCount FROM segments",
      )
      .toArray();
  }

  #idsWhere(condition: string, ...parameters: SqlStorageValue[]): number[] {
    return this.#sql
      .exec<{ id: number }>(`SELECT id FROM images WHERE ${condition}`, ...parameters)
      .toArray()
      .map(({ id }) => id);
  }
}
