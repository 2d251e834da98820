/**
 * `npm run deploy`: from nothing, or from an older version, to a deployment that answers. Creates what is missing and may be run
 * again; storage, migrations and secrets that are there stay. `--env preview` has storage of its own; `--dry-run` changes nothing.
 */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { getHealth } from "../shared/client.ts";
import { readWranglerToml } from "./wrangler-toml.ts";

const USAGE = `Usage: npm run deploy -- [--env production|preview] [--dry-run]

Creates what is missing (R2 bucket, KV namespace, admin token), builds, deploys, and waits until the deployment answers.
Run it again to update; what is there stays.

  --env NAME  production (the default), or preview: another Worker with storage of its own (wrangler.toml)
  --dry-run   print each command, build, and let wrangler check the bundle; needs no account and changes nothing`;
const ENVIRONMENTS = ["production", "preview"];
const root = fileURLToPath(new URL("..", import.meta.url));
/** A new workers.dev name takes its time until it is known everywhere. */
const ANSWERS_WITHIN_MS = 120_000;
const ASK_EVERY_MS = 2000;
const ADMIN_TOKEN_BYTES = 24;

/** What the operator can mend. */
class CannotDeploy extends Error {}

interface Plan {
  /** For all wrangler commands: production is what wrangler.toml says without an environment. */
  readonly environment: string;
  readonly buckets: readonly string[];
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CannotDeploy)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}

async function main(args: string[]): Promise<void> {
  const { env = "production", "dry-run": dryRun, help } = readOptions(args);
  if (help) return console.log(USAGE);
  if (!ENVIRONMENTS.includes(env)) throw new CannotDeploy(`--env is production or preview, not "${env}"\n\n${USAGE}`);
  const plan = readPlan(env);
  await (dryRun ? rehearse(plan) : deploy(plan));
}

