/** The core in Node: for tests, benchmarks, training and the command line. The Worker imports the same two files. */

import { readFileSync } from "node:fs";
import { Core } from "./core.ts";

const wasmFile = new URL("./build/core.wasm", import.meta.url);
export const modelFile = new URL("./model/lookmark.bin", import.meta.url);

/** Workers may not compile at run time, so their types call it abstract. */
const Module = WebAssembly.Module as unknown as new (bytes: BufferSource) => WebAssembly.Module;

let module: WebAssembly.Module | undefined;

/** A core of its own memory; `model` in place of the committed one. */
export function loadCore(model: Uint8Array = readFileSync(modelFile)): Core {
  module ??= new Module(readFileSync(wasmFile));
  return new Core(module, model);
}
