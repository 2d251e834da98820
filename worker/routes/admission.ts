/** Calls with pictures are taken on within limits (recognize/admission.ts), and refused before their pictures are kept. */

import { createMiddleware } from "hono/factory";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { admission } from "../recognize/isolate.ts";
import { type AppContext, type AppEnv, refuse } from "./answer.ts";
import { dropBody } from "./form.ts";

export const PICTURE_PATHS = ["/AddImage", "/ReplaceImage", "/GradeImage", "/FindImage", "/ImportImages"];

const RETRY_SECONDS = 1;
const BUSY = reasons.busy("too many pictures at once", RETRY_SECONDS);

export const admitted = createMiddleware<AppEnv>(async (context, next) => {
  const bytes = Number(context.req.header("Content-Length") ?? 0);
  const seat = admission.enter(bytes);
  if (!seat) {
    await dropBody(context.req.raw);
    return refuse(context, BUSY);
  }
  context.set("seat", seat);
  // To its end also where the caller hangs up: a call that is cut off would leave neither its seat nor the turnstile.
  const served = next().finally(() => seat.leave());
  context.executionCtx.waitUntil(served.catch(() => {}));
  await served;
});

/** Whether the call's picture may be worked on now. Calls without one always may. */
export function requireRoom(context: AppContext, user: string): Result<undefined> {
  const seat = context.get("seat");
  return !seat || seat.claim(user) ? success(undefined) : failure(BUSY);
}
