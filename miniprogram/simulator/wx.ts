/** The part of WeChat's `wx` that the component calls, on web APIs; and what the simulator's panel turns. */

import { createVKSession } from "./visionkit.ts";

/** Short side of the frames by the camera's frame-size, px. */
const SHORT_SIDES_PX: Readonly<Record<string, number>> = { small: 288, medium: 480, large: 720 };
/** Of a phone's interpreter to this machine's JIT, in the scanner's work on a frame. */
const NO_JIT_FACTOR = 12;

export interface SimulatedCamera {
  readonly video: HTMLVideoElement;
  readonly frameSize: () => string;
}

interface Call {
  readonly url: string;
  readonly method?: string;
  readonly header?: Record<string, string>;
  readonly data?: BodyInit;
  readonly timeout?: number;
  success?(answer: { statusCode: number; data: unknown; header: Record<string, string> }): void;
  fail?(error: { errMsg: string }): void;
}

/** The page's one camera. */
let camera: SimulatedCamera | undefined;

export function setCamera(opened: SimulatedCamera | undefined): void {
  camera = opened;
}

const number = (id: string) => Number((document.getElementById(id) as HTMLInputElement).value);
const address = new URLSearchParams(location.search);

export const wx = {
  createVKSession: (options: { gl: WebGLRenderingContext }) => slowly(createVKSession(options)),
  getWindowInfo: () => ({ pixelRatio: devicePixelRatio }),
  getAppBaseInfo: () => ({ language: navigator.language.replace("-", "_") }),
  canvasToTempFilePath: ({ canvas, success }: { canvas: HTMLCanvasElement; success(file: object): void }) =>
    success({ tempFilePath: canvas.toDataURL("image/jpeg") }),
  createCameraContext: () => ({ onCameraFrame, takePhoto, setZoom: () => {} }),
  request,
  vibrateShort: () => navigator.vibrate?.(30),
  onNetworkStatusChange: (listen: (status: { isConnected: boolean }) => void) =>
    addEventListener("online", () => listen({ isConnected: true })),
  offNetworkStatusChange: () => {},
  getStorageSync: (key: string) => sessionStorage.getItem(key) ?? "",
  setStorage: ({ key, data }: { key: string; data: unknown }) => sessionStorage.setItem(key, String(data)),
  simulator: {
    page: address.get("page") ?? "index",
    options: {
      endpoint: address.get("endpoint") ?? location.origin,
      channel: address.get("channel") ?? "",
      token: "",
      source: address.get("source") ?? "auto",
      frameSize: address.get("frameSize") ?? "medium",
      resolution: address.get("resolution") ?? "medium",
      devicePosition: address.get("devicePosition") ?? "back",
      flash: address.get("flash") ?? "auto",
      keepTracking: true,
    },
    api: undefined as { start(): void; stop(): void; scanAgain(): void } | undefined,
    /** The component's own work on the last frame, and how long that blocked the thread, ms. */
    lastFrame: { workMs: 0, blockedMs: 0 },
    /** For tests: a frame that the component has just dealt with. */
    afterFrame: undefined as ((rgba: Uint8ClampedArray, width: number, height: number) => void) | undefined,
    events: [] as { name: string; detail: unknown }[],
    renewToken: async () => ((await (await fetch("token", { method: "POST" })).json()) as { token: string }).token,
    log(name: string, detail: unknown) {
      wx.simulator.events.push({ name, detail });
      const text = JSON.stringify(detail, (key, value) => (key === "api" ? undefined : value));
      document.getElementById("log")?.prepend(`${name} ${text}\n`);
    },
  },
};

type TakeFrame = (frame: { data: ArrayBufferLike; width: number; height: number }) => void;

function onCameraFrame(take: TakeFrame) {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  let running = false;
  const tick = () => {
    if (!running || !camera || !context) return;
    const { video } = camera;
    const scale = (SHORT_SIDES_PX[camera.frameSize()] ?? 480) / Math.min(video.videoWidth, video.videoHeight);
    const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    if (context.canvas.width !== width) Object.assign(context.canvas, { width, height });
    context.drawImage(video, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    work(() => take({ data: data.buffer, width, height }));
    wx.simulator.afterFrame?.(data, width, height);
    video.requestVideoFrameCallback(tick);
  };
  return {
    start(_: object) {
      running = true;
      camera?.video.requestVideoFrameCallback(tick);
    },
    stop() {
      running = false;
    },
  };
}

/** The component's work on a frame, which the panel may slow down: the thread is blocked, as it is by slow code. */
function work(act: () => void): void {
  const start = performance.now();
  act();
  const workMs = performance.now() - start;
  const factor = (document.getElementById("slow") as HTMLInputElement).checked ? NO_JIT_FACTOR : 1;
  while (performance.now() - start < factor * workMs);
  const blockedMs = performance.now() - start;
  wx.simulator.lastFrame = { workMs, blockedMs };
  const shown = document.getElementById("frame-ms");
  if (shown) shown.textContent = blockedMs.toFixed(1);
}

/** A session whose frames are worked on as the panel says, and are seen by tests. */
function slowly(session: ReturnType<typeof createVKSession>) {
  let shown: ImageData | undefined;
  return {
    ...session,
    requestAnimationFrame: (callback: () => void) =>
      session.requestAnimationFrame(() => {
        work(callback);
        if (shown) wx.simulator.afterFrame?.(shown.data, shown.width, shown.height);
      }),
    getVKFrame(width: number, height: number) {
      const frame = session.getVKFrame(width, height);
      shown = frame?.shown;
      return frame;
    },
  };
}

function takePhoto({ fail }: { fail(error: { errMsg: string }): void }): void {
  fail({ errMsg: "takePhoto:fail the simulator has none" });
}

function request(call: Call): { abort(): void } {
  const ending = new AbortController();
  void answerTo(call, ending.signal);
  return { abort: () => ending.abort() };
}

async function answerTo(
  { url, method = "GET", header, data, timeout = 60_000, success, fail }: Call,
  end: AbortSignal,
) {
  const signal = AbortSignal.any([end, AbortSignal.timeout(timeout)]);
  const lost = 100 * Math.random() < number("loss");
  const answerIsLost = lost && Math.random() < 0.5;
  try {
    await wait(number("delay"), signal);
    if (lost && !answerIsLost) throw new Error("the question was lost by the simulator");
    const response = await fetch(url, { method, headers: header ?? {}, body: data ?? null, signal });
    const text = await response.text();
    if (answerIsLost) throw new Error("the answer was lost by the simulator");
    success?.({ statusCode: response.status, data: parsed(text), header: Object.fromEntries(response.headers) });
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    fail?.({ errMsg: `request:fail ${late ? "timeout" : String(error)}` });
  }
}

/** Rejects with the signal's reason when it comes first. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, ms);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** WeChat gives text where the answer is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
