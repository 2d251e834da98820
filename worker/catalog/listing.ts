/** The images of a channel in the order of their identifiers, whatever shards they are in. */

import type { Env } from "../env.ts";
import type { Channel } from "./directory.ts";
import type { CatalogImage, ImagePage } from "./shard.ts";
import { askAll } from "./shards.ts";

/** Where a page begins: `position` images come before it, the last of them `after`, where that is known. */
export interface PageStart {
  readonly position: number;
  readonly after: string | undefined;
}

/** A page ends here at the latest, far below the memory of a Worker: 100 images always fit. */
const METADATA_BYTES = 8 * 2 ** 20;
/** So few images are read to be left out. */
const LEFT_OUT_MOST = 64;

/** `limit` images, or fewer where their metadata are long. */
export async function listImages(
  env: Env,
  channel: Channel,
  { position, after }: PageStart,
  limit: number,
  prefix: string,
): Promise<Omit<ImagePage, "more">> {
  if (after === undefined && channel.shards === 1 && !channel.splitting) {
    const pages = await readPages(env, channel, { position }, limit, prefix);
    if (pages.length === 1) return merge(pages, 0, limit);
  }
  const start = after === undefined ? await seek(env, channel, position, prefix) : { after, left: 0 };
  const pages = await readPages(env, channel, { after: start.after }, limit + start.left, prefix);
  return merge(pages, start.left, limit);
}

function readPages(
  env: Env,
  channel: Channel,
  from: { position: number } | { after: string },
  limit: number,
  prefix: string,
): Promise<ImagePage[]> {
  const bytes = METADATA_BYTES / channel.shards;
  return askAll<ImagePage>(env, channel, (shard) => shard.page(from, limit, prefix, bytes));
}

/** An image that is just moving may be on two pages. What follows the end of a page that is not the last is not known. */
function merge(pages: readonly ImagePage[], leftOut: number, limit: number): Omit<ImagePage, "more"> {
  const ends = pages.filter(({ more }) => more).map(({ images }) => images.at(-1)?.identifier ?? "");
  const byIdentifier = new Map<string, CatalogImage>();
  for (const image of pages.flatMap(({ images }) => images)) byIdentifier.set(image.identifier, image);
  const images = [...byIdentifier.values()]
    .filter(({ identifier }) => ends.every((end) => identifier <= end))
    .sort((a, b) => (a.identifier < b.identifier ? -1 : 1))
    .slice(leftOut, leftOut + limit);
  return { totalcount: pages.reduce((sum, { totalcount }) => sum + totalcount, 0), images };
}

/**
 * An identifier that all but `left` of `position` images come up to. Each step asks all shards for the one that is as
 * far on as would be right if all had equally many, and goes on behind the first of these; a few steps come near.
 */
async function seek(
  env: Env,
  channel: Channel,
  position: number,
  prefix: string,
): Promise<{ after: string; left: number }> {
  let [after, left, shards] = ["", position, channel.shards];
  while (left > LEFT_OUT_MOST) {
    const from = after;
    const skipped = Math.floor((left - 1) / shards);
    const ahead = await askAll<string | undefined>(env, channel, (shard) =>
      shard.identifierBehind(from, skipped, prefix),
    );
    if (ahead.length > shards) {
      shards = ahead.length;
      continue;
    }
    const next = ahead.filter((identifier) => identifier !== undefined).sort()[0];
    if (next === undefined) return { after, left };
    const counts = await askAll<number>(env, channel, (shard) => shard.countUpTo(from, next, prefix));
    after = next;
    left -= counts.reduce((sum, count) => sum + count, 0);
  }
  return { after, left };
}
