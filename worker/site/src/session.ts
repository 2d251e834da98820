/** Who the page asks as: a query token, from the address, from the connect form or from a local start's demo account. */

import { LookmarkClient } from "../../../shared/client.ts";
import type { Answer, FindImageAnswer, HealthAnswer } from "../../../shared/protocol.ts";

const TOKEN_SECONDS = 3600;
const RENEW_BEFORE_SECONDS = 60;
const TOKEN_NOT_VALID = 30003;
const STORAGE_KEY = "lookmark.session";

export interface Session {
  readonly token: string;
  /** Absent: all channels that the token may search. */
  readonly channel?: string | undefined;
  /** When the token ends, seconds since 1970, where known. */
  readonly expires?: number | undefined;
  /** Renewed by itself, from the local start's demo account. */
  readonly demo?: true;
}

export interface Account {
  readonly username: string;
  readonly secretkey: string;
  readonly channel?: string | undefined;
}

/** The session, or the answer that refused it. */
export async function issueSession({ channel, ...credentials }: Account): Promise<Session | Answer> {
  const answer = await new LookmarkClient("", credentials).issueToken({ channel, ttl: TOKEN_SECONDS });
  return answer.token === undefined ? answer : { token: answer.token, channel, expires: answer.expires };
}

/** Undefined where the deployment has no demo account. */
export async function openDemoSession(): Promise<Session | undefined> {
  const response = await fetch("/health");
  const { demo } = (await response.json()) as HealthAnswer;
  if (!demo) return undefined;
  const issued = await issueSession(demo);
  return "token" in issued ? { ...issued, demo: true } : undefined;
}

/** Takes `#token=…&channel=…` out of the address, so that the token is in no bookmark and no shared link. */
export function takeSessionFromAddress(): Session | undefined {
  const fields = new URLSearchParams(location.hash.slice(1));
  const token = fields.get("token");
  if (!token) return undefined;
  history.replaceState(null, "", location.pathname + location.search);
  return { token, channel: fields.get("channel") ?? undefined };
}

export function loadSession(): Session | undefined {
  const stored = sessionStorage.getItem(STORAGE_KEY);
  const session = stored ? (JSON.parse(stored) as Session) : undefined;
  return session && !endsSoon(session) ? session : undefined;
}

export function saveSession(session: Session | undefined): void {
  if (session && !session.demo) sessionStorage.setItem(STORAGE_KEY, JSON.stringify(session));
  else sessionStorage.removeItem(STORAGE_KEY);
}

export function endsSoon(session: Session): boolean {
  return session.expires !== undefined && session.expires - Date.now() / 1000 < RENEW_BEFORE_SECONDS;
}

export async function findImage({ token, channel }: Session, image: Blob): Promise<FindImageAnswer> {
  return new LookmarkClient("", { token }).findImage({ image, channel });
}

export function isTokenRefused(answer: Answer): boolean {
  return answer.returncode === TOKEN_NOT_VALID;
}
