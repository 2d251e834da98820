/** Query tokens of right form with other content, other algorithms, other signatures: none may be taken but those that were issued. */

import { createHmac } from "node:crypto";
import type { Random } from "../../../shared/random.ts";
import { readToken } from "../../../worker/catalog/tokens.ts";
import type { Env } from "../../../worker/env.ts";
import { below, chance, damaged, pick } from "../mutate.ts";
import type { Target } from "../target.ts";

const KEY = "the key that the Directory drew";
const USER = "ada";
/** In the year 2096. */
const EXPIRES = 4_000_000_000;
const HEADERS = [
  { alg: "HS256", typ: "JWT" },
  { alg: "HS384", typ: "JWT" },
  { alg: "none", typ: "JWT" },
  { alg: "RS256" },
  { alg: "HS256", typ: "JWT", kid: "../key", jku: "https://example.com" },
  { typ: "JWT" },
  null,
  [],
];
const PAYLOADS = [
  { sub: USER, exp: EXPIRES },
  { sub: USER, exp: EXPIRES, channel: "museum" },
  { sub: USER, exp: 1 },
  { sub: USER, exp: -1 },
  { sub: USER, exp: "4000000000" },
  { sub: USER },
  { sub: 7, exp: EXPIRES },
  { sub: USER, exp: EXPIRES, channel: ["museum"] },
  { sub: USER, exp: EXPIRES, nbf: EXPIRES },
  { sub: USER, exp: EXPIRES, iat: EXPIRES },
  null,
  "text",
  [],
];
const KEYS = [KEY, KEY, "", "another key"];

/** Tokens are signed by a key that only the Directory has; this stands for it. */
const env = {
  DIRECTORY: { idFromName: () => "", get: () => ({ tokenKey: async () => KEY }) },
} as unknown as Env;

export const token: Target = { draw, execute };

function draw(random: Random): Uint8Array {
  const text = `${encode(pick(random, HEADERS))}.${encode(pick(random, PAYLOADS))}`;
  const signature = createHmac(pick(random, ["sha256", "sha256", "sha512"]), pick(random, KEYS)).update(text);
  const bytes = new TextEncoder().encode(`${text}.${signature.digest("base64url")}`);
  let changed: Uint8Array = bytes;
  if (chance(random, 0.7)) for (let i = 1 + below(random, 3); i > 0; i--) changed = damaged(random, changed);
  return changed;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

async function execute(input: Uint8Array): Promise<string | undefined> {
  const text = new TextDecoder().decode(input);
  const scope = await readToken(env, text);
  if (!scope.ok)
    return scope.reason.returncode === 30003 ? undefined : `it was refused with ${scope.reason.returncode}`;
  const { username, channel } = scope.value;
  if (username !== USER) return `it was taken for ${username}`;
  return isIssued(text) ? undefined : `it was taken, for ${channel}, though its signature is wrong or its time is over`;
}

/** By Node's own HMAC, not by the code under test. Base64 has more than one spelling of the same bytes. */
function isIssued(text: string): boolean {
  const [header, payload = "", signature = ""] = text.split(".");
  const expected = createHmac("sha256", KEY).update(`${header}.${payload}`).digest();
  if (!expected.equals(Buffer.from(signature, "base64url"))) return false;
  const { exp } = JSON.parse(Buffer.from(payload, "base64url").toString());
  return typeof exp === "number" && 1000 * exp > Date.now();
}
