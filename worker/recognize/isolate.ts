/** What one isolate has once: a core, a turnstile before it, and limits on how much is taken on. */

import type { Core } from "../core/core.ts";
import { createCore } from "../core/worker.ts";
import { Admission } from "./admission.ts";
import { Turnstile } from "./turnstile.ts";

export const admission = new Admission();
export const turnstile = new Turnstile();

let shared: Core | undefined;

export function sharedCore(): Core {
  shared ??= createCore();
  return shared;
}
