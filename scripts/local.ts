/** A local deployment: wrangler dev on the loopback address, with state that persists. For `npm start` and for tests. */

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface LocalOptions {
  readonly port: number;
  readonly stateDir: string;
  /** Further `[vars]`. */
  readonly vars?: Readonly<Record<string, string>>;
}

export interface Local {
  readonly origin: string;
  /** Opens /admin; new at every start. */
  readonly adminToken: string;
  readonly process: ChildProcess;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends the process and all that it started. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const READY_WITHIN_MS = 30_000;
const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

/** Starts the Worker; resolves once it answers. Throws with what it printed where it does not. */
export async function startLocal({ port, stateDir, vars = {} }: LocalOptions): Promise<Local> {
  const adminToken = randomBytes(24).toString("hex");
  const output: string[] = [];
  const child = spawn(process.execPath, wranglerArguments(port, stateDir, { ...vars, ADMIN_TOKEN: adminToken }), {
    cwd: root,
    detached: true, // a group of its own, so that workerd ends with it
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", NO_COLOR: "1" },
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => output.push(String(data)));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const origin = `http://127.0.0.1:${port}`;
  const local: Local = { origin, adminToken, process: child, ended, stop: (signal) => stop(child, ended, signal) };
  await waitUntilReady(local, output).catch(async (error) => {
    await local.stop();
    throw error;
  });
  return local;
}

function wranglerArguments(port: number, stateDir: string, vars: Record<string, string>): string[] {
  const wrangler = join(dirname(require.resolve("wrangler/package.json")), "bin/wrangler.js");
  const varArguments = Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  return [
    wrangler,
    "dev",
    "--ip",
    "127.0.0.1",
    "--port",
    String(port),
    "--inspector-port",
    "0",
    "--persist-to",
    stateDir,
    "--log-level",
    "warn",
    "--show-interactive-dev-session=false",
    ...varArguments,
  ];
}

async function waitUntilReady({ origin, process: child }: Local, output: string[]): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await sleep(100)) {
    if (child.exitCode !== null) break;
    const response = await fetch(`${origin}/health`).catch(() => undefined);
    if (response?.ok) return;
  }
  throw new Error(`the Worker did not start:\n${output.join("")}`);
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
