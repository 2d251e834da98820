/** The adding path: read and grade the picture, keep the original, then the one transaction that makes it findable. */

import type { GradeImageAnswer, SimilarImage } from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { Channel } from "../catalog/directory.ts";
import { newOriginal } from "../catalog/pictures.ts";
import type { NewImage, Query, Stored } from "../catalog/shard.ts";
import { askAll, growWhenFull, requireRoom, shardOf } from "../catalog/shards.ts";
import { mostSimilar } from "../catalog/similar.ts";
import type { Env } from "../env.ts";
import type { ImageLimits } from "../image/decode.ts";
import { detectionOf } from "./detections.ts";
import { sha256 } from "./digest.ts";
import { queryOf, readTarget, type TargetPicture } from "./extract.ts";
import { gradeTarget } from "./grade.ts";
import { sharedCore, turnstile } from "./isolate.ts";
import { levelOf } from "./level.ts";

const RETRY_SECONDS = 2;

export interface Upload {
  readonly identifier: string;
  readonly metadata: string;
  readonly matchratio: number | null;
  /** False refuses a picture that the channel would already match. */
  readonly allowSimilar: boolean;
  readonly bytes: Uint8Array;
}

export interface Replacement extends Omit<Upload, "metadata" | "matchratio"> {
  readonly metadata: string | undefined;
  readonly matchratio: number | null | undefined;
}

export async function addPicture(
  env: Env,
  limits: ImageLimits,
  channel: Channel,
  upload: Upload,
): Promise<Result<{ level: number }>> {
  const { identifier, metadata, matchratio } = upload;
  const shard = shardOf(env, channel, identifier);
  const digest = await sha256(upload.bytes);
  const foreseen = await shard.foresee(identifier, digest, metadata, channel.quota);
  if (!foreseen.ok) return foreseen;
  if (foreseen.value !== undefined) return success({ level: foreseen.value });
  const room = await requireRoom(env, channel, 1);
  if (!room.ok) return room;
  return storePicture(env, limits, channel, { ...upload, digest }, (picture, query) =>
    shard.add({ ...picture, identifier, metadata, matchratio, digest }, channel.quota, query),
  );
}

/** Puts another picture under an identifier. Metadata and matchratio that are undefined stay as they are. */
export async function replacePicture(
  env: Env,
  limits: ImageLimits,
  channel: Channel,
  upload: Replacement,
): Promise<Result<{ level: number }>> {
  const { identifier, metadata, matchratio } = upload;
  const shard = shardOf(env, channel, identifier);
  const digest = await sha256(upload.bytes);
  const foreseen = await shard.foreseeReplacement(identifier, digest, metadata, matchratio);
  if (!foreseen.ok) return foreseen;
  if (foreseen.value !== undefined) return success({ level: foreseen.value });
  return storePicture(env, limits, channel, { ...upload, digest }, (picture, query) =>
    shard.replace({ ...picture, identifier, metadata, matchratio, digest }, query),
  );
}

/** Grades the picture as AddImage would, without storing anything. `identifier` is not similar to itself. */
export async function gradePicture(
  env: Env,
  limits: ImageLimits,
  channel: Channel,
  bytes: Uint8Array,
  identifier: string | undefined,
): Promise<Result<Pick<GradeImageAnswer, "level" | "scores" | "advice" | "points" | "similar">>> {
  const core = sharedCore();
  const digest = await sha256(bytes);
  const graded = await turnstile.pass(channel, async () => {
    const picture = await readTarget(core, bytes, limits);
    if (!picture.ok) return picture;
    const detection = detectionOf(core, picture.value, digest);
    return success({ grade: gradeTarget(picture.value, detection), query: queryOf(core, picture.value.image) });
  });
  if (!graded.ok) return graded;
  const { grade, query } = graded.value;
  if (grade.level === 0) return failure(reasons.neverRecognized(grade));
  const similar = await similarTo(env, channel, query, identifier);
  return similar.ok ? success({ ...grade, similar: similar.value }) : similar;
}

async function similarTo(
  env: Env,
  channel: Channel,
  query: Query,
  except: string | undefined,
): Promise<Result<SimilarImage[]>> {
  const similar: SimilarImage[] = [];
  for (const part of await askAll<Result<SimilarImage[]>>(env, channel, (shard) => shard.similar(query, except))) {
    if (!part.ok) return part;
    similar.push(...part.value);
  }
  return success(mostSimilar(similar));
}

type Picture = Pick<NewImage, "level" | "original" | "size" | "target">;

/** Keeps the original and hands the picture to `store`, with the query that similar ones are looked for with. */
async function storePicture(
  env: Env,
  limits: ImageLimits,
  channel: Channel,
  { bytes, identifier, allowSimilar, digest }: Omit<Upload, "metadata" | "matchratio"> & { readonly digest: string },
  store: (picture: Picture, query: Query | undefined) => Promise<Result<Stored>>,
): Promise<Result<{ level: number }>> {
  const core = sharedCore();
  const read = await turnstile.pass(channel, async () => {
    const levelled = await readLevelled(bytes, limits, digest);
    if (!levelled.ok) return levelled;
    return success({
      ...levelled.value,
      query: allowSimilar ? undefined : queryOf(core, levelled.value.picture.image),
    });
  });
  if (!read.ok) return read;
  const { picture, level, query } = read.value;
  const unlike = query ? await requireUnlike(env, channel, query, identifier) : success(undefined);
  if (!unlike.ok) return unlike;
  const original = newOriginal(channel.id);
  await shardOf(env, channel, identifier).expectOriginals([original]);
  if (!(await keepOriginal(env, original, bytes))) {
    return failure(reasons.busy("the picture could not be stored", RETRY_SECONDS));
  }
  const stored = await store({ level, original, size: picture.size, target: picture.target }, query);
  // Refused after all, or a repeated call came first: this copy belongs to no row.
  if (!stored.ok || stored.value.repeated) await env.BUCKET.delete(original);
  if (stored.ok) await growWhenFull(env, channel, stored.value);
  return stored.ok ? success({ level: stored.value.level }) : stored;
}

/** No shard would take the picture for one of its own; the one that stores it makes sure once more, as it does. */
async function requireUnlike(env: Env, channel: Channel, query: Query, except: string): Promise<Result<undefined>> {
  const similar = await similarTo(env, channel, query, except);
  if (!similar.ok) return similar;
  const alike = similar.value.filter(({ matches }) => matches === 1);
  return alike.length === 0 ? success(undefined) : failure(reasons.similarImages(alike));
}

/** R2 does not mark the errors that pass, so every refusal is taken for one. */
async function keepOriginal(env: Env, key: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await env.BUCKET.put(key, bytes);
    return true;
  } catch (error) {
    console.error("original not stored", key, error);
    return false;
  }
}

async function readLevelled(
  bytes: Uint8Array,
  limits: ImageLimits,
  digest: string,
): Promise<Result<{ picture: TargetPicture; level: number }>> {
  const core = sharedCore();
  const picture = await readTarget(core, bytes, limits);
  if (!picture.ok) return picture;
  const level = levelOf(detectionOf(core, picture.value, digest));
  return level > 0 ? success({ picture: picture.value, level }) : failure(reasons.neverRecognized());
}
