/** Reads the originals in R2 from the state of a deployment that has ended, and compares them byte by byte. */

import { Miniflare } from "miniflare";
import { persistencePath } from "../workerd.ts";
import { readTop } from "../wrangler-toml.ts";
import type { Survived } from "./kills.ts";

export interface Comparison {
  /** Originals that are missing or have other bytes, a sentence each. */
  readonly problems: readonly string[];
  /** Originals that no image names: of writes that were cut off. */
  readonly orphans: number;
}

export async function compareOriginals(stateDir: string, expected: Survived["originals"]): Promise<Comparison> {
  const miniflare = openStorage(stateDir);
  try {
    const bucket = await miniflare.getR2Bucket("BUCKET");
    const problems: string[] = [];
    for (const { trackingPath, file } of expected) {
      const key = originalOf(trackingPath);
      const object = await bucket.get(key);
      if (!object) problems.push(`${key} is missing`);
      else if (!Buffer.from(await object.arrayBuffer()).equals(Buffer.from(await file.arrayBuffer())))
        problems.push(`${key} has other bytes`);
    }
    const { objects } = await bucket.list({ prefix: "originals/" });
    return { problems, orphans: objects.length - (expected.length - problems.length) };
  } finally {
    await miniflare.dispose();
  }
}

/** Buckets need a Worker to belong to. */
function openStorage(stateDir: string): Miniflare {
  const { name, compatibility_date: compatibilityDate } = readTop();
  const modules = { "main.js": { type: "esm" as const, contents: "export default {};" } };
  const env = { BUCKET: { type: "r2" as const, name: "lookmark" } };
  const config = { name, compatibilityDate, manifest: { mainModule: "main.js", modulesRoot: "/", modules }, env };
  return new Miniflare({ resourcePersistencePath: persistencePath(stateDir), workers: [{ config }] });
}

/** See worker/catalog/pictures.ts. */
function originalOf(trackingPath: string): string {
  return trackingPath.replace("/tracking/", "originals/").replace(/\.jpg$/, "");
}
