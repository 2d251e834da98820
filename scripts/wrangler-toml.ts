/** What wrangler.toml says, for scripts that need a name from it. (Wrangler's own reader takes two seconds to load.) */

import { readFileSync } from "node:fs";
import { parse } from "smol-toml";

interface Environment {
  readonly vars: Readonly<Record<string, string>>;
  readonly r2_buckets: readonly { readonly bucket_name: string }[];
}

/** "" is the environment at the top of the file. */
export function readWranglerToml(environment = ""): Environment {
  const text = readFileSync(new URL("../wrangler.toml", import.meta.url), "utf8");
  const top = parse(text) as unknown as Environment & { readonly env: Readonly<Record<string, Environment>> };
  const found = environment === "" ? top : top.env[environment];
  if (!found) throw new Error(`wrangler.toml has no environment ${environment}`);
  return found;
}
