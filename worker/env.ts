/** What the platform hands to the Worker, and the settings read from it. */

import type { Directory } from "./catalog/directory.ts";
import type { Shard } from "./catalog/shard.ts";
import type { ImageLimits } from "./image/decode.ts";

export interface Env {
  readonly ASSETS: Fetcher;
  readonly DIRECTORY: DurableObjectNamespace<Directory>;
  readonly SHARD: DurableObjectNamespace<Shard>;
  readonly BUCKET: R2Bucket;
  readonly ACCOUNTS: KVNamespace;
  readonly RATE_LIMITER: RateLimit;
  readonly USER_RATE_LIMITER: RateLimit;
  readonly ADD_MAX_MEGABYTES: string;
  readonly ADD_MAX_MEGAPIXELS: string;
  readonly FIND_MAX_MEGABYTES: string;
  readonly FIND_MAX_MEGAPIXELS: string;
  readonly CHANNEL_QUOTA: string;
  readonly SHARD_IMAGES: string;
  readonly TIME_ZONE: string;
  readonly STRICT_CHANNELS: string;
  readonly ALLOWED_ORIGINS: string;
  /** A secret; without it /admin does not exist. */
  readonly ADMIN_TOKEN?: string;
  /** A secret: the WeChat plugin's token, with which WeChat signs its requests; without it they need a query token. */
  readonly WECHAT_PLUGIN_TOKEN?: string;
  /** "username:secretkey:channel" of the account that the local start made; no deployment has it. */
  readonly DEMO?: string;
}

export interface Settings {
  readonly addLimits: ImageLimits;
  readonly findLimits: ImageLimits;
  readonly channelQuota: number;
  readonly shardImages: number;
  readonly timeZone: string;
  readonly strictChannels: boolean;
}

/** Shorter sides than this hold no picture that could be recognized again. */
const MIN_TARGET_SIDE_PX = 150;
const MIN_FRAME_SIDE_PX = 64;

export function readSettings(env: Env): Settings {
  return {
    addLimits: {
      maxBytes: positive(env, "ADD_MAX_MEGABYTES") * 2 ** 20,
      maxPixels: positive(env, "ADD_MAX_MEGAPIXELS") * 1e6,
      minSide: MIN_TARGET_SIDE_PX,
    },
    findLimits: {
      maxBytes: positive(env, "FIND_MAX_MEGABYTES") * 2 ** 20,
      maxPixels: positive(env, "FIND_MAX_MEGAPIXELS") * 1e6,
      minSide: MIN_FRAME_SIDE_PX,
    },
    channelQuota: positive(env, "CHANNEL_QUOTA"),
    shardImages: positive(env, "SHARD_IMAGES"),
    timeZone: env.TIME_ZONE,
    strictChannels: env.STRICT_CHANNELS === "true",
  };
}

/** Whose web pages may ask: "*", or origins, whose port may be `*`. */
export function readAllowedOrigins({ ALLOWED_ORIGINS }: Env): string[] {
  const entries = ALLOWED_ORIGINS.split(/[\s,]+/).filter(Boolean);
  const wrong = entries.find((entry) => entry !== "*" && !/^https?:\/\/[a-z0-9.-]+(:(\d+|\*))?$/.test(entry));
  if (wrong === undefined) return entries;
  const right = 'must be "*" or origins such as https://example.com, separated by spaces';
  throw new Error(`[vars] ALLOWED_ORIGINS in wrangler.toml ${right}; "${wrong}" is neither`);
}

type NumberName =
  | "ADD_MAX_MEGABYTES"
  | "ADD_MAX_MEGAPIXELS"
  | "FIND_MAX_MEGABYTES"
  | "FIND_MAX_MEGAPIXELS"
  | "CHANNEL_QUOTA"
  | "SHARD_IMAGES";

function positive(env: Env, name: NumberName): number {
  const value = Number(env[name]);
  if (!(value > 0)) throw new Error(`[vars] ${name} in wrangler.toml must be a number above 0, not "${env[name]}"`);
  return value;
}
