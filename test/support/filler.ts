/** Images that fill a shard, for tests that are not about what they show. */

import type { NewImage } from "../../worker/catalog/shard.ts";
import type { Target } from "../../worker/core/core.ts";

export function filler(identifier: string, features: Target["features"]): NewImage {
  const size = { width: 320, height: 320 };
  return {
    identifier,
    metadata: "",
    matchratio: null,
    level: 1,
    digest: "",
    original: "none",
    size,
    target: { ...size, features },
  };
}
