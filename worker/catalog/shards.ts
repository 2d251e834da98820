/** The shards of a channel: which one has an image, and what they all say together. */

import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { type Env, readSettings } from "../env.ts";
import { directoryOf } from "./accounts.ts";
import type { Channel } from "./directory.ts";
import type { Part, Shard } from "./shard.ts";
import { SHARDS_MOST, shardName, shardNumber } from "./shard-map.ts";

export function shardOf(env: Env, channel: Channel, identifier: string): DurableObjectStub<Shard> {
  return shardAt(env, channel.id, shardNumber(identifier, channel.shards));
}

export function shardAt(env: Env, channelId: string, number: number): DurableObjectStub<Shard> {
  return env.SHARD.get(env.SHARD.idFromName(shardName(channelId, number)));
}

/** Each asks shards that took over from those of the one before. */
const ROUNDS_MOST = Math.log2(SHARDS_MOST) + 1;

/**
 * What the shards of a channel answer, asked at once. While one splits, or before this Worker knows of its split, an image
 * that has just left it may not have arrived where it was asked for: then the shard that took it over is asked again.
 */
export async function askAll<T>(
  env: Env,
  channel: Channel,
  ask: (shard: DurableObjectStub<Shard>) => Promise<Part<T>>,
): Promise<T[]> {
  const parts = new Map<number, Part<T>>();
  const known = channel.shards + (channel.splitting ? 1 : 0);
  let due = [...Array(known).keys()];
  for (let round = 0; due.length > 0; round++, due = behind(parts)) {
    if (round > ROUNDS_MOST) throw Object.assign(new Error("the channel's shards disagree"), { retryable: true });
    await Promise.all(due.map(async (number) => parts.set(number, await ask(shardAt(env, channel.id, number)))));
  }
  return [...parts.values()].map(({ value }) => value);
}

/** Those that had not taken in yet what the shards that they came from say they gave. */
function behind(parts: ReadonlyMap<number, Part<unknown>>): number[] {
  return [...parts.values()].flatMap(({ heirs }) =>
    heirs.filter(({ number, given }) => (parts.get(number)?.received ?? -1) < given).map(({ number }) => number),
  );
}

export async function imageCount(env: Env, channel: Channel): Promise<number> {
  const counts = await askAll(env, channel, (shard) => shard.imageCount());
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Where a channel has several shards, each knows the number of its own images only; then those that are added at the same
 * time may exceed the quota by their number.
 */
export async function requireRoom(env: Env, channel: Channel, count: number): Promise<Result<undefined>> {
  if (channel.shards === 1 && !channel.splitting) return success(undefined);
  const room = channel.quota - (await imageCount(env, channel));
  return count <= room ? success(undefined) : failure(reasons.tooManyImages(channel.quota));
}

/** Has the channel get one more shard where the one that has just stored something has enough. */
export async function growWhenFull(env: Env, channel: Channel, stored: { readonly imageCount: number }): Promise<void> {
  if (stored.imageCount < readSettings(env).shardImages || channel.splitting) return;
  await directoryOf(env)
    .grow(channel.id)
    .catch((error) => console.error("channel not grown; the next addition tries again", channel.id, error));
}
