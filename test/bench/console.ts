/**
 * `npm run bench:console`: how a page of the console comes up on a slow phone, as Lighthouse measures it on mobiles: bytes, first and
 * largest paint, how long the main thread is blocked, how far things shift. A real local Worker, a new visitor for each run.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { createAccount, startLocal } from "../../scripts/local.ts";
import { LookmarkClient } from "../../shared/client.ts";
import { missing, openBrowser, readVitals, type Vitals } from "../page/browser.ts";
import { freePort } from "../start/ports.ts";
import { median, table } from "./summary.ts";

const RUNS = 3;
const ACCOUNT = { username: "agency", secretkey: "a-secret-key" };
const CHANNEL = "museum";
/** Lighthouse's "slow 4G" and mid-range phone: github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md */
const NETWORK = { latency: 150, downloadThroughput: (1.6e6 * 0.9) / 8, uploadThroughput: (750e3 * 0.9) / 8 };
const CPU_SLOWDOWN = 4;
const ACCOUNT_KEY = "lookmark.console.account"; // worker/site/console/src/session.ts
const PAGES = [
  { name: "sign-in", signedIn: false, hash: "", ready: "form" },
  { name: "pictures of a channel", signedIn: true, hash: `#/c/${CHANNEL}/gallery`, ready: "[data-identifier]" },
  { name: "add pictures", signedIn: true, hash: `#/c/${CHANNEL}/upload`, ready: "input[type=file]" },
  { name: "statistics", signedIn: true, hash: `#/c/${CHANNEL}/statistics`, ready: "main h1" },
] as const;

interface Load extends Vitals {
  readonly requests: number;
  readonly bytes: number;
}

if (missing) throw new Error(missing);
const folder = mkdtempSync(join(tmpdir(), "lookmark-bench-console-"));
const local = await startLocal({ port: await freePort(), stateDir: join(folder, "state") });
const browser = await openBrowser();
try {
  await fill(local);
  const rows = [];
  for (const page of PAGES) {
    const loads: Load[] = [];
    for (let run = 0; run < RUNS; run++) loads.push(await load(browser, page));
    const of = (value: (load: Load) => number) => median(loads.map(value));
    rows.push([
      page.name,
      of(({ requests }) => requests),
      (of(({ bytes }) => bytes) / 1024).toFixed(0),
      of(({ firstPaintMs }) => firstPaintMs).toFixed(0),
      of(({ largestPaintMs }) => largestPaintMs).toFixed(0),
      of(({ blockedMs }) => blockedMs).toFixed(0),
      Math.max(...loads.map(({ shift }) => shift)).toFixed(3),
    ]);
  }
  const headings = ["page", "requests", "KB", "first paint ms", "largest paint ms", "blocked ms", "worst layout shift"];
  console.log(table(headings, rows));
} finally {
  await browser.close();
  await local.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function fill(worker: typeof local): Promise<void> {
  await createAccount(worker, ACCOUNT.username, ACCOUNT.secretkey, CHANNEL);
  const client = new LookmarkClient(worker.origin, ACCOUNT);
  for (const identifier of ["poster.circus", "poster.night_jazz", "cover.moon_whale", "card.stargazer"]) {
    const file = new URL(`../../worker/site/public/samples/${identifier}.jpg`, import.meta.url);
    await client.addImage({ channel: CHANNEL, identifier, image: new Blob([readFileSync(file)]) });
  }
}

async function load(browser: Browser, { signedIn, hash, ready }: (typeof PAGES)[number]): Promise<Load> {
  const remembered = { name: ACCOUNT_KEY, value: JSON.stringify(ACCOUNT) };
  const context = await browser.newContext({
    locale: "en-US",
    viewport: { width: 390, height: 844 },
    isMobile: true,
    storageState: { cookies: [], origins: [{ origin: local.origin, localStorage: signedIn ? [remembered] : [] }] },
  });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  const sizes: number[] = [];
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => sizes.push(encodedDataLength));
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", { offline: false, ...NETWORK });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  await page.goto(`${local.origin}/console/${hash}`);
  await page.waitForSelector(ready);
  await page.waitForLoadState("networkidle");
  const vitals = await readVitals(page);
  await context.close();
  return { ...vitals, requests: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
