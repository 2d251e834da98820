/** How many of a target's features go to pages, by plain counting. */

import { COMMONNESS_MOST, PAGED_FEATURES_MOST } from "../../worker/index/page.ts";

/** `features` as a target keeps them, 14 bytes each; `commonness` has a byte for each word. */
export function pagedCount(features: ArrayBuffer, commonness: Uint8Array): number {
  const view = new DataView(features);
  let count = 0;
  for (let at = 12; at < features.byteLength; at += 14) {
    if ((commonness[view.getUint16(at, true)] as number) <= COMMONNESS_MOST) count++;
  }
  return Math.min(count, PAGED_FEATURES_MOST);
}
