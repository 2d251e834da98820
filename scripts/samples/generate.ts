/**
 * Draws the sample pictures with Chromium and writes them and samples.json into the site's public folder, and those of the guide to
 * good pictures beside it.
 * Needs Chromium (at /usr/bin/chromium, or where the environment variable CHROMIUM says) and the fonts of fonts.ts.
 */

import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { chromium, type Page } from "playwright-core";
import { cards } from "./cards.ts";
import { covers } from "./covers.ts";
import type { Picture } from "./draw.ts";
import { missingFontPackages } from "./fonts.ts";
import { labels } from "./labels.ts";
import { lessons } from "./lessons.ts";
import { posters } from "./posters.ts";

const folder = new URL("../../worker/site/public/samples/", import.meta.url);
const guide = new URL("../../docs/good-pictures/", import.meta.url);
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const largestBytes = 150_000;

const page = (picture: Picture) => `<!doctype html>
<html lang="zh-CN">
<style>body { margin: 0 } svg { display: block }</style>
<svg xmlns="http://www.w3.org/2000/svg" width="${picture.width}" height="${picture.height}">${picture.draw()}</svg>
</html>`;

/** Takes the JPEG of a picture, in the best quality that keeps the file small. */
async function photograph(tab: Page, picture: Picture) {
  await tab.setViewportSize({ width: picture.width, height: picture.height });
  await tab.setContent(page(picture));
  let jpeg: Buffer;
  let quality = 88;
  do {
    jpeg = await tab.screenshot({ type: "jpeg", quality });
    quality -= 4;
  } while (jpeg.length > largestBytes && quality > 40);
  return jpeg;
}

async function writeAll(drawn: readonly Picture[], into: URL) {
  await mkdir(into, { recursive: true });
  for (const picture of drawn) {
    const jpeg = await photograph(tab, picture);
    await writeFile(new URL(`${picture.identifier}.jpg`, into), jpeg);
    console.log(`${picture.identifier}.jpg ${Math.round(jpeg.length / 1024)} KB`);
  }
}

function describe({ draw, identifier, title, ...rest }: Picture) {
  return { identifier, file: `samples/${identifier}.jpg`, title, kind: identifier.split(".")[0], ...rest };
}

function stopWithout(what: string, howToInstall: string): never {
  console.error(`The sample pictures need ${what}. On Debian or Ubuntu: ${howToInstall}`);
  process.exit(1);
}

if (!existsSync(executablePath)) {
  stopWithout(`Chromium, not found at ${executablePath}`, "apt-get install chromium, or set CHROMIUM to its path");
}
const missing = missingFontPackages();
if (missing.length) stopWithout("more fonts", `apt-get install ${missing.join(" ")}`);

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"],
});
const tab = await browser.newPage();
const pictures = [...posters, ...covers, ...cards, ...labels];
await writeAll(pictures, folder);
await writeAll(lessons, guide);
await browser.close();
await writeFile(new URL("samples.json", folder), `${JSON.stringify(pictures.map(describe), null, 2)}\n`);
