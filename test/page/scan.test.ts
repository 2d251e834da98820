/** The scan page in real Chromium against a real local Worker: by camera, by photo, on a desktop and on a phone. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, devices, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createAccount, type Local, startLocal } from "../../scripts/local.ts";
import { LookmarkClient } from "../../shared/client.ts";
import type { Point } from "../../shared/homography.ts";
import { loadCore } from "../../worker/core/node.ts";
import { decodeImage } from "../../worker/image/decode.ts";
import { freePort } from "../start/ports.ts";
import { drawScene, type Scene } from "../support/pose.ts";
import { dropFile, missing, openBrowser, type Visit, visit, writeFilm } from "./browser.ts";

const ACCOUNT = { username: "demo", secretkey: "demo", channel: "demo" };
const SHOWN = "poster.night_jazz";
const METADATA = { title: "Night Jazz", type: "text", text: "Doors 20:00." };
/** Of the sent frame's 640 px. */
const CORNER_TOLERANCE_PX = 4;
const SENT = { width: 640, height: 480 };
const samples = new URL("../../worker/site/public/samples/", import.meta.url);
const files = {
  shown: fileURLToPath(new URL(`${SHOWN}.jpg`, samples)),
  notAdded: fileURLToPath(new URL("cover.moon_whale.jpg", samples)),
  notPicture: fileURLToPath(new URL("LICENSE", samples)),
};

if (missing) console.warn(`The tests of the page are skipped: ${missing}`);

