/** The process around one workerd (workerd.ts): reads what to host from a line of its input, and ends when that ends. */

import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { Miniflare } from "miniflare";
import { readTop } from "./wrangler-toml.ts";

export interface Hosted {
  readonly port: number;
  /** Where state is kept. */
  readonly path: string;
  readonly bundle: string;
  readonly rateLimit: number | undefined;
  readonly inspectorPort: number | undefined;
  readonly adminToken: string;
  readonly front: Front | undefined;
}

/** Another version of the Worker beside it, which calls the Durable Objects of the first: as while a deployment is gradual. */
export interface Front {
  readonly port: number;
  readonly bundle: string;
}

type ModuleType = "esm" | "wasm" | "data";
const MODULE_TYPES: Readonly<Record<string, ModuleType>> = { ".js": "esm", ".wasm": "wasm", ".bin": "data" };
const DURABLE_OBJECT = { type: "durable-object", storage: "sqlite" } as const;
const input = createInterface(process.stdin);
input.once("line", (line) => void host(JSON.parse(line) as Hosted));
input.once("close", () => process.exit());

async function host(hosted: Hosted): Promise<void> {
  const { port, path, bundle, inspectorPort, front } = hosted;
  const { name } = readTop();
  const objects = { Directory: DURABLE_OBJECT, Shard: DURABLE_OBJECT };
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    ...(inspectorPort !== undefined && { inspectorPort }),
    cf: false,
    resourcePersistencePath: path,
    workers: [
      worker(name, port, bundle, hosted, objects),
      ...(front ? [worker(`${name}-front`, front.port, front.bundle, hosted, {})] : []),
    ],
  });
  await miniflare.ready;
}

function worker(
  name: string,
  port: number,
  bundle: string,
  { rateLimit, adminToken }: Hosted,
  exports: Record<string, typeof DURABLE_OBJECT>,
) {
  const { name: owner, compatibility_date: compatibilityDate, vars, ratelimits } = readTop();
  const texts = Object.entries({ ...vars, ADMIN_TOKEN: adminToken });
  const modules = readModules(bundle);
  const durableObject = (exportName: string) => ({ type: "durable-object" as const, worker: owner, exportName });
  return {
    dev: { unsafeDirectSockets: [{ host: "127.0.0.1", port }] },
    config: {
      name,
      compatibilityDate,
      manifest: { mainModule: mainOf(modules), modulesRoot: bundle, modules },
      exports,
      assets: { directory: "worker/site/dist", runWorkerFirst: true, hasUserWorker: true },
      env: {
        ASSETS: { type: "assets" as const },
        DIRECTORY: durableObject("Directory"),
        SHARD: durableObject("Shard"),
        BUCKET: { type: "r2" as const, name: "lookmark" },
        ACCOUNTS: { type: "kv" as const, id: "ACCOUNTS" },
        ...Object.fromEntries(
          ratelimits.map(({ name, namespace_id: namespace, simple }) => [
            name,
            { type: "rate-limit" as const, namespace, simple: { ...simple, limit: rateLimit ?? simple.limit } },
          ]),
        ),
        ...Object.fromEntries(texts.map(([key, value]) => [key, { type: "text" as const, value }])),
      },
    },
  };
}

/** The only script: wrangler puts all code into one, which is named after the entry. */
function mainOf(modules: ReturnType<typeof readModules>): string {
  return Object.keys(modules).find((file) => extname(file) === ".js") as string;
}

function readModules(folder: string) {
  const files = readdirSync(folder).filter((file) => extname(file) in MODULE_TYPES);
  return Object.fromEntries(
    files.map((file) => {
      const type = MODULE_TYPES[extname(file)] as ModuleType;
      const bytes = new Uint8Array(readFileSync(join(folder, file)));
      return [file, { type, contents: type === "esm" ? new TextDecoder().decode(bytes) : bytes }];
    }),
  );
}
