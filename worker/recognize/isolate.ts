/** What one isolate has once: a core, and a turnstile before it. */

import type { Core } from "../core/core.ts";
import { createCore } from "../core/worker.ts";
import { Turnstile } from "./turnstile.ts";

export const turnstile = new Turnstile();

let shared: Core | undefined;

export function sharedCore(): Core {
  shared ??= createCore();
  return shared;
}
