/** Calls with pictures are taken on within limits (recognize/admission.ts), and refused before their pictures are kept. */

import { createMiddleware } from "hono/factory";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { scopeNamedIn } from "../catalog/tokens.ts";
import { admission } from "../recognize/isolate.ts";
import { type AppContext, type AppEnv, refuse } from "./answer.ts";
import { bearerOf } from "./bearer.ts";
import { dropBody } from "./form.ts";
import { requireAddressRate } from "./rate.ts";

export const PICTURE_PATHS = ["/AddImage", "/ReplaceImage", "/GradeImage", "/FindImage", "/ImportImages"];

const RETRY_SECONDS = 1;
const BUSY = reasons.busy("too many pictures at once", RETRY_SECONDS);

export const admitted = createMiddleware<AppEnv>(async (context, next) => {
  const bytes = Number(context.req.header("Content-Length") ?? 0);
  const seat = admission.enter(bytes);
  const asker = scopeNamedIn(bearerOf(context) ?? "");
  if (!seat || (asker && !seat.claim(asker.username, asker.channel ?? ""))) {
    seat?.leave();
    context.set("tooMany", true);
    await dropBody(context.req.raw);
    return refuse(context, BUSY);
  }
  context.set("seat", seat);
  // To its end also where the caller hangs up: a call that is cut off would leave neither its seat nor the turnstile.
  const served = next().finally(() => seat.leave());
  context.executionCtx.waitUntil(served.catch(() => {}));
  await served;
  if (context.get("counted") || context.get("tooMany")) return;
  // Refused for its body before anybody asked whether it may go on: it counts all the same.
  const within = await requireAddressRate(context);
  if (!within.ok) context.res = refuse(context, within.reason);
});

/**
 * Whether a call with a picture may go on: there is room to work for whom it says it is, and its address has not called too
 * often. Asked before its credentials are looked at, since in a flood there is time for little more than to refuse.
 */
export async function requireTurn(context: AppContext, user: string, channel: string): Promise<Result<undefined>> {
  const seat = context.get("seat");
  if (!seat) return success(undefined);
  if (seat.claim(user, channel)) return requireAddressRate(context);
  context.set("tooMany", true);
  return failure(BUSY);
}
