// @vitest-environment jsdom
/** The built `<ar-scan>` on a host page under miniprogram-simulate: what a developer and a user see of it. */

import jpeg from "jpeg-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { frameWith, type Look } from "../scanner/frames.ts";
import { type Abilities, installPhone, openPage, type Page, type Phone, settle } from "./phone.ts";
import { FakeVisionKit } from "./visionkit.ts";

const CAMERA = "#scan >>> .camera";
const frame = frameWith();
const found = {
  returncode: 0,
  message: "success",
  requestid: "r1",
  identifier: "poster.circus",
  metadata: '{"type":"link","title":"Circus","url":"https://example.com/circus"}',
  channel: "demo",
  level: 4,
  score: 91.5,
  corners: [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]], // biome-ignore format: one line says it
  size: [300, 400],
};
const missed = { returncode: 0, message: "success", requestid: "r2" };

let phone: Phone;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  phone = installPhone();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A page whose camera is running. */
async function openScan(attributes = "", data = {}): Promise<Page> {
  const page = openPage(attributes, data);
  await settle();
  await page.fire(CAMERA, "initdone", { maxZoom: 4 });
  return page;
}

/** Frames of what the camera sees for so long. */
async function see(ms: number, look: Look = {}): Promise<void> {
  const seen = Object.keys(look).length > 0 ? frameWith(look) : frame;
  for (let t = 0; t < ms; t += 50) {
    phone.frame(seen);
    await settle(50);
  }
}

async function answer(data: unknown, statusCode = 200, header = {}, index = phone.requests.length - 1): Promise<void> {
  phone.requests[index]?.success({ statusCode, data, header });
  await settle();
}

async function scanAndFind(attributes = "", data = {}): Promise<Page> {
  const page = await openScan(attributes, data);
  phone.frame(frame);
  await answer(found);
  return page;
}

function states(page: Page): unknown[] {
  return page.details("statechange").map(({ state }) => state);
}

function sentPicture(index = phone.requests.length - 1) {
  const body = Buffer.from(phone.requests[index]?.data ?? new ArrayBuffer(0));
  const [start, end] = [body.indexOf(Buffer.from([0xff, 0xd8])), body.lastIndexOf(Buffer.from([0xff, 0xd9]))];
  return {
    head: body.subarray(0, start).toString(),
    ...jpeg.decode(body.subarray(start, end + 2), { useTArray: true }),
  };
}

