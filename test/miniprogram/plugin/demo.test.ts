/** The demo as WeChat's tools would take it: every page and component is there, and its markup compiles. */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, it, vi } from "vitest";

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

/** What a file of the demo gives to Page or Component, as an instance of it. */
function instanceOf(file: string, wx: object): Record<string, (argument?: object) => void> {
  const instance: Record<string, unknown> = {};
  const define = ({ methods = {}, ...rest }: Record<string, object>) => Object.assign(instance, rest, methods);
  new Function("Page", "Component", "wx", readFileSync(join(demo, file), "utf8"))(define, define, wx);
  instance.setData = (data: object, done?: () => void) => {
    Object.assign(instance.data as object, data);
    done?.();
  };
  return instance as Record<string, (argument?: object) => void>;
}

it("a found model's page is opened with its tracking image, once the scan's camera is gone", () => {
  const opened: string[] = [];
  const wx = {
    navigateTo: ({ url }: { url: string }) => opened.push(url),
    getStorageSync: () => "",
    setStorageSync() {},
  };
  const page = instanceOf("pages/scan/scan.js", wx);
  page.onFound?.({ detail: { identifier: "a", track: { url: "https://ar.test/t.jpg" } } });
  page.onOpen?.({ detail: { kind: "model", url: "https://a.test/1.glb" } });
  expect(page.data).toMatchObject({ scanning: false });
  expect(opened).toEqual(["/pages/xr/xr?url=https%3A%2F%2Fa.test%2F1.glb&marker=https%3A%2F%2Far.test%2Ft.jpg"]);
});

it.each([
  [true, 0],
  [false, 1],
])("a tracker that locks in time, %o, vetoes the match so many times: %i", (locks, vetoes) => {
  vi.useFakeTimers();
  const model = instanceOf("components/xr-model/index.js", {});
  const triggerEvent = vi.fn();
  Object.assign(model, { triggerEvent, data: { marker: "https://ar.test/t.jpg" } });
  model.onArReady?.();
  if (locks) model.onSwitch?.({ detail: { value: true } });
  vi.advanceTimersByTime(10_000);
  expect(triggerEvent.mock.calls).toEqual(Array.from({ length: vetoes }, () => ["veto"]));
  vi.useRealTimers();
});

it("is packed as it was built: WeChat's translation to ES5 would make it half as large again, and slower", () => {
  expect(json(join(dist, "project.config.json")).setting.es6).toBe(false);
});

it("the doctor's report has what each source of frames gave, and whether the tracker locked", async () => {
  const wx = { getDeviceInfo: () => ({ model: "phone" }), getAppBaseInfo: () => ({}), isVKSupport: () => true };
  const page = instanceOf("pages/doctor/doctor.js", wx);
  const api = { getStats: () => ({ encodeMs: 20 }), track: async () => ({ locked: true, markerId: 1 }) };
  page.onLoad?.();
  page.onError?.({ detail: { errCode: 11004, errMsg: "no frame arrived" } });
  page.measure?.({ currentTarget: { dataset: { source: "vk" } } });
  page.onReady?.({ detail: { source: "vk", frameWidth: 240, frameHeight: 320, api } });
  page.onStats?.({ detail: { fps: 30 } });
  await page.onFound?.({ detail: { identifier: "a", elapsed: 300 } });
  const report = JSON.parse((page.data as unknown as { report: string }).report);
  expect(report).toMatchObject({
    model: "phone",
    auto: { error: { errCode: 11004 } },
    vk: { frameWidth: 240, stats: { fps: 30 }, encodeMs: 20, elapsed: 300, tracker: { locked: true } },
  });
});
