/** The whole way: a film before the camera → the built component on WeChat's runtime in Chromium → a real local Worker → the overlay. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSimulator } from "../../miniprogram/simulator/build.ts";
import { serveSimulator } from "../../miniprogram/simulator/server.ts";
import { createAccount, type Local, startLocal } from "../../scripts/local.ts";
import { LookmarkClient } from "../../shared/client.ts";
import type { Point } from "../../shared/homography.ts";
import { loadCore } from "../../worker/core/node.ts";
import { decodeImage } from "../../worker/image/decode.ts";
import { missing, openBrowser } from "../page/browser.ts";
import { freePort, sampleFile, samplePicture } from "../processes.ts";
import { FILM, MARK_BITS, writeMovingFilm } from "./film.ts";

const ACCOUNT = { username: "demo", secretkey: "demo", channel: "demo" };
const SHOWN = "poster.night_jazz";
const VIEW = { width: 375, height: 667 };
const CORNER_TOLERANCE_PX = 8;
/** One round of the film. */
const LOOK_MS = 4000;
const LOOKS_MIN = 20;
/** A question that was on its way before a slider was moved is answered within this time. */
const IN_FLIGHT_MS = 2000;
const FOUND_WITHIN_MS = 15_000;

if (missing) console.warn(`The test of the simulator is skipped: ${missing}`);

