/** Query tokens: short-lived JSON Web Tokens (RFC 7519, HS256) that allow FindImage and GetImage and nothing else. */

import { decode, sign, verify } from "hono/jwt";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { Env } from "../env.ts";
import { directoryOf } from "./accounts.ts";

export interface TokenScope {
  readonly username: string;
  /** The only channel that may be asked; undefined for all of the user's. */
  readonly channel: string | undefined;
}

export async function issueToken(env: Env, { username, channel }: TokenScope, expires: number): Promise<string> {
  return sign(
    { sub: username, exp: expires, ...(channel === undefined ? {} : { channel }) },
    await tokenKey(env),
    "HS256",
  );
}

/** What a token says that it allows, which nobody has checked; undefined where it says nothing. */
export function scopeNamedIn(token: string): TokenScope | undefined {
  try {
    return scopeOf(decode(token).payload);
  } catch {
    return undefined;
  }
}

export async function readToken(env: Env, token: string): Promise<Result<TokenScope>> {
  const signingKey = await tokenKey(env);
  // Whatever is wrong with a token, it is not valid: hono also throws a TypeError at a payload that is no object.
  const payload = await verify(token, signingKey, "HS256").catch(() => undefined);
  const scope = payload && scopeOf(payload);
  return scope && typeof payload.exp === "number" ? success(scope) : failure(reasons.tokenNotValid());
}

function scopeOf({ sub, channel }: Readonly<Record<string, unknown>>): TokenScope | undefined {
  if (typeof sub !== "string") return undefined;
  return { username: sub, channel: typeof channel === "string" ? channel : undefined };
}

/** Kept for the isolate's life: the Directory draws it once and never changes it. */
let key: Promise<string> | undefined;

async function tokenKey(env: Env): Promise<string> {
  key ??= directoryOf(env).tokenKey() as Promise<string>;
  try {
    return await key;
  } catch (error) {
    key = undefined;
    throw error;
  }
}
