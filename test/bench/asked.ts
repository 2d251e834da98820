/** The frames of a set's queries with their features: extracted once, asked many times. */

import { readFileSync } from "node:fs";
import type { Core } from "../../worker/core/core.ts";
import { type Frame, readFrame } from "../../worker/recognize/extract.ts";
import type { Query } from "./set.ts";

export interface Asked extends Query {
  readonly frame: Frame;
}

const LIMITS = { maxBytes: 64 * 2 ** 20, maxPixels: 100e6, minSide: 1 };

/** Without those that cannot be decoded. */
export async function readAsked(core: Core, queries: readonly Query[]): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const query of queries) {
    const frame = await readFrame(core, readFileSync(query.file), LIMITS);
    if (frame.ok) asked.push({ ...query, frame: frame.value });
  }
  return asked;
}
