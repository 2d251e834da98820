/** FindImage: which picture does the frame show? */

import { Hono } from "hono";
import { FOUND_MOST, type FoundImage } from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { channelOf, directoryOf } from "../catalog/accounts.ts";
import { dayOf } from "../catalog/calendar.ts";
import type { Channel } from "../catalog/directory.ts";
import { shardOf } from "../catalog/shards.ts";
import type { Outcome } from "../catalog/statistics.ts";
import { readSettings } from "../env.ts";
import { type ChannelHit, findPicture } from "../recognize/find.ts";
import { requireAsker } from "./access.ts";
import { type AppContext, type AppEnv, answer } from "./answer.ts";
import { type Form, readIdentifiers, readImageForm, readWhole } from "./form.ts";

export const find = new Hono<AppEnv>();

find.post("/FindImage", async (context) => answer(context, await findImage(context)));

async function findImage(context: AppContext) {
  const settings = readSettings(context.env);
  const read = await readImageForm(context.req.raw, settings.findLimits.maxBytes);
  if (!read.ok) return read;
  const channels = await askedChannels(context, read.value.form, settings.strictChannels);
  if (!channels.ok) return channels;
  const [first, second] = channels.value;
  const asked = { channel: second ? undefined : first?.name };
  context.set("facts", asked);
  const identifiers = readIdentifiers(read.value.form);
  if (!identifiers.ok) return identifiers;
  const most = readWhole(read.value.form, "max", 1, FOUND_MOST, 1);
  if (!most.ok) return most;
  const day = dayOf(Date.now(), settings.timeZone);
  const found = await findPicture(
    context.env,
    settings.findLimits,
    channels.value,
    read.value.image,
    { most: most.value, identifiers: identifiers.value },
    (channel, outcome) => context.executionCtx.waitUntil(count(context, channel, day, outcome)),
  );
  if (!found.ok) return found;
  context.set("facts", { ...asked, took: found.value.took });
  const images = found.value.hits.map((hit) => hitAnswer(hit, context.req.url));
  return success({ ...images[0], ...(most.value > 1 && { images }), took: found.value.took });
}

/** A match counts where its image is, whatever else by chance: all shards are summed. */
function count(context: AppContext, channel: Channel, day: string, outcome: Outcome): Promise<void> {
  const spread = outcome.kind === "match" ? outcome.identifier : context.get("requestId");
  return shardOf(context.env, channel, spread).count(day, outcome);
}

function hitAnswer({ trackingPath, foundShare, evidence, worth, ...hit }: ChannelHit, url: string): FoundImage {
  return { ...hit, trackingimage: new URL(trackingPath, url).href };
}

/** The channel named in the form or by the token; all of the asker's channels where none is. */
async function askedChannels(context: AppContext, form: Form, strict: boolean): Promise<Result<Channel[]>> {
  const asker = await requireAsker(context, form);
  if (!asker.ok) return asker;
  const { username, channel: allowed } = asker.value;
  const name = form.text("channel") || allowed;
  if (!name) {
    const channels = (await directoryOf(context.env).channelsOf(username)) as Channel[];
    return success(channels.filter(({ disabled }) => !disabled));
  }
  if (allowed !== undefined && name !== allowed) return failure(reasons.channelNotYours());
  const channel = await channelOf(context.env, username, name, Date.now(), strict);
  return channel.ok ? success([channel.value]) : channel;
}
