/** Which deployment, as whom and in which channel: from options, else the environment, else the demo of `npm start`. */

import { type ClientOptions, LookmarkClient } from "../shared/client.ts";
import { UsageError } from "./command.ts";
import type { Values } from "./options.ts";

export interface Connection {
  readonly host: string;
  readonly username: string;
  readonly secretkey: string;
  readonly channel: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_HOST = "http://127.0.0.1:8787";
/** The account that `npm start` makes; the name of its channel, too. */
const DEMO = "demo";
/** An upload of 8 MB at 1 Mbit/s takes about 70 s. */
const TIMEOUT_MS = 120_000;

export function readConnection(values: Values, environment: Environment): Connection {
  const host = readHost(values.host || environment.LOOKMARK_HOST || DEFAULT_HOST);
  const username = values.username || environment.LOOKMARK_USERNAME;
  const secretkey = values.secretkey || environment.LOOKMARK_SECRETKEY;
  const channel = values.channel || environment.LOOKMARK_CHANNEL || undefined;
  if (username && secretkey) return { host, username, secretkey, channel };
  if (!username && !secretkey && isLoopback(host)) return { host, username: DEMO, secretkey: DEMO, channel };
  if (username) throw new UsageError("the secret key is missing: set LOOKMARK_SECRETKEY or give --secretkey");
  throw new UsageError(
    "say who asks: set LOOKMARK_USERNAME and LOOKMARK_SECRETKEY, or give --username and --secretkey",
  );
}

export function createClient({ host, username, secretkey }: Connection, options: ClientOptions = {}): LookmarkClient {
  return new LookmarkClient(host, { username, secretkey }, { timeoutMs: TIMEOUT_MS, ...options });
}

/** The channel, for commands that need one. */
export function requireChannel({ host, username, channel }: Connection): string {
  if (channel) return channel;
  if (username === DEMO && isLoopback(host)) return DEMO;
  throw new UsageError("name the channel: give --channel or set LOOKMARK_CHANNEL");
}

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(host).hostname);
}

/** The message does not repeat what was given, which may hold a password. */
function readHost(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol) || url.username || url.password) {
    throw new UsageError(`the host must be written like ${DEFAULT_HOST} or https://lookmark.example.com`);
  }
  return text.replace(/\/+$/, "");
}
