/** AddImage, RemoveImage, GetImages, GetImage and UpdateImageInfo: their answers, codes and readings. */

import { runInDurableObject } from "cloudflare:test";
import jpeg from "jpeg-js";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { ImageInfo } from "../../../shared/protocol.ts";
import { admin, call, type Mine, newChannel, ORIGIN, objectsOf, shardBehind } from "../../support/api.ts";
import { spyOnDecoders } from "../../support/decoders.ts";
import { bytesOf, circus, overwrite, samples, withTail } from "../../support/pictures.ts";
import { encodePng, headerChunk, pngOf } from "../../support/png.ts";

/** Fails the pattern of identifiers: too short, too long, other characters, absent. */
const BAD_IDENTIFIERS = ["ab", "x".repeat(51), "with-hyphen", "two words", "海报海报", "a/b", "abc\n", "", undefined];

afterEach(() => {
  vi.restoreAllMocks();
});

/** A gray PNG, 8 bit, by a function of the place. */
function grayPng(width: number, height: number, grayAt: (x: number, y: number) => number): Promise<Blob> {
  return encodePng({ width, height, colorType: 0, depth: 8 }, (x, y) => [grayAt(x, y)]);
}

/** Cuts the circus poster to this size. */
async function cropped(width: number, height: number): Promise<Blob> {
  const { data, width: whole } = jpeg.decode(await bytesOf(circus), { useTArray: true });
  const at = (x: number, y: number) => 4 * (y * whole + x);
  return encodePng({ width, height, colorType: 2, depth: 8 }, (x, y) => [...data.subarray(at(x, y), at(x, y) + 3)]);
}

