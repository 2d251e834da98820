/** Import: many pictures at once, whose features their sender has extracted; what AddImage does one by one. */

import type { ImportedImage } from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { Channel } from "../catalog/directory.ts";
import { newOriginal } from "../catalog/pictures.ts";
import type { Imported, NewImage } from "../catalog/shard.ts";
import { shardNumber } from "../catalog/shard-map.ts";
import { growWhenFull, requireRoom, shardAt } from "../catalog/shards.ts";
import type { Target } from "../core/core.ts";
import type { Env } from "../env.ts";
import { checkImage, type ImageLimits } from "../image/decode.ts";
import { uprightSize } from "../image/orient.ts";
import { sha256 } from "./digest.ts";

const RETRY_SECONDS = 2;

/** A picture, what belongs to it, and what its sender extracted from it. */
export interface ImportedPicture {
  readonly identifier: string;
  readonly metadata: string;
  readonly matchratio: number | null;
  readonly level: number;
  readonly bytes: Uint8Array;
  readonly target: Target;
}

/** Stores those that can be; says for each, in their order, what became of it. Can be repeated. */
export async function importPictures(
  env: Env,
  limits: ImageLimits,
  channel: Channel,
  pictures: readonly ImportedPicture[],
): Promise<Result<ImportedImage[]>> {
  const outcomes = new Map<string, ImportedImage>();
  const images: NewImage[] = [];
  for (const picture of pictures) {
    const header = checkImage(picture.bytes, limits);
    if (header.ok) images.push(await imageOf(channel, picture, uprightSize(header.value, header.value.orientation)));
    else outcomes.set(picture.identifier, refusedImage(picture.identifier, header.reason));
  }
  const room = await requireRoom(env, channel, images.length);
  if (!room.ok) return room;
  const originals = new Map(images.map(({ identifier, original }) => [identifier, original]));
  const bytesOf = new Map(pictures.map(({ identifier, bytes }) => [identifier, bytes]));
  const parts = Map.groupBy(images, ({ identifier }) => shardNumber(identifier, channel.shards));
  for (const [number, part] of parts) {
    await shardAt(env, channel.id, number).expectOriginals(part.map(({ original }) => original));
  }
  if (!(await keepOriginals(env, originals, bytesOf)))
    return failure(reasons.busy("the pictures could not be stored", RETRY_SECONDS));
  for (const [number, part] of parts) {
    const imported = (await shardAt(env, channel.id, number).addAll(part, channel.quota)) as Result<Imported>;
    if (!imported.ok) return imported;
    for (const [identifier, outcome] of Object.entries(imported.value.outcomes)) {
      outcomes.set(
        identifier,
        outcome === "taken"
          ? refusedImage(identifier, reasons.identifierTaken())
          : { identifier, returncode: 0, repeated: outcome === "present" ? 1 : 0 },
      );
      if (outcome === "stored") originals.delete(identifier);
    }
    await growWhenFull(env, channel, imported.value);
  }
  // What is left belongs to no row.
  if (originals.size > 0) await env.BUCKET.delete([...originals.values()]);
  return success(pictures.map(({ identifier }) => outcomes.get(identifier) as ImportedImage));
}

async function imageOf(
  channel: Channel,
  { bytes, ...picture }: ImportedPicture,
  size: NewImage["size"],
): Promise<NewImage> {
  return { ...picture, size, digest: await sha256(bytes), original: newOriginal(channel.id) };
}

/** R2 does not mark the errors that pass, so every refusal is taken for one. */
async function keepOriginals(
  env: Env,
  originals: ReadonlyMap<string, string>,
  bytesOf: ReadonlyMap<string, Uint8Array>,
): Promise<boolean> {
  try {
    const put = ([identifier, key]: [string, string]) => env.BUCKET.put(key, bytesOf.get(identifier) as Uint8Array);
    await Promise.all([...originals].map(put));
    return true;
  } catch (error) {
    console.error("originals not stored", error);
    return false;
  }
}

function refusedImage(identifier: string, { returncode, message }: { returncode: number; message: string }) {
  return { identifier, returncode, message, repeated: 0 as const };
}
