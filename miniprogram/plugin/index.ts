/** `requirePlugin("lookmark")`: the JavaScript interface, with the names that Kivicube's scanner has. */

import {
  ask,
  currentScan,
  type defaults as Defaults,
  defaults,
  hasVisionKit,
  keepLatestToken,
  latestToken,
  wake,
} from "./lookmark.ts";

export { trackOnDevice } from "./lookmark.ts";

declare const LOOKMARK_VERSION: string;
/** Of this package, n.n.n. */
export const version: string = LOOKMARK_VERSION;

/** Of every page's `<ar-scan>` that does not say otherwise; a secret key must never be here. */
export function setDefaults(values: Partial<typeof Defaults>): void {
  Object.assign(defaults, values);
}

/**
 * On a page before the scan: opens the connection and asks `getToken` for a token, which the first question then need not wait for.
 * Resolves with whether the deployment answers; a token that cannot be had is asked for again by the scan.
 */
export async function preload(): Promise<boolean> {
  const token = defaults.getToken?.().then(keepLatestToken, () => {});
  const [answers] = await Promise.all([wake(defaults.endpoint, PRELOAD_TIMEOUT_MS), token]);
  return answers;
}

/** The next picture that the page's `<ar-scan>` finds; undefined where `stopCloudar` comes before. */
export async function startCloudar(): Promise<{ identifier: string; metadata: string } | undefined> {
  const scan = currentScan();
  if (!scan) throw new Error("startCloudar: there is no <ar-scan> on the page");
  const found = await scan.scanOnce();
  return found ? { identifier: found.identifier, metadata: found.metadataText } : undefined;
}

export function stopCloudar(): void {
  currentScan()?.stop();
}

/** What a picture shows that is at hand already, such as one from the album. Rejects with `{errCode, errMsg}`. */
export async function recognize(picture: {
  filePath?: string;
  arrayBuffer?: ArrayBuffer;
  channel?: string;
  token?: string;
}) {
  const { filePath, arrayBuffer, channel = defaults.channel, token = latestToken() } = picture;
  if (!filePath && !arrayBuffer) throw new TypeError("recognize: give filePath or arrayBuffer");
  const sent = filePath
    ? ({ kind: "file", path: filePath } as const)
    : ({ kind: "jpeg", bytes: new Uint8Array(arrayBuffer as ArrayBuffer) } as const);
  const access = {
    endpoint: defaults.endpoint,
    channel,
    token,
    timeoutMs: RECOGNIZE_TIMEOUT_MS,
    renewToken: defaults.getToken,
  };
  const outcome = await ask(sent, access, keepLatestToken).outcome;
  if (outcome.kind === "failed" || outcome.kind === "refused") throw outcome.fault;
  return outcome.kind === "hit" ? outcome.hit : null;
}

/** Whether this phone has a camera for mini-programs. */
export function isSupported(): boolean {
  return typeof wx.createCameraContext === "function" || hasVisionKit();
}

const PRELOAD_TIMEOUT_MS = 8000;
const RECOGNIZE_TIMEOUT_MS = 15_000;
