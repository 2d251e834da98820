/**
 * For `npm run bench:index` and `bench:listing`: the product's way to find and list behind addresses that take a frame with its
 * features, or make up rows, and its Shard, which says what the latest question read and verified and for how long it was busy.
 */

import type { Channel } from "../../worker/catalog/directory.ts";
import { listImages } from "../../worker/catalog/listing.ts";
import { Shard as ProductShard } from "../../worker/catalog/shard.ts";
import { shardAt } from "../../worker/catalog/shards.ts";
import type { SearchTimes } from "../../worker/core/core.ts";
import type { Env } from "../../worker/env.ts";
import { readSegment } from "../../worker/index/segment.ts";
import { findInFrame } from "../../worker/recognize/find.ts";
import { candidates } from "./candidates.ts";
import { sliceTimes } from "./slice-times.ts";

export { Directory } from "../../worker/catalog/directory.ts";

const QUOTA = 10_000_000;
/** Less than this is a timer's own way. */
const BUSY_LEAST_MS = 2;

/** What a shard did for its latest question. */
export interface Seen extends SearchTimes {
  readonly rowsRead: number;
  readonly databaseBytes: number;
  /** Identifiers of the targets that pages brought into memory; undefined where all are there. */
  readonly brought: readonly string[] | undefined;
  /** Of those that were verified. */
  readonly verified: readonly string[];
}

export class Shard extends ProductShard {
  readonly #meter: Meter;
  readonly #bucket: WatchedBucket;
  #watch: Watch | undefined;
  #latest: (Pick<Seen, keyof SearchTimes | "rowsRead"> & typeof candidates) | undefined;

  constructor(state: DurableObjectState, env: Env) {
    const meter = new Meter(state.storage.sql);
    const bucket = new WatchedBucket(env.BUCKET);
    super(state, { ...env, BUCKET: bucket.bucket });
    this.#meter = meter;
    this.#bucket = bucket;
  }

  async load(segment: ArrayBuffer): Promise<unknown> {
    const images = readSegment(new Uint8Array(segment)).map(({ id, target }) => ({
      identifier: `image.${id}`,
      metadata: "",
      matchratio: null,
      level: 3,
      digest: "",
      original: "none",
      size: { width: target.width, height: target.height },
      target,
    }));
    return this.addAll(images, QUOTA);
  }

  /** Rows of the catalog without features: each `step`th identifier of `image.0000000`, `image.0000001` and so on. */
  fillCatalog(first: number, step: number, count: number): void {
    this.ctx.storage.sql.exec(
      `WITH RECURSIVE n (i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?3)
       INSERT INTO images (identifier, metadata, level, digest, original, width, height)
         SELECT printf('image.%07d', ?1 + i * ?2), '{"title":"made up"}', 3, '', 'none', 480, 480 FROM n`,
      first,
      step,
      count,
    );
  }

  override async search(...question: Parameters<ProductShard["search"]>) {
    this.#meter.reset();
    const answer = await super.search(...question);
    if (!answer.value.ok) return answer;
    const { searchMs, verifyMs } = answer.value.value;
    this.#latest = { searchMs, verifyMs, rowsRead: this.#meter.rowsRead, ...candidates };
    return answer;
  }

  async seen(): Promise<Seen> {
    if (!this.#latest) throw new Error("nothing was asked yet");
    const { brought, verified, ...latest } = this.#latest;
    return {
      ...latest,
      databaseBytes: this.ctx.storage.sql.databaseSize,
      brought: brought && this.#identifiersOf(brought),
      verified: this.#identifiersOf(verified),
    };
  }

  /** What its next alarm would do. Whether something is left for others. */
  async flush(): Promise<boolean> {
    await this.alarm();
    return this.ctx.storage.sql.exec("SELECT 1 FROM images WHERE segment IS NULL LIMIT 1").toArray().length > 0;
  }

  /** Begins to note for how long the Shard is busy without a turn for anybody else. */
  watch(): void {
    sliceTimes.length = 0;
    this.#watch = new Watch(this.#bucket);
  }

  unwatch(): Busy {
    this.#watch?.end();
    return { own: [], withR2: [], ...this.#watch?.busy, slices: sliceTimes };
  }

  #identifiersOf(ids: readonly number[]): string[] {
    return this.ctx.storage.sql
      .exec<{ identifier: string }>(
        "SELECT identifier FROM images WHERE id IN (SELECT value FROM json_each(?))",
        JSON.stringify(ids),
      )
      .toArray()
      .map(({ identifier }) => identifier);
  }
}

/** How long each time, ms. */
export interface Busy {
  readonly own: number[];
  /** Those in which R2 was at work for the Shard: here that is a simulation on the Shard's own thread. */
  readonly withR2: number[];
  /** Of a pass over the pages. */
  readonly slices: number[];
}

/** Says whether R2 has been at work. */
class WatchedBucket {
  readonly bucket: R2Bucket;
  #pending = 0;
  #used = false;

