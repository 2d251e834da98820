/**
 * `npm run build:webar`: `<lookmark-scan>` as one ES module, for the Worker to serve (worker/site/dist/webar, with the full-screen
 * page) and as an npm package (dist/webar).
 */

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Safari 17.4, Chrome 116, Firefox 126: the first with all that is used, such as AbortSignal.any. */
const TARGET = "es2022";
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const served = path("../worker/site/dist/webar");
export const packageFolder = path("../dist/webar");
export const moduleFile = join(served, "lookmark-scan.js");

export async function buildWebar(): Promise<void> {
  for (const folder of [served, packageFolder]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  await bundle([path("lookmark-scan.ts"), path("page/page.ts")]);
  for (const file of ["index.html", "page.css"]) cpSync(path(`page/${file}`), join(served, file));
  pack();
}

async function bundle(entryPoints: string[]): Promise<void> {
  await build({
    entryPoints,
    entryNames: "[name]",
    outdir: served,
    bundle: true,
    minify: true,
    format: "esm",
    target: TARGET,
    loader: { ".css": "text" },
    logLevel: "warning",
  });
}

function pack(): void {
  const { version } = JSON.parse(readFileSync(path("../package.json"), "utf8"));
  const manifest = {
    name: "lookmark-webar",
    version,
    description: "<lookmark-scan>: image recognition for AR on web pages, asking a Lookmark deployment",
    license: "MIT",
    type: "module",
    sideEffects: true,
    exports: { ".": { types: "./lookmark-scan.d.ts", default: "./lookmark-scan.js" } },
  };
  writeFileSync(join(packageFolder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(moduleFile, join(packageFolder, "lookmark-scan.js"));
  cpSync(path("api.ts"), join(packageFolder, "lookmark-scan.d.ts"));
  for (const file of ["README.md", "../LICENSE"]) cpSync(path(file), join(packageFolder, file.replace("../", "")));
}

/** As it goes over the network. */
export function gzipBytes(file: string): number {
  return gzipSync(readFileSync(file)).length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildWebar();
  console.log(`/webar/lookmark-scan.js: ${gzipBytes(moduleFile)} bytes gzip`);
}
