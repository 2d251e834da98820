/** How a result becomes an HTTP answer: 200 with a return code for everything documented, always JSON. */

import type { Context } from "hono";
import { type Reason, type Result, SUCCESS } from "../../shared/reason.ts";
import type { Env } from "../env.ts";
import type { Seat } from "../recognize/admission.ts";
import type { Facts } from "./log.ts";

export type AppEnv = {
  Bindings: Env;
  Variables: {
    requestId: string;
    facts?: Facts;
    returncode?: number;
    seat?: Seat;
    /** The call was counted by its address (rate.ts). */
    counted?: boolean;
    /** It was refused as one too many, before anybody knew whose it is. */
    tooMany?: boolean;
  };
};
export type AppContext = Context<AppEnv>;

export function answer<T extends object>(context: AppContext, result: Result<T>): Response {
  if (!result.ok) return refuse(context, result.reason);
  context.set("returncode", SUCCESS);
  return context.json({
    returncode: SUCCESS,
    message: "success",
    requestid: context.get("requestId"),
    ...result.value,
  });
}

/**
 * `status` other than 200 only where no documented code exists (unknown path, wrong method, our own fault), or where a
 * picture was asked for.
 */
export function refuse(
  context: AppContext,
  { retryAfter, facts, ...reason }: Reason,
  status: 200 | 404 | 405 | 500 | 503 = 200,
): Response {
  context.set("returncode", reason.returncode);
  if (retryAfter !== undefined) context.header("Retry-After", String(retryAfter));
  return context.json({ ...reason, ...facts, requestid: context.get("requestId") }, status);
}
