/** Builds dist/simulator: the built plugin and a host page, compiled with WeChat's own template compiler, for a browser. */

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildMiniprogram } from "../build.ts";

const { TmplGroup } = createRequire(import.meta.url)("glass-easel-template-compiler");
const here = fileURLToPath(new URL(".", import.meta.url));
export const simulatorFolder = fileURLToPath(new URL("../../dist/simulator", import.meta.url));
const plugin = fileURLToPath(new URL("../../dist/plugin", import.meta.url));
const PX_PER_RPX = 375 / 750;

const builtins: Readonly<Record<string, string>> = {
  view: "<slot/>",
  text: "<slot/>",
  image: '<img src="{{src}}" style="width:100%;height:100%;object-fit:cover"/>',
  video: '<video src="{{src}}" autoplay muted loop style="width:100%;height:100%;object-fit:cover"></video>',
  camera: "",
  canvas: "",
};

interface SpaceFiles {
  readonly id: string;
  readonly folder: string;
  readonly components: readonly string[];
}

export async function buildSimulator(): Promise<void> {
  await buildMiniprogram();
  mkdirSync(simulatorFolder, { recursive: true });
  const spaces: SpaceFiles[] = [
    { id: "plugin", folder: plugin, components: ["ar-content/index", "ar-scan/index"] },
    { id: "", folder: join(here, "page"), components: ["own-overlay", "overlay", "index"] },
  ];
  const templates = Object.entries(builtins).map(
    ([name, wxml]) => `${JSON.stringify(name)}: ${compiled({ [name]: wxml }, name)}`,
  );
  const entry = `import { boot } from ${JSON.stringify(join(here, "runtime.ts"))};
boot({${templates.join(",")}}, [${spaces.map(spaceCode).join(",")}]);`;
  await build({
    stdin: { contents: entry, resolveDir: here, loader: "js" },
    outfile: join(simulatorFolder, "simulator.js"),
    bundle: true,
    format: "iife",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
  });
  cpSync(join(here, "index.html"), join(simulatorFolder, "index.html"));
  if (!existsSync(join(simulatorFolder, "favicon.ico"))) writeFileSync(join(simulatorFolder, "favicon.ico"), "");
}

function spaceCode({ id, folder, components }: SpaceFiles): string {
  const files = Object.fromEntries(
    components.map((name) => [name, markup(readFileSync(join(folder, `${name}.wxml`), "utf8"))]),
  );
  const manifest = join(folder, "plugin.json");
  const publicComponents = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).publicComponents : {};
  const parts = components.map((name) => {
    const scope = `${id || "page"}-${name.replace("/", "-")}`;
    const style = JSON.stringify(stylesheet(readFileSync(join(folder, `${name}.wxss`), "utf8"), scope));
    const json = readFileSync(join(folder, `${name}.json`), "utf8");
    return `${JSON.stringify(name)}: { json: ${json}, scope: "${scope}", style: ${style}, template: ${compiled(files, name)} }`;
  });
  const scripts = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  const modules = scripts.map((file) => {
    const code = readFileSync(join(folder, file), "utf8");
    return `${JSON.stringify(file)}: function (require, module, exports, Component) {${code}\n}`;
  });
  const fields = [`id: "${id}"`, `publicComponents: ${JSON.stringify(publicComponents)}`];
  return `{ ${fields.join(", ")}, components: {${parts.join(",")}}, modules: {${modules.join(",")}} }`;
}

function compiled(files: Readonly<Record<string, string>>, name: string): string {
  const group = new TmplGroup();
  for (const [path, wxml] of Object.entries(files)) group.addTmpl(path, wxml);
  const objects = group.getTmplGenObjectGroups();
  group.free();
  return `((groupList) => ({ groupList, content: groupList[${JSON.stringify(name)}] }))(${objects})`;
}

/** Built-ins are wx-*, as in WeChat's own web view: Chromium has a camera element of its own. */
function markup(wxml: string): string {
  return wxml.replace(new RegExp(`<(/?)(${Object.keys(builtins).join("|")})(?=[\\s/>])`, "g"), "<$1wx-$2");
}

/** Classes get their component's prefix, rpx become px of a phone 375 px wide. */
function stylesheet(wxss: string, scope: string): string {
  return wxss
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(\d*\.?\d+)rpx/g, (_, length) => `${Number(length) * PX_PER_RPX}px`)
    .replace(
      /(^|})([^{}]*)\{/g,
      (_, end, selector) => `${end}${selector.replace(/\.([A-Za-z_][\w-]*)/g, `.${scope}--$1`)}{`,
    );
}
