/** FindImage: what it answers, and what it says to frames that it cannot use. (Who may ask: access.test.ts; which bodies: form.test.ts.) */

import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { cornersOf } from "../../../shared/homography.ts";
import { type Result, success } from "../../../shared/reason.ts";
import { channelOf } from "../../../worker/catalog/accounts.ts";
import type { Found } from "../../../worker/catalog/shard.ts";
import { shardOf } from "../../../worker/catalog/shards.ts";
import { createCore } from "../../../worker/core/worker.ts";
import type { Env } from "../../../worker/env.ts";
import { queryOf } from "../../../worker/recognize/extract.ts";
import { turnstile } from "../../../worker/recognize/isolate.ts";
import { WAITING_MOST } from "../../../worker/recognize/turnstile.ts";
import { call, formOf, type Mine, newChannel, newUser, post, readAnswer, send } from "../../support/api.ts";
import { spyOnDecoders } from "../../support/decoders.ts";
import { bytesOf, circus, circusSize, overwrite, pictures, samples } from "../../support/pictures.ts";
import { encodePng, headerChunk, type PngLayout, pngOf } from "../../support/png.ts";
import { clutteredViewOf, editionOf, expectCorners, grayOf, viewOf, viewOfBoth } from "../../support/views.ts";

const WHOLE_FRAME = cornersOf(1, 1);
const CIRCUS_METADATA = '{"title": "Circus", "price": 1.0}';

let mine: Mine;
let circusLevel: number | undefined;
const find = (image: Blob, fields: object = {}, settings?: Partial<Env>) =>
  call("FindImage", { ...mine, image, ...fields }, settings);

/** What a channel's Shard says by itself. */
async function firstLookAt(frame: Blob, { username, channel } = mine): Promise<Found> {
  const { features, size } = queryOf(createCore(), await grayOf(frame));
  const known = await channelOf(env, username, channel, Date.now(), true);
  if (!known.ok) throw new Error(known.reason.message);
  const found = (await shardOf(env, known.value, "").search(features, size, 1)).value as Result<Found>;
  if (!found.ok) throw new Error(found.reason.message);
  return found.value;
}

