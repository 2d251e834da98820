/** Metadata as the console's form and JSON editor change them. */

import { describe, expect, it } from "vitest";
import { contentOf } from "../../shared/content.ts";
import {
  CONTENT_KINDS,
  fieldsOf,
  jsonProblem,
  summaryOf,
  withFields,
} from "../../worker/site/console/src/image/metadata.ts";

const EMPTY = { kind: "text", title: "", text: "", url: "", sceneId: "" } as const;

describe("the form", () => {
  it("writes of every kind what the mini-program's overlay reads", () => {
    for (const kind of CONTENT_KINDS) {
      const fields = { kind, title: "Title", text: "Text", url: "https://example.com/a", sceneId: "scene" };
      const content = contentOf(JSON.parse(withFields("", fields)));
      expect(content).toMatchObject({ kind, title: "Title", text: "Text" });
      expect(content?.url).toBe(kind === "text" || kind === "kivicube" ? "" : fields.url);
      expect(content?.sceneId).toBe(kind === "kivicube" ? "scene" : "");
    }
  });

  it("leaves all other fields as they are, and takes empty ones out", () => {
    const metadata = '{"artist":{"name":"Trio"},"title":"Old","data":{"sceneId":"s","more":1}}';
    const fields = fieldsOf(metadata);
    expect(fields).toMatchObject({ kind: "kivicube", sceneId: "s", title: "Old" });
    const changed = JSON.parse(withFields(metadata, { ...EMPTY, text: "New" }));
    expect(changed).toEqual({ artist: { name: "Trio" }, type: "text", text: "New", data: { more: 1 } });
  });

  it("shows its own fields again", () => {
    const fields = { ...EMPTY, kind: "link", title: "Tickets", url: "https://example.com" } as const;
    expect(fieldsOf(withFields("", fields))).toEqual(fields);
  });

  it("is not for JSON that is no object", () => {
    for (const metadata of ["[1]", '"text"', "null", "{"]) expect(fieldsOf(metadata)).toBeUndefined();
    expect(fieldsOf("")).toEqual(EMPTY);
  });
});

describe("the check of JSON", () => {
  it.each([
    ['{"a" 1}', { line: 1, column: 6 }],
    ['{\n  "a": 1,\n  b: 2\n}', { line: 3, column: 3 }],
    ['{\n  "a": 1', { line: 2, column: 9 }],
  ])("says where %j stops being JSON", (text, place) => {
    expect(jsonProblem(text)).toEqual(place);
  });

  it("has nothing against JSON, or against nothing", () => {
    for (const text of ['{"a":1}', "3", "", "  "]) expect(jsonProblem(text)).toBeUndefined();
  });
});

it("sums metadata up by title and text, or as they are", () => {
  expect(summaryOf('{"title":"Night Jazz","text":"20:00"}')).toBe("Night Jazz – 20:00");
  expect(summaryOf('{"id":7}')).toBe('{"id":7}');
  expect(summaryOf("")).toBeUndefined();
});