  constructor(bucket: R2Bucket) {
    this.bucket = new Proxy(bucket, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...parameters: unknown[]) => Promise<unknown>;
        return (...parameters: unknown[]) => this.#note(method.apply(target, parameters));
      },
    });
  }

  /** Since it was asked before. */
  get used(): boolean {
    const used = this.#used;
    this.#used = this.#pending > 0;
    return used;
  }

  #note(answer: Promise<unknown>): Promise<unknown> {
    this.#pending++;
    this.#used = true;
    return answer.finally(() => this.#pending--);
  }
}

/** A timer that is always due: how late it comes is how long others were at work. */
class Watch {
  readonly busy = { own: [] as number[], withR2: [] as number[] };
  readonly #bucket: WatchedBucket;
  #last = performance.now();
  #over = false;

  constructor(bucket: WatchedBucket) {
    this.#bucket = bucket;
    this.#turn();
  }

  end(): void {
    this.#over = true;
  }

  #turn(): void {
    const now = performance.now();
    const times = this.#bucket.used ? this.busy.withR2 : this.busy.own;
    if (now - this.#last >= BUSY_LEAST_MS) times.push(now - this.#last);
    this.#last = now;
    if (!this.#over) setTimeout(() => this.#turn(), 0);
  }
}

/** Sums the rows that statements read. */
class Meter {
  #cursors: { readonly rowsRead: number }[] = [];

  constructor(sql: SqlStorage) {
    const exec = sql.exec.bind(sql);
    sql.exec = ((...parameters: Parameters<SqlStorage["exec"]>) => {
      const cursor = exec(...parameters);
      this.#cursors.push(cursor);
      return cursor;
    }) as SqlStorage["exec"];
  }

  get rowsRead(): number {
    return this.#cursors.reduce((sum, cursor) => sum + cursor.rowsRead, 0);
  }

  reset(): void {
    this.#cursors = [];
  }
}

const ONE = { most: 1, identifiers: undefined };
const channelOf = (shards: number) => ({ id: "bench", shards, splitting: false }) as Channel;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const whole = (name: string) => Number(searchParams.get(name));
    if (pathname === "/load") {
      const shard = shardAt(env, "bench", whole("shard")) as unknown as DurableObjectStub<Shard>;
      return Response.json(await shard.load(await request.arrayBuffer()));
    }
    if (pathname === "/fill") {
      const shard = shardAt(env, "bench", whole("shard")) as unknown as DurableObjectStub<Shard>;
      return Response.json(await shard.fillCatalog(whole("shard"), whole("shards"), whole("count")));
    }
    if (pathname === "/list") {
      const start = { position: whole("position"), after: searchParams.get("after") ?? undefined };
      const prefix = searchParams.get("prefix") ?? "";
      return Response.json(await listImages(env, channelOf(whole("shards")), start, whole("count"), prefix));
    }
    if (pathname === "/watch" || pathname === "/unwatch" || pathname === "/flush") {
      const shard = shardAt(env, "bench", whole("shard")) as unknown as DurableObjectStub<Shard>;
      const answers = {
        "/watch": () => shard.watch(),
        "/unwatch": () => shard.unwatch(),
        "/flush": () => shard.flush(),
      };
      return Response.json(await answers[pathname]());
    }
    if (pathname === "/seen") {
      const all = Array.from({ length: whole("shards") }, (_, number) => shardAt(env, "bench", number));
      return Response.json(
        await Promise.all(all.map((shard) => (shard as unknown as DurableObjectStub<Shard>).seen())),
      );
    }
    if (pathname !== "/ask") return new Response();
    const size = { width: whole("width"), height: whole("height") };
    const body = new Uint8Array(await request.arrayBuffer());
    const pixelCount = size.width * size.height;
    const frame = {
      image: { ...size, pixels: body.subarray(0, pixelCount) },
      features: body.slice(pixelCount),
      size,
    };
    return Response.json(await findInFrame(env, [channelOf(whole("shards"))], frame, ONE));
  },
};
