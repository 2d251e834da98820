/** FindImage over any transport: one question, one outcome, never a rejection; tokens are asked for and renewed on the way. */

import type { FindImageAnswer } from "../../shared/protocol.ts";
import { codes } from "./faults.ts";
import type { Fault, Outcome } from "./scan.ts";
import type { Picture, Question } from "./scanner.ts";

export interface Access {
  /** The deployment's address without a path. */
  readonly endpoint: string;
  readonly channel: string;
  /** A query token; a plugin's calls may be told by WeChat's own signature instead. */
  readonly token: string;
  readonly timeoutMs: number;
  /** Asks the host's server for a new token where the old one has expired. */
  readonly renewToken?: (() => Promise<string>) | undefined;
}

const SUCCESS = 0;
const TOO_LITTLE_DETAIL = 20013;
const BUSY = 20015;
const TOKEN_NOT_VALID = 30003;
const CREDENTIALS: readonly number[] = [20001, 20003, 20004, TOKEN_NOT_VALID];
const OK = 200;
const TOO_MANY_REQUESTS = 429;

/** What came back, before it is understood. */
export type Reply =
  | { readonly status: number; readonly body: unknown; readonly retryAfterMs: number | undefined }
  | { readonly fault: Fault };

export interface Call {
  /** Never rejects. */
  readonly reply: Promise<Reply>;
  abort(): void;
}

export type StartCall = (picture: Picture, access: Access) => Call;

/** `keepToken` is told of each new token. A first token is asked for before the question, an expired one is renewed once. */
export function askBy(
  startCall: StartCall,
  picture: Picture,
  access: Access,
  keepToken: (token: string) => void = () => {},
): Question {
  let call: Call | undefined;
  let aborted = false;
  async function send(token: string): Promise<Reply> {
    if (aborted) return { fault: networkFault("request:fail abort") };
    call = startCall(picture, { ...access, token });
    return call.reply;
  }
  async function renewed(): Promise<string> {
    const token = await access.renewToken?.().catch(() => "");
    if (token) keepToken(token);
    return token ?? "";
  }
  async function outcome(): Promise<Outcome> {
    if (!access.endpoint) return noEndpoint;
    const reply = await send(access.token || !access.renewToken ? access.token : await renewed());
    if (!access.renewToken || returncodeOf(reply) !== TOKEN_NOT_VALID) return outcomeOf(reply);
    const token = await renewed();
    return outcomeOf(token ? await send(token) : reply);
  }
  const abort = () => {
    aborted = true;
    call?.abort();
  };
  return { outcome: outcome().catch(brokenCall), abort };
}

const noEndpoint: Outcome = {
  kind: "refused",
  fault: {
    errCode: codes.badAnswer,
    errMsg: "there is nowhere to ask: set the property endpoint, or setDefaults({ endpoint })",
    recoverable: false,
  },
};

/** The platform, or the host's function for tokens, threw: the scan must not wait for ever. */
function brokenCall(cause: unknown): Outcome {
  return { kind: "refused", fault: { errCode: codes.badAnswer, errMsg: String(cause), recoverable: false, cause } };
}

export function networkFault(errMsg: string): Fault {
  const late = /time ?out/i.test(errMsg);
  return { errCode: late ? codes.timeout : codes.network, errMsg, recoverable: true };
}

function returncodeOf(reply: Reply): number | undefined {
  const body = "fault" in reply ? undefined : (reply.body as Partial<FindImageAnswer> | null | undefined);
  return typeof body?.returncode === "number" ? body.returncode : undefined;
}

function outcomeOf(reply: Reply): Outcome {
  if ("fault" in reply) return { kind: "failed", fault: reply.fault };
  const { status, retryAfterMs } = reply;
  const returncode = returncodeOf(reply);
  const answer = reply.body as FindImageAnswer;
  const cause = { status, returncode, message: answer?.message, requestid: answer?.requestid };
  if (status === TOO_MANY_REQUESTS || status > 500 || returncode === BUSY) {
    const fault = { errCode: codes.busy, errMsg: answer?.message ?? `HTTP ${status}`, recoverable: true, cause };
    return { kind: "failed", fault, retryAfterMs };
  }
  if (status !== OK || returncode === undefined) {
    const errMsg = answer?.message ?? `HTTP ${status}, and not an answer of FindImage: check the endpoint`;
    return { kind: "failed", fault: { errCode: codes.badAnswer, errMsg, recoverable: true, cause }, retryAfterMs };
  }
  if (returncode === TOO_LITTLE_DETAIL) return { kind: "poor", requestId: answer.requestid };
  if (returncode !== SUCCESS) {
    const errCode = CREDENTIALS.includes(returncode) ? codes.credentials : codes.badAnswer;
    return { kind: "refused", fault: { errCode, errMsg: answer.message, recoverable: false, cause } };
  }
  return answer.identifier === undefined
    ? { kind: "miss", requestId: answer.requestid }
    : hitOf(answer, answer.identifier);
}

function hitOf(answer: FindImageAnswer, identifier: string): Outcome {
  const { metadata = "", channel, level, score, corners, size, trackingimage, requestid } = answer;
  const hit = { identifier, metadata, channel, level, score, corners, size };
  return { kind: "hit", hit: { ...hit, trackingImage: trackingimage, requestId: requestid } };
}
