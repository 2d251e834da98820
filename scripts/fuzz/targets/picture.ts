/** What JPEG and PNG have in common: the way of an upload through limits, header, decoder and shrinking, and what must hold then. */

import { readFileSync } from "node:fs";
import { loadCore } from "../../../worker/core/node.ts";
import { decodeImage } from "../../../worker/image/decode.ts";

/** FindImage's, but for the least side, so that small samples are decoded. */
const LIMITS = { maxBytes: 2 * 2 ** 20, maxPixels: 12e6, minSide: 1 };
/** Too many bytes or pixels, no whole picture, too small, not now. */
const DOCUMENTED = [20006, 20007, 20013, 20015];
const LONG_SIDE = 320;
const PAGE_BYTES = 65_536;

const config = JSON.parse(readFileSync(new URL("../../../worker/core/asconfig.json", import.meta.url), "utf8"));
const MEMORY_BYTES_MOST = config.options.maximumMemory * PAGE_BYTES;

const core = loadCore();

export async function decode(input: Uint8Array): Promise<string | undefined> {
  const decoded = await decodeImage(core, input, LIMITS, LONG_SIDE);
  if (core.memoryBytes > MEMORY_BYTES_MOST) return `the core took ${core.memoryBytes} bytes of memory`;
  if (!decoded.ok) {
    const { returncode, message } = decoded.reason;
    return DOCUMENTED.includes(returncode) ? undefined : `it was refused with ${returncode}: ${message}`;
  }
  const { width, height, pixels } = decoded.value.image;
  const isSound = pixels.length === width * height && width > 0 && height > 0 && Math.max(width, height) <= LONG_SIDE;
  return isSound ? undefined : `it became ${pixels.length} pixels of ${width} × ${height}`;
}

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../../test/fixtures/${name}`, import.meta.url)));
}
