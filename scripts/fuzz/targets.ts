/** All that takes bytes from strangers, by the names of `--target`. */

import type { Target } from "./target.ts";

const load: Readonly<Record<string, () => Promise<Target>>> = {
  jpeg: async () => (await import("./targets/jpeg.ts")).jpeg,
  png: async () => (await import("./targets/png.ts")).png,
  form: async () => (await import("./targets/form.ts")).form,
  token: async () => (await import("./targets/token.ts")).token,
  hostsign: async () => (await import("./targets/host-sign.ts")).hostSign,
  segment: async () => (await import("./targets/segment.ts")).segment,
};

export const targetNames = Object.keys(load);

export function loadTarget(name: string): Promise<Target> {
  const target = load[name];
  if (!target) throw new Error(`there is no target ${name}; there are ${targetNames.join(", ")}`);
  return target();
}

/** Each input has random numbers of its own, so that one can be drawn again without those before it. */
export function seedOf(seed: number, execution: number): number {
  return Math.imul(seed, 0x9e3779b1) + execution;
}
