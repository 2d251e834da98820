/** The built packages: small enough, and at home where there is neither Node nor a browser. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { describe, expect, it } from "vitest";
import { packageBytes } from "../../../miniprogram/build.ts";

const dist = fileURLToPath(new URL("../../../dist", import.meta.url));
const PLUGIN_BYTES_MAX = 60_000;

/** Runs a package in a context that has the language and nothing else; collects what it gives to Component. */
function runBare(folder: string) {
  const components: Record<string, unknown>[] = [];
  const requests: { url: string; data: ArrayBuffer }[] = [];
  const wx = { request: (request: { url: string; data: ArrayBuffer }) => requests.push(request) };
  const context = vm.createContext({
    wx,
    Component: (definition: Record<string, unknown>) => components.push(definition),
  });
  const loaded = new Map<string, { exports: Record<string, unknown> }>();
  const load = (file: string): Record<string, unknown> => {
    const known = loaded.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const wrapped = vm.runInContext(`(function (require, module, exports) {${readFileSync(file, "utf8")}\n})`, context);
    wrapped((path: string) => load(join(dirname(file), path)), module, module.exports);
    return module.exports;
  };
  return {
    components,
    requests,
    plugin: load(join(folder, "index.js")),
    load: () => load(join(folder, "ar-scan/index.js")),
  };
}

describe.each(["plugin", "npm/miniprogram_dist"])("the package dist/%s", (name) => {
  const folder = join(dist, name);

  it("runs without Node, DOM and Buffer: its interface, its component and a question", () => {
    const { components, requests, plugin, load } = runBare(folder);
    load();
    expect(Object.keys(plugin).sort()).toEqual([
      "isSupported",
      "preload",
      "recognize",
      "setDefaults",
      "startCloudar",
      "stopCloudar",
      "trackOnDevice",
      "version",
    ]);
    expect(plugin.version).toMatch(/^\d{1,3}(\.\d{1,3}){2}$/);
    expect(components[0]).toMatchObject({ externalClasses: ["arscan-class", "mask-class"] });
    (plugin.setDefaults as (values: object) => void)({ endpoint: "https://ar.test", channel: "通道" });
    (plugin.recognize as (picture: object) => Promise<unknown>)({ arrayBuffer: new ArrayBuffer(8) });
    expect(requests[0]?.url).toBe("https://ar.test/FindImage");
    expect(Buffer.from(requests[0]?.data as ArrayBuffer).toString()).toContain("通道");
  });

  it("names only components that it has, and weighs no more than it may", () => {
    for (const component of ["ar-scan", "ar-content"]) {
      const { component: isComponent } = JSON.parse(readFileSync(join(folder, component, "index.json"), "utf8"));
      expect(isComponent).toBe(true);
    }
    expect(packageBytes(folder)).toBeLessThan(PLUGIN_BYTES_MAX);
  });
});

it("the plugin publishes the component, and the npm package says where it is", () => {
  const plugin = JSON.parse(readFileSync(join(dist, "plugin/plugin.json"), "utf8"));
  expect(plugin).toMatchObject({ publicComponents: { "ar-scan": "ar-scan/index" }, main: "index.js" });
  const manifest = JSON.parse(readFileSync(join(dist, "npm/package.json"), "utf8"));
  expect(manifest).toMatchObject({ miniprogram: "miniprogram_dist" });
});
