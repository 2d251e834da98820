/** What the operator does: make users and channels. Bearer ADMIN_TOKEN; without that secret it does not exist. */

import { Hono } from "hono";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { directoryOf } from "../catalog/accounts.ts";
import type { Channel, ChannelSettings } from "../catalog/directory.ts";
import { APP_ID_PATTERN } from "../catalog/host-sign.ts";
import { randomSecret } from "../catalog/secrets.ts";
import { readSettings } from "../env.ts";
import { type AppContext, type AppEnv, answer, refuse } from "./answer.ts";
import { type Form, readFieldForm, readWhole } from "./form.ts";

const NAME_PATTERN = /^[A-Za-z0-9@_.-]{3,50}$/;
const NAME_EXPECTED = "must be 3 to 50 of the characters A-Z a-z 0-9 @ _ . -";
const QUOTA_MAX = 10_000_000;
const HOST_APPS_MOST = 100;
const HOST_APPS_EXPECTED = `must be up to ${HOST_APPS_MOST} WeChat app ids such as wx0123456789abcdef, separated by commas`;

interface ChannelAnswer {
  readonly channel: string;
  readonly username: string;
  readonly quota: number;
  readonly publicread: 0 | 1;
  readonly hostapps: readonly string[];
  readonly disabled: 0 | 1;
}

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

/** Creates a channel for a user, or changes the settings that are given. */
async function putChannel(context: AppContext) {
  const read = await readFieldForm(context.req.raw);
  if (!read.ok) return read;
  const form = read.value;
  const name = form.text("channel") ?? "";
  if (!NAME_PATTERN.test(name)) return failure(reasons.fieldNotValid("channel", NAME_EXPECTED));
  const settings = readChannelSettings(form);
  if (!settings.ok) return settings;
  const owner = form.text("username") ?? "";
  const { channelQuota } = readSettings(context.env);
  const channel = (await directoryOf(context.env).putChannel(name, owner, settings.value, channelQuota)) as
    | Channel
    | undefined;
  if (!channel)
    return failure(reasons.fieldNotValid("username", "must be an existing user, and the owner of an existing channel"));
  await context.env.ACCOUNTS.delete(`channel:${name}`);
  return success(channelAnswer(channel));
}

function readChannelSettings(form: Form): Result<ChannelSettings> {
  const quota = readWhole(form, "quota", 1, QUOTA_MAX, undefined);
  if (!quota.ok) return quota;
  const publicRead = readSwitch(form, "publicread");
  if (!publicRead.ok) return publicRead;
  const disabled = readSwitch(form, "disabled");
  if (!disabled.ok) return disabled;
  const hostApps = readHostApps(form);
  if (!hostApps.ok) return hostApps;
  return success({
    quota: quota.value,
    publicRead: publicRead.value,
    disabled: disabled.value,
    hostApps: hostApps.value,
  });
}

/** 0 or 1; undefined where the field is absent or empty. */
function readSwitch(form: Form, name: string): Result<boolean | undefined> {
  const value = readWhole(form, name, 0, 1, undefined);
  return value.ok ? success(value.value === undefined ? undefined : value.value === 1) : value;
}

/** WeChat app ids, separated by commas; none where the field is empty, undefined where it is absent. */
function readHostApps(form: Form): Result<readonly string[] | undefined> {
  const text = form.text("hostapps");
  if (text === undefined) return success(undefined);
  const appIds = text.split(",").map((part) => part.trim());
  if (appIds.join() === "") return success([]);
  const valid = appIds.length <= HOST_APPS_MOST && appIds.every((appId) => APP_ID_PATTERN.test(appId));
  return valid ? success(appIds) : failure(reasons.fieldNotValid("hostapps", HOST_APPS_EXPECTED));
}

function channelAnswer({ name, owner, quota, publicRead, hostApps, disabled }: Channel): ChannelAnswer {
  return {
    channel: name,
    username: owner,
    quota,
    publicread: publicRead ? 1 : 0,
    hostapps: hostApps,
    disabled: disabled ? 1 : 0,
  };
}

/** Takes the same time wherever the texts differ. */
async function sameText(a: string, b: string): Promise<boolean> {
  const hash = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return crypto.subtle.timingSafeEqual(await hash(a), await hash(b));
}
