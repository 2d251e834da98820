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

/**
 * Checks username and secret. Never says which of them was wrong, nor by its time: whoever is refused, one copy was read, the
 * Directory was asked, and a key was derived. So a new secret works at once, also where a copy has the former one.
 */
export async function authenticate(env: Env, username: string, secret: string, now: number): Promise<Result<string>> {
  const ticket = await digest(`${username}\0${secret}`);
  if ((verified.get(ticket) ?? 0) > now) return success(username);
  const key = `user:${username}`;
  const copy = await readCopy<User>(env, key, now);
  const known = copy !== undefined && (await opens(copy, secret));
  const user = known ? copy : await directoryOf(env).user(username);
  const changed = !copy || copy.secret !== user?.secret || copy.previous !== user.previous;
  const right = known || (changed && (await opens(user, secret)));
  if (!user || user.disabled || !right) return failure(reasons.credentialsNotCorrect());
  if (!known) await writeCopy(env, key, user, now);
  if (verified.size >= VERIFIED_MOST) verified.clear();
  verified.set(ticket, now + FRESH_MS);
  return success(username);
}

async function opens(user: User | undefined, secret: string): Promise<boolean> {
  const live = [user?.secret ?? NO_SECRET, ...(user?.previous ? [user.previous] : [])];
  const matches = await Promise.all(live.map((hashed) => secretMatches(secret, hashed)));
  return matches.includes(true);
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

export async function findChannel(env: Env, name: string, now: number): Promise<Channel | undefined> {
  const key = channelKey(name);
  const copy = await readCopy<Channel>(env, key, now);
  if (copy) return copy;
  const channel = await directoryOf(env).channel(name);
  if (channel) await writeCopy(env, key, channel, now);
  return channel;
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
async function readCopy<T>(env: Env, key: string, now: number): Promise<T | undefined> {
  const copy = await env.ACCOUNTS.get<{ value: T; readAt: number }>(key, "json").catch(() => null);
  return copy && now - copy.readAt < FRESH_MS ? copy.value : undefined;
}

async function writeCopy<T>(env: Env, key: string, value: T, now: number): Promise<void> {
  const fresh = JSON.stringify({ value, readAt: now });
  await env.ACCOUNTS.put(key, fresh, { expirationTtl: KV_TTL_SECONDS }).catch(() => {});
}
