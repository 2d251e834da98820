/** Every expected failure, as a value: the documented code, and a message that tells the user what to do. */

import type { Grade, SimilarImage } from "./protocol.ts";

export interface Reason {
  readonly returncode: number;
  readonly message: string;
  /** The form field that is missing or malformed. */
  readonly field?: string;
  /** When to come back, seconds. */
  readonly retryAfter?: number;
  /** Further fields of the answer: for programs what the message says to people. */
  readonly facts?: Partial<Grade> & { readonly similar?: readonly SimilarImage[] };
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: Reason };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure(reason: Reason): { readonly ok: false; readonly reason: Reason } {
  return { ok: false, reason };
}

export const SUCCESS = 0;

export const reasons = {
  credentialsNotCorrect: (): Reason => ({
    returncode: 20001,
    message:
      "user secret key not correct: check username and secretkey; a query token may only call FindImage and GetImage",
  }),
  channelNotFound: (): Reason => ({
    returncode: 20003,
    message: "channel not exists: check its name, or create it first",
  }),
  channelDisabled: (): Reason => ({
    returncode: 20003,
    message: "channel not exists: the operator has disabled it",
  }),
  channelNotYours: (): Reason => ({ returncode: 20004, message: "not your channel: it belongs to another user" }),
  hostNotAllowed: (appId: string): Reason => ({
    returncode: 20004,
    message: `not your channel: it does not list the mini-program ${appId}; ask the operator to add it to hostapps`,
  }),
  multipartNeeded: (detail: string): Reason => ({
    returncode: 20005,
    message: `multipart stream request needed: ${detail}`,
  }),
  tooLarge: (detail: string): Reason => ({ returncode: 20006, message: `file size limit exceeded: ${detail}` }),
  notRecognized: (detail: string): Reason => ({ returncode: 20007, message: `file format not recognized: ${detail}` }),
  identifierNotValid: (field = "identifier"): Reason => ({
    returncode: 20010,
    message: "image id not valid: use 3 to 50 of the characters A-Z a-z 0-9 @ _ .",
    field,
  }),
  tooManyImages: (quota: number): Reason => ({
    returncode: 20012,
    message: `too many images: the channel's quota of ${quota} is reached; remove images or ask for a larger quota`,
  }),
  tooLittleDetail: (detail: string): Reason => ({
    returncode: 20013,
    message: `image feature insufficient: ${detail}`,
  }),
  neverRecognized: (facts?: Grade): Reason => ({
    ...reasons.tooLittleDetail(
      "it was not recognized again in any simulated view; use a picture with more detail, less repetition",
    ),
    ...(facts && { facts }),
  }),
  identifierNotFound: (): Reason => ({
    returncode: 20014,
    message: "image identifier not exists: check its spelling, or add it first",
  }),
  busy: (detail: string, retryAfter: number): Reason => ({
    returncode: 20015,
    message: `system busy: ${detail}`,
    retryAfter,
  }),
  identifierTaken: (): Reason => ({
    returncode: 20016,
    message:
      "image name taken: the identifier holds another picture or other metadata; remove it first or choose another",
    field: "identifier",
  }),
  fieldNotValid: (field: string, expected: string): Reason => ({
    returncode: 30001,
    message: `field ${field}: ${expected}`,
    field,
  }),
  similarImages: (similar: readonly SimilarImage[]): Reason => ({
    returncode: 30002,
    message: `similar image exists: the channel would take this picture for ${similar[0]?.identifier}; add it with allowsimilar=1 all the same, or not at all`,
    facts: { similar },
  }),
  hostSignNotValid: (detail: string): Reason => ({
    returncode: 30003,
    message: `X-WECHAT-HOSTSIGN expired or not valid: ${detail}`,
  }),
  tokenNotValid: (): Reason => ({
    returncode: 30003,
    message: "token expired or not valid: ask your server for a new one",
  }),
} as const;

/** All codes that an answer may have: success, the documented ones, and the HTTP status where there is none. */
export const returncodes: readonly number[] = [
  SUCCESS,
  20001,
  20003,
  20004,
  20005,
  20006,
  20007,
  20010,
  20012,
  20013,
  20014,
  20015,
  20016,
  30001,
  30002,
  30003,
  404,
  405,
  500,
];
