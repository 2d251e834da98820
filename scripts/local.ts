/** A local deployment: wrangler dev, with state that persists. For `npm start`, `npm run serve` and tests. */

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface LocalOptions {
  /** The address that it listens on; by default it is seen by this machine alone. */
  readonly host?: string;
  readonly port: number;
  /** Where clients see it, behind a proxy. */
  readonly publicOrigin?: URL | undefined;
  readonly stateDir: string;
  /** The Worker's entry, where it is not the product's. */
  readonly entry?: string;
  /** Further `[vars]`. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Without an ADMIN_TOKEN among them, it is a new one at every start. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Ends the process, also while it starts. */
  readonly signal?: AbortSignal;
  /** Takes what the Worker prints once it is ready, such as its errors. */
  readonly log?: (text: string) => void;
  /** Prints a line for each call as well (worker/routes/log.ts). */
  readonly logCalls?: boolean;
}

export interface Local {
  readonly origin: string;
  /** Opens /admin. */
  readonly adminToken: string;
  readonly process: ChildProcess;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends the process and all that it started. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** What the user can mend: a port that is taken, a folder that cannot be written, a build that is missing. */
export class CannotStart extends Error {}

const LOOPBACK = "127.0.0.1";
const READY_WITHIN_MS = 30_000;
const READY_POLL_MS = 50;
const OWNER_ONLY = 0o600;
const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

/** Starts the Worker; resolves once it answers. Throws `CannotStart` with what it printed where it does not. */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const { port, stateDir, signal, log } = options;
  await requirePlace(port, stateDir, options.host);
  const adminToken = options.secrets?.ADMIN_TOKEN ?? randomBytes(24).toString("hex");
  const secretsFile = writeSecrets(stateDir, { ...options.secrets, ADMIN_TOKEN: adminToken });
  const child = spawn(process.execPath, wranglerArguments(options, secretsFile), {
    cwd: root,
    detached: true, // a group of its own, so that workerd ends with it
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment(stateDir) },
  });
  return whenReady(child, { port, adminToken, signal, log });
}

interface Launched {
  readonly port: number;
  readonly adminToken: string;
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((text: string) => void) | undefined;
}

/** What was launched as a process group of its own, once it answers. Throws `CannotStart` where it does not. */
export async function whenReady(
  child: ChildProcess,
  { port, adminToken, signal, log = () => {} }: Launched,
): Promise<Local> {
  const startOutput: string[] = [];
  let take = (text: string): void => {
    startOutput.push(text);
  };
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => take(text));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const origin = `http://${LOOPBACK}:${port}`;
  const local: Local = { origin, adminToken, process: child, ended, stop: (signal) => stop(child, ended, signal) };
  signal?.addEventListener("abort", () => void local.stop());
  if (signal?.aborted || !(await becomesReady(local))) {
    await local.stop();
    throw new CannotStart(`the Worker did not start:\n${startOutput.join("")}`);
  }
  take = log;
  return local;
}

/** Throws `CannotStart` where the port is not free or the folder cannot be made. */
export async function requirePlace(port: number, stateDir: string, host = LOOPBACK): Promise<void> {
  makeFolder(stateDir);
  await requireFreePort(port, host);
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new CannotStart(`the state folder ${path} cannot be made (${codeOf(error)}): choose another with STATE_DIR`);
  }
}

/** Asked before, because wrangler waits for a port that is taken, and whoever has it would answer in our place. */
async function requireFreePort(port: number, host: string): Promise<void> {
  const server = createServer();
  const problem = await new Promise<unknown>((resolve) => {
    server.once("error", resolve);
    server.listen(port, host, () => server.close(resolve));
  });
  if (problem) {
    const what = codeOf(problem) === "EADDRINUSE" ? "is taken: stop what listens there, or" : "may not be used:";
    throw new CannotStart(`port ${port} ${what} choose another with PORT`);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** No calls home, and no files outside of the state folder. */
function environment(stateDir: string): Record<string, string> {
  return {
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_LOG_PATH: join(stateDir, "logs"),
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    NO_COLOR: "1",
    FORCE_COLOR: "0",
  };
}

/** In a file, because command lines can be seen by every user of the machine. */
function writeSecrets(stateDir: string, secrets: Readonly<Record<string, string>>): string {
  const file = join(stateDir, "secrets.env");
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file, lines.join(""), { mode: OWNER_ONLY });
  chmodSync(file, OWNER_ONLY); // one that was there keeps its mode
  return file;
}

function wranglerArguments(options: LocalOptions, secretsFile: string): string[] {
  const { host = LOOPBACK, port, stateDir, publicOrigin, vars = {}, logCalls = false } = options;
  const wrangler = join(dirname(require.resolve("wrangler/package.json")), "bin/wrangler.js");
  const varArguments = Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  const upstream = publicOrigin
    ? ["--local-upstream", publicOrigin.host, "--upstream-protocol", publicOrigin.protocol.replace(":", "")]
    : [];
  return [
    wrangler,
    "dev",
    ...(options.entry ? [options.entry] : []),
    "--env=", // wrangler.toml has others
    "--ip",
    host,
    "--port",
    String(port),
    "--inspector-port",
    "0",
    "--persist-to",
    stateDir,
    "--env-file",
    secretsFile,
    "--log-level",
    logCalls ? "log" : "warn",
    "--show-interactive-dev-session=false",
    ...varArguments,
    ...upstream,
  ];
}

async function becomesReady({ origin, process: child }: Local): Promise<boolean> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await sleep(READY_POLL_MS)) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    const response = await fetch(`${origin}/health`).catch(() => undefined);
    if (response?.ok) return true;
  }
  return false;
}

async function stop(child: ChildProcess, ended: Promise<void>, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // it has ended already
  }
  await ended;
}

/** Makes the account through /admin. Safe to repeat. */
export async function createAccount(local: Local, username: string, secretkey: string, channel: string): Promise<void> {
  await callAdmin(local, "users", { username, secretkey });
  await callAdmin(local, "channels", { username, channel });
}

async function callAdmin({ origin, adminToken }: Local, what: string, fields: Record<string, string>): Promise<void> {
  const headers = { Authorization: `Bearer ${adminToken}` };
  const response = await fetch(`${origin}/admin/${what}`, {
    method: "POST",
    headers,
    body: new URLSearchParams(fields),
  });
  const answer = (await response.json()) as { returncode: number; message: string };
  if (answer.returncode !== 0) throw new Error(`/admin/${what}: ${answer.message}`);
}

export function removeState(stateDir: string): void {
  rmSync(stateDir, { recursive: true, force: true });
}
