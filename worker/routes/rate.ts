/** At most so many calls from one address, and for one user from all of them (wrangler.toml, [[ratelimits]]). */

import { createMiddleware } from "hono/factory";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { type AppContext, type AppEnv, refuse } from "./answer.ts";
import { dropBody } from "./form.ts";

const RETRY_SECONDS = 10;
const TOO_MANY = reasons.busy("too many calls from this address", RETRY_SECONDS);

/** Counts by address, whoever it says it is: nobody tries many keys, users or admin tokens. Before the body is read. */
export const rated = createMiddleware<AppEnv>(async (context, next) => {
  const { method, path, raw } = context.req;
  if (method !== "POST" && !path.startsWith("/admin/")) return next();
  const address = context.req.header("CF-Connecting-IP") ?? "local";
  const { success: within } = await context.env.RATE_LIMITER.limit({ key: address });
  if (within) return next();
  await dropBody(raw);
  return refuse(context, TOO_MANY);
});

/** Counts a call of a user whose credentials were right, so that one cannot take what others need. */
export async function requireRate(context: AppContext, username: string): Promise<Result<undefined>> {
  const { success: within } = await context.env.USER_RATE_LIMITER.limit({ key: username });
  return within ? success(undefined) : failure(reasons.busy("too many calls of this user", RETRY_SECONDS));
}
