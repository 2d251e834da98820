/** The part of WeChat's `wx` that the component calls, on web APIs; and what the simulator's panel turns. */

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
  createCameraContext: () => ({ onCameraFrame, takePhoto, setZoom: () => {} }),
  request,
  vibrateShort: () => navigator.vibrate?.(30),
  onNetworkStatusChange: (listen: (status: { isConnected: boolean }) => void) =>
    addEventListener("online", () => listen({ isConnected: true })),
  offNetworkStatusChange: () => {},
  getStorageSync: (key: string) => sessionStorage.getItem(key) ?? "",
  setStorage: ({ key, data }: { key: string; data: unknown }) => sessionStorage.setItem(key, String(data)),
  simulator: {
    options: {
      endpoint: address.get("endpoint") ?? location.origin,
      channel: address.get("channel") ?? "",
      token: "",
      keepTracking: true,
    },
    api: undefined as { scanAgain(): void } | undefined,
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
    const start = performance.now();
    take({ data: data.buffer, width, height });
    wx.simulator.afterFrame?.(data, width, height);
    if ((document.getElementById("slow") as HTMLInputElement).checked)
      idle((performance.now() - start) * (NO_JIT_FACTOR - 1));
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

/** Blocks the thread, as slow code does. */
function idle(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
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
