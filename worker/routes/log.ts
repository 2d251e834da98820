/**
 * One line of JSON for each call that changes something or asks about a picture: what was called, by whom, and what came of it. It never
 * has a secret in it, nor what a caller typed before the secret key was found right, which may be one. Calls that are refused as too
 * many are counted on the next line: in a flood, lines of theirs would take time from the pictures.
 */

import { createMiddleware } from "hono/factory";
import { IDENTIFIER_PATTERN, type Took } from "../../shared/protocol.ts";
import type { AppContext, AppEnv } from "./answer.ts";
import type { Form } from "./form.ts";

/** Known only while a call is served; what is not known is left out of the line. */
export interface Facts {
  /** Whose secret key it was, or whom the operator's call is about. */
  readonly user?: string;
  readonly channel?: string | undefined;
  readonly identifier?: string | undefined;
  readonly took?: Took;
}

export const LOGGED_PATHS = [
  "/AddImage",
  "/ImportImages",
  "/ReindexImages",
  "/ReplaceImage",
  "/RemoveImage",
  "/UpdateImageInfo",
  "/IssueToken",
  "/FindImage",
  "/admin/*",
];

/** Longer names name no channel. */
const NAME_LENGTH_MOST = 50;

/** Calls that were too many, since the last line. */
let refused = 0;

export const logged = createMiddleware<AppEnv>(async (context, next) => {
  const began = Date.now();
  await next();
  if (context.get("tooMany")) {
    refused++;
    return;
  }
  const line = {
    event: context.req.path.slice(1),
    ...context.get("facts"),
    returncode: context.get("returncode"),
    requestid: context.get("requestId"),
    ms: Date.now() - began,
    ...(refused > 0 && { refused }),
  };
  refused = 0;
  console.log(JSON.stringify(line));
});

/** Notes what a call of this user is about. */
export function noteCall(context: AppContext, user: string, form: Form): void {
  const identifier = form.text("identifier") ?? "";
  context.set("facts", {
    user,
    channel: form.text("channel")?.slice(0, NAME_LENGTH_MOST),
    identifier: IDENTIFIER_PATTERN.test(identifier) ? identifier : undefined,
  });
}