describe("AddImage", () => {
  it("answers with a level from 1 to 5, and the image is there", async () => {
    const mine = await newChannel();
    for (const [identifier, image] of Object.entries(samples)) {
      const { returncode, level } = await call("AddImage", { ...mine, identifier, image });
      expect(returncode).toBe(0);
      expect([1, 2, 3, 4, 5]).toContain(level);
      expect(await call("GetImage", { ...mine, identifier })).toMatchObject({ level });
    }
  });

  it("keeps metadata character by character, and a matchratio", async () => {
    const mine = await newChannel();
    const metadata = ' {"title" : "Nächtliche 海报 🎪", "n": 1.0, "n": 2,\r\n "deep": [[{}]] } ';
    await call("AddImage", { ...mine, identifier: "circus", image: circus, metadata, matchratio: "72.5" });
    expect(await call("GetImage", { ...mine, identifier: "circus" })).toMatchObject({ metadata, matchratio: 72.5 });
  });

  it("has an empty metadata and the default threshold where nothing is said", async () => {
    const mine = await newChannel();
    await call("AddImage", { ...mine, identifier: "circus", image: circus });
    const expected = { metadata: "", matchratio: null };
    expect(await call("GetImage", { ...mine, identifier: "circus" })).toMatchObject(expected);
  });

  it("takes identifiers of 3 to 50 letters, digits, @, _ and dots, and tells cases apart", async () => {
    const mine = await newChannel();
    for (const identifier of ["abc", "ABC", "@_.", "x".repeat(50)]) {
      expect(await call("AddImage", { ...mine, identifier, image: circus })).toMatchObject({ returncode: 0 });
    }
    expect(await call("GetImages", mine)).toMatchObject({ totalcount: 4 });
  });

  describe("is refused with", () => {
    let mine: Mine;
    const add = (fields: object) => call("AddImage", { ...mine, identifier: "circus", image: circus, ...fields });

    beforeAll(async () => {
      mine = await newChannel();
    });

    it.each(BAD_IDENTIFIERS)("20010 for the identifier %j", async (identifier) => {
      expect(await add({ identifier })).toMatchObject({ returncode: 20010, field: "identifier" });
    });

    it("30001 without channel", async () => {
      for (const channel of [undefined, ""]) {
        expect(await add({ channel })).toMatchObject({ returncode: 30001, field: "channel" });
      }
    });

    it("30001 for metadata that are no JSON, or more than 64 KB", async () => {
      for (const metadata of ["title: circus", "{'a':1}", '{"a":1', "undefined", `"${"x".repeat(64 * 1024 - 1)}"`]) {
        const answer = await add({ metadata });
        expect(answer).toMatchObject({ returncode: 30001, field: "metadata" });
        expect(answer.message).toMatch(/JSON|65536/);
      }
    });

    it("30001 for a matchratio that is no number from 0 to 100", async () => {
      for (const matchratio of ["high", -1, 101]) {
        expect(await add({ matchratio })).toMatchObject({ returncode: 30001, field: "matchratio" });
      }
    });

    it("20007 for a file that is no picture, whatever its name", async () => {
      for (const [content, name] of [
        ["just a text", "photo.jpg"],
        ["", "photo.jpg"],
        ["GIF89a and so on", "photo.png"],
        ["\xff", "photo.jpg"],
      ] as const) {
        expect(await add({ image: new File([content], name, { type: "image/jpeg" }) })).toMatchObject({
          returncode: 20007,
        });
      }
    });

    it("20007 for a JPEG that ends anywhere before its end", async () => {
      for (const share of [0.001, 0.01, 0.02, 0.05, 0.1, 0.3, 0.5, 0.8, 0.95, 0.999]) {
        const cut = circus.slice(0, Math.floor(share * circus.size));
        expect([share, await add({ image: cut })]).toMatchObject([share, { returncode: 20007 }]);
      }
      for (const missing of [1, 2, 3]) {
        expect(await add({ image: circus.slice(0, circus.size - missing) })).toMatchObject({ returncode: 20007 });
      }
    });

    it("20006 for a picture that claims more than 24 million pixels, without decoding it", async () => {
      const decoders = spyOnDecoders();
      const bytes = await bytesOf(circus);
      const frameHeader = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
      const claim = (width: number, height: number) => [
        pngOf([headerChunk({ width, height, colorType: 6, depth: 16 })]),
        overwrite(bytes, frameHeader + 5, [height >> 8, height & 255, width >> 8, width & 255]),
      ];
      for (const image of [...claim(20_000, 20_000), ...claim(6000, 4001), ...claim(65_535, 65_535)]) {
        expect(await add({ image })).toMatchObject({ returncode: 20006, message: expect.stringContaining("24") });
      }
      for (const decoder of decoders) expect(decoder).not.toHaveBeenCalled();
      // The limit itself is allowed: such a claim is decoded, and found to be wrong.
      for (const image of claim(6000, 4000)) expect(await add({ image })).toMatchObject({ returncode: 20007 });
      expect(decoders.some((decoder) => decoder.mock.calls.length > 0)).toBe(true);
      expect(
        await add({ image: pngOf([headerChunk({ width: 2 ** 31, height: 2 ** 31, colorType: 0, depth: 1 })]) }),
      ).toMatchObject({
        returncode: 20006,
      });
    });

    it("20013 for a picture with nothing on it", async () => {
      for (const grayAt of [() => 128, () => 0, (x: number) => x]) {
        expect(await add({ image: await grayPng(256, 256, grayAt) })).toMatchObject({ returncode: 20013 });
      }
    });

    it("20013 for a picture that repeats itself, since no view of it tells where it is", async () => {
      const checks = await grayPng(320, 320, (x, y) => (((x >> 4) ^ (y >> 4)) & 1 ? 240 : 16));
      expect(await add({ image: checks })).toMatchObject({ returncode: 20013 });
    });

    it("20013 for a side below 150 px, and says so; 150 px are enough", async () => {
      const answer = await add({ image: await cropped(240, 149) });
      expect(answer).toMatchObject({ returncode: 20013, message: expect.stringContaining("150") });
      expect(await add({ identifier: "strip", image: await cropped(240, 150) })).toMatchObject({ returncode: 0 });
    });

    it("nothing left behind in R2", async () => {
      expect(await call("GetImages", mine)).toMatchObject({ totalcount: 1 });
      expect(await objectsOf("originals", mine)).toHaveLength(1);
    });
  });

  it("is 20012 where the channel's quota is reached, until an image is removed", async () => {
    const mine = await newChannel({ quota: 2 });
    const codeOf = async (identifier: string, image: Blob = circus) =>
      (await call("AddImage", { ...mine, identifier, image })).returncode;
    expect([await codeOf("one"), await codeOf("two"), await codeOf("three")]).toEqual([0, 0, 20012]);
    expect(await codeOf("one")).toBe(0);
    expect(await codeOf("one", withTail(circus, "."))).toBe(20016);
    await call("RemoveImage", { ...mine, identifier: "one" });
    expect(await codeOf("three")).toBe(0);
    await admin("channels", { username: mine.username, channel: mine.channel, quota: 3 });
    expect(await codeOf("four")).toBe(0);
    expect(await objectsOf("originals", mine)).toHaveLength(3);
  });

  it("keeps to the quota where many come at once", async () => {
    const mine = await newChannel({ quota: 2 });
    const names = ["one", "two", "three", "four"];
    const answers = await Promise.all(
      names.map((identifier) => call("AddImage", { ...mine, identifier, image: circus })),
    );
    expect(answers.map(({ returncode }) => returncode).sort()).toEqual([0, 0, 20012, 20012]);
    expect(await objectsOf("originals", mine)).toHaveLength(2);
  });

  describe("repeated", () => {
    it("with the same picture and metadata is 0 with the same level, and keeps one original", async () => {
      const mine = await newChannel();
      const fields = { ...mine, identifier: "circus", image: circus, metadata: '{"a":1}' };
      const { level } = await call("AddImage", fields);
      const [original] = await objectsOf("originals", mine);
      expect(await call("AddImage", fields)).toMatchObject({ returncode: 0, level });
      expect(await objectsOf("originals", mine)).toEqual([original]);
      expect(await call("GetImages", mine)).toMatchObject({ totalcount: 1 });
    });

    it("with another picture or other metadata is 20016, leaves no object and changes nothing", async () => {
      const mine = await newChannel();
      const fields = { ...mine, identifier: "circus", image: circus, metadata: '{"a":1}' };
      await call("AddImage", fields);
      for (const other of [{ image: withTail(circus, " ") }, { metadata: '{"a":2}' }, { metadata: undefined }]) {
        expect(await call("AddImage", { ...fields, ...other })).toMatchObject({
          returncode: 20016,
          field: "identifier",
        });
      }
      expect(await objectsOf("originals", mine)).toHaveLength(1);
      expect(await call("GetImage", { ...mine, identifier: "circus" })).toMatchObject({ metadata: '{"a":1}' });
    });

    it("at the same time with other pictures is one 0 and else 20016, and leaves one original", async () => {
      const mine = await newChannel();
      const pictures = ["", ".", "..", "..."].map((tail) => withTail(circus, tail));
      const answers = await Promise.all(
        pictures.map((image) => call("AddImage", { ...mine, identifier: "circus", image })),
      );
      expect(answers.map(({ returncode }) => returncode).sort()).toEqual([0, 20016, 20016, 20016]);
      expect(await objectsOf("originals", mine)).toHaveLength(1);
    });

    it("at the same time with the same picture is 0 each time, and leaves one original", async () => {
      const mine = await newChannel();
      const fields = { ...mine, identifier: "circus", image: circus };
      const answers = await Promise.all([1, 2, 3].map(() => call("AddImage", fields)));
      expect(answers.map(({ returncode }) => returncode)).toEqual([0, 0, 0]);
      expect(await objectsOf("originals", mine)).toHaveLength(1);
    });
  });
});

