/** Who is calling: by user name and secret key, or, for questions only, by query token or by WeChat's signature. */

import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { authenticate, findChannel } from "../catalog/accounts.ts";
import { readHostSign } from "../catalog/host-sign.ts";
import { readToken, type TokenScope } from "../catalog/tokens.ts";
import { readSettings } from "../env.ts";
import { requireRoom } from "./admission.ts";
import type { AppContext } from "./answer.ts";
import { type Form, readChannelName } from "./form.ts";
import { noteCall } from "./log.ts";
import { requireRate } from "./rate.ts";

const HOST_SIGN = "X-WECHAT-HOSTSIGN";

/** The user whose secret key came with the call. */
export async function requireUser(context: AppContext, form: Form): Promise<Result<string>> {
  const username = form.text("username") ?? "";
  const secret = form.text("secretkey");
  if (!username || !secret) return failure(reasons.credentialsNotCorrect());
  const user = await authenticate(context.env, username, secret, Date.now());
  if (!user.ok) return user;
  noteCall(context, user.value, form);
  const room = await requireShare(context, user.value);
  return room.ok ? user : room;
}

/** Who may ask, and about which channels: a token's scope, a channel that knows the host, or all with a secret key. */
export async function requireAsker(context: AppContext, form: Form): Promise<Result<TokenScope>> {
  const token = form.text("token") ?? bearerToken(context);
  const hostSign = context.req.header(HOST_SIGN);
  if (token === undefined && hostSign !== undefined && form.text("secretkey") === undefined) {
    return requireHost(context, form, hostSign);
  }
  if (token === undefined) {
    const user = await requireUser(context, form);
    return user.ok ? success({ username: user.value, channel: undefined }) : user;
  }
  const scope = await readToken(context.env, token);
  if (!scope.ok) return scope;
  const room = await requireShare(context, scope.value.username);
  return room.ok ? scope : room;
}

/** A plugin's request, as one of the owner of its channel: the channel has the host mini-program on its list. */
async function requireHost(context: AppContext, form: Form, hostSign: string): Promise<Result<TokenScope>> {
  const pluginToken = context.env.WECHAT_PLUGIN_TOKEN;
  if (!pluginToken) return failure(reasons.hostSignNotValid("this deployment has no WECHAT_PLUGIN_TOKEN"));
  const appId = await readHostSign(hostSign, context.req.header("Referer") ?? "", pluginToken, Date.now());
  if (!appId.ok) return appId;
  const name = readChannelName(form);
  if (!name.ok) return name;
  const channel = await findChannel(context.env, name.value, Date.now());
  if (channel?.hostApps.includes(appId.value)) {
    const room = await requireShare(context, channel.owner);
    return room.ok ? success({ username: channel.owner, channel: channel.name }) : room;
  }
  const unknown = !channel || readSettings(context.env).strictChannels;
  return failure(unknown ? reasons.channelNotFound() : reasons.hostNotAllowed(appId.value));
}

/** Whether the user, who is known by now, may have one more call. */
async function requireShare(context: AppContext, username: string): Promise<Result<undefined>> {
  const within = await requireRate(context, username);
  return within.ok ? requireRoom(context, username) : within;
}

export function hasCredentials(context: AppContext, form: Form): boolean {
  return (
    ["username", "secretkey", "token"].some((name) => form.text(name) !== undefined) ||
    bearerToken(context) !== undefined ||
    context.req.header(HOST_SIGN) !== undefined
  );
}

function bearerToken(context: AppContext): string | undefined {
  return /^Bearer (.+)$/i.exec(context.req.header("Authorization") ?? "")?.[1];
}
