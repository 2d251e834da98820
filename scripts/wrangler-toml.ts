/** What wrangler.toml says, for scripts that need a name from it. (Wrangler's own reader takes two seconds to load.) */

import { readFileSync } from "node:fs";
import { parse } from "smol-toml";

interface Environment {
  readonly vars: Readonly<Record<string, string>>;
  readonly r2_buckets: readonly { readonly bucket_name: string }[];
  readonly ratelimits: readonly {
    readonly name: string;
    readonly namespace_id: string;
    readonly simple: { readonly limit: number; readonly period: 10 | 60 };
  }[];
}

interface WranglerToml extends Environment {
  readonly name: string;
  readonly compatibility_date: string;
  readonly env: Readonly<Record<string, Environment>>;
}

/** "" is the environment at the top of the file. */
export function readWranglerToml(environment = ""): Environment {
  const top = readTop();
  const found = environment === "" ? top : top.env[environment];
  if (!found) throw new Error(`wrangler.toml has no environment ${environment}`);
  return found;
}

/** For whoever runs the Worker without wrangler. */
export function readTop(): WranglerToml {
  const text = readFileSync(new URL("../wrangler.toml", import.meta.url), "utf8");
  return parse(text) as unknown as WranglerToml;
}
