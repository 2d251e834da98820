/** `<ar-scan>`: properties, lifetimes and the view; the session does the work. */

import { type Properties, Session, type Shown } from "../lookmark.ts";

/** Not on `this`: nothing of it may cross to the view's thread. */
const sessions = new WeakMap<object, Session>();

const shown: Shown = {
  state: "idle",
  screen: "",
  denied: false,
  hint: "",
  targetStyle: "",
  found: null,
  content: null,
};

const ZH = {
  blur: "请保持画面清晰",
  dark: "光线太暗",
  bright: "光线太强",
  motion: "请拿稳手机",
  closer: "移近一点，保持扫描",
  offline: "网络不可用，正在重试",
};

const EN: typeof ZH = {
  blur: "Keep the picture sharp",
  dark: "It is too dark",
  bright: "It is too bright",
  motion: "Hold the phone still",
  closer: "Move closer and keep scanning",
  offline: "No network, trying again",
};

Component({
  options: { multipleSlots: true, styleIsolation: "isolated" },
  externalClasses: ["arscan-class", "mask-class"],
  behaviors: ["wx://component-export"],
  properties: {
    endpoint: { type: String, value: "" },
    channel: { type: String, value: "" },
    token: { type: String, value: "" },
    source: { type: String, value: "auto" },
    autoStart: { type: Boolean, value: true },
    active: { type: Boolean, value: true },
    interval: { type: Number, value: 400 },
    timeout: { type: Number, value: 8000 },
    maxEdge: { type: Number, value: 640 },
    quality: { type: Number, value: 60 },
    roi: { type: Array, value: [] as number[] },
    frameSize: { type: String, value: "medium" },
    resolution: { type: String, value: "medium" },
    devicePosition: { type: String, value: "back" },
    flash: { type: String, value: "off" },
    zoom: { type: Number, value: 1 },
    stopOnFound: { type: Boolean, value: true },
    repeatAfter: { type: Number, value: 2000 },
    keepTracking: { type: Boolean, value: false },
    showMask: { type: Boolean, value: true },
    showContent: { type: Boolean, value: true },
    vibrate: { type: Boolean, value: true },
    language: { type: String, value: "" },
    debug: { type: Boolean, value: false },
  },
  data: { ...shown, hints: ZH },
  observers: {
    "token, interval, timeout, maxEdge, quality, roi, stopOnFound, repeatAfter, keepTracking"() {
      sessions.get(this)?.configure();
    },
    active(active: boolean) {
      sessions.get(this)?.setActive(active);
    },
    language() {
      this.setData({ hints: hintsIn(this.properties.language) });
    },
    zoom(zoom: number) {
      sessions.get(this)?.setZoom(zoom);
    },
  },
  lifetimes: {
    attached() {
      const session = new Session({
        properties: () => this.properties as unknown as Properties,
        show: (data) => this.setData(changed(data, this.data)),
        tell: (name, detail) => this.triggerEvent(name, detail),
        measure: () =>
          new Promise((resolve) => {
            const query = this.createSelectorQuery();
            query
              .select(".ar-scan")
              .boundingClientRect(({ width, height }) => resolve({ width, height }))
              .exec();
          }),
        canvas: () =>
          new Promise((resolve) => {
            const query = this.createSelectorQuery();
            query
              .select(".canvas")
              .fields({ node: true }, ({ node }) => resolve(node))
              .exec();
          }),
      });
      sessions.set(this, session);
      this.setData({ hints: hintsIn(this.properties.language) });
      session.attach();
    },
    detached() {
      sessions.get(this)?.detach();
      sessions.delete(this);
    },
  },
  pageLifetimes: {
    show() {
      sessions.get(this)?.pageShown();
    },
    hide() {
      sessions.get(this)?.pageHidden();
    },
    resize() {
      sessions.get(this)?.viewResized();
    },
  },
  methods: {
    onCameraReady({ detail }: { detail?: { maxZoom?: number } }) {
      sessions.get(this)?.cameraReady(detail?.maxZoom);
    },
    onCameraStop() {
      sessions.get(this)?.cameraStopped();
    },
    onCameraError({ detail }: { detail?: { errMsg?: string } }) {
      sessions.get(this)?.cameraFailed(detail?.errMsg ?? "unknown");
    },
    onOpen({ detail }: { detail: Parameters<Session["open"]>[0] }) {
      sessions.get(this)?.open(detail);
    },
  },
  export() {
    return sessions.get(this)?.api ?? {};
  },
});

/** Crossing to the view is the dearest step of a frame: only what differs goes. */
function changed(data: Partial<Shown>, now: Partial<Shown>): Partial<Shown> {
  const rest: Partial<Record<keyof Shown, unknown>> = {};
  for (const name of Object.keys(data) as (keyof Shown)[]) if (data[name] !== now[name]) rest[name] = data[name];
  return rest as Partial<Shown>;
}

/** As the host says, else as WeChat's own interface is. */
function hintsIn(language: string): typeof ZH {
  const spoken = language || (typeof wx.getAppBaseInfo === "function" ? wx.getAppBaseInfo().language : "zh");
  return spoken.startsWith("zh") ? ZH : EN;
}
