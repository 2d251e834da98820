/** AddImage, ReplaceImage, GradeImage, RemoveImage, GetImages, GetImage, UpdateImageInfo. */

import { Hono } from "hono";
import { type ImageInfo, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { channelOf, findChannel } from "../catalog/accounts.ts";
import type { Channel } from "../catalog/directory.ts";
import { listImages } from "../catalog/listing.ts";
import type { CatalogImage } from "../catalog/shard.ts";
import { shardOf } from "../catalog/shards.ts";
import { readSettings } from "../env.ts";
import { addPicture, gradePicture, type Replacement, replacePicture } from "../recognize/add.ts";
import { hasCredentials, requireAsker, requireUser } from "./access.ts";
import { type AppContext, type AppEnv, answer } from "./answer.ts";
import {
  type Form,
  readChannelName,
  readFieldForm,
  readIdentifier,
  readImageForm,
  readMatchratio,
  readMetadata,
  readPrefix,
  readWhole,
} from "./form.ts";

export const images = new Hono<AppEnv>();

images.post("/AddImage", async (context) => answer(context, await addImage(context)));
images.post("/ReplaceImage", async (context) => answer(context, await replaceImage(context)));
images.post("/GradeImage", async (context) => answer(context, await gradeImage(context)));
images.post("/RemoveImage", async (context) => answer(context, await removeImage(context)));
images.post("/GetImages", async (context) => answer(context, await getImages(context)));
images.post("/GetImage", async (context) => answer(context, await getImage(context)));
images.post("/UpdateImageInfo", async (context) => answer(context, await updateImageInfo(context)));

async function addImage(context: AppContext): Promise<Result<{ level: number }>> {
  const read = await readUpload(context);
  if (!read.ok) return read;
  const { channel, form, ...upload } = read.value;
  const identifier = readIdentifier(form);
  if (!identifier.ok) return identifier;
  const { metadata = "", matchratio = null } = upload;
  const { addLimits } = readSettings(context.env);
  return addPicture(context.env, addLimits, channel, { ...upload, identifier: identifier.value, metadata, matchratio });
}

async function replaceImage(context: AppContext): Promise<Result<{ level: number }>> {
  const read = await readUpload(context);
  if (!read.ok) return read;
  const { channel, form, ...upload } = read.value;
  const identifier = readIdentifier(form);
  if (!identifier.ok) return identifier;
  const { addLimits } = readSettings(context.env);
  return replacePicture(context.env, addLimits, channel, { ...upload, identifier: identifier.value });
}

/** Takes what AddImage takes, so that one form serves both; the identifier may be open yet. */
async function gradeImage(context: AppContext) {
  const read = await readUpload(context);
  if (!read.ok) return read;
  const { channel, form, bytes } = read.value;
  const identifier = form.text("identifier") ? readIdentifier(form) : success(undefined);
  if (!identifier.ok) return identifier;
  return gradePicture(context.env, readSettings(context.env).addLimits, channel, bytes, identifier.value);
}

type UploadForm = Omit<Replacement, "identifier"> & { readonly channel: Channel; readonly form: Form };

/** What comes with a picture for a channel. */
async function readUpload(context: AppContext): Promise<Result<UploadForm>> {
  const read = await readImageForm(context.req.raw, readSettings(context.env).addLimits.maxBytes);
  if (!read.ok) return read;
  const { form, image } = read.value;
  const channel = await requireChannel(context, form);
  if (!channel.ok) return channel;
  const metadata = readMetadata(form);
  if (!metadata.ok) return metadata;
  const matchratio = readMatchratio(form);
  if (!matchratio.ok) return matchratio;
  const similar = readWhole(form, "allowsimilar", 0, 1, 1);
  if (!similar.ok) return similar;
  return success({
    channel: channel.value,
    form,
    metadata: metadata.value,
    matchratio: matchratio.value,
    allowSimilar: similar.value === 1,
    bytes: image,
  });
}

async function removeImage(context: AppContext): Promise<Result<{ removed: 0 | 1 }>> {
  const named = await requireNamed(context);
  if (!named.ok) return named;
  const { channel, identifier } = named.value;
  const removed = (await shardOf(context.env, channel, identifier).remove(identifier)) as Result<0 | 1>;
  return removed.ok ? success({ removed: removed.value }) : removed;
}

interface ListedPage {
  readonly totalcount: number;
  readonly images: readonly ImageInfo[];
  readonly nextposition?: number;
  readonly cursor?: string;
}

async function getImages(context: AppContext) {
  const read = await readFieldForm(context.req.raw);
  if (!read.ok) return read;
  const form = read.value;
  const channel = await requireChannel(context, form);
  if (!channel.ok) return channel;
  const limit = readWhole(form, "limit", 1, PAGE_SIZE_MAX, PAGE_SIZE_DEFAULT);
  if (!limit.ok) return limit;
  return readPage(context, channel.value, form, limit.value);
}

/** `limit` images from the form's position or cursor on, of all or of those with its prefix. */
export async function readPage(
  context: AppContext,
  channel: Channel,
  form: Form,
  limit: number,
): Promise<Result<ListedPage>> {
  const position = readWhole(form, "position", 0, Number.MAX_SAFE_INTEGER, 0);
  if (!position.ok) return position;
  const cursor = readCursor(form);
  if (!cursor.ok) return cursor;
  const prefix = readPrefix(form);
  if (!prefix.ok) return prefix;
  const from = cursor.value ?? { position: position.value, after: undefined };
  const page = await listImages(context.env, channel, from, limit, prefix.value);
  const { totalcount } = page;
  const images = page.images.map((image) => imageAnswer(image, context.req.url));
  const nextposition = from.position + images.length;
  const last = images.at(-1);
  if (!last || nextposition >= totalcount) return success({ totalcount, images });
  return success({ totalcount, images, nextposition, cursor: writeCursor(nextposition, last.identifier) });
}

function imageAnswer({ trackingPath, ...info }: CatalogImage, url: string): ImageInfo {
  return { ...info, trackingimage: new URL(trackingPath, url).href };
}

/** A cursor is where the next page starts and the identifier before it. */
function writeCursor(position: number, after: string): string {
  return btoa(`${position} ${after}`);
}

function readCursor(form: Form): Result<{ position: number; after: string } | undefined> {
  const text = form.text("cursor");
  if (!text) return success(undefined);
  try {
    const [, position, after] = /^(\d+) (\S+)$/.exec(atob(text)) ?? [];
    if (position !== undefined && after !== undefined) return success({ position: Number(position), after });
  } catch {
    // not base64
  }
  return failure(reasons.fieldNotValid("cursor", "must be the cursor of an earlier answer"));
}

async function getImage(context: AppContext) {
  const read = await readFieldForm(context.req.raw);
  if (!read.ok) return read;
  const form = read.value;
  const name = readChannelName(form);
  const identifier = readIdentifier(form);
  const known = hasCredentials(context, form);
  const channel = known ? await askableChannel(context, form) : await publicChannel(context, name);
  if (!channel.ok) return channel;
  if (!identifier.ok) return identifier;
  const image = await shardOf(context.env, channel.value, identifier.value).get(identifier.value);
  if (!image) return failure(reasons.identifierNotFound());
  const { metadata, matchratio, level, trackingimage } = imageAnswer(image, context.req.url);
  // Public reading is for metadata: the pictures themselves may not be public.
  return success({ metadata, matchratio, level, ...(known && { trackingimage }) });
}

/** The channel where anybody may read; without credentials all others are closed. */
async function publicChannel(context: AppContext, name: Result<string>): Promise<Result<Channel>> {
  if (!name.ok) return name;
  const channel = await findChannel(context.env, name.value, Date.now());
  if (channel?.publicRead && !channel.disabled) return success(channel);
  if (!channel && !readSettings(context.env).strictChannels) return failure(reasons.channelNotFound());
  return failure(reasons.credentialsNotCorrect());
}

async function askableChannel(context: AppContext, form: Form): Promise<Result<Channel>> {
  const asker = await requireAsker(context, form);
  if (!asker.ok) return asker;
  const name = readChannelName(form);
  if (!name.ok) return name;
  if (asker.value.channel !== undefined && asker.value.channel !== name.value)
    return failure(reasons.channelNotYours());
  return channelOf(context.env, asker.value.username, name.value, Date.now(), readSettings(context.env).strictChannels);
}

async function updateImageInfo(context: AppContext): Promise<Result<object>> {
  const named = await requireNamed(context);
  if (!named.ok) return named;
  const { channel, identifier, form } = named.value;
  const metadata = readMetadata(form);
  if (!metadata.ok) return metadata;
  const matchratio = readMatchratio(form);
  if (!matchratio.ok) return matchratio;
  const change = { metadata: metadata.value, matchratio: matchratio.value };
  const updated = (await shardOf(context.env, channel, identifier).update(identifier, change)) as Result<undefined>;
  return updated.ok ? success({}) : updated;
}

/** The caller's channel named in the form. */
export async function requireChannel(context: AppContext, form: Form): Promise<Result<Channel>> {
  const user = await requireUser(context, form);
  if (!user.ok) return user;
  const name = readChannelName(form);
  if (!name.ok) return name;
  return channelOf(context.env, user.value, name.value, Date.now(), readSettings(context.env).strictChannels);
}

/** The caller's channel and the identifier in it. */
export async function requireNamed(
  context: AppContext,
): Promise<Result<{ channel: Channel; identifier: string; form: Form }>> {
  const read = await readFieldForm(context.req.raw);
  if (!read.ok) return read;
  const channel = await requireChannel(context, read.value);
  if (!channel.ok) return channel;
  const identifier = readIdentifier(read.value);
  return identifier.ok
    ? success({ channel: channel.value, identifier: identifier.value, form: read.value })
    : identifier;
}
