/** GetChannels: what a user may manage, which only the operator could list otherwise. */

import { Hono } from "hono";
import type { ChannelInfo } from "../../shared/protocol.ts";
import { type Result, success } from "../../shared/reason.ts";
import { directoryOf } from "../catalog/accounts.ts";
import type { Channel } from "../catalog/directory.ts";
import { imageCount } from "../catalog/shards.ts";
import { requireUser } from "./access.ts";
import { type AppContext, type AppEnv, answer } from "./answer.ts";
import { readFieldForm } from "./form.ts";

export const channels = new Hono<AppEnv>();

channels.post("/GetChannels", async (context) => answer(context, await getChannels(context)));

/** Those that are open: a channel that the operator has disabled answers no call. */
async function getChannels(context: AppContext): Promise<Result<{ channels: ChannelInfo[] }>> {
  const form = await readFieldForm(context.req.raw);
  if (!form.ok) return form;
  const user = await requireUser(context, form.value);
  if (!user.ok) return user;
  const owned = (await directoryOf(context.env).channelsOf(user.value)) as Channel[];
  const open = owned.filter(({ disabled }) => !disabled);
  const counts = await Promise.all(open.map((channel) => imageCount(context.env, channel)));
  return success({
    channels: open.map(({ name, quota, publicRead }, i) => ({
      channel: name,
      quota,
      publicread: publicRead ? 1 : 0,
      imagecount: counts[i] as number,
    })),
  });
}
