/** A phone for component tests: the `wx` that the plugin calls, played by the test, and a host page around `<ar-scan>`. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { Api } from "../../../miniprogram/plugin/api.ts";
import type { FakeVisionKit } from "./visionkit.ts";

const require = createRequire(import.meta.url);
const simulate = require("miniprogram-simulate");
const plugin = join(import.meta.dirname, "../../../dist/plugin");

/** miniprogram-simulate knows no generics: the defaults are made ordinary components, in a copy of the package. */
function withoutGenerics(): string {
  const copy = mkdtempSync(join(tmpdir(), "lookmark-plugin-"));
  process.once("exit", () => rmSync(copy, { recursive: true, force: true }));
  cpSync(plugin, copy, { recursive: true });
  const file = join(copy, "ar-scan/index.json");
  const { componentGenerics, ...config } = JSON.parse(readFileSync(file, "utf8"));
  const defaults = Object.entries<{ default: string }>(componentGenerics).map(([name, generic]) => [
    name,
    generic.default,
  ]);
  writeFileSync(file, JSON.stringify({ ...config, usingComponents: Object.fromEntries(defaults) }));
  return join(copy, "ar-scan/index");
}

export interface Request {
  readonly url: string;
  readonly data: ArrayBuffer;
  readonly filePath?: string;
  readonly formData?: Record<string, string>;
  readonly timeout: number;
  readonly header: Record<string, string>;
  success(answer: { statusCode: number; data: unknown; header?: Record<string, string> }): void;
  fail(error: { errMsg: string }): void;
}

export interface Phone {
  readonly requests: Request[];
  readonly abortedCount: () => number;
  readonly listening: () => boolean;
  readonly zooms: number[];
  readonly vibrations: () => number;
  readonly photoCount: () => number;
  frame(frame: { data: Uint8Array; width: number; height: number }): void;
  networkBack(): void;
  /** What the plugin has kept in the phone's storage. */
  readonly storage: Map<string, unknown>;
}

export interface Abilities {
  readonly frames?: boolean;
  readonly photos?: boolean;
  readonly visionKit?: FakeVisionKit;
}

type Listener = (frame: { data: ArrayBuffer; width: number; height: number }) => void;

export function installPhone({ frames = true, photos = true, visionKit }: Abilities = {}): Phone {
  const requests: Request[] = [];
  const listeners = new Set<Listener>();
  const network = new Set<(status: { isConnected: boolean }) => void>();
  const zooms: number[] = [];
  const storage = new Map<string, unknown>();
  let [aborted, vibrations, photoCount] = [0, 0, 0];
  const call = (request: Request) => {
    requests.push(request);
    return { abort: () => void aborted++ };
  };
  const context = {
    onCameraFrame: (take: Listener) => ({
      start: ({ fail }: { fail(error: { errMsg: string }): void }) =>
        frames ? listeners.add(take) : fail({ errMsg: "start:fail not supported in plugin" }),
      stop: () => listeners.delete(take),
    }),
    takePhoto: ({ success, fail }: { success(photo: object): void; fail(error: object): void }) => {
      photoCount++;
      if (photos) success({ tempImagePath: `wxfile://photo${photoCount}.jpg` });
      else fail({ errMsg: "takePhoto:fail" });
    },
    setZoom: ({ zoom }: { zoom: number }) => zooms.push(zoom),
  };
  (globalThis as Record<string, unknown>).wx = {
    ...visionKit?.platform,
    getAppBaseInfo: () => ({ language: "zh_CN" }),
    createCameraContext: () => context,
    request: call,
    uploadFile: call,
    vibrateShort: () => void vibrations++,
    onNetworkStatusChange: (listen: () => void) => network.add(listen),
    offNetworkStatusChange: (listen: () => void) => network.delete(listen),
    getStorageSync: (key: string) => storage.get(key) ?? "",
    setStorage: ({ key, data }: { key: string; data: unknown }) => storage.set(key, data),
    getImageInfo: ({ success }: { success(size: object): void }) => success({ width: 1080, height: 1440 }),
  };
  return {
    requests,
    zooms,
    storage,
    abortedCount: () => aborted,
    listening: () => listeners.size > 0,
    vibrations: () => vibrations,
    photoCount: () => photoCount,
    frame({ data, width, height }) {
      for (const take of listeners) take({ data: data.buffer as ArrayBuffer, width, height });
    },
    networkBack() {
      for (const listen of network) listen({ isConnected: true });
    },
  };
}

