/** `npm run serve`, and the Dockerfile that runs it: built by its own command from its own files, without Docker. */

import { type ChildProcess, execSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AdminClient, getHealth, LookmarkClient } from "../../shared/client.ts";
import { commandLines, freePort, type Program, root, samplePicture, start, temporaryFolder } from "../processes.ts";

const ADMIN_TOKEN = "token-of-the-tests-0123456789";
const SHOWN = "poster.circus";
const WITHIN_MS = 30_000;

const folder = temporaryFolder();
/** What would be /app and /state in the image. */
const [app, state] = [join(folder, "app"), join(folder, "state")];
const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8");
const copies = [...dockerfile.matchAll(/^COPY (.+) (\S+)$/gm)].flatMap(([, sources = ""]) => sources.split(" "));
const build = /^RUN (npm run \w+)/m.exec(dockerfile)?.[1] ?? "";
/** What is made anew in the image: .dockerignore keeps it out. */
const MADE = /\/(node_modules|dist|build)$/;
const command = JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? "[]") as string[];
const healthCheck = JSON.parse(/^ {2}CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? "[]") as string[];

let port: number;
let environment: NodeJS.ProcessEnv;
let running: Program | undefined;

/** Runs what the image runs; `node` is that of the tests. */
function run([, ...args]: readonly string[], more: NodeJS.ProcessEnv = {}): Program {
  return start(process.execPath, args, { ...environment, ...more }, { cwd: app });
}

async function untilReady(program: Program): Promise<void> {
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; await sleep(100)) {
    if ((await getHealth(`http://127.0.0.1:${port}`).catch(() => undefined))?.status === "ok") return;
    if (program.process.exitCode !== null) break;
  }
  const { stdout, stderr } = await stop(program);
  expect.fail(`it did not become ready:\n${stdout}${stderr}`);
}

function stop(program: Program): Program["outcome"] {
  (program.process as ChildProcess).kill("SIGTERM");
  return program.outcome;
}

beforeAll(async () => {
  port = await freePort();
  environment = { PATH: process.env.PATH, HOME: folder, HOST: "0.0.0.0", PORT: String(port), STATE_DIR: state };
  for (const source of copies) {
    mkdirSync(dirname(join(app, source)), { recursive: true });
    cpSync(join(root, source), join(app, source), { recursive: true, filter: (file) => !MADE.test(file) });
  }
  symlinkSync(join(root, "node_modules"), join(app, "node_modules"));
  execSync(build, { cwd: app, stdio: "pipe" });
});

afterAll(async () => {
  if (running) await stop(running);
  rmSync(folder, { recursive: true, force: true });
});

describe("the Dockerfile", () => {
  it("copies what there is, and .dockerignore lets it through", () => {
    const ignored = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
    for (const source of copies) {
      expect(existsSync(join(root, source)), source).toBe(true);
      expect(ignored).toContain(`!${source.split("/")[0]}`);
    }
    for (const made of ["node_modules", "dist", "build"]) expect(ignored).toContain(`**/${made}`);
  });

  it("runs a script of this repository, by a health check and a command in exec form", () => {
    expect(command).toEqual(["node", "scripts/serve.ts"]);
    expect(healthCheck.slice(0, 2)).toEqual(["node", "-e"]);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^VOLUME \/state$/m);
  });
});

describe("the image's command on the image's files", () => {
  it.each([
    ["ADMIN_TOKEN is missing", {}, /set ADMIN_TOKEN to 16 or more/],
    ["ADMIN_TOKEN is short", { ADMIN_TOKEN: "short" }, /set ADMIN_TOKEN to 16 or more/],
    ["PORT is none", { ADMIN_TOKEN, PORT: "http" }, /PORT must be a whole number/],
    ["PUBLIC_ORIGIN has a path", { ADMIN_TOKEN, PUBLIC_ORIGIN: "https://a.example/b" }, /PUBLIC_ORIGIN must be/],
  ])("does not start where %s, and says what to do", async (_, more, message) => {
    const { exitCode, stderr } = await run(command, more).outcome;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });

  it("serves without a demo account, under its public address, and keeps its state over a restart", async () => {
    const settings = { ADMIN_TOKEN, PUBLIC_ORIGIN: "https://ar.example.com", CHANNEL_QUOTA: "7" };
    running = run(command, settings);
    await untilReady(running);
    const origin = `http://127.0.0.1:${port}`;
    expect(await getHealth(origin)).not.toHaveProperty("demo");
    expect((await fetch(`${origin}/webar/lookmark-scan.js`)).status).toBe(200);
    expect((await run(healthCheck).outcome).exitCode).toBe(0);

    const admin = new AdminClient(origin, ADMIN_TOKEN);
    const { secretkey = "" } = await admin.putUser({ username: "alice" });
    expect(await admin.putChannel({ username: "alice", channel: "museum" })).toMatchObject({ quota: 7 });
    const client = new LookmarkClient(origin, { username: "alice", secretkey });
    const fields = { channel: "museum", identifier: SHOWN, image: samplePicture(SHOWN) };
    expect(await client.addImage(fields)).toMatchObject({ returncode: 0 });
    expect(await client.findImage({ image: samplePicture(SHOWN) })).toMatchObject({
      identifier: SHOWN,
      trackingimage: expect.stringMatching(/^https:\/\/ar\.example\.com\/tracking\//),
    });
    expect(statSync(join(state, "secrets.env")).mode & 0o777).toBe(0o600);
    expect(commandLines().filter((line) => line.includes(ADMIN_TOKEN))).toEqual([]); // every user of the machine sees them

    expect(await stop(running)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("https://ar.example.com"),
      stderr: expect.stringContaining(`{"event":"AddImage","user":"alice","channel":"museum","identifier":"${SHOWN}"`),
    });
    expect((await run(healthCheck).outcome).exitCode).toBe(1);
    running = run(command, settings);
    await untilReady(running);
    expect(await client.findImage({ image: samplePicture(SHOWN) })).toMatchObject({ identifier: SHOWN });
  });
});
