/** FindImage over wx.request, or wx.uploadFile for a file: one question, one outcome, never a rejection. */

import type { FindImageAnswer } from "../../shared/protocol.ts";
import type { Fault, Outcome } from "../scanner/scan.ts";
import type { Picture, Question } from "../scanner/scanner.ts";
import { codes } from "./faults.ts";
import { multipart } from "./multipart.ts";

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
type Reply =
  | { readonly status: number; readonly body: unknown; readonly retryAfterMs: number | undefined }
  | { readonly fault: Fault };

/** `keepToken` is told of each new token. A first token is asked for before the question, an expired one is renewed once. */
export function ask(picture: Picture, access: Access, keepToken: (token: string) => void = () => {}): Question {
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

interface Call {
  readonly reply: Promise<Reply>;
  abort(): void;
}

function startCall(picture: Picture, access: Access): Call {
  const fields: Record<string, string> = {};
  if (access.channel) fields.channel = access.channel;
  if (access.token) fields.token = access.token;
  let task: { abort(): void } | undefined;
  const reply = new Promise<Reply>((resolve) => {
    const common = {
      url: `${access.endpoint.replace(/\/$/, "")}/FindImage`,
      timeout: access.timeoutMs,
      success: ({ statusCode, data, header }: { statusCode: number; data: unknown; header?: Record<string, string> }) =>
        resolve({ status: statusCode, body: parsed(data), retryAfterMs: retryAfterOf(header) }),
      fail: ({ errMsg }: { errMsg: string }) => resolve({ fault: networkFault(errMsg) }),
    };
    if (picture.kind === "file") {
      task = wx.uploadFile({ ...common, filePath: picture.path, name: "image", formData: fields });
      return;
    }
    const body = multipart(fields, picture.bytes, Math.random);
    const header = { "content-type": body.contentType };
    task = wx.request({ ...common, method: "POST", data: body.data, header, enableHttp2: true, enableQuic: true });
  });
  return { reply, abort: () => task?.abort() };
}

function networkFault(errMsg: string): Fault {
  const late = /time ?out/i.test(errMsg);
  return { errCode: late ? codes.timeout : codes.network, errMsg, recoverable: true };
}

/** wx.uploadFile leaves JSON as text, and so does wx.request where it cannot read it. */
function parsed(data: unknown): unknown {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

/** Platforms differ in the case of a header's name. */
function retryAfterOf(header: Readonly<Record<string, string>> = {}): number | undefined {
  const name = Object.keys(header).find((key) => key.toLowerCase() === "retry-after");
  const seconds = Number(name && header[name]);
  return seconds > 0 ? 1000 * seconds : undefined;
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