describe("RemoveImage", () => {
  it("is 0 however often it is called, and says whether there was an image", async () => {
    const mine = await newChannel();
    await call("AddImage", { ...mine, identifier: "circus", image: circus });
    const remove = () => call("RemoveImage", { ...mine, identifier: "circus" });
    expect(await remove()).toMatchObject({ returncode: 0, removed: 1 });
    expect(await remove()).toMatchObject({ returncode: 0, removed: 0 });
    expect(await call("GetImages", mine)).toMatchObject({ totalcount: 0, images: [] });
    expect(await objectsOf("originals", mine)).toEqual([]);
  });

  it("frees the identifier for another picture", async () => {
    const mine = await newChannel();
    await call("AddImage", { ...mine, identifier: "poster", image: circus });
    await call("RemoveImage", { ...mine, identifier: "poster" });
    const image = samples["card.stargazer"];
    expect(await call("AddImage", { ...mine, identifier: "poster", image })).toMatchObject({ returncode: 0 });
  });

  it("is 20010 for a malformed identifier and 30001 without channel", async () => {
    const mine = await newChannel();
    for (const identifier of BAD_IDENTIFIERS) {
      expect(await call("RemoveImage", { ...mine, identifier })).toMatchObject({
        returncode: 20010,
        field: "identifier",
      });
    }
    const fields = { ...mine, identifier: "circus", channel: undefined };
    expect(await call("RemoveImage", fields)).toMatchObject({ returncode: 30001, field: "channel" });
  });
});