describe.skipIf(missing)("the scan page", () => {
  let folder: string;
  let local: Local;
  let withCamera: Browser;
  let scene: Scene;
  let visits: Visit[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lookmark-page-"));
    const vars = { DEMO: Object.values(ACCOUNT).join(":") };
    local = await startLocal({ port: await freePort(), stateDir: join(folder, "state"), vars });
    await createAccount(local, ACCOUNT.username, ACCOUNT.secretkey, ACCOUNT.channel);
    const image = new Blob([readFileSync(files.shown)]);
    const client = new LookmarkClient(local.origin, ACCOUNT);
    const fields = { channel: ACCOUNT.channel, identifier: SHOWN, image, metadata: JSON.stringify(METADATA) };
    expect(await client.addImage(fields)).toMatchObject({ returncode: 0 });

    const core = loadCore();
    const limits = { maxBytes: 1e7, maxPixels: 1e7, minSide: 1 };
    const picture = await decodeImage(core, readFileSync(files.shown), limits, Number.POSITIVE_INFINITY);
    if (!picture.ok) throw new Error(picture.reason.message);
    scene = drawScene(core, picture.value.image, { share: 0.8 });
    const film = join(folder, "film.y4m");
    writeFilm(film, scene.frame);
    withCamera = await openBrowser(film);
  });

  afterAll(async () => {
    await withCamera?.close();
    await local?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A window whose console must stay silent. */
  async function open(options: BrowserContextOptions = {}, browser = withCamera): Promise<Page> {
    const opened = await visit(browser, local.origin, options);
    visits.push(opened);
    return opened.page;
  }

  afterEach(async () => {
    const complaints = visits.flatMap((opened) => opened.complaints);
    for (const { page } of visits) await page.context().close();
    visits = [];
    expect(complaints).toEqual([]);
  });

  it("names the picture before the camera and draws its outline where it is", async () => {
    const page = await open({ reducedMotion: "reduce" }); // the outline jumps instead of gliding
    await page.click("#start-camera");
    await waitForHit(page);
    expect(cornerErrorPx(await outlineOf(page), scene.corners)).toBeLessThan(CORNER_TOLERANCE_PX);
    expect(await markedShare(page, scene.corners)).toBeGreaterThan(0.9);
    await page.click("#stop-camera");
    await page.waitForSelector("#steps:not([hidden])");
  });

  it("shows metadata, score, level and the time of each stage", async () => {
    const page = await open();
    await page.setInputFiles("#file-input", files.shown);
    await waitForHit(page);
    expect(await page.textContent("#metadata h3")).toBe(METADATA.title);
    expect(await page.textContent("#metadata")).toContain(METADATA.text);
    expect(Number(await page.textContent("[data-testid=score]"))).toBeGreaterThan(50);
    expect(await page.getAttribute("#level", "aria-label")).toMatch(/^[1-5] of 5$/);
    const stages = await page.locator("#took-stages dt").allTextContents();
    expect(stages).toEqual(["Decode", "Extract", "Search", "Verify", "Network", "Server total"]);
    for (const time of await page.locator("#took-stages dd").allTextContents()) expect(time).toMatch(/^[\d.]+ ms$/);
  });

  it("takes a photo that is dropped on it", async () => {
    const page = await open();
    await dropFile(page, "#viewport", { name: "photo", mimeType: "image/jpeg", buffer: readFileSync(files.shown) });
    await waitForHit(page);
    const wholePhoto: Point[] = [[0, 0], [1, 0], [1, 1], [0, 1]]; // biome-ignore format: one line says it
    expect(cornerErrorPx(await outlineOf(page), wholePhoto)).toBeLessThan(CORNER_TOLERANCE_PX);
  });

  it("says so where a photo shows no picture of the channel", async () => {
    const page = await open();
    await page.setInputFiles("#file-input", files.notAdded);
    await expectNotice(page, "Nothing recognized");
    expect(await page.isHidden("#hit")).toBe(true);
  });

  it("says so where the file is no picture", async () => {
    const page = await open();
    await dropFile(page, "#viewport", {
      name: "photo",
      mimeType: "text/plain",
      buffer: readFileSync(files.notPicture),
    });
    await expectNotice(page, "Not a picture the browser can read");
    expect(await page.textContent("#notice-text")).toBe("Choose a JPEG, PNG or WebP.");
  });

  it("scans a sample picture chosen from the wall, and shows it large to be held before a camera", async () => {
    const page = await open();
    const tiles = page.locator("[data-testid=sample]");
    expect(await tiles.count()).toBeGreaterThanOrEqual(24);
    await page.click(`[data-identifier="${SHOWN}"]`);
    await page.waitForSelector("#sample-dialog[open] #sample-picture");
    await page.click("#sample-scan");
    await waitForHit(page);
  });

  it("works on a phone: nothing is wider than the screen, and the picture before the camera is named", async () => {
    const page = await open(devices["Pixel 7"]);
    await page.tap("#start-camera");
    await waitForHit(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });

  it("speaks Chinese to a Chinese browser", async () => {
    const page = await open({ locale: "zh-CN" });
    expect(await page.textContent("h1")).toBe("给它看一张图");
  });

  it("says so where there is no camera", async () => {
    const withoutCamera = await openBrowser();
    const page = await open({ permissions: ["camera"] }, withoutCamera);
    await page.click("#start-camera");
    await expectNotice(page, "No camera found");
    await withoutCamera.close();
  });

  it("is served with a policy that runs no script from elsewhere", async () => {
    const { page } = await visit(withCamera, local.origin);
    const [directive, ran] = await page.evaluate(async () => {
      const refused = new Promise<string>((resolve) => {
        document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => resolve(effectiveDirective));
      });
      document.head.append(Object.assign(document.createElement("script"), { textContent: "globalThis.ran = true" }));
      return [await refused, "ran" in globalThis] as const;
    });
    await page.context().close();
    expect(directive).toBe("script-src-elem");
    expect(ran).toBe(false);
  });
});

async function waitForHit(page: Page): Promise<void> {
  await page.waitForSelector("#hit:not([hidden])");
  expect(await page.textContent("[data-testid=identifier]")).toBe(SHOWN);
  expect(await page.textContent("[data-testid=channel]")).toBe(ACCOUNT.channel);
}

async function expectNotice(page: Page, title: string): Promise<void> {
  await page.waitForFunction((wanted) => document.querySelector("#notice-title")?.textContent === wanted, title);
  expect(await page.isVisible("#notice")).toBe(true);
}

/** The outline's corners in 0–1 of the frame. */
async function outlineOf(page: Page): Promise<Point[]> {
  return JSON.parse((await page.getAttribute("[data-testid=outline]", "data-corners")) ?? "[]") as Point[];
}

/** The worst corner's distance from the truth, in px of the sent frame. */
function cornerErrorPx(found: readonly Point[], truth: readonly Point[]): number {
  expect(found).toHaveLength(truth.length);
  return Math.max(...found.map((corner, i) => distancePx(corner, truth[i] as Point)));
}

function distancePx([x, y]: Point, [otherX, otherY]: Point): number {
  return Math.hypot((x - otherX) * SENT.width, (y - otherY) * SENT.height);
}

/** The share of points on the true outline that have a mark beside them. */
async function markedShare(page: Page, truth: readonly Point[]): Promise<number> {
  const marks = await marksOn(page);
  const outline = truth.flatMap(([x, y], i) => {
    const [nextX, nextY] = truth[(i + 1) % truth.length] as Point;
    return Array.from({ length: 50 }, (_, k): Point => [x + ((nextX - x) * k) / 50, y + ((nextY - y) * k) / 50]);
  });
  const marked = outline.filter((point) => marks.some((mark) => distancePx(mark, point) < CORNER_TOLERANCE_PX));
  return marked.length / outline.length;
}

/** Where the canvas over the picture is painted, in 0–1 of the picture. */
function marksOn(page: Page): Promise<Point[]> {
  return page.evaluate(async ({ width, height }) => {
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    const canvas = document.querySelector("#outline") as HTMLCanvasElement;
    const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    const scale = Math.min(canvas.width / width, canvas.height / height);
    const left = (canvas.width - width * scale) / 2;
    const top = (canvas.height - height * scale) / 2;
    const opaque = 200; // the fill inside of the outline is fainter
    const marks: [number, number][] = [];
    for (let i = 0; i < canvas.width * canvas.height; i++) {
      if ((data[4 * i + 3] as number) < opaque) continue;
      const x = (i % canvas.width) - left;
      const y = Math.floor(i / canvas.width) - top;
      marks.push([x / (width * scale), y / (height * scale)]);
    }
    return marks;
  }, SENT);
}
