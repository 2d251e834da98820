/**
 * At most so many calls from one address (wrangler.toml, [[ratelimits]]), whoever it says it is: nobody tries many keys, users
 * or admin tokens. Asked before anything of the body is read.
 */

import { createMiddleware } from "hono/factory";
import { reasons } from "../../shared/reason.ts";
import { type AppEnv, refuse } from "./answer.ts";
import { dropBody } from "./form.ts";

const RETRY_SECONDS = 10;
const TOO_MANY = reasons.busy("too many calls from this address", RETRY_SECONDS);

export const rated = createMiddleware<AppEnv>(async (context, next) => {
  const { method, path, raw } = context.req;
  if (method !== "POST" && !path.startsWith("/admin/")) return next();
  const address = context.req.header("CF-Connecting-IP") ?? "local";
  const { success } = await context.env.RATE_LIMITER.limit({ key: address });
  if (success) return next();
  await dropBody(raw);
  return refuse(context, TOO_MANY);
});
