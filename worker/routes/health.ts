/** GET /health: is the service there, and which version of it. */

import { Hono } from "hono";
import { version } from "../../package.json";
import { success } from "../../shared/reason.ts";
import type { Env } from "../env.ts";
import { type AppContext, type AppEnv, answer } from "./answer.ts";

export const health = new Hono<AppEnv>();

health.get("/health", (context: AppContext) =>
  answer(context, success({ status: "ok", version, ...demoOf(context.env) })),
);

/** The account that the local start made, for its page. */
function demoOf({ DEMO }: Env) {
  const [username, secretkey, channel] = DEMO?.split(":") ?? [];
  return username && secretkey && channel ? { demo: { username, secretkey, channel } } : {};
}
