/** `<lookmark-scan>` in real Chromium: a film before the camera → the built module → a real local Worker → the overlay; and its failures. */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createAccount, type Local, startLocal } from "../../scripts/local.ts";
import { LookmarkClient } from "../../shared/client.ts";
import type { Point } from "../../shared/homography.ts";
import type { LookmarkScanElement } from "../../webar/api.ts";
import { buildWebar, gzipBytes, moduleFile, packageFolder } from "../../webar/build.ts";
import { loadCore } from "../../worker/core/node.ts";
import { decodeImage } from "../../worker/image/decode.ts";
import { missing, openBrowser } from "../page/browser.ts";
import { freePort, root, sampleFile, samplePicture, temporaryFolder } from "../processes.ts";
import { FILM, writeMovingFilm } from "../simulator/film.ts";

const ACCOUNT = { username: "demo", secretkey: "demo", channel: "demo" };
const SHOWN = "poster.night_jazz";
const METADATA = { type: "link", title: "Night Jazz", text: "Doors 20:00.", url: "https://tickets.example/jazz" };
const PHONE = { width: 375, height: 667 };
const CORNER_TOLERANCE_PX = 8;
/** One round of the film. */
const LOOK_MS = 4000;
const LOOKS_MIN = 20;
const WITHIN_MS = 15_000;
const MODULE_GZIP_MAX = 16_000;

beforeAll(buildWebar);

