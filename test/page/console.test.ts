/** The console in real Chromium against a real local Worker: what an agency does with its pictures, from sign-in to statistics. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import jpeg from "jpeg-js";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createAccount, type Local, startLocal } from "../../scripts/local.ts";
import { LookmarkClient } from "../../shared/client.ts";
import { freePort } from "../start/ports.ts";
import { missing, openBrowser, type Visit, visit } from "./browser.ts";
import { type Line, openLine } from "./line.ts";

const ACCOUNT = { username: "agency", secretkey: "a-secret-key" };
const CHANNEL = "museum";
const BULK = "bulk";
const BULK_COUNT = 40;
const BULK_WITHIN_MS = 50_000;
const SAMPLES = ["poster.night_jazz", "poster.circus", "cover.moon_whale", "card.stargazer"] as const;
const samples = new URL("../../worker/site/public/samples/", import.meta.url);
const sampleFile = (identifier: string) => readFileSync(new URL(`${identifier}.jpg`, samples));
const METADATA = { title: "Night Jazz", type: "text", text: "Doors 20:00." };

if (missing) console.warn(`The tests of the console are skipped: ${missing}`);

describe.skipIf(missing)("the console", () => {
  let folder: string;
  let local: Local;
  let line: Line;
  let browser: Browser;
  let client: LookmarkClient;
  let visits: Visit[] = [];
  /** What the console may say of a window whose line is cut. */
  let expectLostConnections = false;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lookmark-console-"));
    const port = await freePort();
    local = await startLocal({ port, stateDir: join(folder, "state") });
    line = await openLine(await freePort(), port);
    for (const channel of [CHANNEL, BULK]) {
      await createAccount(local, ACCOUNT.username, ACCOUNT.secretkey, channel);
    }
    client = new LookmarkClient(local.origin, ACCOUNT);
    for (const identifier of SAMPLES) {
      const image = new Blob([sampleFile(identifier)]);
      const metadata = identifier === SAMPLES[0] ? JSON.stringify(METADATA) : undefined;
      expect(await client.addImage({ channel: CHANNEL, identifier, image, metadata })).toMatchObject({ returncode: 0 });
    }
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await line?.close();
    await local?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A window whose console must stay silent. */
  async function open(hash: string, options: BrowserContextOptions = {}, origin = local.origin): Promise<Page> {
    const opened = await visit(browser, `${origin}/console/${hash}`, options, "h1");
    visits.push(opened);
    return opened.page;
  }

  async function openSignedIn(hash: string, options: BrowserContextOptions = {}, origin = local.origin): Promise<Page> {
    const page = await open("", options, origin);
    await signIn(page);
    await page.evaluate((address) => {
      location.hash = address;
    }, hash);
    await page.waitForFunction((address) => location.hash === address && document.querySelector("h1"), hash);
    return page;
  }

  afterEach(async () => {
    const said = visits.flatMap((opened) => opened.complaints);
    const complaints = said.filter((text) => !(expectLostConnections && text.startsWith("Failed to load resource")));
    for (const { page } of visits) await page.context().close();
    visits = [];
    expectLostConnections = false;
    expect(complaints).toEqual([]);
  });

  it("lets in who knows the secret key, and keeps it for this tab alone", async () => {
    const page = await open("#/c/museum/gallery");
    await expectAccessible(page);
    await fillIn(page, { ...ACCOUNT, secretkey: "wrong" });
    await page.waitForSelector("[role=alert]");
    expect(await page.textContent("[role=alert]")).toContain("User name or key is not correct.");
    await fillIn(page, ACCOUNT);
    await page.waitForSelector(`[data-identifier="${SAMPLES[0]}"]`);
    const stored = await page.evaluate(() => [JSON.stringify(sessionStorage), JSON.stringify(localStorage)]);
    expect(stored[0]).toContain(ACCOUNT.secretkey);
    expect(stored[1]).not.toContain(ACCOUNT.secretkey);
    await page.reload();
    await page.waitForSelector(`[data-identifier="${SAMPLES[0]}"]`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Manage the pictures that Lookmark recognizes" }).waitFor();
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain(ACCOUNT.secretkey);
  });

  it("remembers the key beyond the tab only where that is asked for", async () => {
    const page = await open("");
    await page.check("text=Remember on this device");
    await signIn(page);
    const next = await page.context().newPage();
    await next.goto(`${local.origin}/console/`);
    await next.getByRole("heading", { name: "Channels of agency" }).waitFor();
    await next.getByRole("button", { name: "Sign out" }).click();
    expect(await next.evaluate(() => JSON.stringify(localStorage))).not.toContain(ACCOUNT.secretkey);
  });

  it("finds pictures by how their identifiers begin, with thumbnail, level and metadata", async () => {
    const page = await openSignedIn("#/c/museum/gallery");
    await expectText(page, "[data-testid=count]", "4 pictures");
    await expectAccessible(page);
    await page.fill("input[type=search]", "poster.n");
    await expectText(page, "[data-testid=count]", "1 pictures begin with “poster.n”");
    expect(page.url()).toContain("prefix=poster.n");
    const card = page.locator(`[data-identifier="${SAMPLES[0]}"]`);
    await expectShown(card.locator("img"));
    expect(await card.locator(".stars").getAttribute("data-level")).toMatch(/^[1-5]$/);
    expect(await card.locator(".summary").textContent()).toBe("Night Jazz – Doors 20:00.");
    await page.fill("input[type=search]", "no such");
    await expectText(page, ".field .problem", "Identifiers have only A–Z a–z 0–9 @ _ and dot.");
  });

  it(`adds ${BULK_COUNT} pictures although the line is cut on the way: all arrive, each once`, {
    timeout: 2 * BULK_WITHIN_MS,
  }, async () => {
    expectLostConnections = true;
    const page = await openSignedIn("#/c/bulk/upload", {}, line.origin);
    await page.setInputFiles("input[type=file]", cuttings(BULK_COUNT));
    await page.locator("[data-state=grading]").first().waitFor();
    await page.locator("[data-state=graded]").nth(4).waitFor();
    line.cut();
    await page.getByText("trying again in").first().waitFor();
    line.mend();
    await page.waitForFunction(
      (count) => document.querySelectorAll("[data-state=graded]").length === count,
      BULK_COUNT,
      { timeout: BULK_WITHIN_MS },
    );
    await page
      .getByRole("button", { name: /^Add all|^Add 40 good/ })
      .first()
      .click();
    await page.locator("[data-state=added]").nth(4).waitFor();
    line.cut();
    await page.getByText("trying again in").first().waitFor();
    line.mend();
    await page.waitForFunction(
      (count) => document.querySelectorAll("[data-state=added]").length === count,
      BULK_COUNT,
      { timeout: BULK_WITHIN_MS },
    );
    await expectText(page, "[data-testid=progress]", `${BULK_COUNT} of ${BULK_COUNT} added.`);
    const { totalcount, images = [] } = await client.getImages({ channel: BULK, limit: 1000 });
    expect(totalcount).toBe(BULK_COUNT);
    expect(images.map(({ identifier }) => identifier)).toEqual(
      cuttings(BULK_COUNT).map(({ name }) => name.replace(".jpg", "")),
    );
  });
});

