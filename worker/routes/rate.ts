/** At most so many calls from one address, and for one user from all of them (wrangler.toml, [[ratelimits]]). */

import { createMiddleware } from "hono/factory";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { type AppContext, type AppEnv, refuse } from "./answer.ts";
import { dropBody } from "./form.ts";

const RETRY_SECONDS = 10;

/** Before the body is read. A call with a picture is counted where there is room for it (admission.ts). */
export const rated = createMiddleware<AppEnv>(async (context, next) => {
  const { method, path, raw } = context.req;
  if (context.get("seat") || (method !== "POST" && !path.startsWith("/admin/"))) return next();
  const within = await requireAddressRate(context);
  if (within.ok) return next();
  await dropBody(raw);
  return refuse(context, within.reason);
});

/** Counts a call by its address, whoever it says it is: nobody tries many keys, users or admin tokens. */
export async function requireAddressRate(context: AppContext): Promise<Result<undefined>> {
  const address = context.req.header("CF-Connecting-IP") ?? "local";
  const { success: within } = await context.env.RATE_LIMITER.limit({ key: address });
  context.set("counted", true);
  context.set("tooMany", !within);
  return within ? success(undefined) : failure(reasons.busy("too many calls from this address", RETRY_SECONDS));
}

/** Counts a call of a user whose credentials were right, so that one cannot take what others need. */
export async function requireUserRate(context: AppContext, username: string): Promise<Result<undefined>> {
  const { success: within } = await context.env.USER_RATE_LIMITER.limit({ key: username });
  return within ? success(undefined) : failure(reasons.busy("too many calls of this user", RETRY_SECONDS));
}
