/** The kernels of the core, one by one, with their memory as typed arrays. */

import { readFileSync } from "node:fs";
import { modelFile } from "../../worker/core/node.ts";

type Kernel = (...numbers: number[]) => number;

const module = new WebAssembly.Module(readFileSync(new URL("../../worker/core/build/kernels.wasm", import.meta.url)));
const READ_AHEAD_BYTES = 64;

export const model = new Float32Array(new Uint8Array(readFileSync(modelFile)).buffer);

/** An instance with its model, as the product starts it. */
export class Kernels {
  readonly call: Readonly<Record<string, Kernel>>;
  readonly #memory: WebAssembly.Memory;

  constructor() {
    const exports = new WebAssembly.Instance(module, {}).exports;
    this.call = exports as unknown as Record<string, Kernel>;
    this.#memory = exports.memory as WebAssembly.Memory;
    this.write(this.run("initialize"), new Uint8Array(model.buffer));
    this.run("start");
  }

  run(name: string, ...numbers: number[]): number {
    return (this.call[name] as Kernel)(...numbers);
  }

  /** Room for that many bytes, and some to read past. */
  take(bytes: number): number {
    return this.run("allocate", bytes + READ_AHEAD_BYTES);
  }

  place(data: ArrayBufferView): number {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const address = this.take(bytes.length);
    this.write(address, bytes);
    return address;
  }

  write(address: number, bytes: Uint8Array): void {
    new Uint8Array(this.#memory.buffer, address, bytes.length).set(bytes);
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, length).slice();
  }

  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.bytes(address, 4 * count).buffer);
  }

  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.bytes(address, 8 * count).buffer);
  }

  /** The value of an exported variable. */
  global(name: string): number {
    return (this.call[name] as unknown as WebAssembly.Global).value as number;
  }
}
