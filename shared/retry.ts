/**
 * Patience with a server that is busy or out of reach for a while: exponential back-off with jitter, so that many
 * callers do not come back together (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */

import { type Answered, NoAnswerError } from "./client.ts";
import type { Answer } from "./protocol.ts";
import { reasons } from "./reason.ts";

export const BUSY = reasons.busy("", 0).returncode;

/** All waits together last about a minute and a half: a restart, or a phone's network in a tunnel. */
export const RETRIES_MOST = 8;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** What the server asks for is honored up to this. */
const RETRY_AFTER_SECONDS_MOST = 300;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

/** Lets the time pass; rejects where the work is to end. */
export type Wait = (why: string, waitMs: number) => Promise<void>;

/** Asks until there is an answer other than "system busy"; the last try's answer or error is passed on. */
export async function persist<T extends Answer>(ask: () => Promise<Answered<T>>, wait: Wait): Promise<Answered<T>> {
  for (let retry = 0; retry < RETRIES_MOST; retry++) {
    const result = await ask().catch(passingError);
    if (!(result instanceof NoAnswerError) && result.returncode !== BUSY) return result;
    await wait(result.message, backoffMs(retry, result.retryAfterSeconds ?? 0, Math.random()));
  }
  return ask();
}

/** Doubles with every retry up to a limit, never shorter than the server asked for; `random` is in 0–1. */
export function backoffMs(retry: number, retryAfterSeconds: number, random: number): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** retry);
  const askedMs = Math.min(RETRY_AFTER_SECONDS_MOST, retryAfterSeconds) * 1000;
  return Math.max(ceiling / 2, askedMs) + (random * ceiling) / 2;
}

/** Returns an error that a later try may not meet, and throws all others. */
function passingError(error: unknown): NoAnswerError {
  if (!(error instanceof NoAnswerError)) throw error;
  const { status } = error;
  if (status === undefined || status === TOO_MANY_REQUESTS || status >= SERVER_ERROR) return error;
  throw error;
}