/** Adds rows under these identifiers; their picture is not looked at. */
async function fill(
  mine: Mine,
  identifiers: readonly string[],
  metadataOf: (identifier: string) => string = JSON.stringify,
): Promise<void> {
  const shard = await shardBehind(mine);
  const picture = { level: 3, digest: "", original: "none", size: { width: 320, height: 320 } };
  const target = { width: 320, height: 320, features: new Uint8Array(0) };
  for (const identifier of identifiers) {
    const metadata = metadataOf(identifier);
    await shard.add({ identifier, metadata, matchratio: null, ...picture, target }, 1000);
  }
}

describe("GetImages", () => {
  let mine: Mine;
  /** Bytewise: digits, capitals, underscore, small letters. */
  const ordered = ["0.first", "@home", "Zebra", "_line", "apple", "apple.pie", "apple_pie", "zebra"];
  const list = (fields: object = {}) => call("GetImages", { ...mine, ...fields });
  const names = (images: readonly ImageInfo[] = []) => images.map(({ identifier }) => identifier);

  beforeAll(async () => {
    mine = await newChannel();
    await fill(mine, [...ordered].reverse());
  });

  it("lists all images in the order of their identifiers' bytes", async () => {
    const { returncode, totalcount, images, nextposition, cursor } = await list();
    expect({ returncode, totalcount, nextposition, cursor }).toEqual({ returncode: 0, totalcount: ordered.length });
    expect(names(images)).toEqual(ordered);
    expect(images?.[0]).toEqual({
      identifier: "0.first",
      metadata: '"0.first"',
      matchratio: null,
      level: 3,
      trackingimage: expect.stringMatching(`^${ORIGIN}/tracking/.+\\.jpg$`),
    });
  });

  it("begins at a position and says where the next page begins", async () => {
    const { images, nextposition, totalcount } = await list({ position: 2, limit: 3 });
    expect(names(images)).toEqual(ordered.slice(2, 5));
    expect({ nextposition, totalcount }).toEqual({ nextposition: 5, totalcount: ordered.length });
  });

  it.each(["nextposition", "cursor"] as const)("gives each image once by following %s", async (way) => {
    const seen: string[] = [];
    for (let next: object | undefined = {}; next; ) {
      const page = await list({ ...next, limit: 3 });
      seen.push(...names(page.images));
      const following = page[way];
      next = following === undefined ? undefined : { [way === "cursor" ? "cursor" : "position"]: following };
    }
    expect(seen).toEqual(ordered);
  });

  it("goes on behind the cursor's image although others were removed and added before it", async () => {
    const changing = await newChannel();
    await fill(changing, ["bbb", "ccc", "ddd"]);
    const { cursor } = await call("GetImages", { ...changing, limit: 2 });
    await call("RemoveImage", { ...changing, identifier: "bbb" });
    await fill(changing, ["aaa", "abc", "eee"]);
    const { images } = await call("GetImages", { ...changing, cursor });
    expect(names(images)).toEqual(["ddd", "eee"]);
  });

  it("lists those whose identifiers begin with a prefix, page by page, and counts them", async () => {
    const begun = ["apple", "apple.pie", "apple_pie"];
    const whole = await list({ prefix: "apple" });
    expect(whole).toMatchObject({ returncode: 0, totalcount: 3 });
    expect(names(whole.images)).toEqual(begun);
    const { cursor, totalcount, images } = await list({ prefix: "apple", limit: 2 });
    expect({ totalcount, images: names(images) }).toEqual({ totalcount: 3, images: begun.slice(0, 2) });
    const rest = await list({ prefix: "apple", limit: 2, cursor });
    expect(names(rest.images)).toEqual(begun.slice(2));
    expect(rest).not.toHaveProperty("cursor");
    expect(names((await list({ prefix: "apple", position: 1, limit: 1 })).images)).toEqual(["apple.pie"]);
    expect(names((await list({ prefix: "@" })).images)).toEqual(["@home"]);
    expect(await list({ prefix: "Apple" })).toMatchObject({ returncode: 0, totalcount: 0, images: [] });
    expect(await list({ prefix: "" })).toMatchObject({ totalcount: ordered.length });
  });

  it("reads no more rows than begin with the prefix, however many images there are", async () => {
    const large = await newChannel();
    const identifiers = Array.from({ length: 102 }, (_, i) => `image.${1000 + i}`);
    await fill(large, identifiers);
    const rowsRead = await runInDurableObject(await shardBehind(large), (shard, state) => {
      const queries = vi.spyOn(state.storage.sql, "exec");
      expect(shard.page({ position: 0 }, 100, "image.105", 1e6).value.totalcount).toBe(10);
      return queries.mock.results.reduce((sum, { value }) => sum + value.rowsRead, 0);
    });
    expect(rowsRead).toBeGreaterThan(0);
    expect(rowsRead).toBeLessThan(35); // the page reads index and row of each, the count its index
  });

  it("is an empty page past the end", async () => {
    for (const position of [ordered.length, 1000, Number.MAX_SAFE_INTEGER]) {
      const answer = await list({ position });
      expect(answer).toMatchObject({ returncode: 0, totalcount: ordered.length, images: [] });
      expect(answer).not.toHaveProperty("nextposition");
    }
  });

  it("is an empty list for an empty channel", async () => {
    expect(await call("GetImages", await newChannel())).toMatchObject({ returncode: 0, totalcount: 0, images: [] });
  });

  it("has 100 images on a page, or up to 1000", async () => {
    const large = await newChannel();
    await fill(
      large,
      Array.from({ length: 102 }, (_, i) => `image.${1000 + i}`),
    );
    const page = await call("GetImages", large);
    expect(page).toMatchObject({ totalcount: 102, nextposition: 100 });
    expect(page.images).toHaveLength(100);
    expect((await call("GetImages", { ...large, limit: 1000 })).images).toHaveLength(102);
  });

  it("ends a page early where metadata are so long that an answer would be too large; 100 images always fit", async () => {
    const large = await newChannel();
    const identifiers = Array.from({ length: 140 }, (_, i) => `image.${1000 + i}`);
    await fill(large, identifiers, () => `"${"x".repeat(64 * 1024 - 2)}"`);
    const page = await call("GetImages", { ...large, limit: 1000 });
    expect(page).toMatchObject({ returncode: 0, totalcount: 140 });
    expect(page.nextposition).toBe(page.images?.length);
    expect(page.nextposition).toBeGreaterThanOrEqual(100);
    const rest = await call("GetImages", { ...large, limit: 1000, cursor: page.cursor });
    expect([...names(page.images), ...names(rest.images)]).toEqual(identifiers);
  });

  it("is 30001 for a malformed position, limit or cursor, and without channel", async () => {
    for (const fields of [
      { position: "-1" },
      { position: "one" },
      { limit: "0" },
      { limit: "1001" },
      { cursor: "not base64!" },
      { cursor: btoa("no position") },
      { channel: "" },
    ]) {
      expect(await list(fields)).toMatchObject({ returncode: 30001, field: Object.keys(fields)[0] });
    }
  });
});

