/** The three kinds of body, the limits on their length, and the checks of fields. */

import { beforeAll, describe, expect, it } from "vitest";
import { Form, readMatchratio, readMetadata, readWhole } from "../../../worker/routes/form.ts";
import { call, formOf, type Mine, newChannel, post, readAnswer, send } from "../../support/api.ts";
import { circus, withTail } from "../../support/pictures.ts";

let mine: Mine;

beforeAll(async () => {
  mine = await newChannel();
  await call("AddImage", { ...mine, identifier: "circus", image: circus, metadata: '{"a":1}' });
});

const urlencoded = "application/x-www-form-urlencoded";
const json = "application/json";
const ask = async (endpoint: string, body: BodyInit, type?: string) =>
  readAnswer(await send(post(endpoint, body, type ? { "Content-Type": type } : {})));

describe("a call with fields", () => {
  const calls: [endpoint: string, fields: Record<string, string>, answer: object][] = [
    ["GetImages", { position: "0", limit: "1" }, { totalcount: 1 }],
    ["GetImage", { identifier: "circus" }, { metadata: '{"a":1}' }],
    ["UpdateImageInfo", { identifier: "circus", matchratio: "50" }, {}],
    ["Statistics", { startdate: "2025", enddate: "202512" }, { records: [] }],
    ["IssueToken", { ttl: "60" }, { token: expect.any(String) }],
    ["RemoveImage", { identifier: "absent" }, { removed: 0 }],
  ];

  it.each(calls)("is understood as urlencoded, multipart and JSON body: %s", async (endpoint, some, expected) => {
    const fields = { ...mine, ...some };
    for (const answer of [
      await ask(endpoint, new URLSearchParams(fields)),
      await ask(endpoint, new URLSearchParams(fields).toString(), `${urlencoded}; charset=utf-8`),
      await ask(endpoint, formOf(fields)),
      await ask(endpoint, JSON.stringify(fields), json),
      await ask(endpoint, JSON.stringify(fields), "Application/JSON; charset=utf-8"),
    ]) {
      expect(answer).toMatchObject({ returncode: 0, ...expected });
    }
  });

  it("takes numbers as numbers and as strings", async () => {
    for (const matchratio of [61.5, "61.5"]) {
      await ask("UpdateImageInfo", JSON.stringify({ ...mine, identifier: "circus", matchratio: 50 }), json);
      await ask("UpdateImageInfo", JSON.stringify({ ...mine, identifier: "circus", matchratio }), json);
      expect(await call("GetImage", { ...mine, identifier: "circus" })).toMatchObject({ matchratio: 61.5 });
    }
    for (const limit of [1, "1"]) {
      expect(await ask("GetImages", JSON.stringify({ ...mine, limit }), json)).toMatchObject({ returncode: 0 });
    }
  });

  it("takes null in JSON for an absent field, and an object for its JSON text", async () => {
    const change = { ...mine, identifier: "circus", metadata: { title: "海报", list: [1] }, matchratio: null };
    expect(await ask("UpdateImageInfo", JSON.stringify(change), json)).toMatchObject({ returncode: 0 });
    const { metadata } = await call("GetImage", { ...mine, identifier: "circus" });
    expect(JSON.parse(metadata ?? "")).toEqual({ title: "海报", list: [1] });
  });

  it("is 30001 with field body where the body is not what its type says", async () => {
    for (const [body, type] of [
      ["{", json],
      ["[]", json],
      ["null", json],
      ['"text"', json],
      ["", json],
      ["no boundary", "multipart/form-data"],
      ["not multipart at all", "multipart/form-data; boundary=x"],
    ] as const) {
      expect(await ask("GetImages", body, type)).toMatchObject({ returncode: 30001, field: "body" });
    }
  });

  it("is 30001 with field body where the body is longer than half a megabyte", async () => {
    const fields = { ...mine, identifier: "circus", metadata: `"${"x".repeat(2 ** 19)}"` };
    for (const body of [formOf(fields), new URLSearchParams(fields)]) {
      expect(await ask("UpdateImageInfo", body)).toMatchObject({ returncode: 30001, field: "body" });
    }
  });

  it("reads an empty body as no fields", async () => {
    expect(await readAnswer(await send(new Request("https://x/GetImages", { method: "POST" })))).toMatchObject({
      returncode: 20001,
    });
  });
});