beforeAll(async () => {
  mine = await newChannel();
  const added = await call("AddImage", { ...mine, identifier: "circus", image: circus, metadata: CIRCUS_METADATA });
  circusLevel = added.level;
  for (const identifier of ["card.stargazer", "poster.science_fair"] as const) {
    await call("AddImage", { ...mine, identifier, image: samples[identifier] });
  }
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("FindImage", () => {
  it("answers all that an overlay needs", async () => {
    const { frame, corners } = await viewOf(circus);
    const { corners: found, score = 0, took, ...answer } = await find(frame);
    expect(answer).toEqual({
      returncode: 0,
      message: expect.any(String),
      requestid: expect.any(String),
      identifier: "circus",
      channel: mine.channel,
      level: circusLevel,
      metadata: CIRCUS_METADATA,
      size: [circusSize.width, circusSize.height],
      trackingimage: expect.stringContaining("/tracking/"),
    });
    expectCorners(found, corners);
    expect(score).toBeGreaterThan(50);
    expect(score).toBeLessThanOrEqual(100);
    expect(Object.keys(took ?? {})).toEqual(["decode", "extract", "search", "verify", "total"]);
    for (const ms of Object.values(took ?? {})) expect(ms).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ["upright and near", { share: 0.95, rotation: 0, tilt: 0 }],
    ["upside down", { rotation: Math.PI }],
    ["tilted by 45 degrees", { share: 0.8, tilt: Math.PI / 4, tiltAxis: 2 }],
    ["small, in a corner of the frame", { share: 0.45, center: [180, 150] as const }],
    ["reaching out of the frame", { share: 0.9, center: [520, 240] as const }],
  ])("finds a picture and its corners: %s", async (_, pose) => {
    const { frame, corners } = await viewOf(samples["card.stargazer"], pose);
    const answer = await find(frame);
    expect(answer.identifier).toBe("card.stargazer");
    expectCorners(answer.corners, corners, 0.02);
  });

  it("finds by a second look what the first one is unsure of", async () => {
    const { frame, corners } = await clutteredViewOf(circus);
    const first = await firstLookAt(frame);
    expect(first.hits).toEqual([]);
    expect(first.unsure.map(({ hit }) => hit.identifier)).toContain("circus");
    const answer = await find(frame);
    expect(answer.identifier).toBe("circus");
    expectCorners(answer.corners, corners, 0.02);
  });

  it("is unsure of nothing that could not reach its image's threshold", async () => {
    const demanding = await newChannel();
    await call("AddImage", { ...demanding, identifier: "circus", image: circus, matchratio: 95 });
    const { frame } = await clutteredViewOf(circus);
    expect(await firstLookAt(frame, demanding)).toMatchObject({ hits: [], unsure: [] });
    expect((await find(frame, demanding)).identifier).toBeUndefined();
  });

  it("is 0 without identifier, and without all that belongs to one, where nothing matches", async () => {
    const { frame } = await viewOf(samples["label.captain_zest"]);
    const answer = await find(frame);
    expect(Object.keys(answer).sort()).toEqual(["message", "requestid", "returncode", "took"]);
    expect(answer.returncode).toBe(0);
  });

  it("is 0 without identifier in a channel that has no pictures, and for a user who has no channel", async () => {
    for (const fields of [await newChannel(), await newUser()]) {
      const answer = await call("FindImage", { ...fields, image: circus });
      expect(answer.returncode).toBe(0);
      expect(answer).not.toHaveProperty("identifier");
    }
  });
});

describe("FindImage with identifiers", () => {
  /** More copies than there are candidates, and all before the one that is asked for. */
  const COPIES = 25;
  let own: Mine;
  let frame: Blob;

  beforeAll(async () => {
    own = await newChannel();
    const names = [...Array.from({ length: COPIES }, (_, i) => `copy.${i}`), "poster.circus"];
    for (const identifier of names) await call("AddImage", { ...own, identifier, image: circus });
    await call("AddImage", { ...own, identifier: "stargazer", image: samples["card.stargazer"] });
    ({ frame } = await viewOf(circus));
  });

  it.each([
    ["poster.circus"],
    ["poster.circus,stargazer"],
    [" stargazer , poster.circus "],
    ['["never.there", "poster.circus"]'],
  ])("finds the listed image though better ones are not listed: %s", async (identifiers) => {
    const answer = await find(frame, { ...own, identifiers });
    expect(answer).toMatchObject({ returncode: 0, identifier: "poster.circus" });
    expect(answer.score).toBeGreaterThan(50);
  });

  it.each(["stargazer", "never.there", '["never.there"]'])("finds nothing else: %s", async (identifiers) => {
    const answer = await find(frame, { ...own, identifiers });
    expect(answer.returncode).toBe(0);
    expect(answer).not.toHaveProperty("identifier");
  });

  it("searches all where the field is empty", async () => {
    expect(await find(frame, { ...own, identifiers: "" })).toHaveProperty("identifier");
  });

  it("restricts the search in every channel of the user", async () => {
    const other = await newChannel({ owner: own });
    await call("AddImage", { ...other, identifier: "in.other", image: circus });
    const asked = { ...own, channel: undefined };
    expect(await find(frame, { ...asked, identifiers: "in.other" })).toMatchObject({ channel: other.channel });
    expect(await find(frame, { ...asked, identifiers: "poster.circus" })).toMatchObject({ channel: own.channel });
  });

  it("does not find what was removed", async () => {
    const other = await newChannel();
    for (const identifier of ["one", "two"]) await call("AddImage", { ...other, identifier, image: circus });
    await call("RemoveImage", { ...other, identifier: "one" });
    expect(await find(frame, { ...other, identifiers: "one" })).not.toHaveProperty("identifier");
    expect(await find(frame, { ...other, identifiers: "one,two" })).toMatchObject({ identifier: "two" });
  });

  it("takes a thousand", async () => {
    const identifiers = Array.from({ length: 1000 }, (_, i) => (i === 999 ? "poster.circus" : `none.${i}`)).join();
    expect(await find(frame, { ...own, identifiers })).toMatchObject({ identifier: "poster.circus" });
  });

  it.each(["[]", "[1]", '["abc"', '[["abc"]]', Array.from({ length: 1001 }, (_, i) => `none.${i}`).join()])(
    "is 30001 for a list that is empty, too long or no list of texts (%#)",
    async (identifiers) => {
      const answer = await find(frame, { ...own, identifiers });
      expect(answer).toMatchObject({
        returncode: 30001,
        field: "identifiers",
        message: expect.stringContaining("1000"),
      });
    },
  );

  it.each(["a", "with-hyphen", "poster.circus,", ",", '["two words"]', "{}"])(
    "is 20010 for an identifier that is malformed: %s",
    async (identifiers) => {
      expect(await find(frame, { ...own, identifiers })).toMatchObject({ returncode: 20010, field: "identifiers" });
    },
  );
});

describe("FindImage with max", () => {
  it("answers all pictures in the frame, each with its corners, the best one also as without", async () => {
    const { frame, corners } = await viewOfBoth(samples["card.stargazer"], samples["poster.science_fair"]);
    const { images = [], ...answer } = await find(frame, { max: 5 });
    expect(images.map(({ identifier }) => identifier).sort()).toEqual(["card.stargazer", "poster.science_fair"]);
    expect(answer).toMatchObject({ ...images[0] });
    expect(images[0]?.score).toBeGreaterThanOrEqual(images[1]?.score ?? 0);
    for (const { identifier, corners: found } of images) {
      expectCorners(found, corners[identifier === "card.stargazer" ? 0 : 1] ?? [], 0.02);
    }
  });

  it("answers no more than asked for, and no list where one is asked for", async () => {
    const { frame } = await viewOfBoth(samples["card.stargazer"], samples["poster.science_fair"]);
    for (const max of [undefined, "", 1]) expect(await find(frame, { max })).not.toHaveProperty("images");
    const own = await newChannel();
    for (const identifier of ["copy.1", "copy.2", "copy.3"])
      await call("AddImage", { ...own, identifier, image: circus });
    expect((await find(circus, { ...own, max: 2 })).images).toHaveLength(2);
  });

  it("answers an empty list where nothing matches", async () => {
    const { frame } = await viewOf(samples["label.captain_zest"]);
    const answer = await find(frame, { max: 3 });
    expect(answer).toMatchObject({ returncode: 0, images: [] });
    expect(answer).not.toHaveProperty("identifier");
  });

  it("tells editions of one picture apart by where they differ", async () => {
    const own = await newChannel();
    const edition = await editionOf(samples["card.stargazer"], samples["cover.moon_whale"]);
    await call("AddImage", { ...own, identifier: "first", image: samples["card.stargazer"] });
    await call("AddImage", { ...own, identifier: "second", image: edition });
    for (const [identifier, picture] of Object.entries({ first: samples["card.stargazer"], second: edition })) {
      const { images } = await find((await viewOf(picture)).frame, { ...own, max: 5 });
      expect(images?.map((image) => image.identifier)).toEqual([identifier]);
    }
  });

  it("answers both where the frame does not show which edition it is", async () => {
    const own = await newChannel();
    const edition = await editionOf(samples["card.stargazer"], samples["cover.moon_whale"]);
    await call("AddImage", { ...own, identifier: "first", image: samples["card.stargazer"] });
    await call("AddImage", { ...own, identifier: "second", image: edition });
    const { frame } = await viewOf(samples["card.stargazer"], { share: 1.6, rotation: 0, tilt: 0, center: [320, 400] });
    const { images = [] } = await find(frame, { ...own, max: 5 });
    expect(images.map(({ identifier }) => identifier).sort()).toEqual(["first", "second"]);
    expect(Math.abs((images[0]?.score ?? 0) - (images[1]?.score ?? 0))).toBeLessThan(3);
  });

  it.each([0, 11, 1.5, "all"])("is 30001 for a number that is not accepted: %s", async (max) => {
    expect(await find(circus, { max })).toMatchObject({ returncode: 30001, field: "max" });
  });
});

describe("FindImage without channel", () => {
  let other: Mine;
  let foreign: Mine;

  beforeAll(async () => {
    other = await newChannel({ owner: mine });
    foreign = await newChannel();
    await call("AddImage", { ...other, identifier: "whale", image: samples["cover.moon_whale"], metadata: "[1]" });
    await call("AddImage", { ...foreign, identifier: "pier", image: samples["card.pixel_pier"] });
  });

  it.each([undefined, ""])("searches all channels of the user and says which one it was (channel %j)", async (none) => {
    expect(await find(circus, { channel: none })).toMatchObject({ identifier: "circus", channel: mine.channel });
    const whale = await find(samples["cover.moon_whale"], { channel: none });
    expect(whale).toMatchObject({ identifier: "whale", channel: other.channel, metadata: "[1]" });
    const { level } = await call("GetImage", { ...other, identifier: "whale" });
    expect(whale.level).toBe(level);
  });

  it("does not search another user's channels", async () => {
    expect(await find(samples["card.pixel_pier"], { channel: undefined })).not.toHaveProperty("identifier");
    expect(await call("FindImage", { ...foreign, image: samples["card.pixel_pier"] })).toMatchObject({
      identifier: "pier",
    });
  });

  it("with a channel searches this one only", async () => {
    expect(await find(samples["cover.moon_whale"])).not.toHaveProperty("identifier");
  });

  it("searches all channels by a token for all, in a field or in the header", async () => {
    const { token = "" } = await call("IssueToken", { ...mine, channel: undefined });
    const image = samples["cover.moon_whale"];
    expect(await call("FindImage", { token, image })).toMatchObject({ identifier: "whale", channel: other.channel });
    const inHeader = post("FindImage", formOf({ image }), { Authorization: `Bearer ${token}` });
    expect(await readAnswer(await send(inHeader))).toMatchObject({ identifier: "whale", channel: other.channel });
  });

  it("answers 20015 rather than a part of the truth where one of the channels is out of reach", async () => {
    const { SHARD } = env;
    const value = { ok: false, reason: { returncode: 20015, message: "x", retryAfter: 2 } };
    const broken = { search: async () => ({ value, heirs: [], received: 0 }) };
    let asked = 0;
    const some = {
      idFromName: (name: string) => SHARD.idFromName(name),
      get: (id: DurableObjectId) => (asked++ === 0 ? broken : SHARD.get(id)),
    } as unknown as typeof SHARD;
    const response = await send(post("FindImage", formOf({ ...mine, channel: undefined, image: circus })), {
      SHARD: some,
    });
    expect(response.headers.get("Retry-After")).toBe("2");
    expect(await readAnswer(response)).toMatchObject({ returncode: 20015 });
  });
});

describe("an image's matchratio", () => {
  it("is the least score at which it is answered; the default where it has none", async () => {
    const own = await newChannel();
    const { frame } = await viewOf(circus, { share: 0.5 });
    const ask = async () => (await find(frame, own)).identifier;
    await call("AddImage", { ...own, identifier: "circus", image: circus, matchratio: 0 });
    const { score = 0 } = await find(frame, own);
    expect(score).toBeGreaterThan(50);
    const update = (matchratio: number | "") => call("UpdateImageInfo", { ...own, identifier: "circus", matchratio });
    await update(score);
    expect(await ask()).toBe("circus");
    await update(Math.min(100, score + 0.1));
    expect(await ask()).toBeUndefined();
    await update("");
    expect(await ask()).toBe("circus");
  });

  it("of one image does not hide another one in the same frame", async () => {
    const own = await newChannel();
    await call("AddImage", { ...own, identifier: "strict", image: circus, matchratio: 100 });
    await call("AddImage", { ...own, identifier: "plain", image: circus });
    expect(await find(circus, own)).toMatchObject({ identifier: "plain" });
  });
});

describe("the forms in which cameras and programs save pictures:", () => {
  it.each(Object.entries(pictures))("%s is found where it is", async (_, picture) => {
    const answer = await find(picture);
    expect(answer).toMatchObject({ returncode: 0, identifier: "circus" });
    expectCorners(answer.corners, WHOLE_FRAME, 0.02);
  });

  const layouts: Omit<PngLayout, "width" | "height">[] = [
    { colorType: 0, depth: 4 },
    { colorType: 0, depth: 8, interlaced: true },
    { colorType: 0, depth: 16 },
    { colorType: 2, depth: 8 },
    { colorType: 2, depth: 16, interlaced: true },
    { colorType: 4, depth: 8 },
    { colorType: 4, depth: 16 },
    { colorType: 6, depth: 8 },
    { colorType: 6, depth: 16, interlaced: true },
    { colorType: 3, depth: 8, palette: Array.from({ length: 768 }, (_, i) => Math.floor(i / 3)) },
  ];

  it.each(layouts)("PNG of color type $colorType with $depth bit is found where it is", async (layout) => {
    const { width, height, pixels } = await grayOf(circus);
    const most = 2 ** layout.depth - 1;
    const image = await encodePng({ width, height, ...layout }, (x, y) => {
      const gray = Math.round(((pixels[y * width + x] as number) * most) / 255);
      return { 0: [gray], 2: [gray, gray, gray], 3: [gray], 4: [gray, most], 6: [gray, gray, gray, most] }[
        layout.colorType
      ];
    });
    const answer = await find(image);
    expect(answer).toMatchObject({ returncode: 0, identifier: "circus" });
    expectCorners(answer.corners, WHOLE_FRAME, 0.02);
  });

  it("a target added from a photo with an EXIF turn has the size of the upright picture", async () => {
    const own = await newChannel();
    await call("AddImage", { ...own, identifier: "turned", image: pictures.exif6 });
    const answer = await find(circus, own);
    expect(answer).toMatchObject({ identifier: "turned", size: [circusSize.width, circusSize.height] });
    expectCorners(answer.corners, WHOLE_FRAME, 0.02);
  });
});

describe("a frame is refused with", () => {
  const plain = (grayAt: (x: number, y: number) => number, width = 320, height = 240) =>
    encodePng({ width, height, colorType: 0, depth: 8 }, (x, y) => [grayAt(x, y)]);

  it("20013 where it is blank, dark, overexposed or blurred, and says what to do", async () => {
    const frames = [() => 128, () => 0, () => 255, (x: number, y: number) => 3 + ((x * y) & 1), (x: number) => x / 2];
    for (const grayAt of frames) {
      const answer = await find(await plain(grayAt));
      expect(answer).toMatchObject({ returncode: 20013, message: expect.stringContaining("light") });
    }
  });

  it("20013 where its shorter side is below 64 px", async () => {
    const answer = await find(await plain((x, y) => (x * 37 + y * 91) & 255, 320, 63));
    expect(answer).toMatchObject({ returncode: 20013, message: expect.stringContaining("64") });
  });

  it("20006 where it claims more than 12 million pixels, without being decoded", async () => {
    const decoders = spyOnDecoders();
    const bytes = await bytesOf(circus);
    const frameHeader = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    for (const [width, height] of [
      [20_000, 20_000],
      [4000, 3001],
    ] as const) {
      const png = pngOf([headerChunk({ width, height, colorType: 2, depth: 8 })]);
      const jpg = overwrite(bytes, frameHeader + 5, [height >> 8, height & 255, width >> 8, width & 255]);
      for (const image of [png, jpg]) {
        expect(await find(image)).toMatchObject({ returncode: 20006, message: expect.stringContaining("12") });
      }
    }
    for (const decoder of decoders) expect(decoder).not.toHaveBeenCalled();
    await find(circus);
    expect(decoders[0]).toHaveBeenCalled();
  });

  it("20006 by the limits of wrangler.toml", async () => {
    expect(await find(circus, {}, { FIND_MAX_MEGAPIXELS: "0.05" })).toMatchObject({ returncode: 20006 });
    expect(await find(circus, {}, { FIND_MAX_MEGABYTES: "0.001" })).toMatchObject({ returncode: 20006 });
  });

  it("20007 where it is no JPEG or PNG, or ends before its end", async () => {
    const png = await plain((x, y) => (x * y) & 255);
    for (const image of [
      new Blob(["just a text"]),
      new Blob([]),
      new File(["GIF89a and so on"], "photo.jpg", { type: "image/jpeg" }),
      ...[0.01, 0.2, 0.5, 0.9, 0.999].map((share) => circus.slice(0, Math.floor(share * circus.size))),
      ...[0.01, 0.2, 0.5, 0.9, 0.999].map((share) => png.slice(0, Math.floor(share * png.size))),
    ]) {
      expect(await find(image)).toMatchObject({ returncode: 20007 });
    }
  });

  it("20015 and Retry-After where too many are waiting to be decoded", async () => {
    const gate = Promise.withResolvers<Result<undefined>>();
    const waiting = Array.from({ length: WAITING_MOST }, () =>
      turnstile.pass({ owner: "another", name: "c" }, () => gate.promise),
    );
    const response = await send(post("FindImage", formOf({ ...mine, image: circus })), {});
    expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(await readAnswer(response)).toMatchObject({ returncode: 20015 });
    gate.resolve(success(undefined));
    await Promise.all(waiting);
    expect(await find(circus, {}, {})).toMatchObject({ identifier: "circus" });
  });

  it("20015 where the index does not answer in time", async () => {
    const asked = Promise.withResolvers<void>();
    const silent = {
      search: () => {
        asked.resolve();
        return new Promise(() => {});
      },
    };
    const SHARD = { idFromName: () => ({}), get: () => silent } as unknown as typeof env.SHARD;
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const answer = find(circus, {}, { SHARD });
    await asked.promise;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await answer).toMatchObject({ returncode: 20015 });
  });
});
