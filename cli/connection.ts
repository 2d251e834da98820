/** Which deployment, as whom and in which channel: from options, else the environment, else the login, else the demo of `npm start`. */

import { type ClientOptions, LookmarkClient } from "../shared/client.ts";
import { UsageError } from "./command.ts";
import { readLogin } from "./login.ts";
import type { Values } from "./options.ts";

export interface Connection {
  readonly host: string;
  readonly username: string;
  readonly secretkey: string;
  readonly channel: string | undefined;
  /** Where user name and secret key come from, for people. */
  readonly source: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export const DEFAULT_HOST = "http://127.0.0.1:8787";
/** The account that `npm start` makes; the name of its channel, too. */
const DEMO = "demo";
/** An upload of 8 MB at 1 Mbit/s takes about 70 s. */
const TIMEOUT_MS = 120_000;

export function readConnection(values: Values, environment: Environment): Connection {
  const login = readLogin(environment);
  const host = readHost(values.host || environment.LOOKMARK_HOST || login?.host || DEFAULT_HOST);
  const username = values.username || environment.LOOKMARK_USERNAME;
  const secretkey = values.secretkey || environment.LOOKMARK_SECRETKEY;
  const channel = values.channel || environment.LOOKMARK_CHANNEL || undefined;
  if (username && secretkey) return { host, username, secretkey, channel, source: "options and environment" };
  const kept = login && isFor(login.host, host) && (!username || username === login.username) ? login : undefined;
  if (kept && !secretkey) return { ...kept, channel: channel ?? kept.channel, source: "lookmark login" };
  if (!username && !secretkey && isLoopback(host)) {
    return { host, username: DEMO, secretkey: DEMO, channel, source: "the demo account" };
  }
  if (username) {
    throw new UsageError("the secret key is missing: run lookmark login, set LOOKMARK_SECRETKEY or give --secretkey");
  }
  throw new UsageError(
    "say who asks: run lookmark login, set LOOKMARK_USERNAME and LOOKMARK_SECRETKEY, or give --username and --secretkey",
  );
}

/** A kept secret key is sent to no other deployment than the one it is of. */
function isFor(loginHost: string, host: string): boolean {
  return new URL(loginHost).origin === new URL(host).origin;
}

export function createClient({ host, username, secretkey }: Connection, options: ClientOptions = {}): LookmarkClient {
  return new LookmarkClient(host, { username, secretkey }, { timeoutMs: TIMEOUT_MS, ...options });
}

/** The channel, for commands that need one. */
export function requireChannel(connection: Connection): string {
  const channel = defaultChannel(connection);
  if (channel) return channel;
  throw new UsageError("name the channel: give --channel or set LOOKMARK_CHANNEL");
}

/** The one that was named, or the demo account's own. */
export function defaultChannel({ host, username, channel }: Connection): string | undefined {
  return channel ?? (username === DEMO && isLoopback(host) ? DEMO : undefined);
}

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(host).hostname);
}

/** The message does not repeat what was given, which may hold a password. */
export function readHost(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol) || url.username || url.password) {
    throw new UsageError(`the host must be written like ${DEFAULT_HOST} or https://lookmark.example.com`);
  }
  return text.replace(/\/+$/, "");
}