describe("a call with a picture", () => {
  const picture = { identifier: "another", image: circus };

  it.each(["AddImage", "FindImage"])("is 20005 at %s where it is not multipart/form-data", async (endpoint) => {
    for (const [body, type] of [
      [new URLSearchParams({ ...mine }).toString(), urlencoded],
      [JSON.stringify(mine), json],
      ["", ""],
      [await circus.arrayBuffer(), "image/jpeg"],
    ] as const) {
      expect(await ask(endpoint, body, type)).toMatchObject({ returncode: 20005 });
    }
  });

  it.each(["AddImage", "FindImage"])(
    "is 20005 at %s where the part image is missing or is no file",
    async (endpoint) => {
      const identifier = "another";
      for (const image of [undefined, "", "a text"]) {
        expect(await call(endpoint, { ...mine, identifier, image })).toMatchObject({ returncode: 20005 });
      }
      const otherPart = formOf({ ...mine, identifier, picture: circus });
      expect(await ask(endpoint, otherPart)).toMatchObject({ returncode: 20005 });
    },
  );

  it.each(["AddImage", "FindImage"])("is 20005 at %s where the multipart body is broken", async (endpoint) => {
    const whole = post(endpoint, formOf({ ...mine, ...picture }));
    const type = whole.headers.get("Content-Type") as string;
    const body = await whole.arrayBuffer();
    for (const [broken, header] of [
      [body.slice(0, body.byteLength - 200), type],
      [body, "multipart/form-data; boundary=another"],
      [body, "multipart/form-data"],
      ["", type],
    ] as const) {
      expect(await ask(endpoint, broken, header)).toMatchObject({ returncode: 20005 });
    }
  });

  it.each([
    ["AddImage", 8],
    ["FindImage", 2],
  ])("is 20006 at %s from one byte above %i MB", async (endpoint, megabytes) => {
    const most = withTail(circus, "\0".repeat(megabytes * 2 ** 20 - circus.size));
    expect(await call(endpoint, { ...mine, ...picture, image: most })).toMatchObject({ returncode: 0 });
    const above = withTail(most, "\0");
    const identifier = "above";
    expect(await call(endpoint, { ...mine, identifier, image: above })).toMatchObject({ returncode: 20006 });
    const farAbove = withTail(most, "\0".repeat(2 ** 20));
    expect(await call(endpoint, { ...mine, identifier, image: farAbove })).toMatchObject({ returncode: 20006 });
  });

  it("is refused as too large without being read to its end", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 2 ** 16;
        controller.enqueue(new Uint8Array(2 ** 16));
      },
    });
    const request = post("FindImage", endless, { "Content-Type": "multipart/form-data; boundary=x" });
    expect(await readAnswer(await send(request, {}))).toMatchObject({ returncode: 20006 });
    expect(sent).toBeLessThan(40 * 2 ** 20);
  });
});

describe("Form", () => {
  it("takes the first of several fields with one name", () => {
    const form = new Form([
      ["channel", "first"],
      ["channel", "second"],
    ]);
    expect(form.text("channel")).toBe("first");
  });

  it("keeps texts and files apart", () => {
    const form = new Form([
      ["image", circus],
      ["channel", "text"],
    ]);
    expect(form.text("image")).toBeUndefined();
    expect(form.file("image")).toBe(circus);
    expect(form.file("channel")).toBeUndefined();
    expect(form.file("absent")).toBeUndefined();
  });
});

describe("a field's check", () => {
  const form = (value?: string) => new Form(value === undefined ? [] : [["field", value]]);
  const whole = (value?: string) => readWhole(form(value), "field", 1, 1000, 100);

  it("takes whole numbers in their range, and a fallback for none", () => {
    for (const [text, value] of [
      ["1", 1],
      ["0042", 42],
      ["1000", 1000],
      ["", 100],
      [undefined, 100],
    ] as const) {
      expect(whole(text)).toEqual({ ok: true, value });
    }
    for (const text of ["0", "1001", "-1", "1.0", "1e2", "0x10", " 5", "five", "999999999999999999999"]) {
      expect(whole(text)).toMatchObject({ ok: false, reason: { returncode: 30001, field: "field" } });
    }
  });

  it("takes a matchratio of 0 to 100, null where it is empty", () => {
    const matchratio = (value?: string) => readMatchratio(new Form(value === undefined ? [] : [["matchratio", value]]));
    for (const [text, value] of [
      ["0", 0],
      ["100", 100],
      ["62.5", 62.5],
      ["", null],
      [" ", null],
      [undefined, undefined],
    ] as const) {
      expect(matchratio(text)).toEqual({ ok: true, value });
    }
    for (const text of ["-0.1", "100.1", "high", "Infinity", "NaN", "50%"]) {
      expect(matchratio(text)).toMatchObject({ ok: false, reason: { returncode: 30001, field: "matchratio" } });
    }
  });

  it("counts metadata in bytes of UTF-8, not in characters", () => {
    const metadata = (value: string) => readMetadata(new Form([["metadata", value]]));
    const text = (length: number) => JSON.stringify("海".repeat(length));
    const most = Math.floor((64 * 1024 - 2) / 3);
    expect(metadata(text(most))).toEqual({ ok: true, value: text(most) });
    expect(metadata(text(most + 1))).toMatchObject({ ok: false, reason: { returncode: 30001, field: "metadata" } });
  });
});
