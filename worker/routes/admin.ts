/** What the operator does: make users and channels. Bearer ADMIN_TOKEN; without that secret it does not exist. */

import { Hono } from "hono";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { directoryOf } from "../catalog/accounts.ts";
import { randomSecret } from "../catalog/secrets.ts";
import { readSettings } from "../env.ts";
import { type AppContext, type AppEnv, answer, refuse } from "./answer.ts";
import { readFieldForm, readWhole } from "./form.ts";

const NAME_PATTERN = /^[A-Za-z0-9@_.-]{3,50}$/;
const NAME_EXPECTED = "must be 3 to 50 of the characters A-Z a-z 0-9 @ _ . -";
const QUOTA_MAX = 10_000_000;

export const admin = new Hono<AppEnv>();

admin.use("/admin/*", async (context, next) => {
  const expected = context.env.ADMIN_TOKEN;
  if (!expected) return context.notFound();
  const given = /^Bearer (.+)$/i.exec(context.req.header("Authorization") ?? "")?.[1] ?? "";
  if (!(await sameText(given, expected))) return refuse(context, reasons.credentialsNotCorrect());
  return next();
});
admin.post("/admin/users", async (context) => answer(context, await putUser(context)));
admin.post("/admin/channels", async (context) => answer(context, await putChannel(context)));

/** Creates a user, or gives an existing one a new secret key: the one in the form, or a random one. */
async function putUser(context: AppContext): Promise<Result<{ username: string; secretkey: string }>> {
  const read = await readFieldForm(context.req.raw);
  if (!read.ok) return read;
  const username = read.value.text("username") ?? "";
  if (!NAME_PATTERN.test(username)) return failure(reasons.fieldNotValid("username", NAME_EXPECTED));
  const secretkey = read.value.text("secretkey") || randomSecret();
  await directoryOf(context.env).putUser(username, secretkey);
  await context.env.ACCOUNTS.delete(`user:${username}`);
  return success({ username, secretkey });
}

/** Creates a channel for a user, or changes its quota and public reading. */
async function putChannel(context: AppContext) {
  const read = await readFieldForm(context.req.raw);
  if (!read.ok) return read;
  const form = read.value;
  const name = form.text("channel") ?? "";
  if (!NAME_PATTERN.test(name)) return failure(reasons.fieldNotValid("channel", NAME_EXPECTED));
  const quota = readWhole(form, "quota", 1, QUOTA_MAX, readSettings(context.env).channelQuota);
  if (!quota.ok) return quota;
  const owner = form.text("username") ?? "";
  const channel = await directoryOf(context.env).putChannel(name, owner, quota.value, form.text("publicread") === "1");
  if (!channel)
    return failure(reasons.fieldNotValid("username", "must be an existing user, and the owner of an existing channel"));
  await context.env.ACCOUNTS.delete(`channel:${name}`);
  return success({ channel: name, username: owner, quota: channel.quota, publicread: channel.publicRead ? 1 : 0 });
}

/** Takes the same time wherever the texts differ. */
async function sameText(a: string, b: string): Promise<boolean> {
  const hash = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return crypto.subtle.timingSafeEqual(await hash(a), await hash(b));
}
