/** What the bundler makes of files that are not code (wrangler.toml, [[rules]]). */

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*.bin" {
  const bytes: ArrayBuffer;
  export default bytes;
}
