/** Shows whether a picture was decoded, for tests of what is refused by its header alone. */

import jpeg from "jpeg-js";
import UPNG from "upng-js";
import { type MockInstance, vi } from "vitest";

/** Everything that reads pixels; each still does its work. */
export function spyOnDecoders(): MockInstance[] {
  const platform = globalThis as unknown as { DecompressionStream: () => unknown };
  return [vi.spyOn(jpeg, "decode"), vi.spyOn(UPNG, "decode"), vi.spyOn(platform, "DecompressionStream")];
}