describe("the package", () => {
  it(`weighs at most ${MODULE_GZIP_MAX} bytes gzip`, () => {
    const bytes = gzipBytes(moduleFile);
    console.log(`/webar/lookmark-scan.js: ${bytes} bytes gzip`);
    expect(bytes).toBeLessThan(MODULE_GZIP_MAX);
  });

  it("has the module, types that need nothing else, and a manifest that names both", () => {
    const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(manifest).toMatchObject({ version, type: "module", license: "MIT" });
    for (const file of [...Object.values<string>(manifest.exports["."]), "README.md", "LICENSE"]) {
      expect(existsSync(join(packageFolder, file)), file).toBe(true);
    }
    const types = join(packageFolder, manifest.exports["."].types);
    expect(readFileSync(types, "utf8")).not.toMatch(/\b(import|from)\b.*"/);
    const checked = ["--noEmit", "--strict", "--lib", "es2022,dom", "--types", "", "--ignoreConfig", types];
    expect(spawnSync(join(root, "node_modules/.bin/tsc"), checked, { encoding: "utf8" }).stdout).toBe("");
  });
});

if (missing) console.warn(`The tests of <lookmark-scan> in a browser are skipped: ${missing}`);

describe.skipIf(missing)("in a browser", () => {
  let folder: string;
  let film: string;
  let local: Local;
  let client: LookmarkClient;
  let withCamera: Browser;
  let truth: (readonly Point[])[];
  let elsewhere: Server;
  let pages: Page[] = [];
  let complaints: string[] = [];

  beforeAll(async () => {
    folder = temporaryFolder();
    const vars = { ALLOWED_ORIGINS: "http://localhost:*" };
    local = await startLocal({ port: await freePort(), stateDir: join(folder, "state"), vars });
    await createAccount(local, ACCOUNT.username, ACCOUNT.secretkey, ACCOUNT.channel);
    client = new LookmarkClient(local.origin, ACCOUNT);
    const fields = { channel: ACCOUNT.channel, identifier: SHOWN, metadata: JSON.stringify(METADATA) };
    expect(await client.addImage({ ...fields, image: samplePicture(SHOWN) })).toMatchObject({ returncode: 0 });

    const core = loadCore();
    const limits = { maxBytes: 1e7, maxPixels: 1e7, minSide: 1 };
    const picture = await decodeImage(core, readFileSync(sampleFile(SHOWN)), limits, Number.POSITIVE_INFINITY);
    if (!picture.ok) throw new Error(picture.reason.message);
    film = join(folder, "film.y4m");
    truth = writeMovingFilm(film, core, picture.value.image);
    withCamera = await openBrowser(film);
    elsewhere = await serveExample(local.origin);
  });

  afterAll(async () => {
    await withCamera?.close();
    elsewhere?.close();
    await local?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    for (const page of pages) await page.context().close();
    const heard = complaints;
    [pages, complaints] = [[], []];
    expect(heard).toEqual([]);
  });

  /** A window whose scripts must not throw, and which notes all events of the element and each frame that it looked at. */
  async function open(address: string, browser = withCamera, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: PHONE, locale: "en-US", ...options });
    const page = await context.newPage();
    pages.push(page);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (/Content Security Policy/i.test(message.text())) complaints.push(message.text());
    });
    await page.addInitScript(noteAll);
    await page.goto(address);
    await page.waitForFunction(() => customElements.get("lookmark-scan") !== undefined);
    return page;
  }

  const issueToken = async (ttl = 600) => (await client.issueToken({ channel: ACCOUNT.channel, ttl })).token ?? "";
  const fullScreen = (token: string) => `${local.origin}/webar/?channel=${ACCOUNT.channel}#token=${token}`;
  const foreign = (token: string) => `http://localhost:${(elsewhere.address() as AddressInfo).port}/#${token}`;

  it("finds the moving picture on the full-screen page, and keeps the overlay's corners on it", async () => {
    const page = await open(fullScreen(await issueToken()));
    expect(page.url()).toBe(`${local.origin}/webar/?channel=${ACCOUNT.channel}`);
    await page.click("button");
    const found = await eventOf(page, "found");
    expect(found).toMatchObject({ identifier: SHOWN, metadata: METADATA, frameWidth: 480, frameHeight: 640 });
    expect(await page.textContent("#title")).toBe(METADATA.title);
    expect(await page.getAttribute("#link", "href")).toBe(METADATA.url);
    expect(await page.locator("lookmark-scan .card").getAttribute("href")).toBe(METADATA.url);

    const looks = await lookFor(page, LOOK_MS);
    for (const part of ["target", "outline"] as const) {
      const errors = looks.map((look) => cornerErrorPx(look[part], truth[look.index] as readonly Point[]));
      const sorted = [...errors].sort((a, b) => a - b);
      const [half, worst] = [sorted[errors.length >> 1] as number, sorted[errors.length - 1] as number];
      const figures = `median ${half.toFixed(1)} px, most ${worst.toFixed(1)} px in ${looks.length} frames`;
      console.log(`${part}'s worst corner: ${figures}`);
      expect(worst).toBeLessThan(CORNER_TOLERANCE_PX);
    }
    expect(looks.length).toBeGreaterThan(LOOKS_MIN);
  });

  it("works on a page of another origin, the example of the documentation, with its overlay, and hands the picture over", async () => {
    const page = await open(foreign(await issueToken()));
    await page.click("button");
    await page.waitForSelector("[slot=overlay]", { state: "visible" });
    expect(await page.textContent("[slot=overlay]")).toBe("Found!");
    const { corners } = await eventOf(page, "overlay", (detail) => detail.corners !== undefined);
    expect(corners).toHaveLength(4);
    await page.evaluate(() => {
      const scan = document.querySelector("lookmark-scan");
      scan?.addEventListener("handoff", (event) => event.preventDefault());
      noted.length = 0;
      scan?.scanAgain();
    });
    const { trackingImage, size } = (await eventOf(page, "handoff")) as { trackingImage: string; size: number[] };
    const loaded = await page.evaluate(async (address) => {
      const image = Object.assign(new Image(), { src: address });
      await image.decode();
      return { width: image.naturalWidth, height: image.naturalHeight, bytes: (await fetch(address)).status };
    }, trackingImage);
    expect(loaded).toEqual({ width: size[0], height: size[1], bytes: 200 });
    expect(await page.evaluate(() => document.querySelector("lookmark-scan")?.state)).toBe("paused");
    expect(await page.isVisible("[slot=overlay]")).toBe(false);
  });

  it("asks the page for a token where the one it has is not valid any more, and goes on", async () => {
    const page = await open(foreign("not-valid-any-more"));
    await page.evaluate(
      (fresh) => {
        const scan = document.querySelector("lookmark-scan");
        if (scan) scan.renewToken = async () => fresh;
      },
      await issueToken(),
    );
    await page.click("button");
    expect(await eventOf(page, "found")).toMatchObject({ identifier: SHOWN });
  });

  it("says that the link has expired, or what else the server refuses, gives the camera back, and can try again", async () => {
    const page = await open(fullScreen("not-valid-any-more"));
    await page.click("button");
    expect(await eventOf(page, "error")).toMatchObject({ errCode: 12004, returncode: 30003, recoverable: false });
    expect(await page.textContent("h2")).toBe("This link has expired");
    const stream = () =>
      page.evaluate(() => document.querySelector("lookmark-scan")?.shadowRoot?.querySelector("video")?.srcObject);
    expect(await stream()).toBeNull();

    await page.goto(fullScreen(await issueToken()).replace("channel=demo", "channel=another"));
    await page.reload(); // the token is kept for the tab
    await page.click("button");
    await page.waitForSelector("text=This cannot be scanned");
    expect(await page.textContent(".panel p")).toMatch(/^not your channel/);
    await page.evaluate((channel) => {
      const scan = document.querySelector("lookmark-scan");
      if (scan) scan.channel = channel;
    }, ACCOUNT.channel);
    await page.click("text=Try again");
    expect(await eventOf(page, "found")).toMatchObject({ identifier: SHOWN });
  });

  it("says that it is offline, and finds the picture once the network is back", async () => {
    const page = await open(fullScreen(await issueToken()));
    await page.context().setOffline(true);
    await page.click("button");
    await page.waitForSelector("text=No connection, trying again …");
    expect(await eventOf(page, "error")).toMatchObject({ errCode: 12001, recoverable: true });
    await page.context().setOffline(false);
    expect(await eventOf(page, "found")).toMatchObject({ identifier: SHOWN });
  });

  it("says what to do where there is no camera, and where it is refused", async () => {
    const see = async (errCode: number, title: string) => {
      const browser = await openBrowser(errCode === 11001 ? film : undefined, { allowed: false });
      try {
        const page = await browser.newPage({ locale: "en-US" });
        await page.addInitScript(noteAll);
        await page.goto(fullScreen(await issueToken()));
        await page.click("button");
        await page.waitForSelector(`text=${title}`);
        expect(await page.textContent("button")).toBe("Try again");
        expect(await eventOf(page, "error")).toMatchObject({ errCode, recoverable: false });
      } finally {
        await browser.close();
      }
    };
    await Promise.all([see(11003, "There is no camera to use"), see(11001, "The camera is blocked")]);
  });

  it("shows a picture from metadata, speaks Chinese to browsers that do, and can be paused, stopped and started again", async () => {
    const url = "https://media.example/big-top.jpg";
    const fields = { channel: ACCOUNT.channel, identifier: SHOWN, metadata: JSON.stringify({ type: "image", url }) };
    expect(await client.updateImageInfo(fields)).toMatchObject({ returncode: 0 });
    const page = await open(fullScreen(await issueToken()), withCamera, { locale: "zh-CN" });
    await page.route(url, (route) => route.fulfill({ path: sampleFile("poster.circus") }));
    expect(await page.textContent("button")).toBe("打开摄像头");
    await page.click("button");
    await eventOf(page, "found");
    const image = page.locator("lookmark-scan .content img");
    expect(await image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.naturalWidth))).toBe(
      768,
    );
    const states = await page.evaluate(async () => {
      const scan = document.querySelector("lookmark-scan") as LookmarkScanElement;
      const seen: string[] = [];
      scan.pause();
      seen.push(scan.state);
      scan.resume();
      seen.push(scan.state);
      scan.stop();
      seen.push(scan.state);
      void scan.start(); // its camera comes when nobody wants it any more
      scan.stop();
      await scan.start();
      return seen;
    });
    expect(states).toEqual(["paused", "found", "idle"]);
    await page.waitForFunction(() => noted.filter(({ name }) => name === "found").length > 1);
    await page.evaluate(() => document.querySelector("lookmark-scan")?.remove());
  });
});

