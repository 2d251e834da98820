/**
 * `npm run docs:pictures`: the screenshots of docs/console.md, taken from a console that it fills with sample pictures. Needs Chromium
 * (at /usr/bin/chromium, or where CHROMIUM says) and a Chinese font (fonts-noto-cjk). Only the statistics are made up.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContextOptions, chromium, type Page, type Route } from "playwright-core";
import { LookmarkClient } from "../shared/client.ts";
import { randomFrom } from "../shared/random.ts";
import { readPort } from "./lifetime.ts";
import { createAccount, type Local, startLocal } from "./local.ts";

const DEMO = { username: "demo", secretkey: "demo", channel: "demo" };
const SAMPLES = new URL("../worker/site/public/", import.meta.url);
const PICTURES = fileURLToPath(new URL("../docs/console/", import.meta.url));
const QUALITY = 72;
const DAY_MS = 86_400_000;
/** Stay out of the channel, to be added. */
const NEW = ["poster.marathon", "label.crane_tea"];
const SHOWN = "poster.night_jazz";
const TWIN = "cover.seven_doors";
const POPULAR = [SHOWN, "poster.circus", "cover.moon_whale", "card.ember_drake", "label.captain_zest"];
const SHARES = [0.34, 0.27, 0.19, 0.12, 0.08];

interface Sample {
  readonly identifier: string;
  readonly file: string;
  readonly metadata: unknown;
}
interface Shot {
  readonly name: string;
  readonly hash?: string;
  readonly size: readonly [width: number, height: number];
  readonly as?: "nobody" | "demo" | "operator";
  readonly options?: BrowserContextOptions;
  readonly prepare?: (page: Page) => Promise<unknown>;
}

const samples = JSON.parse(readFileSync(new URL("samples/samples.json", SAMPLES), "utf8")) as Sample[];
const bytesOf = (identifier: string) => readFileSync(new URL(`samples/${identifier}.jpg`, SAMPLES));
const file = (name: string, buffer: Buffer) => ({ name: `${name}.jpg`, mimeType: "image/jpeg", buffer });

const shots: readonly Shot[] = [
  {
    name: "sign-in",
    as: "nobody",
    size: [1200, 800],
    prepare: (page) => page.getByText("Use the demo account").waitFor(),
  },
  {
    name: "channels",
    hash: "channels",
    size: [1200, 420],
    prepare: (page) => page.getByText("scans in the last").waitFor(),
  },
  { name: "gallery", hash: "c/demo/gallery", size: [1200, 800], prepare: tickOne },
  { name: "upload", hash: "c/demo/upload", size: [1200, 940], prepare: chooseFiles },
  { name: "grade", hash: "c/demo/upload", size: [1200, 800], prepare: openDetails },
  { name: "image", hash: `c/demo/image/${SHOWN}`, size: [1200, 1180], prepare: raiseThreshold },
  {
    name: "statistics",
    hash: "c/demo/statistics",
    size: [1200, 1500],
    prepare: (page) => page.locator(".by-picture").waitFor(),
  },
  { name: "keys", hash: "keys", size: [900, 1260], prepare: makeToken },
  { name: "operator", as: "operator", hash: "operator", size: [1200, 700], prepare: openUser },
  {
    name: "phone",
    hash: `c/demo/image/${SHOWN}`,
    size: [390, 760],
    options: { locale: "zh-CN", colorScheme: "dark" },
    prepare: scanOnPhone,
  },
];

const folder = mkdtempSync(join(tmpdir(), "lookmark-pictures-"));
const local = await startLocal({
  port: readPort(process.env.PORT),
  stateDir: join(folder, "state"),
  vars: { DEMO: Object.values(DEMO).join(":") },
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  await fill(local);
  for (const shot of shots) await take(shot);
} finally {
  await browser.close();
  await local.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function fill(local: Local): Promise<void> {
  await createAccount(local, DEMO.username, DEMO.secretkey, DEMO.channel);
  await createAccount(local, "newcomer", "a-secret-key", "newcomer.first");
  const client = new LookmarkClient(local.origin, DEMO);
  for (const { identifier, file, metadata } of samples) {
    if (NEW.includes(identifier)) continue;
    const image = new Blob([readFileSync(new URL(file, SAMPLES))]);
    await client.addImage({ channel: DEMO.channel, identifier, image, metadata: JSON.stringify(metadata) });
  }
}

async function take({ name, hash = "", size: [width, height], as = "demo", options, prepare }: Shot): Promise<void> {
  const { username, secretkey } = DEMO;
  const kept =
    as === "demo" ? [{ name: "lookmark.console.account", value: JSON.stringify({ username, secretkey }) }] : [];
  const context = await browser.newContext({
    locale: "en-US",
    viewport: { width, height },
    storageState: { cookies: [], origins: [{ origin: local.origin, localStorage: kept }] },
    ...options,
  });
  const page = await context.newPage();
  if (as === "operator") await page.addInitScript(signInAsOperator, local.adminToken);
  await page.route("**/Statistics", answerMadeUp);
  await page.goto(`${local.origin}/console/#/${hash}`);
  await page.locator("h1").waitFor();
  await prepare?.(page);
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: join(PICTURES, `${name}.jpg`), type: "jpeg", quality: QUALITY });
  console.log(`${name}.jpg`);
  await context.close();
}

