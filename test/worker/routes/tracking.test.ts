/** Tracking images: what FindImage's `trackingimage` names, in which size and form, and for how long. */

import { env } from "cloudflare:workers";
import jpeg from "jpeg-js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { call, type Mine, newChannel, ORIGIN, objectsOf, passingError, readAnswer, send } from "../../support/api.ts";
import { spyOnDecoders } from "../../support/decoders.ts";
import { circus, pictures, samples } from "../../support/pictures.ts";
import { encodePng } from "../../support/png.ts";
import { grayOf } from "../../support/views.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Adds the picture and finds it; returns its tracking image's address. */
async function addressOf(image: Blob, mine: Mine, identifier = "target"): Promise<string> {
  expect(await call("AddImage", { ...mine, identifier, image })).toMatchObject({ returncode: 0 });
  const { trackingimage = "" } = await call("FindImage", { ...mine, image, identifiers: identifier });
  return trackingimage;
}

async function load(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await send(new Request(address));
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toBe("image/jpeg");
  return new Uint8Array(await response.arrayBuffer());
}

/** A smooth picture of this size, with detail enough to be found. */
async function patches(width: number, height: number): Promise<Blob> {
  const gray = (x: number, y: number) =>
    ((Math.imul(x >> 4, 2_654_435_761) ^ Math.imul(y >> 4, 40_503_077)) >>> 13) & 255;
  return encodePng({ width, height, colorType: 0, depth: 8 }, (x, y) => [gray(x, y)]);
}

describe("trackingimage", () => {
  it("is a JPEG of the target at this server, which may be kept forever", async () => {
    const mine = await newChannel();
    const address = await addressOf(circus, mine);
    expect(address).toMatch(new RegExp(`^${ORIGIN}/tracking/[0-9a-f-]{36}/[0-9a-f-]{36}\\.jpg$`));
    const response = await send(new Request(address));
    expect(response.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    const { width, height, data } = jpeg.decode(await response.arrayBuffer(), { useTArray: true });
    expect([width, height]).toEqual([240, 320]);
    const { pixels } = await grayOf(circus);
    const off = pixels.reduce((sum, gray, i) => sum + Math.abs(gray - (data[4 * i] as number)), 0) / pixels.length;
    expect(off).toBeLessThan(4);
  });

  it.each([
    [1080, 700, 1080, 700],
    [1600, 1200, 1080, 810],
    [900, 1800, 540, 1080],
    [300, 200, 300, 200],
  ])("of a picture of %i × %i px has %i × %i px", async (width, height, trackedWidth, trackedHeight) => {
    const bytes = await load(await addressOf(await patches(width, height), await newChannel()));
    const decoded = jpeg.decode(bytes);
    expect([decoded.width, decoded.height]).toEqual([trackedWidth, trackedHeight]);
  });

  it.each(Object.entries(pictures))("is upright, gray and without EXIF: %s", async (_, picture) => {
    const bytes = await load(await addressOf(picture, await newChannel()));
    expect(new TextDecoder("latin1").decode(bytes)).not.toMatch(/Exif|http|Adobe/);
    const frameHeader = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    expect(bytes[frameHeader + 9]).toBe(1); // component
    // It is the picture itself, not turned and not mirrored: its own target is found at its corners.
    const mine = await newChannel();
    await call("AddImage", { ...mine, identifier: "target", image: picture });
    const { corners, size } = await call("FindImage", { ...mine, image: new Blob([bytes]) });
    const { width, height } = jpeg.decode(bytes);
    expect([width, height]).toEqual(size);
    for (const [i, [x, y]] of (corners ?? []).entries()) {
      expect(Math.hypot(x - (i === 1 || i === 2 ? 1 : 0), y - (i >= 2 ? 1 : 0))).toBeLessThan(0.02);
    }
    expect(corners).toHaveLength(4);
  });

  it("is made once, when it is first asked for", async () => {
    const mine = await newChannel();
    const address = await addressOf(samples["card.stargazer"], mine);
    expect(await objectsOf("tracking", mine)).toEqual([]);
    const first = await load(address);
    expect(await objectsOf("tracking", mine)).toHaveLength(1);
    const decoders = spyOnDecoders();
    expect(await load(address)).toEqual(first);
    for (const decoder of decoders) expect(decoder).not.toHaveBeenCalled();
  });

  it("goes with its picture, even where its object was left behind", async () => {
    const mine = await newChannel();
    const address = await addressOf(circus, mine);
    const bytes = await load(address);
    const [key = ""] = await objectsOf("tracking", mine);
    await call("RemoveImage", { ...mine, identifier: "target" });
    expect(await objectsOf("tracking", mine)).toEqual([]);
    await env.BUCKET.put(key, bytes);
    expect(await readAnswer(await send(new Request(address)), 404)).toMatchObject({ returncode: 404 });
  });

  it("is 404 at any other address", async () => {
    const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const path of [`${one}/${two}.jpg`, `${one}/${two}`, `${one}`, `../originals/${one}/${two}.jpg`, "a/b.jpg"]) {
      const request = new Request(`${ORIGIN}/tracking/${path}`);
      expect(await readAnswer(await send(request), 404)).toMatchObject({ returncode: 404 });
    }
  });

  it("is 503 with Retry-After, and not kept, while it cannot be read", async () => {
    const mine = await newChannel();
    const address = await addressOf(circus, mine);
    vi.spyOn(console, "error").mockImplementation(() => {});
    const BUCKET = new Proxy({}, { get: () => () => Promise.reject(passingError()) }) as R2Bucket;
    const response = await send(new Request(address), { BUCKET });
    expect(response.headers.get("Cache-Control")).toBeNull();
    expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(await readAnswer(response, 503)).toMatchObject({ returncode: 20015 });
    expect((await load(address)).length).toBeGreaterThan(1000);
  });
});