describe("<ar-scan>", () => {
  it("says when it is ready, by which source and with which methods", async () => {
    const page = await openScan();
    phone.frame(frame);
    expect(page.details("ready")).toHaveLength(1);
    expect(page.details("ready")[0]).toMatchObject({ source: "camera", maxZoom: 4, frameWidth: 480, frameHeight: 640 });
    expect(Object.keys(page.api()).sort()).toEqual(Object.keys(page.details("ready")[0]?.api as object).sort());
    expect(states(page)).toEqual(["starting", "scanning"]);
  });

  it("sends one small gray picture at a time, with channel and token, to the endpoint", async () => {
    await openScan('token="t0ken" timeout="5000"');
    await see(2000);
    expect(phone.requests).toHaveLength(1);
    const header = { Authorization: "Bearer t0ken" };
    expect(phone.requests[0]).toMatchObject({ url: "https://ar.test/FindImage", timeout: 5000, header });
    const { head, width, height } = sentPicture();
    expect([width, height]).toEqual([240, 320]);
    expect(head).toContain('name="channel"\r\n\r\ndemo\r\n');
  });

  it("tells what was found with all that the service knows, once", async () => {
    const page = await scanAndFind();
    expect(page.details("found")).toEqual([
      expect.objectContaining({
        identifier: "poster.circus",
        metadata: { type: "link", title: "Circus", url: "https://example.com/circus" },
        metadataText: found.metadata,
        channel: "demo",
        level: 4,
        score: 91.5,
        quad: found.corners,
        frameWidth: 480,
        frameHeight: 640,
        requestId: "r1",
      }),
    ]);
    expect(states(page).at(-1)).toBe("found");
    expect(phone.vibrations()).toBe(1);
    await see(3000);
    expect(phone.requests).toHaveLength(1);
  });

  it("shows what the metadata asks for, and tells the host when it is opened", async () => {
    vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue({ width: 375, height: 667 } as DOMRect);
    const page = await scanAndFind();
    await see(100);
    expect(page.styleOf("#scan >>> .target")).toMatch(/^width:300px;height:400.0px;opacity:1.00;transform:matrix3d\(/);
    expect(page.has(".slot-target")).toBe(true);
    await page.fire("#scan >>> .content >>> .card", "tap");
    expect(page.details("open")).toMatchObject([{ kind: "link", title: "Circus", url: "https://example.com/circus" }]);
  });

  it("goes on after scanAgain, and tells that the picture before is lost", async () => {
    const page = await scanAndFind();
    page.api().scanAgain();
    await see(600);
    expect(page.details("lost")).toEqual([{ identifier: "poster.circus" }]);
    expect(phone.requests).toHaveLength(2);
  });

  it("tells a miss, and asks again after the interval", async () => {
    const page = await openScan('interval="1000"');
    phone.frame(frame);
    await answer(missed);
    expect(page.details("miss")).toEqual([{ requestId: "r2", elapsed: expect.any(Number) }]);
    await see(900);
    expect(phone.requests).toHaveLength(1);
    await see(200);
    expect(phone.requests).toHaveLength(2);
  });

  it.each([
    ["dark", { brightness: 8, contrast: 0.02 }],
    ["bright", { brightness: 248, contrast: 0.02 }],
    ["blur", { contrast: 0 }],
  ])("hints at %s frames, and sends none", async (code, look) => {
    const page = await openScan();
    await see(1500, look);
    expect(page.details("hint")).toEqual([{ code }]);
    expect(phone.requests).toHaveLength(0);
    expect(page.has("#scan >>> .hint")).toBe(true);
  });

  it("hints to move closer after three seconds of misses", async () => {
    const page = await openScan();
    for (let i = 0; i < 10; i++) {
      await see(500);
      await answer(missed, 200, {}, i);
    }
    expect(page.details("hint").at(0)).toEqual({ code: "closer" });
    expect(sentPicture().width).toBe(480);
  });

  it("looks at the middle of the picture after misses at every size, and tells its corners in the whole one", async () => {
    const page = await openScan();
    for (let i = 0; i < 5; i++) {
      await see(800);
      await answer(missed, 200, {}, i);
    }
    await see(800);
    expect(sentPicture(4)).toMatchObject({ width: 480, height: 640 });
    expect(sentPicture(5)).toMatchObject({ width: 336, height: 448 });
    await answer(found, 200, {}, 5);
    const inFrame = expect.closeTo(0.15 + 0.7 * 0.25);
    expect(page.details("found")[0]?.quad).toHaveProperty("0", [inFrame, inFrame]);
  });

  it("begins the next scan on this phone with the size at which a picture was found", async () => {
    const page = await openScan();
    for (let i = 0; i < 2; i++) {
      await see(600);
      await answer(missed, 200, {}, i);
    }
    await see(600);
    await answer(found);
    expect(phone.storage.get("lookmark.edge")).toBe(480);
    page.detach();
    await openScan();
    phone.frame(frame);
    expect(sentPicture().height).toBe(480);
  });

  it("is quiet while it is not active, and goes on when it is", async () => {
    const page = await openScan('active="{{active}}"', { active: true });
    phone.frame(frame);
    await page.set({ active: false });
    expect([phone.abortedCount(), phone.listening()]).toEqual([1, false]);
    expect(states(page).at(-1)).toBe("paused");
    await page.set({ active: true });
    await see(600);
    expect(states(page).at(-1)).toBe("scanning");
    expect(phone.requests).toHaveLength(2);
  });

  it("does nothing before start where auto-start is off", async () => {
    const page = openPage('auto-start="{{false}}"');
    await settle();
    expect(page.has(CAMERA)).toBe(false);
    page.api().start();
    await settle();
    expect(page.has(CAMERA)).toBe(true);
    page.api().stop();
    await settle();
    expect([page.has(CAMERA), page.api().getState()]).toEqual([false, "idle"]);
  });

  it("takes the overlay off a picture that it no longer follows, and lays it there again", async () => {
    vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue({ width: 375, height: 667 } as DOMRect);
    const page = await scanAndFind();
    await see(100);
    page.api().pause();
    await settle();
    expect(page.has("#scan >>> .target")).toBe(false);
    page.api().resume();
    await see(100);
    expect(page.has("#scan >>> .target")).toBe(true);
  });

  it("stops asking while its page is hidden, and comes back to where it was", async () => {
    const page = await scanAndFind();
    page.lifetime("hide");
    expect([page.api().getState(), phone.listening()]).toEqual(["paused", false]);
    page.lifetime("show");
    expect([page.api().getState(), phone.listening()]).toEqual(["found", true]);
  });

  it("leaves nothing running when it is removed", async () => {
    const page = await openScan();
    phone.frame(frame);
    page.detach();
    expect([phone.listening(), phone.abortedCount(), vi.getTimerCount()]).toEqual([false, 1, 0]);
  });

  it("offers the host's own way out where the camera is refused, and tries again when the page comes back", async () => {
    const page = openPage();
    await settle();
    await page.fire(CAMERA, "error", { errMsg: "insertCamera:fail auth deny" });
    const own = page.details("error").filter(({ errCode }) => errCode);
    expect(own).toEqual([expect.objectContaining({ errCode: 11001, isCameraAuthDenied: true, recoverable: false })]);
    expect([page.has("#scan >>> .denied"), page.has(CAMERA), page.api().getState()]).toEqual([true, false, "error"]);
    page.lifetime("hide");
    page.lifetime("show");
    await settle();
    expect([page.has("#scan >>> .denied"), page.has(CAMERA)]).toEqual([false, true]);
  });

  it("tells privacy terms that are not agreed to, and a camera that is taken, apart", async () => {
    for (const [errMsg, errCode] of [
      ["insertCamera:fail privacy permission is not authorized", 11002],
      ["insertCamera:fail occupied", 11003],
    ] as const) {
      const page = openPage();
      await settle();
      await page.fire(CAMERA, "error", { errMsg });
      expect(page.details("error").filter((error) => error.errCode)[0]).toMatchObject({ errCode });
    }
  });

  it("says that it is offline, backs off, and asks at once when the network is back", async () => {
    const page = await openScan();
    phone.frame(frame);
    phone.requests[0]?.fail({ errMsg: "request:fail network error" });
    await see(300);
    expect(page.details("error")).toEqual([expect.objectContaining({ errCode: 12001, recoverable: true })]);
    expect(page.details("hint").at(-1)).toEqual({ code: "offline" });
    expect(phone.requests).toHaveLength(1);
    phone.networkBack();
    await see(100);
    expect(phone.requests).toHaveLength(2);
    await answer(found);
    expect(states(page).at(-1)).toBe("found");
  });

  it("waits as long as a busy service asks", async () => {
    const page = await openScan();
    phone.frame(frame);
    await answer({ returncode: 20015, message: "system busy" }, 200, { "Retry-After": "3" });
    expect(page.details("error")[0]).toMatchObject({ errCode: 12003, recoverable: true });
    await see(2800);
    expect(phone.requests).toHaveLength(1);
    await see(400);
    expect(phone.requests).toHaveLength(2);
  });

  it("says a slow network's time-out, and keeps to small pictures", async () => {
    const page = await openScan();
    for (let i = 0; i < 6; i++) {
      await see(500);
      await see(1600);
      await answer(missed, 200, {}, i);
    }
    expect(sentPicture().width).toBeLessThanOrEqual(360);
    phone.requests.at(-1)?.fail({ errMsg: "request:fail timeout" });
    await settle();
    expect(page.details("error").every(({ errCode }) => errCode === 12002)).toBe(true);
  });

  it("ignores an answer that comes after the scan has moved on", async () => {
    const page = await openScan();
    phone.frame(frame);
    page.lifetime("hide");
    page.lifetime("show");
    await see(600);
    await answer(missed, 200, {}, 1);
    await answer(found, 200, {}, 0);
    expect(page.details("found")).toEqual([]);
  });

  it("ends with wrong credentials, and says so once", async () => {
    const page = await openScan();
    phone.frame(frame);
    await answer({ returncode: 20003, message: "channel not exists" });
    await see(3000);
    expect(page.details("error")).toEqual([expect.objectContaining({ errCode: 12004, recoverable: false })]);
    expect([phone.requests.length, page.api().getState()]).toEqual([1, "error"]);
  });

  it("asks the host for a new token where the old one has expired, and repeats the question", async () => {
    const page = await openScan('token="old"');
    page.api().useToken(async () => "new");
    phone.frame(frame);
    await answer({ returncode: 30003, message: "token expired" });
    expect(phone.requests.at(-1)?.header).toMatchObject({ Authorization: "Bearer new" });
    await answer(found);
    expect(page.details("found")).toHaveLength(1);
  });

  it("says so where it is not told whom to ask, and where the host's function for tokens throws", async () => {
    const page = openPage("", {}, "");
    await settle();
    await page.fire(CAMERA, "initdone");
    phone.frame(frame);
    await settle();
    expect(page.details("error")[0]).toMatchObject({ errCode: 12005, errMsg: expect.stringContaining("endpoint") });
    const other = await openScan();
    other.api().useToken(() => {
      throw new Error("no server");
    });
    phone.frame(frame);
    await settle();
    expect(other.details("error")[0]).toMatchObject({ errCode: 12005, errMsg: "Error: no server" });
  });

  it("asks the host for a first token before the first question, and keeps it", async () => {
    const page = openPage();
    await settle();
    const renew = vi.fn(async () => "first");
    page.api().useToken(renew);
    await page.fire(CAMERA, "initdone");
    phone.frame(frame);
    await settle();
    await answer(missed);
    await see(500);
    expect([renew.mock.calls.length, phone.requests.length]).toEqual([1, 2]);
    expect(phone.requests.at(-1)?.header).toMatchObject({ Authorization: "Bearer first" });
  });

  it.each([
    [{ html: true }, 200],
    ["<html>", 502],
    [null, 200],
  ])("survives an answer that is none: %o", async (data, status) => {
    const page = await openScan();
    phone.frame(frame);
    await answer(data, status);
    expect(page.details("error")[0]).toMatchObject({ recoverable: true });
    expect(page.api().getState()).toBe("scanning");
  });

  it("follows the picture while it keeps tracking, and tells its loss", async () => {
    const page = await scanAndFind("keep-tracking");
    await see(1200);
    expect(phone.requests).toHaveLength(2);
    for (let i = 1; i < 5 && page.api().getState() === "found"; i++) {
      await answer(missed, 200, {}, i);
      await see(1200);
    }
    expect(page.details("lost")).toHaveLength(1);
    expect(page.api().getState()).toBe("scanning");
  });

  it("goes on to the next picture where it does not stop on found", async () => {
    const page = await scanAndFind('stop-on-found="{{false}}"');
    await see(500);
    await answer(found);
    await see(500);
    await answer({ ...found, identifier: "poster.marathon" });
    expect(page.details("found").map(({ identifier }) => identifier)).toEqual(["poster.circus", "poster.marathon"]);
    expect(page.details("lost")).toEqual([{ identifier: "poster.circus" }]);
  });

  it("looks only at the region of interest, at the quality and size that are asked for", async () => {
    const page = await scanAndFind('roi="{{roi}}" max-edge="200"', { roi: [0.25, 0.25, 0.5, 0.5] });
    const { width, height } = sentPicture(0);
    expect([width, height]).toEqual([150, 200]);
    const quad = page.details("found")[0]?.quad as [number, number][];
    expect(quad[0]).toEqual([0.375, 0.375]);
  });

  it("resolves scanOnce with the next picture, with null when time is over or it is stopped", async () => {
    const page = await openScan();
    const once = page.api().scanOnce();
    await see(500);
    await answer(found);
    expect(await once).toMatchObject({ identifier: "poster.circus" });
    const late = page.api().scanOnce({ timeout: 100 });
    await settle(200);
    expect(await late).toBeNull();
    const stopped = page.api().scanOnce();
    page.api().stop();
    expect(await stopped).toBeNull();
  });

  it("takes frames from the host, without a camera of its own", async () => {
    const page = openPage('source="host"');
    await settle();
    page.api().pushFrame({ data: frame.data.buffer as ArrayBuffer, width: 480, height: 640 });
    expect(page.has(CAMERA)).toBe(false);
    expect(page.details("ready")[0]).toMatchObject({ source: "host" });
    expect(phone.requests).toHaveLength(1);
  });

  it("pauses, resumes, zooms within the camera's range, takes snapshots and counts", async () => {
    const page = await openScan('zoom="2"');
    const api = page.api();
    api.pause();
    expect(api.getState()).toBe("paused");
    api.resume();
    api.setZoom(9);
    expect(phone.zooms).toEqual([2, 4]);
    expect(await api.takeSnapshot()).toEqual({ path: "wxfile://photo1.jpg", width: 1080, height: 1440 });
    await see(200);
    expect(api.getStats()).toMatchObject({ frames: 4, sent: 1 });
  });

  it("tells its figures each second where debug is on", async () => {
    const page = await openScan("debug");
    await see(3000);
    expect(page.details("stats").length).toBeGreaterThanOrEqual(2);
    expect(page.details("stats").at(-1)).toMatchObject({ fps: 20, sent: 1 });
  });

  it("shows marks and the host's slot while it scans, unless they are switched off", async () => {
    const page = await openScan();
    phone.frame(frame);
    await settle();
    expect([page.has("#scan >>> .mask"), page.has("#scan >>> .scanning"), page.has(".slot-default")]).toEqual([
      true,
      true,
      true,
    ]);
    const bare = await openScan('show-mask="{{false}}" vibrate="{{false}}"');
    expect(bare.has("#scan >>> .mask")).toBe(false);
  });
});

describe("the rest of what a host may ask for", () => {
  it.each([
    ['language="en"', "It is too dark"],
    ['language="zh"', "光线太暗"],
    ["", "光线太暗"],
  ])("speaks as it is told by %o, else as WeChat does", async (attributes, text) => {
    const page = await openScan(attributes);
    await see(1500, { brightness: 8, contrast: 0.02 });
    expect(page.textOf("#scan >>> .hint")).toBe(text);
  });

  it("changes its language with the property", async () => {
    const page = await openScan('language="{{language}}"', { language: "zh" });
    await page.set({ language: "en" });
    await see(1500, { brightness: 8, contrast: 0.02 });
    expect(page.textOf("#scan >>> .hint")).toBe("It is too dark");
  });

  it("sends fewer bytes at less quality", async () => {
    await openScan();
    phone.frame(frame);
    const usual = phone.requests[0]?.data.byteLength as number;
    await openScan('quality="20"');
    phone.frame(frame);
    expect(phone.requests[1]?.data.byteLength).toBeLessThan(0.8 * usual);
  });

  it("without stop-on-found, tells the same picture again once it has been out of sight for repeat-after", async () => {
    const page = await scanAndFind('stop-on-found="{{false}}" repeat-after="1000"');
    await see(500);
    await answer(found);
    expect(page.details("found")).toHaveLength(1);
    for (let i = 2; i < 5; i++) {
      await see(500);
      await answer(missed, 200, {}, i);
    }
    expect(page.details("lost")).toEqual([{ identifier: "poster.circus" }]);
    await see(500);
    await answer(found);
    expect(page.details("found")).toHaveLength(2);
  });

  it("shows only the host's slot, and does not buzz, where content and vibration are off", async () => {
    vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue({ width: 375, height: 667 } as DOMRect);
    const page = await scanAndFind('show-content="{{false}}" vibrate="{{false}}"');
    await see(100);
    expect([page.has(".slot-target"), page.has("#scan >>> .content"), phone.vibrations()]).toEqual([true, false, 0]);
  });

  it("wears the host's classes", async () => {
    const page = await openScan('arscan-class="host-scan" mask-class="host-mask"');
    expect(page.attributeOf("#scan >>> .ar-scan", "class")).toContain("host-scan");
    expect(page.attributeOf("#scan >>> .mask", "class")).toContain("host-mask");
  });

  it("pauses when the system takes the camera, and lays the overlay anew when the page changes its size", async () => {
    const rect = vi.spyOn(HTMLElement.prototype, "getBoundingClientRect");
    rect.mockReturnValue({ width: 375, height: 667 } as DOMRect);
    const page = await scanAndFind();
    await see(100);
    const upright = page.styleOf("#scan >>> .target");
    rect.mockReturnValue({ width: 667, height: 375 } as DOMRect);
    page.lifetime("resize");
    await see(100);
    expect(page.styleOf("#scan >>> .target")).not.toBe(upright);
    await page.fire(CAMERA, "stop");
    expect(page.api().getState()).toBe("paused");
  });
});

describe("where the platform gives no frames", () => {
  it.each([
    ["refuses them", { frames: false } as Abilities, 0],
    ["sends none", {} as Abilities, 1600],
  ])("it takes photos instead: the platform %s", async (_, abilities, waitMs) => {
    phone = installPhone(abilities);
    const page = await openScan();
    await settle(waitMs + 500);
    expect(page.details("ready")[0]).toMatchObject({ source: "photo" });
    expect(phone.requests[0]).toMatchObject({ filePath: "wxfile://photo1.jpg", formData: { channel: "demo" } });
    await answer(JSON.stringify(found)); // uploadFile leaves JSON as text
    expect(page.details("found")).toHaveLength(1);
    page.detach();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("it says so where nothing works", async () => {
    phone = installPhone({ frames: false, photos: false });
    const page = await openScan();
    await settle(500);
    expect(page.details("error")).toEqual([expect.objectContaining({ errCode: 11004 })]);
  });
});

describe("where VisionKit gives the frames", () => {
  const CANVAS = "#scan >>> .canvas";
  let visionKit: FakeVisionKit;

  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue({ width: 375, height: 500 } as DOMRect);
    visionKit = new FakeVisionKit();
    visionKit.seen = frame;
    phone = installPhone({ frames: false, visionKit });
  });

  /** The camera's frames are refused: the component turns to VisionKit by itself, unless it is asked for at once. */
  async function openVisionKit(attributes = ""): Promise<Page> {
    const page = openPage(`auto-start="{{false}}" ${attributes}`);
    page.giveCanvas(visionKit.canvas);
    page.api().start();
    await settle();
    if (page.has(CAMERA)) await page.fire(CAMERA, "initdone", { maxZoom: 4 });
    await settle();
    return page;
  }

  async function seeDrawn(ms: number): Promise<void> {
    for (let t = 0; t < ms; t += 50) {
      visionKit.draw();
      await settle(50);
    }
  }

  it("turns to it where the camera gives none, and asks with what it reads back, small and gray", async () => {
    const page = await openVisionKit();
    await seeDrawn(200);
    expect([page.has(CAMERA), page.has(CANVAS)]).toEqual([false, true]);
    expect(page.details("ready")[0]).toMatchObject({ source: "vk", frameWidth: 240, frameHeight: 320 });
    expect([visionKit.canvas.width, visionKit.canvas.height]).toEqual([750, 1000]);
    expect(sentPicture()).toMatchObject({ width: 240, height: 320 });
    await answer(found);
    expect(page.details("found")[0]).toMatchObject({ quad: found.corners, frameWidth: 240 });
  });

  it("reads back more only after misses", async () => {
    await openVisionKit('source="vk"');
    for (let i = 0; i < 4; i++) {
      await seeDrawn(800);
      await answer(missed, 200, {}, i);
    }
    await seeDrawn(100);
    expect([...new Set(visionKit.readSizes)]).toEqual(["240x320", "360x480", "480x640"]);
  });

  it("takes photos where it gives no frame either, or cannot start", async () => {
    for (const status of [0, 2000004]) {
      visionKit = new FakeVisionKit();
      visionKit.status = status;
      phone = installPhone({ frames: false, visionKit });
      const page = await openVisionKit();
      await settle(5100);
      expect([page.has(CAMERA), visionKit.log]).toEqual([true, ["create v1", "stop", "destroy"]]);
      await page.fire(CAMERA, "initdone");
      await settle(500);
      expect(page.details("ready")[0]).toMatchObject({ source: "photo" });
      page.detach();
    }
  });

  it.each([
    [104, 11002],
    [112, 11002],
    [2003001, 11001],
    [2003002, 11001],
  ])("tells its status %i as %i, and tries nothing else, for that would be refused too", async (status, errCode) => {
    visionKit.status = status;
    const page = await openVisionKit();
    expect(page.details("error")).toEqual([expect.objectContaining({ errCode, recoverable: false })]);
    expect([page.has(CAMERA), page.has(CANVAS), page.has("#scan >>> .denied")]).toEqual([false, false, true]);
  });

  it("closes its session while the page is hidden, and opens another one after", async () => {
    const page = await openVisionKit('source="vk"');
    await seeDrawn(100);
    page.lifetime("hide");
    page.lifetime("show");
    await settle();
    expect(visionKit.log).toEqual(["create v1", "stop", "destroy", "create v1"]);
    page.detach();
    expect([visionKit.log.slice(-2), vi.getTimerCount()]).toEqual([["stop", "destroy"], 0]);
  });

  it("hands what was found to the tracker, and takes it back where that does not lock", async () => {
    const page = await openVisionKit('source="vk"');
    await seeDrawn(100);
    expect(await page.api().track()).toMatchObject({ locked: false });
    await answer({ ...found, trackingimage: "https://ar.test/tracking/circus.jpg" });
    const locks = page.api().track();
    await settle();
    visionKit.lock();
    expect(await locks).toEqual({ locked: true, markerId: 1 });
    expect(visionKit.markers).toEqual(["wxfile://usr/lookmark-marker.jpg"]);
    const vetoed = page.api().track({ timeout: 1000 });
    await settle(1001);
    expect(await vetoed).toMatchObject({ locked: false });
    expect(page.details("lost")).toEqual([{ identifier: "poster.circus" }]);
    expect(page.api().getState()).toBe("scanning");
  });

  it("takes snapshots of its canvas", async () => {
    const page = await openVisionKit('source="vk"');
    await seeDrawn(50);
    expect(await page.api().takeSnapshot()).toEqual({ path: "wxfile://canvas.jpg", width: 750, height: 1000 });
  });
});
