/** The core in workerd: the module and the model come with the bundle. */

import module from "./build/core.wasm";
import { Core } from "./core.ts";
import model from "./model/lookmark.bin";
import words from "./model/words.bin";

/** How common each visual word is: a byte each. */
export const wordCommonness = new Uint8Array(words);

/** A core of its own memory. Instantiating takes a few milliseconds, so do it once and keep it. */
export function createCore(): Core {
  return new Core(module, new Uint8Array(model));
}
