/** `requirePlugin("lookmark")` as a host uses it: defaults, preloading, Kivicube's names, single pictures. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Api } from "../../../miniprogram/plugin/api.ts";
import { enroll, keepLatestToken, leave } from "../../../miniprogram/plugin/registry.ts";

interface Call {
  readonly url: string;
  readonly data?: ArrayBuffer;
  readonly filePath?: string;
  readonly header?: Record<string, string>;
  success(answer: { statusCode: number; data: unknown }): void;
  fail(error: { errMsg: string }): void;
}

vi.stubGlobal("LOOKMARK_VERSION", "1.2.3");
const lookmark = await import("../../../miniprogram/plugin/index.ts");
const picture = { arrayBuffer: new ArrayBuffer(8) };
const hit = { returncode: 0, message: "success", identifier: "poster.circus", metadata: "{}" };
let calls: Call[];

beforeEach(() => {
  calls = [];
  const call = (made: Call) => ({ abort() {}, made: calls.push(made) });
  vi.stubGlobal("wx", { request: call, uploadFile: call, createCameraContext() {} });
  lookmark.setDefaults({ endpoint: "https://ar.test/", channel: "demo", getToken: undefined });
  keepLatestToken("");
});
afterEach(() => vi.unstubAllGlobals());

const bodyOf = (call: Call | undefined) => Buffer.from(call?.data ?? new ArrayBuffer(0)).toString();
const wait = () => new Promise((resolve) => setTimeout(resolve));

describe("recognize", () => {
  it("asks about a picture at hand in the default channel, and resolves with what it shows", async () => {
    const answer = lookmark.recognize(picture);
    await wait();
    expect([calls[0]?.url, bodyOf(calls[0])]).toEqual([
      "https://ar.test/FindImage",
      expect.stringContaining("\r\ndemo\r\n"),
    ]);
    calls[0]?.success({ statusCode: 200, data: hit });
    expect(await answer).toMatchObject({ identifier: "poster.circus" });
  });

  it("sends a file as the platform does, and resolves with null where it shows nothing known", async () => {
    const answer = lookmark.recognize({ filePath: "wxfile://album.jpg", token: "t0ken" });
    await wait();
    const header = { Authorization: "Bearer t0ken" };
    expect(calls[0]).toMatchObject({ filePath: "wxfile://album.jpg", header });
    calls[0]?.success({ statusCode: 200, data: JSON.stringify({ returncode: 0, message: "success" }) });
    expect(await answer).toBeNull();
  });

  it("rejects with code and message where the network fails, and where no picture is given", async () => {
    const answer = lookmark.recognize(picture);
    await wait();
    calls[0]?.fail({ errMsg: "request:fail timeout" });
    await expect(answer).rejects.toMatchObject({ errCode: 12002, errMsg: "request:fail timeout" });
    await expect(lookmark.recognize({})).rejects.toThrow("give filePath or arrayBuffer");
  });
});

describe("preload", () => {
  it("opens the connection, and has the token ready that the next question sends", async () => {
    const getToken = vi.fn(async () => "t0ken");
    lookmark.setDefaults({ getToken });
    const answers = lookmark.preload();
    expect(calls[0]?.url).toBe("https://ar.test/health");
    calls[0]?.success({ statusCode: 200, data: {} });
    expect(await answers).toBe(true);
    void lookmark.recognize(picture);
    await wait();
    expect(calls[1]?.header).toMatchObject({ Authorization: "Bearer t0ken" });
    expect(getToken).toHaveBeenCalledTimes(1);
  });

  it("says that the deployment does not answer, and hides no broken getToken from the question", async () => {
    lookmark.setDefaults({ getToken: async () => Promise.reject(new Error("no server")) });
    const answers = lookmark.preload();
    calls[0]?.fail({ errMsg: "request:fail" });
    expect(await answers).toBe(false);
  });
});

describe("Kivicube's names", () => {
  function fakeScan(found: { identifier: string; metadataText: string } | null) {
    const scan = { scanOnce: vi.fn(async () => found), stop: vi.fn() };
    enroll(scan as unknown as Api);
    return { ...scan, leave: () => leave(scan as unknown as Api) };
  }

  it("startCloudar resolves with identifier and metadata as text, and with undefined where stopCloudar comes before", async () => {
    const finds = fakeScan({ identifier: "a", metadataText: '{"sceneId":"s"}' });
    expect(await lookmark.startCloudar()).toEqual({ identifier: "a", metadata: '{"sceneId":"s"}' });
    const stopped = fakeScan(null);
    expect(await lookmark.startCloudar()).toBeUndefined();
    lookmark.stopCloudar();
    expect([stopped.stop.mock.calls.length, finds.stop.mock.calls.length]).toEqual([1, 0]);
    stopped.leave();
    finds.leave();
    await expect(lookmark.startCloudar()).rejects.toThrow("no <ar-scan> on the page");
  });
});

it("says its version, and whether the phone has a camera for mini-programs", () => {
  expect(lookmark.version).toBe("1.2.3");
  expect(lookmark.isSupported()).toBe(true);
  vi.stubGlobal("wx", {});
  expect(lookmark.isSupported()).toBe(false);
});
