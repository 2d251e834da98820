/**
 * `npm run walk [-- PICTURE [PHOTO]]`: the way of somebody new, timed. Clones this repository, installs, starts, adds a picture of one's
 * own, asks about a photo of it, and prints what each step took. PORT chooses the port.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const READY = "Lookmark is ready";
const OWN_PICTURE = join(root, "docs/webar.jpg");

const [picture = OWN_PICTURE, photo = picture] = process.argv.slice(2).map((file) => resolve(file));
const { PORT = "8797" } = process.env;
const folder = mkdtempSync(join(tmpdir(), "lookmark-walk-"));
const clone = join(folder, "lookmark");
const environment = {
  ...process.env,
  PORT,
  STATE_DIR: join(folder, "state"),
  LOOKMARK_HOST: `http://127.0.0.1:${PORT}`,
};
const times: [step: string, seconds: number][] = [];
let server: ChildProcess | undefined;

try {
  await timed("git clone", () => run("git", ["clone", "--quiet", "--depth", "1", `file://${root}`, clone], folder));
  await timed("npm ci", () => run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel", "error"], clone));
  await timed("npm start, until it is ready", startUntilReady);
  await timed("npx lookmark add", () => run("npx", ["lookmark", "add", picture, "--channel", "demo"], clone));
  const answer = await timed("npx lookmark find", () => run("npx", ["lookmark", "find", photo, "--json"], clone));
  const { name } = parse(picture);
  if (!answer.includes(`"${name}"`)) throw new Error(`the photo was not recognized as ${name}: ${answer}`);
  for (const [step, seconds] of [...times, ["all", times.reduce((sum, [, seconds]) => sum + seconds, 0)] as const]) {
    console.log(`${seconds.toFixed(1).padStart(7)} s  ${step}`);
  }
} finally {
  server?.kill("SIGTERM");
  if (server && server.exitCode === null) await new Promise((done) => server?.once("close", done));
  rmSync(folder, { recursive: true, force: true });
}

async function timed<Result>(step: string, act: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await act();
  times.push([step, (performance.now() - start) / 1000]);
  return result;
}

/** What it printed; rejects with all of it where it fails. */
function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const texts = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        texts[stream] += text;
      });
    }
    child.once("error", reject);
    child.once("close", (exitCode) => {
      if (exitCode === 0) resolve(texts.stdout);
      else reject(new Error(`${command} ${args.join(" ")} ended with ${exitCode}:\n${texts.stdout}${texts.stderr}`));
    });
  });
}

/** What stops it ends the Worker too (scripts/lifetime.ts). */
function startUntilReady(): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    server = spawn("npm", ["start"], { cwd: clone, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [server.stdout, server.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (said.includes(READY)) resolve();
      });
    }
    server.once("error", reject);
    server.once("close", () => reject(new Error(`npm start has ended:\n${said}`)));
  });
}
