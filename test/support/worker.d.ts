/** The Worker under test, for the types of "cloudflare:workers". */

import type { Env as WorkerEnv } from "../../worker/env.ts";
import type * as main from "../../worker/main.ts";

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {}
    interface GlobalProps {
      mainModule: typeof main;
    }
  }
}
