/** ImportImages and GetOriginal: what comes in with its features is found like what AddImage stores, and goes out as it came. */

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ImportEntry } from "../../../shared/protocol.ts";
import { TARGET_FEATURES_MAX } from "../../../worker/core/core.ts";
import { createCore } from "../../../worker/core/worker.ts";
import { writeSegment } from "../../../worker/index/segment.ts";
import { readTarget } from "../../../worker/recognize/extract.ts";
import {
  type AnyAnswer,
  call,
  type Fields,
  formOf,
  type Mine,
  newChannel,
  objectsOf,
  post,
  send,
  shardBehind,
} from "../../support/api.ts";
import { circus, samples } from "../../support/pictures.ts";

const LIMITS = { maxBytes: 1e7, maxPixels: 1e7, minSide: 1 };
const pictures: Readonly<Record<string, Blob>> = { circus, ...samples };
const names = Object.keys(pictures);

let mine: Mine;
let segment: Blob;

beforeAll(async () => {
  const core = createCore();
  const targets = [];
  for (const [i, name] of names.entries()) {
    const read = await readTarget(core, await bytesOf(pictures[name] as Blob), LIMITS);
    if (!read.ok) throw new Error(read.reason.message);
    targets.push({ id: i + 1, target: read.value.target });
  }
  segment = new Blob([writeSegment(targets)]);
});

beforeEach(async () => {
  mine = await newChannel();
});

