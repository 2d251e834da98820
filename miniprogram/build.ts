/** `npm run build:miniprogram`: one source, built as a plugin (dist/plugin) and as an npm component (dist/npm), with the demo. */

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

/** WeChat's packages keep to what every supported phone's engine reads. */
const TARGET = "es2018";
const source = fileURLToPath(new URL("plugin", import.meta.url));
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const components = ["ar-scan", "ar-content"];
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Entries require the shared bundle by its place in the package. */
const sharedBundle: Plugin = {
  name: "shared-bundle",
  setup({ onResolve }) {
    onResolve({ filter: /\/lookmark\.ts$/ }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path: path.replace(/\.ts$/, ".js"), external: true },
    );
  },
};

export async function buildMiniprogram(): Promise<void> {
  rmSync(join(dist, "plugin"), { recursive: true, force: true });
  rmSync(join(dist, "npm"), { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, "package.json"), '{ "type": "commonjs" }\n'); // WeChat's modules are; this repository's are not
  await bundle(join(dist, "plugin"));
  cpSync(join(source, "plugin.json"), join(dist, "plugin/plugin.json"));
  await bundle(join(dist, "npm/miniprogram_dist"));
  rmSync(join(dist, "demo"), { recursive: true, force: true });
  cpSync(fileURLToPath(new URL("demo", import.meta.url)), join(dist, "demo"), { recursive: true });
  cpSync(fileURLToPath(new URL("project.config.json", import.meta.url)), join(dist, "project.config.json"));
  const manifest = {
    name: "lookmark-miniprogram",
    version,
    license: "MIT",
    main: "miniprogram_dist/index.js",
    miniprogram: "miniprogram_dist",
  };
  writeFileSync(join(dist, "npm/package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function bundle(outdir: string): Promise<void> {
  const names = ["lookmark", "index", ...components.map((component) => `${component}/index`)];
  await build({
    entryPoints: names.map((name) => join(source, `${name}.ts`)),
    outdir,
    outbase: source,
    bundle: true,
    minify: true,
    format: "cjs",
    platform: "neutral",
    target: TARGET,
    plugins: [sharedBundle],
    define: { LOOKMARK_VERSION: JSON.stringify(version) },
    logLevel: "warning",
  });
  for (const component of components) {
    for (const type of ["json", "wxml", "wxss"]) {
      cpSync(join(source, component, `index.${type}`), join(outdir, component, `index.${type}`));
    }
  }
}

/** Of a folder with all that is in it. */
export function packageBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildMiniprogram();
  console.log(`dist/plugin: ${packageBytes(join(dist, "plugin"))} bytes`);
}
