/**
 * The Worker's deployed bundle in workerd alone, with state that persists: without wrangler's builder and proxy it starts
 * in a second and answers as fast as it can. For commands that kill it and load it.
 */

import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Local, requirePlace, whenReady } from "./local.ts";
import type { Front, Hosted } from "./workerd-process.ts";

export interface WorkerdOptions {
  readonly port: number;
  readonly stateDir: string;
  /** What `buildBundle` made. */
  readonly bundle: string;
  /** Calls from one address, and of one user, in ten seconds, where they are not wrangler.toml's limits. */
  readonly rateLimit?: number;
  /** Where V8's inspector of each isolate listens; nowhere by default. */
  readonly inspectorPort?: number;
  readonly front?: Front;
  readonly signal?: AbortSignal;
  readonly log?: (text: string) => void;
}

const KILLED_WITHIN_MS = 5_000;
const KILLED_POLL_MS = 20;
const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

/** Builds what `wrangler deploy` would upload, into the folder. `entry` is the product's unless it is given. */
export function buildBundle(folder: string, entry?: string): string {
  return bundleOf(root, folder, entry);
}

/** The same of a former version, which a git reference names. Its packages are the present ones. */
export function buildFormerBundle(reference: string, folder: string): string {
  const tree = mkdtempSync(join(tmpdir(), "lookmark-former-"));
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  try {
    git("worktree", "add", "--detach", "--force", tree, reference);
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
    mkdirSync(join(tree, "worker/site/dist"), { recursive: true }); // wrangler wants a folder of assets
    execFileSync("npm", ["run", "--silent", "build:core"], { cwd: tree, stdio: ["ignore", "ignore", "inherit"] });
    return bundleOf(tree, folder);
  } finally {
    git("worktree", "remove", "--force", tree);
  }
}

function bundleOf(tree: string, folder: string, entry?: string): string {
  rmSync(folder, { recursive: true, force: true });
  const wrangler = join(dirname(require.resolve("wrangler/package.json")), "bin/wrangler.js");
  const args = ["deploy", ...(entry ? [entry] : []), "--dry-run", "--env=", "--outdir", folder];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: join(folder, "logs") };
  execFileSync(process.execPath, [wrangler, ...args], { cwd: tree, env, stdio: ["ignore", "ignore", "inherit"] });
  return folder;
}

/** Resolves once it answers. It ends with this process, however that ends. Throws `CannotStart` where it does not start. */
export async function startWorkerd(options: WorkerdOptions): Promise<Local> {
  const { port, stateDir, bundle, rateLimit, inspectorPort, front, ...rest } = options;
  await portFree(port, stateDir);
  const adminToken = randomBytes(24).toString("hex");
  const child = spawn(process.execPath, [join(root, "scripts/workerd-process.ts")], {
    cwd: root,
    detached: true, // a group of its own, so that workerd is killed with it
    stdio: ["pipe", "pipe", "pipe"],
  });
  const hosted: Hosted = { port, path: persistencePath(stateDir), bundle, rateLimit, inspectorPort, adminToken, front };
  child.stdin.write(`${JSON.stringify(hosted)}\n`); // and stays open: its end is ours
  return whenReady(child, { port, adminToken, ...rest });
}

/** Where `wrangler dev --persist-to` keeps the same state. */
export function persistencePath(stateDir: string): string {
  return join(stateDir, "v3");
}

/** A workerd that was killed outlives its parent by a moment. */
export async function portFree(port: number, stateDir: string): Promise<void> {
  for (const deadline = Date.now() + KILLED_WITHIN_MS; ; await sleep(KILLED_POLL_MS)) {
    try {
      return await requirePlace(port, stateDir);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
