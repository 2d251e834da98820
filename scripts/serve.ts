/**
 * `npm run serve`: the Worker on a machine of your own, in a container or behind a proxy. No demo account; all settings come from
 * the environment: ADMIN_TOKEN, HOST, PORT, STATE_DIR, PUBLIC_ORIGIN, WECHAT_PLUGIN_TOKEN, and the [vars] of wrangler.toml.
 */

import { resolve } from "node:path";
import { readPort, untilEnded, untilStopped } from "./lifetime.ts";
import { CannotStart, startLocal } from "./local.ts";
import { readWranglerToml } from "./wrangler-toml.ts";

/** Long enough that nobody guesses it, and nothing that a file of settings would read in another way. */
const TOKEN_PATTERN = /^[\w.-]{16,}$/;

const environment = process.env;

await untilStopped(async (signal) => {
  const stateDir = resolve(environment.STATE_DIR || ".lookmark/state");
  const local = await startLocal({
    host: environment.HOST || "127.0.0.1",
    port: readPort(environment.PORT),
    publicOrigin: readOrigin(environment.PUBLIC_ORIGIN),
    stateDir,
    secrets: readSecrets(),
    vars: readVars(),
    signal,
    log: (text) => process.stderr.write(text),
    logCalls: true,
  });
  console.log(`Lookmark serves ${environment.PUBLIC_ORIGIN || local.origin}, with its state in ${stateDir}`);
  await untilEnded(local, signal);
});

function readSecrets(): Record<string, string> {
  const { ADMIN_TOKEN, WECHAT_PLUGIN_TOKEN } = environment;
  if (!ADMIN_TOKEN || !TOKEN_PATTERN.test(ADMIN_TOKEN)) {
    const how = "for example of openssl rand -hex 24";
    throw new CannotStart(`set ADMIN_TOKEN to 16 or more of the characters A-Z a-z 0-9 _ . -, ${how}; it opens /admin`);
  }
  return WECHAT_PLUGIN_TOKEN ? { ADMIN_TOKEN, WECHAT_PLUGIN_TOKEN } : { ADMIN_TOKEN };
}

/** Those of wrangler.toml that the environment sets otherwise. */
function readVars(): Record<string, string> {
  const names = Object.keys(readWranglerToml().vars);
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}

/** What clients see of it behind a proxy that speaks TLS: tracking images have their addresses there. */
function readOrigin(text: string | undefined): URL | undefined {
  if (!text) return undefined;
  if (URL.canParse(text) && new URL(text).origin === text) return new URL(text);
  throw new CannotStart(`PUBLIC_ORIGIN must be written like https://lookmark.example.com, not "${text}"`);
}
