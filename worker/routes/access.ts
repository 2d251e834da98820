/** Who is calling: by user name and secret key, or, for questions only, by query token. */

import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { authenticate } from "../catalog/accounts.ts";
import { readToken, type TokenScope } from "../catalog/tokens.ts";
import type { AppContext } from "./answer.ts";
import type { Form } from "./form.ts";

const RETRY_SECONDS = 10;

/** The user whose secret key came with the call. */
export async function requireUser(context: AppContext, form: Form): Promise<Result<string>> {
  const username = form.text("username") ?? "";
  const within = await requireRate(context, username);
  if (!within.ok) return within;
  const secret = form.text("secretkey");
  if (!username || !secret) return failure(reasons.credentialsNotCorrect());
  return authenticate(context.env, username, secret, Date.now());
}

/** Who may ask, and about which channels: a token's scope, or all channels of a user with a secret key. */
export async function requireAsker(context: AppContext, form: Form): Promise<Result<TokenScope>> {
  const token = form.text("token") ?? bearerToken(context);
  if (token === undefined) {
    const user = await requireUser(context, form);
    return user.ok ? success({ username: user.value, channel: undefined }) : user;
  }
  const scope = await readToken(context.env, token);
  if (!scope.ok) return scope;
  const within = await requireRate(context, scope.value.username);
  return within.ok ? scope : within;
}

export function hasCredentials(context: AppContext, form: Form): boolean {
  return (
    ["username", "secretkey", "token"].some((name) => form.text(name) !== undefined) ||
    bearerToken(context) !== undefined
  );
}

function bearerToken(context: AppContext): string | undefined {
  return /^Bearer (.+)$/i.exec(context.req.header("Authorization") ?? "")?.[1];
}

/** At most so many calls per user and address (wrangler.toml, [[ratelimits]]). */
async function requireRate(context: AppContext, username: string): Promise<Result<undefined>> {
  const address = context.req.header("CF-Connecting-IP") ?? "local";
  const { success: within } = await context.env.RATE_LIMITER.limit({ key: `${username} ${address}` });
  return within ? success(undefined) : failure(reasons.busy("too many calls from this address", RETRY_SECONDS));
}