describe("GetImage", () => {
  let open: Mine;
  let closed: Mine;

  beforeAll(async () => {
    open = await newChannel({ publicread: 1 });
    closed = await newChannel();
    for (const mine of [open, closed]) await fill(mine, ["circus"]);
  });

  const expected = { returncode: 0, metadata: '"circus"', matchratio: null, level: 3 };

  it("answers metadata, matchratio and level to the owner", async () => {
    expect(await call("GetImage", { ...closed, identifier: "circus" })).toMatchObject(expected);
  });

  it("answers without credentials where the channel is open to all", async () => {
    expect(await call("GetImage", { channel: open.channel, identifier: "circus" })).toMatchObject(expected);
    expect(await call("GetImage", { channel: closed.channel, identifier: "circus" })).toMatchObject({
      returncode: 20001,
    });
  });

  it("says where the picture is served, but only to those with credentials", async () => {
    const { trackingimage } = await call("GetImage", { ...open, identifier: "circus" });
    expect(trackingimage).toMatch(/\/tracking\/.+\.jpg$/);
    const { images } = await call("GetImages", open);
    expect(images?.[0]?.trackingimage).toBe(trackingimage);
    const answer = await call("GetImage", { channel: open.channel, identifier: "circus" });
    expect(answer).not.toHaveProperty("trackingimage");
  });

  it("checks credentials that are given, also where the channel is open to all", async () => {
    for (const credentials of [
      { username: open.username, secretkey: "wrong" },
      { username: open.username },
      { secretkey: open.secretkey },
    ]) {
      const fields = { channel: open.channel, identifier: "circus", ...credentials };
      expect(await call("GetImage", fields)).toMatchObject({ returncode: 20001 });
    }
    const foreign = { ...closed, channel: open.channel, identifier: "circus" };
    expect(await call("GetImage", foreign)).toMatchObject({ returncode: 20004 });
  });

  it("without credentials does not tell closed channels from none where channels are strict", async () => {
    const none = { channel: "there.is.none", identifier: "circus" };
    const strict = { STRICT_CHANNELS: "true" };
    expect(await call("GetImage", none)).toMatchObject({ returncode: 20003 });
    expect(await call("GetImage", none, strict)).toMatchObject({ returncode: 20001 });
    expect(await call("GetImage", { ...none, channel: closed.channel }, strict)).toMatchObject({ returncode: 20001 });
    expect(await call("GetImage", { ...none, channel: open.channel }, strict)).toMatchObject(expected);
  });

  it("is 20014 for an absent image, 20010 for a malformed identifier, 30001 without channel", async () => {
    for (const credentials of [open, { channel: open.channel }]) {
      expect(await call("GetImage", { ...credentials, identifier: "Circus" })).toMatchObject({ returncode: 20014 });
      for (const identifier of BAD_IDENTIFIERS) {
        expect(await call("GetImage", { ...credentials, identifier })).toMatchObject({ returncode: 20010 });
      }
      const nowhere = { ...credentials, channel: "", identifier: "circus" };
      expect(await call("GetImage", nowhere)).toMatchObject({ returncode: 30001, field: "channel" });
    }
  });
});

