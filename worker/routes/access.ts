/** Who is calling: by user name and secret key, or, for questions only, by query token or by WeChat's signature. */

import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { authenticate, findChannel } from "../catalog/accounts.ts";
import { readHostSign } from "../catalog/host-sign.ts";
import { readToken, scopeNamedIn, type TokenScope } from "../catalog/tokens.ts";
import { readSettings } from "../env.ts";
import { requireTurn } from "./admission.ts";
import type { AppContext } from "./answer.ts";
import { bearerOf } from "./bearer.ts";
import { type Form, readChannelName } from "./form.ts";
import { noteCall } from "./log.ts";
import { requireUserRate } from "./rate.ts";

const HOST_SIGN = "X-WECHAT-HOSTSIGN";

/** The user whose secret key came with the call. */
export async function requireUser(context: AppContext, form: Form): Promise<Result<string>> {
  const username = form.text("username") ?? "";
  const secret = form.text("secretkey");
  const turn = await requireTurn(context, username, channelIn(form));
  if (!turn.ok) return turn;
  if (!username || !secret) return failure(reasons.credentialsNotCorrect());
  const user = await authenticate(context.env, username, secret, Date.now());
  if (!user.ok) return user;
  noteCall(context, user.value, form);
  const rate = await requireUserRate(context, user.value);
  return rate.ok ? user : rate;
}

/** Who may ask, and about which channels: a token's scope, a channel that knows the host, or all with a secret key. */
export async function requireAsker(context: AppContext, form: Form): Promise<Result<TokenScope>> {
  const token = form.text("token") ?? bearerOf(context);
  const hostSign = context.req.header(HOST_SIGN);
  if (token === undefined && hostSign !== undefined && form.text("secretkey") === undefined) {
    return requireHost(context, form, hostSign);
  }
  if (token === undefined) {
    const user = await requireUser(context, form);
    return user.ok ? success({ username: user.value, channel: undefined }) : user;
  }
  const turn = await requireTurn(context, scopeNamedIn(token)?.username ?? "", channelIn(form));
  if (!turn.ok) return turn;
  const scope = await readToken(context.env, token);
  if (!scope.ok) return scope;
  const rate = await requireUserRate(context, scope.value.username);
  return rate.ok ? scope : rate;
}

/** A plugin's request, as one of the owner of its channel: the channel has the host mini-program on its list. */
async function requireHost(context: AppContext, form: Form, hostSign: string): Promise<Result<TokenScope>> {
  const turn = await requireTurn(context, "", channelIn(form));
  if (!turn.ok) return turn;
  const pluginToken = context.env.WECHAT_PLUGIN_TOKEN;
  if (!pluginToken) return failure(reasons.hostSignNotValid("this deployment has no WECHAT_PLUGIN_TOKEN"));
  const appId = await readHostSign(hostSign, context.req.header("Referer") ?? "", pluginToken, Date.now());
  if (!appId.ok) return appId;
  const name = readChannelName(form);
  if (!name.ok) return name;
  const channel = await findChannel(context.env, name.value, Date.now());
  if (channel?.hostApps.includes(appId.value)) {
    const rate = await requireUserRate(context, channel.owner);
    return rate.ok ? success({ username: channel.owner, channel: channel.name }) : rate;
  }
  const unknown = !channel || readSettings(context.env).strictChannels;
  return failure(unknown ? reasons.channelNotFound() : reasons.hostNotAllowed(appId.value));
}

function channelIn(form: Form): string {
  return form.text("channel") ?? "";
}

export function hasCredentials(context: AppContext, form: Form): boolean {
  return (
    ["username", "secretkey", "token"].some((name) => form.text(name) !== undefined) ||
    bearerOf(context) !== undefined ||
    context.req.header(HOST_SIGN) !== undefined
  );
}