/** The example's page, which asks this Worker. */
async function serveExample(origin: string): Promise<Server> {
  const html = readFileSync(join(root, "examples/webar.html"), "utf8").replace("http://127.0.0.1:8787", origin);
  const server = createServer((request, response) => {
    if (request.url === "/") response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

interface Noted {
  readonly name: string;
  readonly detail: Record<string, unknown>;
}

declare const noted: Noted[];
declare const looked: { index: number };

/** Runs in the page before its scripts: events are noted at the window on their way down. */
function noteAll(): void {
  Object.assign(window, { noted: [], looked: { index: -1 } });
  for (const name of ["ready", "found", "lost", "miss", "hint", "error", "statechange", "overlay", "handoff"]) {
    const note = (event: Event) => {
      if (event instanceof CustomEvent) noted.push({ name, detail: event.detail });
    };
    window.addEventListener(name, note, { capture: true });
  }
  const read = CanvasRenderingContext2D.prototype.getImageData;
  CanvasRenderingContext2D.prototype.getImageData = function (x, y, width, height) {
    const image = read.call(this, x, y, width, height);
    let index = 0;
    for (let bit = 0; bit < 6; bit++) {
      const column = Math.floor(((bit + 0.5) * width) / 6);
      if ((image.data[4 * ((height - 8) * width + column)] as number) > 128) index |= 1 << bit;
    }
    looked.index = index;
    return image;
  };
}

async function eventOf(page: Page, name: string, isIt: (detail: Record<string, unknown>) => boolean = () => true) {
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; await sleep(50)) {
    const details = await page.evaluate(
      (wanted) =>
        noted
          .filter((event) => event.name === wanted)
          .map(({ detail }) => JSON.parse(JSON.stringify(detail)) as Record<string, unknown>),
      name,
    );
    const found = details.find(isIt);
    if (found) return found;
  }
  const seen = await page.evaluate(() => noted.map((event) => JSON.stringify(event)).slice(-5));
  return expect.fail(`no ${name} came; the last events: ${seen.join("\n")}`);
}

interface Look {
  /** The film's frame. */
  readonly index: number;
  /** Corners of the box that holds the overlay, and of the outline, px of the element. */
  readonly target: Point[];
  readonly outline: Point[];
}

function lookFor(page: Page, ms: number): Promise<Look[]> {
  return page.evaluate(async (lookMs) => {
    const looks: { index: number; target: [number, number][]; outline: [number, number][] }[] = [];
    const scan = document.querySelector("lookmark-scan") as LookmarkScanElement;
    const look = () => {
      const target = scan.shadowRoot?.querySelector<HTMLElement>(".target:not([hidden])");
      const points = scan.shadowRoot?.querySelector("polygon")?.getAttribute("points");
      if (!target || !points) return;
      const { width, height, transform } = getComputedStyle(target);
      const [w, h] = [Number.parseFloat(width), Number.parseFloat(height)];
      const matrix = new DOMMatrix(transform);
      const at = (x: number, y: number): [number, number] => {
        const point = matrix.transformPoint(new DOMPoint(x, y));
        return [point.x / point.w, point.y / point.w];
      };
      const outline = points.split(" ").map((pair) => pair.split(",").map(Number) as [number, number]);
      looks.push({ index: looked.index, target: [at(0, 0), at(w, 0), at(w, h), at(0, h)], outline });
    };
    scan.addEventListener("overlay", look);
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    return looks;
  }, ms);
}

/** The camera's picture fills the view: its height fits, its sides are cut. */
function cornerErrorPx(corners: readonly Point[], inFilm: readonly Point[]): number {
  const scale = Math.max(PHONE.width / FILM.width, PHONE.height / FILM.height);
  const [left, top] = [(PHONE.width - FILM.width * scale) / 2, (PHONE.height - FILM.height * scale) / 2];
  return Math.max(
    ...inFilm.map(([x, y], i) =>
      Math.hypot(left + x * scale - (corners[i]?.[0] ?? 0), top + y * scale - (corners[i]?.[1] ?? 0)),
    ),
  );
}