function signInAsOperator(token: string): void {
  sessionStorage.setItem("lookmark.console.operator", JSON.stringify(token));
}

async function tickOne(page: Page): Promise<void> {
  await page.locator('[data-identifier="card.pixel_pier"] input[type=checkbox]').check();
}

/** One is no picture, one is in the channel already, two are new. */
async function chooseFiles(page: Page): Promise<void> {
  const copy = Buffer.concat([bytesOf(TWIN), Buffer.from("another file")]);
  const files = [file("notes", Buffer.from("no picture")), ...NEW.map((name) => file(name, bytesOf(name)))];
  await page.setInputFiles("input[type=file]", [...files, file("seven_doors_print", copy)]);
  await page.locator("[data-state=graded]").nth(2).waitFor();
}

async function openDetails(page: Page): Promise<void> {
  await chooseFiles(page);
  await page.getByRole("button", { name: "Details seven_doors_print" }).click();
  const twin = page.getByRole("dialog").locator(".similar li img").nth(1);
  await twin.evaluate((image: HTMLImageElement) => image.decode());
}

async function raiseThreshold(page: Page): Promise<void> {
  await page.getByLabel("Use the default").uncheck();
  await page.locator("input[type=range]").fill("65");
  await page.mouse.move(0, 0);
}

async function makeToken(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Make a token" }).click();
  await page.locator(".qr-code path[d]").waitFor();
}

async function openUser(page: Page): Promise<void> {
  await page.getByRole("button", { name: "demo", exact: true }).click();
  await page.locator("[data-channel=demo]").waitFor();
}

async function scanOnPhone(page: Page): Promise<void> {
  const section = page.locator("section", { has: page.locator("#scan-title") });
  await section.locator("input[type=file]").setInputFiles(file("scan", bytesOf(SHOWN)));
  await page.locator("[data-testid=outline] polygon").waitFor();
  await section.evaluate((element) => element.scrollIntoView());
}

/** A month of a channel that is used, and more on weekends. */
async function answerMadeUp(route: Route): Promise<void> {
  const body = new Uint8Array(route.request().postDataBuffer() ?? []);
  const fields = await new Response(body, { headers: route.request().headers() }).formData();
  const asked = (name: string) => fields.get(name)?.toString();
  const days = Array.from({ length: 30 }, (_, i) => new Date(Date.now() - DAY_MS * (29 - i)));
  const records = days.flatMap((day, i) => recordsOf(day, randomFrom(i), asked("channel"), asked("identifier")));
  const always = { returncode: 0, message: "success", requestid: "made-up", username: DEMO.username };
  await route.fulfill({ json: { ...always, timezone: "Asia/Shanghai", records } });
}

function recordsOf(day: Date, random: () => number, channel?: string, identifier?: string): object[] {
  const date = day.toISOString().slice(0, 10).replaceAll("-", "");
  const weekend = [0, 6].includes(day.getUTCDay());
  const count = Math.round((weekend ? 380 : 210) * (0.8 + 0.4 * random()));
  const share = (i: number) => Math.round(count * (SHARES[i] ?? 0));
  if (identifier) return [{ date, count: share(0) }];
  if (channel) return POPULAR.map((identifier, i) => ({ date, identifier, count: share(i) }));
  const nomatch = Math.round(count * (0.1 + 0.06 * random()));
  const badframe = Math.round(count * (0.02 + 0.04 * random()));
  const latency = { p50: 19 + 4 * random(), p95: 38 + 14 * random(), p99: 66 + 24 * random() };
  return [{ date, channel: DEMO.channel, count, queries: count + nomatch + badframe, nomatch, badframe, latency }];
}
