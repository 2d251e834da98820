/** The core in Node: for tests, benchmarks, training and the command line. The Worker imports the same two files. */

import { readFileSync } from "node:fs";
import { Core } from "./core.ts";

const wasmFile = new URL("./build/core.wasm", import.meta.url);
export const modelFile = new URL("./model/lookmark.bin", import.meta.url);

let module: WebAssembly.Module | undefined;

/** A core of its own memory; `model` in place of the committed one. */
export function loadCore(model: Uint8Array = readFileSync(modelFile)): Core {
  module ??= new WebAssembly.Module(readFileSync(wasmFile));
  return new Core(module, model);
}
