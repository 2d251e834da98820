/** The core in Node: for tests, benchmarks, training and the command line. The Worker imports the same files. */

import { readFileSync } from "node:fs";
import { Core } from "./core.ts";

const wasmFile = new URL("./build/core.wasm", import.meta.url);
export const modelFile = new URL("./model/lookmark.bin", import.meta.url);
export const wordsFile = new URL("./model/words.bin", import.meta.url);

/** Workers may not compile at run time, so their types call it abstract. */
const Module = WebAssembly.Module as unknown as new (bytes: BufferSource) => WebAssembly.Module;

let module: WebAssembly.Module | undefined;

/** How common each visual word is: a byte each. */
export function loadWordCommonness(): Uint8Array {
  return readFileSync(wordsFile);
}

/** A core of its own memory; `model` in place of the committed one. */
export function loadCore(model: Uint8Array = readFileSync(modelFile)): Core {
  module ??= new Module(readFileSync(wasmFile));
  return new Core(module, model);
}
