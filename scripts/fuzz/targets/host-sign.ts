/** X-WECHAT-HOSTSIGN headers and Referers that are nearly WeChat's: none may be taken whose signature is not. */

import { createHash, timingSafeEqual } from "node:crypto";
import type { Random } from "../../../shared/random.ts";
import { readHostSign } from "../../../worker/catalog/host-sign.ts";
import { chance, damaged, pick } from "../mutate.ts";
import type { Target } from "../target.ts";

const TOKEN = "plugin.token";
const APPS = ["wx0123456789abcdef", "wxfedcba9876543210"];
const NOW_SECONDS = 1_711_421_951;
const NONCES = ["44729805311ed2cd0ac08f8b4cac5114", "0", "Z".repeat(64), "Z".repeat(65), "", "a b", "1711421951"];
const TIMES = [NOW_SECONDS, String(NOW_SECONDS), NOW_SECONDS - 900, NOW_SECONDS - 901, 0, -1, 1e21, "1e9", null];
const encoder = new TextEncoder();

// workerd has it in SubtleCrypto, Node in node:crypto.
Object.assign(crypto.subtle, { timingSafeEqual });

export const hostSign: Target = { draw, execute };

/** The Referer in the first line, then the header. */
function draw(random: Random): Uint8Array {
  const appId = pick(random, APPS);
  const noncestr = pick(random, NONCES);
  const timestamp = pick(random, TIMES);
  const signature = sha1(appId, noncestr, String(timestamp), chance(random, 0.8) ? TOKEN : "another");
  const sign = pick(random, [
    { noncestr, timestamp, signature },
    { noncestr, timestamp, signature },
    { noncestr, timestamp, signature: signature.toUpperCase() },
    { noncestr: [noncestr], timestamp, signature },
    { noncestr, timestamp, signature: { toString: "x" } },
    { timestamp, signature },
    null,
    [signature],
  ]);
  const path = pick(random, ["/12/page-frame.html", "/", "", "/../wx1111111111111111/"]);
  const bytes = encoder.encode(`https://servicewechat.com/${appId}${path}\n${JSON.stringify(sign)}`);
  return chance(random, 0.6) ? damaged(random, bytes) : bytes;
}

async function execute(input: Uint8Array): Promise<string | undefined> {
  const [referer = "", header = ""] = new TextDecoder().decode(input).split("\n");
  const appId = await readHostSign(header, referer, TOKEN, 1000 * NOW_SECONDS);
  if (!appId.ok)
    return appId.reason.returncode === 30003 ? undefined : `it was refused with ${appId.reason.returncode}`;
  const { noncestr, timestamp, signature } = JSON.parse(header);
  const isRight = signature === sha1(appId.value, String(noncestr), String(timestamp), TOKEN);
  return isRight && referer.includes(appId.value) ? undefined : `it was taken for ${appId.value}`;
}

function sha1(...texts: string[]): string {
  return createHash("sha1").update(texts.sort().join("")).digest("hex");
}
