/** The core in workerd: the module and the model come with the bundle. */

import module from "./build/core.wasm";
import { Core } from "./core.ts";
import model from "./model/lookmark.bin";

/** A core of its own memory. Instantiating takes a few milliseconds, so do it once and keep it. */
export function createCore(): Core {
  return new Core(module, new Uint8Array(model));
}
