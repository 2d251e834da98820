/** What is refused before, or instead of, being decoded. */

import { afterEach, describe, expect, it, vi } from "vitest";
import { createCore } from "../../../worker/core/worker.ts";
import { decodeImage } from "../../../worker/image/decode.ts";
import { countPacked, spyOnDecoders } from "../../support/decoders.ts";
import { bytesOf, circus } from "../../support/pictures.ts";
import { chunk, deflate, headerChunk, pngOf } from "../../support/png.ts";

const LIMITS = { maxBytes: 1e6, maxPixels: 1e6, minSide: 100 };
const SIDE = 640;
const core = createCore();

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("limits", () => {
  it("are checked before anything is decoded: a small file that claims 20000 × 20000 px is 20006", async () => {
    const decoders = spyOnDecoders();
    const bytes = await bytesOf(pngOf([headerChunk({ width: 20_000, height: 20_000, colorType: 6, depth: 8 })]));
    expect(bytes.length).toBeLessThan(75);
    expect(await decodeImage(core, bytes, LIMITS, SIDE)).toMatchObject({ ok: false, reason: { returncode: 20006 } });
    for (const decoder of decoders) expect(decoder).not.toHaveBeenCalled();
  });

  it("are those of bytes, pixels and sides, in this order", async () => {
    const bytes = await bytesOf(circus);
    const codeOf = async (limits: object) => {
      const decoded = await decodeImage(core, bytes, { ...LIMITS, ...limits }, SIDE);
      return decoded.ok ? 0 : decoded.reason.returncode;
    };
    expect(await codeOf({ maxBytes: bytes.length, maxPixels: 240 * 320, minSide: 240 })).toBe(0);
    expect(await codeOf({ maxBytes: bytes.length - 1, maxPixels: 1, minSide: 1000 })).toBe(20006);
    expect(await codeOf({ maxPixels: 240 * 320 - 1, minSide: 1000 })).toBe(20006);
    expect(await codeOf({ minSide: 241 })).toBe(20013);
  });

  it("leave the rest of a PNG bomb packed: of data that would become 64 MB little more than the picture is inflated", async () => {
    const layout = { width: 128, height: 128, colorType: 0, depth: 8 } as const;
    const data = await deflate(new Uint8Array(64 * 2 ** 20));
    const bomb = await bytesOf(pngOf([headerChunk(layout), chunk("IDAT", data)]));
    const packed = countPacked();
    const decoded = await decodeImage(core, bomb, LIMITS, SIDE);
    expect(decoded).toMatchObject({ ok: true, value: { size: { width: 128, height: 128 } } });
    expect(data.length).toBeGreaterThan(60_000);
    expect(packed.bytes).toBeGreaterThan(0);
    // Nothing grows more than 1032-fold in deflate (RFC 1951: 258 bytes of two bits).
    expect(1032 * packed.bytes).toBeLessThan(32 * 2 ** 20);
  });

  it("leave what is no picture, or is damaged, at 20007 with the format's name", async () => {
    const text = new TextEncoder().encode("just a text, long enough for any header to be looked for in it");
    expect(await decodeImage(core, text, LIMITS, SIDE)).toMatchObject({ ok: false, reason: { returncode: 20007 } });
    const cut = (await bytesOf(circus)).slice(0, 3000);
    expect(await decodeImage(core, cut, LIMITS, SIDE)).toMatchObject({
      ok: false,
      reason: { returncode: 20007, message: expect.stringContaining("JPEG") },
    });
  });
});
