/** Shows whether a picture was decoded, for tests of what is refused by its header alone. */

import { type MockInstance, vi } from "vitest";
import { Core } from "../../worker/core/core.ts";

/** Everything that reads pixels; each still does its work. */
export function spyOnDecoders(): MockInstance[] {
  const platform = globalThis as unknown as { DecompressionStream: () => unknown };
  return [vi.spyOn(Core.prototype, "decodeJpeg"), vi.spyOn(platform, "DecompressionStream")];
}

/** Counts what the platform's inflater is given from now on; until `vi.unstubAllGlobals()`. */
export function countPacked(): { bytes: number; pieces: number } {
  const Platform = DecompressionStream;
  const packed = { bytes: 0, pieces: 0 };
  const counted = () => {
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        packed.bytes += piece.length;
        packed.pieces++;
        controller.enqueue(piece);
      },
    });
    return { writable: count.writable, readable: count.readable.pipeThrough(new Platform("deflate")) };
  };
  vi.stubGlobal("DecompressionStream", function inflater() {
    return counted();
  });
  return packed;
}
