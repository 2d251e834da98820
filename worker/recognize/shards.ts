/** Where a channel's images are kept. */

import type { Result } from "../../shared/reason.ts";
import type { Channel } from "../catalog/directory.ts";
import type { Found, Shard } from "../catalog/shard.ts";
import type { Env } from "../env.ts";
import type { Frame } from "./extract.ts";

/** The stub's types lose tuples on the way, so the answer is named again here. */
export function searchShard(
  env: Env,
  channel: Channel,
  { features, size }: Frame,
  most: number,
  identifiers?: readonly string[],
): Promise<Result<Found>> {
  return shardOf(env, channel).search(features, size, most, identifiers) as Promise<Result<Found>>;
}

export function shardOf(env: Env, channel: Channel): DurableObjectStub<Shard> {
  return env.SHARD.get(env.SHARD.idFromName(channel.id));
}