/** No finding of axe-core that is serious or critical. */
async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const findings = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
  });
  expect(findings).toEqual([]);
}

async function fillIn(page: Page, { username, secretkey }: typeof ACCOUNT): Promise<void> {
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Secret key").fill(secretkey);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function signIn(page: Page): Promise<void> {
  await fillIn(page, ACCOUNT);
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

async function expectText(page: Page, selector: string, text: string): Promise<void> {
  await page.waitForFunction(
    ([at, wanted]) => document.querySelector(at as string)?.textContent?.trim() === wanted,
    [selector, text],
  );
}

async function expectShown(image: ReturnType<Page["locator"]>): Promise<void> {
  await image.waitFor();
  expect(
    await image.evaluate(async (element: HTMLImageElement) => {
      await element.decode();
      return element.naturalWidth;
    }),
  ).toBeGreaterThan(0);
}

/** Pieces of the sample pictures, as files that a browser is given. */
function cuttings(count: number) {
  const perSample = Math.ceil(count / SAMPLES.length);
  return SAMPLES.flatMap((identifier) => {
    const { data, width, height } = jpeg.decode(sampleFile(identifier), { useTArray: true });
    const size = Math.floor(Math.min(width, height) / 1.6);
    return Array.from({ length: perSample }, (_, i) => {
      const left = Math.floor(((width - size) * (i % 4)) / 3);
      const top = Math.floor(((height - size) * Math.floor(i / 4)) / 4);
      const rows = Array.from({ length: size }, (_, y) => {
        const at = 4 * ((top + y) * width + left);
        return data.subarray(at, at + 4 * size);
      });
      const buffer = jpeg.encode({ width: size, height: size, data: Buffer.concat(rows) }, 85).data;
      return { name: `${identifier}.${10 + i}.jpg`, mimeType: "image/jpeg", buffer };
    });
  })
    .slice(0, count)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
