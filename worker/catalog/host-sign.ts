/**
 * WeChat signs each request of a plugin with the plugin's token, in the header X-WECHAT-HOSTSIGN
 * (https://developers.weixin.qq.com/miniprogram/dev/framework/plugin/development.html): so the mini-program that hosts
 * the plugin is known without any secret in it.
 *
 * WeChat renews nonce and time about every ten minutes, so each pair comes many times, and whoever reads a request could
 * repeat its header until it is 15 minutes old: as with a query token, only TLS protects it.
 */

import { failure, type Result, reasons, success } from "../../shared/reason.ts";

/** The ten minutes of a nonce, and five by which clocks differ. */
const WINDOW_SECONDS = 15 * 60;
/** Strict forms, so that no other request has the same text to be signed. */
const REFERER_PATTERN = /^https:\/\/servicewechat\.com\/(wx[0-9a-f]{16})\//;
export const APP_ID_PATTERN = /^wx[0-9a-f]{16}$/;
const NONCE_PATTERN = /^[0-9A-Za-z]{1,64}$/;
const TIME_PATTERN = /^\d{10}$/;
const SIGNATURE_PATTERN = /^[0-9a-f]{40}$/;

interface HostSign {
  readonly noncestr: string;
  readonly timestamp: string;
  readonly signature: string;
}

/** The app id of the mini-program that the request comes from. `now` in ms since 1970; `token` is the plugin's. */
export async function readHostSign(
  header: string,
  referer: string,
  token: string,
  now: number,
): Promise<Result<string>> {
  const appId = REFERER_PATTERN.exec(referer)?.[1];
  const sign = parse(header);
  if (!appId || !sign)
    return failure(reasons.hostSignNotValid("it is not well-formed, or the Referer is not WeChat's"));
  const { noncestr, timestamp, signature } = sign;
  const expected = await sha1([appId, noncestr, timestamp, token].sort().join(""));
  if (!crypto.subtle.timingSafeEqual(bytesOf(signature), expected)) {
    return failure(reasons.hostSignNotValid("the signature is wrong: is it the same plugin's token?"));
  }
  const age = Math.abs(now / 1000 - Number(timestamp));
  return age <= WINDOW_SECONDS ? success(appId) : failure(reasons.hostSignNotValid("it is older than 15 minutes"));
}

function parse(header: string): HostSign | undefined {
  try {
    const { noncestr, timestamp, signature } = JSON.parse(header) as Record<string, unknown>;
    const sign = { noncestr: String(noncestr), timestamp: String(timestamp), signature: String(signature) };
    const valid =
      NONCE_PATTERN.test(sign.noncestr) && TIME_PATTERN.test(sign.timestamp) && SIGNATURE_PATTERN.test(sign.signature);
    return valid ? sign : undefined;
  } catch {
    return undefined;
  }
}

function sha1(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
}

function bytesOf(hexadecimal: string): Uint8Array {
  return Uint8Array.from(hexadecimal.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