/** Of one made-up target. */
function segmentOf({ width = 480, features = TARGET_FEATURES_MAX }): Blob {
  const target = { width, height: 320, features: new Uint8Array(14 * features) };
  return new Blob([writeSegment([{ id: 1, target }])]);
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

function entries(change: Partial<ImportEntry> = {}): ImportEntry[] {
  return names.map((identifier) => ({
    identifier,
    metadata: "",
    matchratio: null,
    level: 4,
    bytes: (pictures[identifier] as Blob).size,
    ...change,
  }));
}

function importAll(images: unknown = entries(), change: Fields = {}) {
  const all = { images: JSON.stringify(images), pictures: new Blob(Object.values(pictures)), segment };
  return call("ImportImages", { ...mine, ...all, ...change });
}

async function found(identifier: string): Promise<string | undefined> {
  return (await call("FindImage", { ...mine, image: pictures[identifier] })).identifier;
}

describe("ImportImages", () => {
  it("stores pictures that are found, listed, changed and removed like others, in channels of one shard and of several", async () => {
    for (const shards of [1, 3]) {
      mine = await newChannel({ shards });
      const answer = await importAll(entries({ metadata: '{"a":1}', matchratio: 40 }));
      expect(answer.images).toEqual(names.map((identifier) => ({ identifier, returncode: 0, repeated: 0 })));
      for (const name of names) expect([name, await found(name)]).toEqual([name, name]);
      const { images } = await call("GetImages", mine);
      expect(images).toMatchObject(
        names.toSorted().map((identifier) => ({ identifier, metadata: '{"a":1}', matchratio: 40, level: 4 })),
      );
      expect(await call("RemoveImage", { ...mine, identifier: "circus" })).toMatchObject({ removed: 1 });
      expect(await found("circus")).toBeUndefined();
    }
  });

  it("can be repeated, and leaves no file behind that no image refers to", async () => {
    await importAll();
    const again = await importAll();
    expect(again.images).toEqual(names.map((identifier) => ({ identifier, returncode: 0, repeated: 1 })));
    expect(await call("AddImage", { ...mine, identifier: "circus", image: circus })).toMatchObject({
      returncode: 0,
      level: 4,
    });
    const other = await importAll(entries({ metadata: "[2]" }));
    expect(other.images).toMatchObject(names.map((identifier) => ({ identifier, returncode: 20016 })));
    expect(await objectsOf("originals", mine)).toHaveLength(names.length);
  });

  it("refuses pictures that AddImage would refuse, and stores the others", async () => {
    const [first = "", ...rest] = names;
    const files = Object.values(pictures);
    const broken = new Blob([new Uint8Array((files[0] as Blob).size)]);
    const answer = await importAll(entries(), { pictures: new Blob([broken, ...files.slice(1)]) });
    expect(answer.images?.[0]).toMatchObject({ identifier: first, returncode: 20007 });
    expect(await call("GetImages", mine)).toMatchObject({ totalcount: rest.length });
  });

  it("stores nothing beyond the quota", async () => {
    for (const shards of [1, 2]) {
      mine = await newChannel({ quota: names.length - 1, shards });
      expect(await importAll()).toMatchObject({ returncode: 20012 });
      expect(await call("GetImages", mine)).toMatchObject({ totalcount: 0 });
    }
  });

  it.each<[string, unknown, Fields, number, string]>([
    ["no images", null, {}, 30001, "images"],
    ["no array", {}, {}, 30001, "images"],
    ["an empty list", [], {}, 30001, "images"],
    ["an entry of null", [null], {}, 30001, "images"],
    ["a level that there is not", entries({ level: 6 }), {}, 30001, "images"],
    ["a threshold that there is not", entries({ matchratio: 101 }), {}, 30001, "images"],
    ["an identifier with a hyphen", entries({ identifier: "a-b-c" }), {}, 20010, "images"],
    ["an identifier twice", entries({ identifier: "same" }), {}, 30001, "images"],
    ["metadata that is no JSON", entries({ metadata: "{" }), {}, 30001, "metadata"],
    ["other lengths than the files have", entries({ bytes: 5 }), {}, 30001, "images"],
    ["fewer images than targets", entries().slice(1), {}, 30001, "images"],
    [
      "a target of too many features",
      entries(),
      { segment: segmentOf({ features: TARGET_FEATURES_MAX + 1 }) },
      30001,
      "segment",
    ],
    ["a target without an extent", entries(), { segment: segmentOf({ width: 0 }) }, 30001, "segment"],
    ["no segment", entries(), { segment: new Blob(["LMSG?"]) }, 30001, "segment"],
  ])("refuses %s, and stores nothing", async (_, images, change, returncode, field) => {
    expect(await importAll(images, change)).toMatchObject({ returncode, field });
    expect(await call("GetImages", mine)).toMatchObject({ totalcount: 0 });
  });

  it.each(["pictures", "segment"])("refuses a call without the file %s", async (part) => {
    expect(await importAll(entries(), { [part]: undefined })).toMatchObject({ returncode: 20005 });
  });

  it("refuses more than 10 MB", async () => {
    const large = { pictures: new Blob([new Uint8Array(11 * 2 ** 20)]) };
    expect(await importAll(entries(), large)).toMatchObject({ returncode: 20006 });
  });

  it("is 20015 while files cannot be stored, and then works", async () => {
    const BUCKET = { put: () => Promise.reject(new Error("R2 is out of reach")) } as unknown as R2Bucket;
    const all = { images: JSON.stringify(entries()), pictures: new Blob(Object.values(pictures)), segment };
    expect(await call("ImportImages", { ...mine, ...all }, { BUCKET })).toMatchObject({ returncode: 20015 });
    expect(await importAll()).toMatchObject({ returncode: 0 });
  });
});

describe("GetOriginal", () => {
  it("answers the very file that was uploaded, for download", async () => {
    const image = samples["card.stargazer"] as Blob;
    await call("AddImage", { ...mine, identifier: "stargazer", image });
    const response = await send(post("GetOriginal", formOf({ ...mine, identifier: "stargazer" })));
    expect(response.headers.get("Content-Type")).toMatch(/^image\/(jpeg|png)$/);
    expect(response.headers.get("Content-Disposition")).toMatch(/^attachment; filename="stargazer\.(jpg|png)"$/);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(await bytesOf(image));
  });

  it("is 20014 for what is not there", async () => {
    expect(await call("GetOriginal", { ...mine, identifier: "nobody" })).toMatchObject({ returncode: 20014 });
  });
});

describe("ReindexImages", () => {
  /** As if an older version had extracted features that this one makes nothing of. */
  async function spoilFeatures(): Promise<void> {
    await runInDurableObject(await shardBehind(mine), (_, { storage }) => {
      storage.sql.exec("UPDATE targets SET features = zeroblob(14)");
    });
    await evictDurableObject(await shardBehind(mine));
  }

  async function reindexAll(fields: Fields = {}): Promise<AnyAnswer[]> {
    const answers: AnyAnswer[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; cursor = answers.at(-1)?.cursor) {
      answers.push(await call("ReindexImages", { ...mine, ...fields, cursor }));
    }
    return answers;
  }

  it("finds every picture again from its original, and keeps what belongs to it", async () => {
    await importAll(entries({ metadata: '{"a":1}', matchratio: 40 }));
    const before = (await call("GetImages", mine)).images;
    await spoilFeatures();
    for (const name of names) expect(await found(name)).toBeUndefined();
    const answers = await reindexAll({ limit: 4 });
    expect(answers.map(({ reindexed }) => reindexed)).toEqual([4, names.length - 4]);
    for (const forget of [async () => {}, async () => evictDurableObject(await shardBehind(mine))]) {
      await forget();
      for (const name of names) expect([name, await found(name)]).toEqual([name, name]);
    }
    expect((await call("GetImages", mine)).images).toEqual(before);
    expect(await objectsOf("originals", mine)).toHaveLength(names.length);
  });

  it("says of which pictures it has no original, and leaves them as they are", async () => {
    await importAll();
    await env.BUCKET.delete(await objectsOf("originals", mine));
    const [answer] = await reindexAll();
    expect(answer).toMatchObject({ reindexed: 0, refused: names.toSorted().map((identifier) => ({ identifier })) });
    for (const name of names) expect(await found(name)).toBe(name);
  });

  it("does not touch a picture that was replaced meanwhile", async () => {
    await importAll();
    const target = { width: 320, height: 320, features: new Uint8Array(14) };
    const shard = await shardBehind(mine);
    expect(await shard.retarget("circus", "another digest", target)).toEqual({ ok: true, value: false });
    expect(await shard.retarget("nobody", "", target)).toEqual({ ok: true, value: false });
    expect(await found("circus")).toBe("circus");
  });
});
