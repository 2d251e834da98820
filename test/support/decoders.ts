/** Shows whether a picture was decoded, for tests of what is refused by its header alone. */

import { type MockInstance, vi } from "vitest";
import { Core } from "../../worker/core/core.ts";

/** Everything that reads pixels; each still does its work. */
export function spyOnDecoders(): MockInstance[] {
  const platform = globalThis as unknown as { DecompressionStream: () => unknown };
  return [vi.spyOn(Core.prototype, "decodeJpeg"), vi.spyOn(platform, "DecompressionStream")];
}
