/**
 * Who may do what. Accounts are looked up in KV, which is the edge's copy of the Directory and never older than a
 * minute; a name that KV does not know is asked of the Directory, so that new accounts work at once.
 */

import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { Env } from "../env.ts";
import type { Channel, Directory, User } from "./directory.ts";
import { NO_SECRET, secretMatches } from "./secrets.ts";

const FRESH_MS = 60_000;
/** The least that KV accepts, seconds. */
const KV_TTL_SECONDS = 60;
const VERIFIED_MOST = 1000;

export function directoryOf(env: Env): DurableObjectStub<Directory> {
  return env.DIRECTORY.get(env.DIRECTORY.idFromName("directory"));
}

/** Checks username and secret. Never says which of them was wrong. */
export async function authenticate(env: Env, username: string, secret: string, now: number): Promise<Result<string>> {
  const ticket = await digest(`${username}\0${secret}`);
  if ((verified.get(ticket) ?? 0) > now) return success(username);
  const user = await cached<User>(env, `user:${username}`, now, () => directoryOf(env).user(username));
  const live = [user?.secret ?? NO_SECRET, ...(user?.previous ? [user.previous] : [])];
  const matches = await Promise.all(live.map((hashed) => secretMatches(secret, hashed)));
  if (!user || user.disabled || !matches.includes(true)) return failure(reasons.credentialsNotCorrect());
  if (verified.size >= VERIFIED_MOST) verified.clear();
  verified.set(ticket, now + FRESH_MS);
  return success(username);
}

/** The channel of that name, if it is the user's. */
export async function channelOf(
  env: Env,
  username: string,
  name: string,
  now: number,
  strict: boolean,
): Promise<Result<Channel>> {
  const channel = await findChannel(env, name, now);
  if (!channel) return failure(reasons.channelNotFound());
  if (channel.owner !== username) return failure(strict ? reasons.channelNotFound() : reasons.channelNotYours());
  return channel.disabled ? failure(reasons.channelDisabled()) : success(channel);
}

export function findChannel(env: Env, name: string, now: number): Promise<Channel | undefined> {
  return cached<Channel>(env, channelKey(name), now, () => directoryOf(env).channel(name));
}

/** Forgets the edge's copy of a channel's settings. */
export function forgetChannel(env: Env, name: string): Promise<void> {
  return env.ACCOUNTS.delete(channelKey(name));
}

/** Another prefix with each change of what a copy holds, so that no version reads what another one wrote. */
function channelKey(name: string): string {
  return `channel.2:${name}`;
}

/** Credentials found correct in this isolate, as keyed digests, until when. Deriving a key takes 25 ms of CPU. */
const verified = new Map<string, number>();
let isolateKey: Promise<CryptoKey> | undefined;

async function digest(text: string): Promise<string> {
  isolateKey ??= crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]) as Promise<CryptoKey>;
  const mac = await crypto.subtle.sign("HMAC", await isolateKey, new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(mac)));
}

/**
 * KV may serve a copy past its time from a location's cache, so the time of reading is kept with the value. It is only
 * a copy: where KV fails (a name longer than its keys, more than one write a second), the Directory answers.
 */
async function cached<T>(
  env: Env,
  key: string,
  now: number,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const copy = await env.ACCOUNTS.get<{ value: T; readAt: number }>(key, "json").catch(() => null);
  if (copy && now - copy.readAt < FRESH_MS) return copy.value;
  const value = await read();
  if (value) {
    const fresh = JSON.stringify({ value, readAt: now });
    await env.ACCOUNTS.put(key, fresh, { expirationTtl: KV_TTL_SECONDS }).catch(() => {});
  }
  return value;
}
