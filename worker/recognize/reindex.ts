/** Features anew from the originals, while questions are answered: after a change of how they are extracted. */

import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { Channel } from "../catalog/directory.ts";
import { shardOf } from "../catalog/shards.ts";
import type { Env } from "../env.ts";
import type { ImageLimits } from "../image/decode.ts";
import { sha256 } from "./digest.ts";
import { readTarget } from "./extract.ts";
import { sharedCore, turnstile } from "./isolate.ts";

/** False where the image is gone meanwhile. What cannot be extracted any more keeps its features, and says why. */
export async function reindexPicture(
  env: Env,
  limits: ImageLimits,
  channel: Channel,
  identifier: string,
): Promise<Result<boolean>> {
  const shard = shardOf(env, channel, identifier);
  const key = await shard.original(identifier);
  if (key === undefined) return success(false);
  const object = await env.BUCKET.get(key);
  if (!object) return failure(reasons.notRecognized("its original is missing in R2"));
  const bytes = new Uint8Array(await object.arrayBuffer());
  const picture = await turnstile.pass(channel, () => readTarget(sharedCore(), bytes, limits));
  if (!picture.ok) return picture;
  return shard.retarget(identifier, await sha256(bytes), picture.value.target) as Promise<Result<boolean>>;
}
