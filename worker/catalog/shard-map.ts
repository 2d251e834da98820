/**
 * Which of a channel's shards has an image: linear hashing (W. Litwin, VLDB 1980). A channel grows by one shard at a time,
 * which takes over half of what one other has; all others keep what they have.
 */

/** Further ones would make a question cost more than a larger shard does. */
export const SHARDS_MOST = 256;

/** Of `shardCount` shards, the number of the one that the identifier belongs to. */
export function shardNumber(identifier: string, shardCount: number): number {
  const hash = hashOf(identifier);
  const half = halfOf(shardCount - 1);
  const number = hash & (2 * half - 1);
  return number < shardCount ? number : number & (half - 1);
}

/** The shard that takes its number's half over from: the one that splits when the channel grows by shard `number` > 0. */
export function parentOf(number: number): number {
  return number - halfOf(number);
}

/** The name of the Durable Object. A channel's first shard has the channel's own. */
export function shardName(channelId: string, number: number): string {
  return number === 0 ? channelId : `${channelId}/${number}`;
}

/** The largest power of two that is not above the number; 1 for 0. */
function halfOf(number: number): number {
  return 1 << Math.max(0, 31 - Math.clz32(number));
}

/** FNV-1a over the identifier's characters, with the last step of MurmurHash3, without which its low bits are no hash. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