export interface Page {
  readonly events: { readonly name: string; readonly detail: Record<string, unknown> }[];
  readonly api: () => Api;
  details(name: string): Record<string, unknown>[];
  has(selector: string): boolean;
  styleOf(selector: string): string;
  textOf(selector: string): string;
  /** As the page's HTML has it. */
  attributeOf(selector: string, name: string): string;
  set(data: Record<string, unknown>): Promise<void>;
  /** What the component is given where it asks for its canvas: there is none in jsdom. */
  giveCanvas(canvas: object): void;
  fire(selector: string, name: string, detail?: object): Promise<void>;
  lifetime(name: "show" | "hide" | "resize"): void;
  detach(): void;
}

const EVENTS = ["ready", "statechange", "found", "lost", "miss", "hint", "stats", "error", "open"];
let componentId: string;

/** `attributes` as in a host's WXML. */
export function openPage(attributes = "", data: Record<string, unknown> = {}, endpoint = "https://ar.test/"): Page {
  componentId ??= simulate.load(withoutGenerics(), "ar-scan", { compiler: "simulate" });
  const events: Page["events"] = [];
  const bindings = EVENTS.map((name) => `bind:${name}="on_${name}"`).join(" ");
  const methods = Object.fromEntries(
    EVENTS.map((name) => [
      `on_${name}`,
      ({ detail }: { detail: Record<string, unknown> }) => events.push({ name, detail }),
    ]),
  );
  const hostId = simulate.load({
    usingComponents: { "ar-scan": componentId },
    template: `<ar-scan id="scan" endpoint="${endpoint}" channel="demo" ${attributes} ${bindings}>
      <view slot="scanning" class="slot-scanning"></view><view slot="target" class="slot-target"></view>
      <view slot="denied" class="slot-denied"></view><view class="slot-default"></view></ar-scan>`,
    data,
    methods,
  });
  const page = simulate.render(hostId);
  page.attach(document.createElement("div"));
  const find = (selector: string) => page.querySelector(selector);
  return {
    events,
    api: () => page.instance.selectComponent("#scan"),
    details: (name) => events.filter((event) => event.name === name).map(({ detail }) => detail),
    has: (selector) => Boolean(find(selector)),
    styleOf: (selector) => find(selector)?.dom.getAttribute("style") ?? "",
    textOf: (selector) => find(selector)?.dom.textContent ?? "",
    attributeOf: (selector, name) => find(selector)?.dom.getAttribute(name) ?? "",
    giveCanvas(canvas) {
      const { instance } = find("#scan");
      const query = instance.createSelectorQuery;
      instance.createSelectorQuery = () => {
        const made = query();
        const { select } = made;
        made.select = (selector: string) =>
          selector === ".canvas"
            ? { fields: (_: object, take: (node: object) => void) => ({ exec: () => take({ node: canvas }) }) }
            : select.call(made, selector);
        return made;
      };
    },
    async set(values) {
      page.setData(values);
      await settle();
    },
    async fire(selector, name, detail = {}) {
      find(selector).dispatchEvent(name, { detail });
      await settle();
    },
    lifetime: (name) => page.triggerPageLifeTime(name, {}),
    detach: () => page.detach(),
  };
}

/** Promises and the view's own timers. */
export async function settle(ms = 1): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}
