/** FindImage over fetch. */

import { type Access, askBy, type Call, networkFault, type Reply } from "../miniprogram/scanner/ask.ts";
import type { Picture, Question } from "../miniprogram/scanner/scanner.ts";
import { LookmarkClient, NoAnswerError } from "../shared/client.ts";
import type { Answer } from "../shared/protocol.ts";

const OK = 200;
/** Where no documented code exists, the return code is the HTTP status. */
const STATUS_MIN = 400;
const STATUS_MAX = 599;

export function ask(picture: Picture, access: Access, keepToken: (token: string) => void): Question {
  return askBy(startCall, picture, access, keepToken);
}

function startCall(picture: Picture, access: Access): Call {
  const stop = new AbortController();
  return { reply: replyTo(picture, access, stop.signal), abort: () => stop.abort() };
}

async function replyTo(picture: Picture, access: Access, signal: AbortSignal): Promise<Reply> {
  if (picture.kind === "file") throw new TypeError("browsers have no picture files of their own");
  const image = new Blob([picture.bytes as Uint8Array<ArrayBuffer>], { type: "image/jpeg" });
  const { endpoint, token, channel, timeoutMs } = access;
  const client = new LookmarkClient(endpoint, { token }, { timeoutMs, signal });
  try {
    const answer = await client.findImage({ image, channel: channel || undefined });
    return { status: statusOf(answer), body: answer, retryAfterMs: inMs(answer.retryAfterSeconds) };
  } catch (error) {
    if (!(error instanceof NoAnswerError)) return { fault: networkFault("aborted") };
    const late = error.cause instanceof DOMException && error.cause.name === "TimeoutError";
    if (error.status === undefined) return { fault: networkFault(late ? `timeout: ${error.message}` : error.message) };
    return { status: error.status, body: undefined, retryAfterMs: inMs(error.retryAfterSeconds) };
  }
}

function statusOf({ returncode }: Answer): number {
  return returncode >= STATUS_MIN && returncode <= STATUS_MAX ? returncode : OK;
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : 1000 * seconds;
}
