/** The adding path: read and grade the picture, keep the original, then the one transaction that makes it findable. */

import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { Channel } from "../catalog/directory.ts";
import { newOriginal } from "../catalog/pictures.ts";
import type { Env } from "../env.ts";
import type { ImageLimits } from "../image/decode.ts";
import { readTarget, type TargetPicture } from "./extract.ts";
import { sharedCore, turnstile } from "./isolate.ts";
import { measureLevel } from "./level.ts";
import { shardOf } from "./shards.ts";

const RETRY_SECONDS = 2;

export interface Upload {
  readonly identifier: string;
  readonly metadata: string;
  readonly matchratio: number | null;
  readonly bytes: Uint8Array;
}

export async function addPicture(
  env: Env,
  limits: ImageLimits,
  channel: Channel,
  upload: Upload,
): Promise<Result<{ level: number }>> {
  const { identifier, metadata, matchratio, bytes } = upload;
  const shard = shardOf(env, channel);
  const digest = await sha256(bytes);
  const foreseen = await shard.foresee(identifier, digest, metadata, channel.quota);
  if (!foreseen.ok) return foreseen;
  if (foreseen.value !== undefined) return success({ level: foreseen.value });

  const graded = await turnstile.pass(() => gradeTarget(bytes, limits));
  if (!graded.ok) return graded;
  const { picture, level } = graded.value;

  const original = newOriginal(channel.id);
  if (!(await keepOriginal(env, original, bytes))) {
    return failure(reasons.busy("the picture could not be stored", RETRY_SECONDS));
  }
  const { target, size } = picture;
  const added = await shard.add(
    { identifier, metadata, matchratio, level, digest, original, size, target },
    channel.quota,
  );
  // Refused after all, or a repeated call came first: this copy belongs to no row.
  if (!added.ok || added.value.repeated) await env.BUCKET.delete(original);
  return added.ok ? success({ level: added.value.level }) : added;
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

async function gradeTarget(
  bytes: Uint8Array,
  limits: ImageLimits,
): Promise<Result<{ picture: TargetPicture; level: number }>> {
  const core = sharedCore();
  const picture = await readTarget(core, bytes, limits);
  if (!picture.ok) return picture;
  const level = measureLevel(core, picture.value.image, picture.value.target);
  if (level > 0) return success({ picture: picture.value, level });
  return failure(
    reasons.tooLittleDetail(
      "it was not recognized again in any simulated view; use a picture with more detail, less repetition",
    ),
  );
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
