/** IssueToken: a short-lived credential for phones, which may only ask. */

import { Hono } from "hono";
import { TOKEN_SECONDS_MAX } from "../../shared/protocol.ts";
import { type Result, success } from "../../shared/reason.ts";
import { channelOf } from "../catalog/accounts.ts";
import { issueToken } from "../catalog/tokens.ts";
import { readSettings } from "../env.ts";
import { requireUser } from "./access.ts";
import { type AppContext, type AppEnv, answer } from "./answer.ts";
import { readFieldForm, readWhole } from "./form.ts";

const TTL_DEFAULT_SECONDS = 3600;

export const tokens = new Hono<AppEnv>();

tokens.post("/IssueToken", async (context) => answer(context, await issue(context)));

async function issue(context: AppContext): Promise<Result<{ token: string; expires: number }>> {
  const read = await readFieldForm(context.req.raw);
  if (!read.ok) return read;
  const form = read.value;
  const user = await requireUser(context, form);
  if (!user.ok) return user;
  const ttl = readWhole(form, "ttl", 1, TOKEN_SECONDS_MAX, TTL_DEFAULT_SECONDS);
  if (!ttl.ok) return ttl;
  const name = form.text("channel") || undefined;
  if (name !== undefined) {
    const channel = await channelOf(
      context.env,
      user.value,
      name,
      Date.now(),
      readSettings(context.env).strictChannels,
    );
    if (!channel.ok) return channel;
  }
  const expires = Math.floor(Date.now() / 1000) + ttl.value;
  return success({ token: await issueToken(context.env, { username: user.value, channel: name }, expires), expires });
}
