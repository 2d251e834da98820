/** The demo as WeChat's tools would take it: every page and component is there, and its markup compiles. */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, it } from "vitest";

const { TmplGroup } = createRequire(import.meta.url)("glass-easel-template-compiler");
const dist = join(import.meta.dirname, "../../../dist");
const demo = join(dist, "demo");
const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));

it("the project names the plugin's and the demo's folders", () => {
  const project = json(join(dist, "project.config.json"));
  expect(project.compileType).toBe("plugin");
  expect(existsSync(join(dist, project.pluginRoot, "plugin.json"))).toBe(true);
  expect(existsSync(join(dist, project.miniprogramRoot, "app.json"))).toBe(true);
});

it.each(json(join(import.meta.dirname, "../../../miniprogram/demo/app.json")).pages as string[])(
  "the page %s is whole",
  (page) => {
    const { usingComponents = {} } = json(join(demo, `${page}.json`));
    for (const path of Object.values<string>(usingComponents)) {
      const file = path.startsWith("plugin://lookmark/")
        ? join(dist, "plugin", path.slice(18), "index.js")
        : join(demo, `${path}.js`);
      expect(existsSync(file)).toBe(true);
    }
    const group = new TmplGroup();
    group.addTmpl(page, readFileSync(join(demo, `${page}.wxml`), "utf8"));
    expect(group.getTmplGenObjectGroups()).toContain(page);
    group.free();
    expect(() => new Function("Page", "wx", readFileSync(join(demo, `${page}.js`), "utf8"))).not.toThrow();
  },
);