function readOptions(args: string[]) {
  try {
    const options = { env: { type: "string" }, "dry-run": { type: "boolean" }, help: { type: "boolean" } } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new CannotDeploy(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function readPlan(env: string): Plan {
  const name = env === "production" ? "" : env;
  return {
    environment: `--env=${name}`,
    buckets: readWranglerToml(name).r2_buckets.map((bucket) => bucket.bucket_name),
  };
}

async function deploy(plan: Plan): Promise<void> {
  await requireAccount();
  for (const bucket of plan.buckets) await provideBucket(bucket, plan);
  await run("npm", ["run", "build"]);
  const origin = await deployWorker(plan);
  const adminToken = await provideAdminToken(plan);
  const answers = await becomesReady(origin);
  console.log(report(origin, adminToken, answers));
}

/** The commands of `deploy`, as they are where nothing exists yet; only those that change nothing are run. */
async function rehearse({ environment, buckets }: Plan): Promise<void> {
  const ofBucket = (bucket: string) => [
    `wrangler r2 bucket list ${environment}`,
    `wrangler r2 bucket create ${bucket} ${environment}   # if it is missing`,
  ];
  const commands = [
    "wrangler whoami --json",
    ...buckets.flatMap(ofBucket),
    "npm run build",
    `wrangler deploy ${environment}`,
    `wrangler secret list --format json ${environment}`,
    `wrangler secret put ADMIN_TOKEN ${environment}   # if it is missing, from random bytes`,
  ];
  console.log(`Would run:\n\n${commands.map((command) => `  ${command}\n`).join("")}`);
  await run("npm", ["run", "build"]);
  await run("wrangler", ["deploy", "--dry-run", environment]);
}

async function requireAccount(): Promise<void> {
  const { exitCode } = await call("wrangler", ["whoami", "--json"]);
  if (exitCode === 0) return;
  throw new CannotDeploy(
    "There is no Cloudflare account to deploy to: run npx wrangler login, or set CLOUDFLARE_API_TOKEN (docs/operations.md).",
  );
}

async function provideBucket(bucket: string, { environment }: Plan): Promise<void> {
  const listed = await call("wrangler", ["r2", "bucket", "list", environment]);
  const names = [...listed.output.matchAll(/^name:\s+(\S+)$/gm)].map(([, name]) => name);
  if (names.includes(bucket)) return console.log(`The R2 bucket ${bucket} is there.`);
  const created = await call("wrangler", ["r2", "bucket", "create", bucket, environment]);
  if (created.exitCode === 0) return console.log(`The R2 bucket ${bucket} is made.`);
  if (/already exists|already own/i.test(created.output)) return; // the list has pages, and it was on a later one
  const enable = "R2 must be enabled once for the account: https://dash.cloudflare.com, R2 Object Storage.";
  throw new CannotDeploy(`The R2 bucket ${bucket} cannot be made. ${enable}\n${created.output}`);
}

/** Deploys and returns the address. */
async function deployWorker({ environment }: Plan): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "lookmark-deploy-"));
  try {
    const file = join(folder, "output.ndjson");
    await run("wrangler", ["deploy", environment], { WRANGLER_OUTPUT_FILE_PATH: file });
    const entries = readFileSync(file, "utf8").trim().split("\n");
    const deployed = entries.map((line) => JSON.parse(line)).find(({ type }) => type === "deploy");
    const [target = ""]: string[] = deployed?.targets ?? [];
    if (!target) throw new CannotDeploy("Deployed, but to no address: set workers_dev or routes in wrangler.toml.");
    return target.startsWith("http") ? target : `https://${target.split(" ")[0]}`; // a custom domain comes without
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the token where it is new: what is kept as a secret can never be read again. */
async function provideAdminToken({ environment }: Plan): Promise<string | undefined> {
  const { exitCode, output } = await call("wrangler", ["secret", "list", "--format", "json", environment]);
  if (exitCode !== 0) throw new CannotDeploy(`The secrets cannot be listed.\n${output}`);
  const secrets: { name: string }[] = JSON.parse(output.slice(output.indexOf("[")));
  if (secrets.some(({ name }) => name === "ADMIN_TOKEN")) return undefined;
  const token = randomBytes(ADMIN_TOKEN_BYTES).toString("hex");
  const put = await call("wrangler", ["secret", "put", "ADMIN_TOKEN", environment], { input: token });
  if (put.exitCode !== 0) throw new CannotDeploy(`The admin token cannot be set.\n${put.output}`);
  return token;
}

async function becomesReady(origin: string): Promise<boolean> {
  for (const deadline = Date.now() + ANSWERS_WITHIN_MS; Date.now() < deadline; await sleep(ASK_EVERY_MS)) {
    const health = await getHealth(origin, { timeoutMs: ASK_EVERY_MS }).catch(() => undefined);
    if (health?.status === "ok") return true;
  }
  return false;
}

function report(origin: string, adminToken: string | undefined, answers: boolean): string {
  const state = answers ? "answers" : "does not answer yet; a new name takes minutes to be known everywhere";
  const token = adminToken ?? "as it was; a new one: npx wrangler secret put ADMIN_TOKEN (docs/operations.md)";
  return `
Lookmark is deployed, and ${state}.

  Page         ${origin}
  Admin token  ${token}

${adminToken ? "Keep the admin token: it is not shown again. " : ""}Make a user, whose secret key the answer brings, and a channel:

  export ADMIN_TOKEN=${adminToken ?? "…"}
  curl -H "Authorization: Bearer $ADMIN_TOKEN" -d username=alice ${origin}/admin/users
  curl -H "Authorization: Bearer $ADMIN_TOKEN" -d username=alice -d channel=museum ${origin}/admin/channels
  npx lookmark login ${origin} --username alice && npx lookmark doctor`;
}

interface CallOptions {
  readonly input?: string;
}

/** Runs a program and returns what it printed. npm puts the repository's own wrangler first on the PATH. */
async function call(program: string, args: readonly string[], { input }: CallOptions = {}) {
  const child = spawn(program, args, { cwd: root, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(input);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  return { exitCode: await endOf(child, program), output };
}

/** Runs a program whose output the operator sees; throws where it fails. */
async function run(program: string, args: readonly string[], environment: Record<string, string> = {}): Promise<void> {
  console.log(`\n$ ${[program, ...args].join(" ")}`);
  const child = spawn(program, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...environment } });
  if ((await endOf(child, program)) !== 0) throw new CannotDeploy(`${program} ${args[0]} failed: see above.`);
}

function endOf(child: ReturnType<typeof spawn>, program: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", () => reject(new CannotDeploy(`There is no ${program}: run npm ci, and then npm run deploy.`)));
    child.once("close", resolve);
  });
}
