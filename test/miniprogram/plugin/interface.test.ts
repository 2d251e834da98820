/** The plugin's parts without a view: metadata, multipart, faults. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { multipart, utf8 } from "../../../miniprogram/plugin/multipart.ts";
import { contentOf, parseMetadata } from "../../../shared/content.ts";

describe("what metadata asks for", () => {
  it.each([
    ['{"type":"image","url":"https://a.test/1.jpg"}', { kind: "image", url: "https://a.test/1.jpg" }],
    ['{"type":"text","title":"A","text":"B"}', { kind: "text", title: "A", text: "B" }],
    ['{"title":"A"}', { kind: "text", title: "A" }],
    ['{"type":"model","url":"https://a.test/1.glb"}', { kind: "model" }],
    ['{"sceneId":"s1"}', { kind: "kivicube", sceneId: "s1" }],
    ['{"collectionId":"c1"}', { kind: "kivicube", collectionId: "c1", sceneId: "" }],
    ['{"data":{"projectId":"p","sceneId":"s2"}}', { kind: "kivicube", sceneId: "s2" }],
  ])("of %s is shown", (metadata, content) => {
    expect(contentOf(parseMetadata(metadata))).toMatchObject(content);
  });

  it.each([
    '{"type":"link","url":"javascript:alert(1)"}',
    '{"type":"video"}',
    '{"type":"alien"}',
    "{}",
    "[]",
    "3",
    "null",
    "",
    "{",
  ])("of %s shows nothing", (metadata) => {
    expect(contentOf(parseMetadata(metadata))).toBeUndefined();
  });
});

describe("the body of a question", () => {
  it("is read by the platform's own parser as it was meant, for any text and any bytes", async () => {
    const texts = fc.string({ unit: "grapheme" }).filter((text) => text.isWellFormed() && !/[\r\n]/.test(text));
    await fc.assert(
      fc.asyncProperty(texts, fc.uint8Array({ maxLength: 300 }), async (channel, image) => {
        const { data, contentType } = multipart({ channel }, image, Math.random);
        const form = await new Response(data, { headers: { "content-type": contentType } }).formData();
        expect(form.get("channel")).toBe(channel);
        expect(new Uint8Array(await (form.get("image") as File).arrayBuffer())).toEqual(image);
      }),
    );
  });

  it("writes half a surrogate pair as TextEncoder does", () => {
    for (const text of ["\ud800", "a\udc00b", "\ud83d\ude00\ud83d"])
      expect(utf8(text)).toEqual(new TextEncoder().encode(text));
  });

  it("writes UTF-8 as TextEncoder does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(utf8(text)).toEqual(new TextEncoder().encode(text));
      }),
    );
  });
});
