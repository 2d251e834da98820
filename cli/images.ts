/** All pictures of a channel, page after page, in the order of identifiers. */

import type { LookmarkClient } from "../shared/client.ts";
import { type ImageInfo, PAGE_SIZE_MAX } from "../shared/protocol.ts";
import { accept } from "./command.ts";

export async function listImages(client: LookmarkClient, channel: string): Promise<ImageInfo[]> {
  const images: ImageInfo[] = [];
  let cursor: string | undefined;
  do {
    const page = accept(await client.getImages({ channel, cursor, limit: PAGE_SIZE_MAX }));
    images.push(...(page.images ?? []));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return images;
}
