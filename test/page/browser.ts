/** Real Chromium for the page's tests, with a camera that shows a film of ours. */

import { existsSync, writeFileSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { GrayImage } from "../../worker/core/core.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Why the tests of the page cannot run here; undefined where they can. */
export const missing = existsSync(executablePath)
  ? undefined
  : `Chromium is not at ${executablePath}: install it (apt-get install chromium) or set CHROMIUM to its path`;

const ARGUMENTS = [
  "--no-sandbox", // CI runs as root
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** With a camera that shows `film`, and a user who allows it or does not; without a camera where there is no film. */
export function openBrowser(film?: string, { allowed = true } = {}): Promise<Browser> {
  const fake = ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`];
  const camera = film ? [...fake, ...(allowed ? ["--use-fake-ui-for-media-stream"] : [])] : [];
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...camera] });
}

/** Writes a still as a film in YUV4MPEG2, the uncompressed format that Chromium's fake camera plays in a loop. */
export function writeFilm(file: string, { width, height, pixels }: GrayImage): void {
  const colorless = new Uint8Array((width * height) / 2).fill(128);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), pixels, colorless]);
  const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([header, frame, frame]));
}

export interface Visit {
  readonly page: Page;
  /** What the console had to say: errors, warnings, refusals of the content security policy. */
  readonly complaints: string[];
}

/** Opens a page in a window of its own, and waits until it may be used: until there is an element for `ready`. */
export async function visit(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
  ready = "#start-camera:enabled",
): Promise<Visit> {
  const context = await browser.newContext({ locale: "en-US", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(address, { waitUntil: "domcontentloaded" });
  await page.waitForSelector(ready);
  return { page, complaints };
}

/** How a page came up for its visitor (web.dev/articles/vitals). */
export interface Vitals {
  readonly firstPaintMs: number;
  readonly largestPaintMs: number;
  /** Beyond 50 ms of each task, what kept the main thread from answering a finger. */
  readonly blockedMs: number;
  /** Cumulative layout shift: 0 where nothing moved that was there already. */
  readonly shift: number;
}

export function readVitals(page: Page): Promise<Vitals> {
  return page.evaluate(async () => {
    const BLOCKING_MS = 50;
    const seen = (type: string) =>
      new Promise<PerformanceEntry[]>((done) => {
        const observer = new PerformanceObserver((list) => done(list.getEntries()));
        observer.observe({ type, buffered: true });
        setTimeout(() => done([]), 100); // there were none
      });
    const [paints, largest, tasks, shifts] = await Promise.all(
      ["paint", "largest-contentful-paint", "longtask", "layout-shift"].map(seen),
    );
    const sum = (numbers: number[] = []) => numbers.reduce((total, number) => total + number, 0);
    return {
      firstPaintMs: paints?.[0]?.startTime ?? Number.NaN,
      largestPaintMs: largest?.at(-1)?.startTime ?? Number.NaN,
      blockedMs: sum(tasks?.map(({ duration }) => duration - BLOCKING_MS)),
      shift: sum(shifts?.map((entry) => (entry as PerformanceEntry & { value: number }).value)),
    };
  });
}

/** A file as a browser is given it. */
export interface GivenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export async function dropFile(page: Page, selector: string, { name, mimeType, buffer }: GivenFile): Promise<void> {
  const transfer = await page.evaluateHandle(
    async ({ base64, name, type }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type }));
      return transfer;
    },
    { base64: buffer.toString("base64"), name, type: mimeType },
  );
  await page.dispatchEvent(selector, "drop", { dataTransfer: transfer });
}