describe.skipIf(missing)("the component in the simulator", () => {
  let folder: string;
  let local: Local;
  let server: Server;
  let browser: Browser;
  let truth: (readonly Point[])[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lookmark-simulator-"));
    local = await startLocal({ port: await freePort(), stateDir: join(folder, "state") });
    await createAccount(local, ACCOUNT.username, ACCOUNT.secretkey, ACCOUNT.channel);
    const client = new LookmarkClient(local.origin, ACCOUNT);
    const fields = { channel: ACCOUNT.channel, identifier: SHOWN, metadata: '{"type":"text","title":"Night Jazz"}' };
    expect(await client.addImage({ ...fields, image: samplePicture(SHOWN) })).toMatchObject({ returncode: 0 });
    await buildSimulator();
    server = await serveSimulator(0, { origin: local.origin, ...ACCOUNT });

    const core = loadCore();
    const limits = { maxBytes: 1e7, maxPixels: 1e7, minSide: 1 };
    const picture = await decodeImage(core, readFileSync(sampleFile(SHOWN)), limits, Number.POSITIVE_INFINITY);
    if (!picture.ok) throw new Error(picture.reason.message);
    const film = join(folder, "film.y4m");
    truth = writeMovingFilm(film, core, picture.value.image);
    browser = await openBrowser(film);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    await local?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(query = "", from = browser): Promise<{ page: Page; complaints: string[] }> {
    const page = await from.newPage({ viewport: { width: 900, height: 700 } });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${query}`);
    return { page, complaints };
  }

  it.each(["camera", "vk"])("finds the moving picture by %s, and keeps the overlay's corners on it", async (source) => {
    const { page, complaints } = await open(`?source=${source}`);
    await waitFor(page, "found");
    const [found] = await details(page, "found");
    expect(found).toMatchObject({ identifier: SHOWN, metadata: { title: "Night Jazz" } });
    expect(await details(page, "ready")).toMatchObject([{ source }]);

    expect(await page.textContent(".plugin-ar-content-index--card")).toBe("Night Jazz");
    const looks = await lookFor(page, LOOK_MS);
    const errors = looks.map(({ index, corners }) => cornerErrorPx(corners, truth[index] as readonly Point[]));
    const sorted = [...errors].sort((a, b) => a - b);
    const [half, worst] = [sorted[errors.length >> 1] as number, sorted[errors.length - 1] as number];
    console.log(
      `overlay's worst corner by ${source}: median ${half.toFixed(1)} px, most ${worst.toFixed(1)} px in ${looks.length} frames`,
    );
    expect(looks.length).toBeGreaterThan(LOOKS_MIN);
    expect(worst).toBeLessThan(CORNER_TOLERANCE_PX);

    await page.click("#hide");
    expect((await states(page)).at(-1)).toBe("paused");
    await page.click("#show");
    expect((await states(page)).at(-1)).toBe("found");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("shows the host's own overlay in place of the plugin's, with the content and the answer", async () => {
    const { page, complaints } = await open("?page=overlay");
    await waitFor(page, "found");
    const own = page.locator(".page-own-overlay--own");
    expect(await own.textContent()).toBe(`Night Jazz · ${SHOWN}`);
    await own.dispatchEvent("tap");
    await waitFor(page, "open");
    expect(await page.locator(".plugin-ar-content-index--card").count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("opens the camera with the resolution, position and flash that the host asks for", async () => {
    const { page } = await open("?resolution=high&devicePosition=front&flash=torch");
    const camera = page.locator("video[data-flash]");
    await camera.waitFor();
    expect(await camera.evaluate((video) => ({ ...(video as HTMLElement).dataset }))).toEqual({
      resolution: "high",
      devicePosition: "front",
      flash: "torch",
    });
    await page.close();
  });

  it("delays questions, loses them, and lets them through again, as its sliders say", async () => {
    const { page } = await open("?frameSize=small");
    await waitFor(page, "found");
    expect(await details(page, "ready")).toMatchObject([{ frameWidth: 288, frameHeight: 384 }]);
    await slide(page, "#delay", 1000);
    await page.waitForTimeout(IN_FLIGHT_MS);
    await page.click("#again");
    await waitFor(page, "found", 2);
    expect((await details(page, "found"))[1]).toMatchObject({ elapsed: expect.toSatisfy((ms) => ms >= 1000) });
    await slide(page, "#delay", 0);
    await slide(page, "#loss", 100);
    await page.waitForTimeout(IN_FLIGHT_MS);
    const before = (await details(page, "found")).length;
    await page.click("#again");
    await waitFor(page, "error");
    expect((await details(page, "error"))[0]).toMatchObject({ errCode: 12001, recoverable: true });
    await waitFor(page, "hint");
    expect(await page.textContent("#log")).toContain('hint {"code":"offline"}');
    expect(await details(page, "found")).toHaveLength(before);
    await slide(page, "#loss", 0);
    await waitFor(page, "found", before + 1);
    await page.close();
  });

  it("blocks the thread twelve times as long as a frame's work where it plays a phone without a JIT, and finds the picture all the same", async () => {
    const { page } = await open();
    await waitFor(page, "found");
    expect(Math.min(...(await blockedByWork(page)))).toBeLessThan(12);
    await page.check("#slow");
    await page.click("#again");
    await waitFor(page, "found", 2);
    expect(Math.min(...(await blockedByWork(page)))).toBeGreaterThan(11.9);
    await page.close();
  });

  it("says why the phone is black without a camera, and takes a picture or a film of one's own instead", async () => {
    const blind = await openBrowser();
    const { page } = await open("", blind);
    await page.waitForSelector("#notice:not(:empty)");
    expect(await page.textContent("#notice")).toMatch(
      /^No picture of a camera: NotFoundError.*choose a picture or film/,
    );
    const picture = { name: "own.jpg", mimeType: "image/jpeg", buffer: readFileSync(sampleFile(SHOWN)) };
    await page.setInputFiles("#own", picture);
    await waitFor(page, "found");
    expect(await page.textContent("#notice")).toBe("");
    const film = { name: "own.webm", mimeType: "video/webm", buffer: await filmOf(page) };
    await page.setInputFiles("#own", film);
    await waitFor(page, "found", 2);
    await page.setInputFiles("#own", { ...film, buffer: Buffer.from("no film") });
    await page.waitForSelector("#notice:not(:empty)");
    await blind.close();
  });
});

async function waitFor(page: Page, name: string, count = 1): Promise<void> {
  const come = ({ name, count }: { name: string; count: number }) =>
    wx.simulator.events.filter((event) => event.name === name).length >= count;
  await page.waitForFunction(come, { name, count }, { timeout: FOUND_WITHIN_MS }).catch(async () => {
    expect.fail(`no ${count}. ${name} came:\n${await page.textContent("#log")}`);
  });
}

function details(page: Page, name: string): Promise<unknown[]> {
  return page.evaluate(
    (name) =>
      wx.simulator.events
        .filter((event) => event.name === name)
        .map(({ detail }) => ({ ...(detail as object), api: undefined })),
    name,
  );
}

async function slide(page: Page, selector: string, value: number): Promise<void> {
  await page.locator(selector).fill(String(value));
}

/** Of some frames with measurable work: how many times as long as their work they blocked the thread. */
async function blockedByWork(page: Page): Promise<number[]> {
  const ratios: number[] = [];
  for (let i = 0; i < 15; i++) {
    await page.waitForTimeout(70);
    const { workMs, blockedMs } = await page.evaluate(() => wx.simulator.lastFrame);
    if (workMs > 0) ratios.push(blockedMs / workMs);
  }
  return ratios;
}

/** A second of what the phone shows, as Chromium films it. */
async function filmOf(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const video = document.querySelector("video") as HTMLVideoElement;
    const recorder = new MediaRecorder(video.srcObject as MediaStream, { mimeType: "video/webm" });
    const recorded = new Promise<Blob>((resolve) => {
      recorder.ondataavailable = ({ data }) => resolve(data);
    });
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    recorder.stop();
    return [...new Uint8Array(await (await recorded).arrayBuffer())];
  });
  return Buffer.from(bytes);
}

interface Look {
  /** The film's frame. */
  readonly index: number;
  readonly corners: Point[];
}

/** What the camera showed and where the overlay was, after each frame that the component dealt with. */
function lookFor(page: Page, ms: number): Promise<Look[]> {
  const options = { ms, bits: MARK_BITS };
  return page.evaluate(async ({ ms, bits }) => {
    const looks: { index: number; corners: [number, number][] }[] = [];
    wx.simulator.afterFrame = (rgba, frameWidth, frameHeight) => {
      let index = 0;
      for (let bit = 0; bit < bits; bit++) {
        const x = Math.floor(((bit + 0.5) * frameWidth) / bits);
        if ((rgba[4 * ((frameHeight - 8) * frameWidth + x)] as number) > 128) index |= 1 << bit;
      }
      const target = document.querySelector(".plugin-ar-scan-index--target");
      if (!target) return;
      const { width, height, transform } = getComputedStyle(target);
      const [w, h] = [Number.parseFloat(width), Number.parseFloat(height)];
      const matrix = new DOMMatrix(transform);
      const at = (x: number, y: number): [number, number] => {
        const point = matrix.transformPoint(new DOMPoint(x, y));
        return [point.x / point.w, point.y / point.w];
      };
      looks.push({ index, corners: [at(0, 0), at(w, 0), at(w, h), at(0, h)] });
    };
    await new Promise((resolve) => setTimeout(resolve, ms));
    wx.simulator.afterFrame = undefined;
    return looks;
  }, options);
}

async function states(page: Page): Promise<unknown[]> {
  return (await details(page, "statechange")).map((detail) => (detail as { state: string }).state);
}

/** The camera's picture fills the view: its height fits, its sides are cut. */
function cornerErrorPx(corners: readonly Point[], truth: readonly Point[]): number {
  const scale = VIEW.height / FILM.height;
  const left = (VIEW.width - FILM.width * scale) / 2;
  return Math.max(
    ...truth.map(([x, y], i) =>
      Math.hypot(left + x * scale - (corners[i]?.[0] ?? 0), y * scale - (corners[i]?.[1] ?? 0)),
    ),
  );
}

declare const wx: typeof import("../../miniprogram/simulator/wx.ts").wx;