describe("UpdateImageInfo", () => {
  let mine: Mine;
  const update = (fields: object) => call("UpdateImageInfo", { ...mine, identifier: "circus", ...fields });
  const stored = async () => {
    const { metadata, matchratio } = await call("GetImage", { ...mine, identifier: "circus" });
    return { metadata, matchratio };
  };

  beforeAll(async () => {
    mine = await newChannel();
    await fill(mine, ["circus"]);
  });

  it("changes the fields that are there and leaves the others", async () => {
    expect(await update({ metadata: '{"a":1}', matchratio: 60 })).toMatchObject({ returncode: 0 });
    expect(await stored()).toEqual({ metadata: '{"a":1}', matchratio: 60 });
    await update({ metadata: '{"a":2}' });
    expect(await stored()).toEqual({ metadata: '{"a":2}', matchratio: 60 });
    await update({ matchratio: 70 });
    expect(await stored()).toEqual({ metadata: '{"a":2}', matchratio: 70 });
    expect(await update({})).toMatchObject({ returncode: 0 });
    expect(await stored()).toEqual({ metadata: '{"a":2}', matchratio: 70 });
  });

  it("clears metadata and takes the default threshold where the fields are empty", async () => {
    await update({ metadata: '{"a":1}', matchratio: 60 });
    await update({ metadata: "" });
    expect(await stored()).toEqual({ metadata: "", matchratio: 60 });
    await update({ matchratio: "" });
    expect(await stored()).toEqual({ metadata: "", matchratio: null });
  });

  it("changes nothing where one of the fields is malformed", async () => {
    await update({ metadata: '{"a":1}', matchratio: 60 });
    expect(await update({ metadata: '{"a":2}', matchratio: 101 })).toMatchObject({
      returncode: 30001,
      field: "matchratio",
    });
    expect(await update({ metadata: "{", matchratio: 70 })).toMatchObject({ returncode: 30001, field: "metadata" });
    expect(await update({ metadata: `"${"x".repeat(64 * 1024)}"` })).toMatchObject({
      returncode: 30001,
      field: "metadata",
    });
    expect(await stored()).toEqual({ metadata: '{"a":1}', matchratio: 60 });
  });

  it("is 20014 for an absent image, 20010 for a malformed identifier, 30001 without channel", async () => {
    expect(await update({ identifier: "absent", metadata: "1" })).toMatchObject({ returncode: 20014 });
    for (const identifier of BAD_IDENTIFIERS) expect(await update({ identifier })).toMatchObject({ returncode: 20010 });
    expect(await update({ channel: "" })).toMatchObject({ returncode: 30001, field: "channel" });
  });
});
