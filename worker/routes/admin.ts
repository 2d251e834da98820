/** What the operator does: users, their secrets, and channels. Bearer ADMIN_TOKEN; without that secret it does not exist. */

import { Hono } from "hono";
import { type ChannelSettings, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, type UserSettings } from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { directoryOf, forgetChannel } from "../catalog/accounts.ts";
import type { Channel, ChannelSettings as ChannelChanges, User } from "../catalog/directory.ts";
import { APP_ID_PATTERN } from "../catalog/host-sign.ts";
import { randomSecret } from "../catalog/secrets.ts";
import { SHARDS_MOST } from "../catalog/shard-map.ts";
import { readSettings } from "../env.ts";
import { type AppContext, type AppEnv, answer, refuse } from "./answer.ts";
import { bearerOf } from "./bearer.ts";
import { Form, readFieldForm, readWhole } from "./form.ts";

const NAME_PATTERN = /^[A-Za-z0-9@_.-]{3,50}$/;
const NAME_EXPECTED = "must be 3 to 50 of the characters A-Z a-z 0-9 @ _ . -";
const QUOTA_MAX = 10_000_000;
const HOST_APPS_MOST = 100;
const HOST_APPS_EXPECTED = `must be up to ${HOST_APPS_MOST} WeChat app ids such as wx0123456789abcdef, separated by commas`;

export const admin = new Hono<AppEnv>();

admin.use("/admin/*", async (context, next) => {
  const expected = context.env.ADMIN_TOKEN;
  if (!expected) return context.notFound();
  if (!(await sameText(bearerOf(context) ?? "", expected))) return refuse(context, reasons.credentialsNotCorrect());
  return next();
});
admin.get("/admin/users", async (context) => answer(context, await listUsers(context)));
admin.post("/admin/users", async (context) => answer(context, await putUser(context)));
admin.post("/admin/secrets", async (context) => answer(context, await rotateSecret(context)));
admin.post("/admin/secrets/retire", async (context) => answer(context, await retireSecret(context)));
admin.get("/admin/channels", async (context) => answer(context, await listChannels(context)));
admin.post("/admin/channels", async (context) => answer(context, await putChannel(context)));

async function listUsers(context: AppContext) {
  const page = readPage(context);
  if (!page.ok) return page;
  const users = (await directoryOf(context.env).users(page.value.after, page.value.limit)) as User[];
  return success({ users: users.map(userAnswer), ...nextPage(users.at(-1)?.username, users.length, page.value) });
}

/**
 * Creates a user, or gives an existing one another secret key in place of all it had: the one in the form, or a random
 * one. With `disabled` alone an existing user keeps the secret keys.
 */
async function putUser(context: AppContext) {
  const read = await readUsername(context);
  if (!read.ok) return read;
  const { form, username } = read.value;
  const disabled = readSwitch(form, "disabled");
  if (!disabled.ok) return disabled;
  const directory = directoryOf(context.env);
  const keepsSecret = disabled.value !== undefined && !form.text("secretkey") && (await directory.user(username));
  const secretkey = keepsSecret ? undefined : form.text("secretkey") || randomSecret();
  if (secretkey !== undefined) await directory.putUser(username, secretkey);
  if (disabled.value !== undefined) await directory.disableUser(username, disabled.value);
  await forgetUser(context, username);
  const user = (await directory.user(username)) as User;
  return success({ ...userAnswer(user), ...(secretkey === undefined ? {} : { secretkey }) });
}

/** A new secret key; the present one goes on, so that clients can change over one after the other. */
async function rotateSecret(context: AppContext) {
  const read = await readUsername(context);
  if (!read.ok) return read;
  const { form, username } = read.value;
  const secretkey = form.text("secretkey") || randomSecret();
  if (!(await directoryOf(context.env).rotateSecret(username, secretkey))) return failure(noSuchUser());
  await forgetUser(context, username);
  return success({ username, secretkey, secrets: 2 });
}

/** Ends the secret key from before the rotation. */
async function retireSecret(context: AppContext) {
  const read = await readUsername(context);
  if (!read.ok) return read;
  const { username } = read.value;
  if (!(await directoryOf(context.env).retireSecret(username))) return failure(noSuchUser());
  await forgetUser(context, username);
  return success({ username, secrets: 1 });
}

async function readUsername(context: AppContext): Promise<Result<{ form: Form; username: string }>> {
  const read = await readFieldForm(context.req.raw);
  if (!read.ok) return read;
  const username = read.value.text("username") ?? "";
  if (!NAME_PATTERN.test(username)) return failure(reasons.fieldNotValid("username", NAME_EXPECTED));
  context.set("facts", { user: username });
  return success({ form: read.value, username });
}

function noSuchUser() {
  return reasons.fieldNotValid("username", "must be an existing user");
}

function forgetUser(context: AppContext, username: string): Promise<void> {
  return context.env.ACCOUNTS.delete(`user:${username}`);
}

/** Never shows a secret, of which only hashes are kept. */
function userAnswer({ username, previous, disabled }: User): UserSettings {
  return { username, secrets: previous === null ? 1 : 2, disabled: disabled ? 1 : 0 };
}

async function listChannels(context: AppContext) {
  const page = readPage(context);
  if (!page.ok) return page;
  const { after, limit, form } = page.value;
  const owner = form.text("username") || undefined;
  const channels = (await directoryOf(context.env).channels(after, limit, owner)) as Channel[];
  return success({
    channels: channels.map(channelAnswer),
    ...nextPage(channels.at(-1)?.name, channels.length, page.value),
  });
}

interface Page {
  readonly form: Form;
  readonly after: string;
  readonly limit: number;
}

function readPage(context: AppContext): Result<Page> {
  const form = new Form(Object.entries(context.req.query()));
  const limit = readWhole(form, "limit", 1, PAGE_SIZE_MAX, PAGE_SIZE_DEFAULT);
  return limit.ok ? success({ form, after: form.text("cursor") ?? "", limit: limit.value }) : limit;
}

/** A cursor is the last name of a page that is full. */
function nextPage(last: string | undefined, count: number, { limit }: Page): { cursor?: string } {
  return last === undefined || count < limit ? {} : { cursor: last };
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
  const shards = readWhole(form, "shards", 1, SHARDS_MOST, undefined);
  if (!shards.ok) return shards;
  const directory = directoryOf(context.env);
  if (shards.value !== undefined && (await directory.channel(name)))
    return failure(reasons.fieldNotValid("shards", "is for new channels only; later they grow by themselves"));
  const owner = form.text("username") ?? "";
  const { channelQuota } = readSettings(context.env);
  const channel = (await directory.putChannel(name, owner, settings.value, channelQuota, shards.value ?? 1)) as
    | Channel
    | undefined;
  if (!channel)
    return failure(reasons.fieldNotValid("username", "must be an existing user, and the owner of an existing channel"));
  context.set("facts", { user: channel.owner, channel: name });
  await forgetChannel(context.env, name);
  return success(channelAnswer(channel));
}

function readChannelSettings(form: Form): Result<ChannelChanges> {
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

function channelAnswer({ name, owner, quota, publicRead, hostApps, disabled, shards }: Channel): ChannelSettings {
  return {
    channel: name,
    username: owner,
    quota,
    publicread: publicRead ? 1 : 0,
    hostapps: hostApps,
    disabled: disabled ? 1 : 0,
    shards,
  };
}

/** Takes the same time wherever the texts differ. */
async function sameText(a: string, b: string): Promise<boolean> {
  const hash = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return crypto.subtle.timingSafeEqual(await hash(a), await hash(b));
}
