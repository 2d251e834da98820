/** `npm start` as a user runs it: what it prints, what it leaves, how it ends. */

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { LookmarkClient } from "../../shared/client.ts";
import { commandLines } from "../processes.ts";
import { freePort, occupyPort } from "./ports.ts";

const READY_WITHIN_MS = 100_000;
const ENDS_WITHIN_MS = 15_000;
const SAMPLES_LEAST = 24;
const root = fileURLToPath(new URL("../..", import.meta.url));
const stateDir = mkdtempSync(join(tmpdir(), "lookmark-start-"));
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

interface Run {
  readonly process: ChildProcess;
  readonly printed: () => string;
  readonly exitCode: Promise<number | null>;
}

let port: number;
let origin: string;
let client: LookmarkClient;
let first: Run;
let pictureCount: number;

function npmStart(environment: Record<string, string>): Run {
  const child = spawn("npm", ["start"], {
    cwd: root,
    detached: true, // a group of its own, as a terminal gives it
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => output.push(text));
  return {
    process: child,
    printed: () => output.join(""),
    exitCode: new Promise((resolve) => child.once("close", resolve)),
  };
}

async function startToTheEnd(environment: Record<string, string>): Promise<{ code: number | null; printed: string }> {
  const run = npmStart({ STATE_DIR: stateDir, ...environment });
  const code = await run.exitCode;
  return { code, printed: run.printed() };
}

async function startUntilReady(): Promise<Run> {
  const run = npmStart({ PORT: String(port), STATE_DIR: stateDir });
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await sleep(100)) {
    if (run.printed().includes("Stop with Ctrl-C")) return run;
    if (run.process.exitCode !== null) break;
  }
  throw new Error(`npm start did not become ready:\n${run.printed()}`);
}

async function expectAllEnded(): Promise<void> {
  const belongsToUs = (line: string) => line.includes(stateDir) || line.includes(`127.0.0.1:${port}`);
  const deadline = Date.now() + ENDS_WITHIN_MS;
  while (commandLines().some(belongsToUs) && Date.now() < deadline) await sleep(100);
  expect(commandLines().filter(belongsToUs)).toEqual([]);
  await expect(fetch(`${origin}/health`)).rejects.toThrow();
}

async function identifiers(): Promise<string[]> {
  const { images = [] } = await client.getImages({ channel: "demo", limit: 1000 });
  return images.map(({ identifier }) => identifier);
}

beforeAll(async () => {
  port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  client = new LookmarkClient(origin, { username: "demo", secretkey: "demo" });
  first = await startUntilReady();
});

afterAll(() => {
  first?.process.kill();
  rmSync(stateDir, { recursive: true, force: true });
});

it("prints the page's address, the demo account and where the state is", () => {
  expect(first.printed()).toContain(`Page      ${origin}\n`);
  expect(first.printed()).toMatch(/username demo {3}secretkey demo {3}channel demo/);
  expect(first.printed()).toContain(stateDir);
});

it("serves the page at the printed address", async () => {
  const response = await fetch(origin);
  expect(response.headers.get("Content-Type")).toContain("text/html");
  expect(await response.text()).toContain("<title>Lookmark</title>");
});

it("lets pages of this machine ask, and no others", async () => {
  const allowed = async (page: string) => {
    const { headers } = await fetch(`${origin}/health`, { headers: { Origin: page } });
    return headers.get("Access-Control-Allow-Origin");
  };
  expect(await allowed("http://localhost:3000")).toBe("http://localhost:3000");
  expect(await allowed("https://elsewhere.example")).toBeNull();
});

it.skipIf(!hasCurl)("prints a curl line that works as pasted, in whatever folder", () => {
  const [line = ""] = /curl -F.*?FindImage/s.exec(first.printed()) ?? [];
  const answer = JSON.parse(execFileSync("sh", ["-c", line], { cwd: tmpdir(), stdio: "pipe" }).toString());
  expect(answer).toMatchObject({ returncode: 0, identifier: "poster.night_jazz", channel: "demo" });
});

it("has at least 24 sample pictures, each with metadata and a level, in the demo channel", async () => {
  const { totalcount, images = [] } = await client.getImages({ channel: "demo", limit: 1000 });
  expect(totalcount).toBeGreaterThanOrEqual(SAMPLES_LEAST);
  expect(images).toHaveLength(totalcount as number);
  for (const { metadata, level } of images) {
    expect(JSON.parse(metadata)).toHaveProperty("title");
    expect(level).toBeGreaterThanOrEqual(1);
  }
  pictureCount = images.length;
});

it("ends with all its processes when npm is told to, and at Ctrl-C, and finds its state in between", async () => {
  expect(await client.removeImage({ channel: "demo", identifier: "poster.circus" })).toMatchObject({ removed: 1 });
  first.process.kill("SIGTERM");
  await expectAllEnded();

  const second = await startUntilReady();
  expect(second.printed()).not.toContain("Adding");
  const found = await identifiers();
  expect(found).toHaveLength(pictureCount - 1);
  expect(found).not.toContain("poster.circus");

  process.kill(-(second.process.pid as number), "SIGINT"); // a terminal tells the whole group
  await second.exitCode;
  await expectAllEnded();
});

it("says so at once where the port is taken", async () => {
  const taken = await occupyPort();
  const { code, printed } = await startToTheEnd({ PORT: String(taken.port) });
  await taken.release();
  expect(code).toBe(1);
  expect(printed).toContain(`port ${taken.port} is taken: stop what listens there, or choose another with PORT`);
  expect(printed).not.toContain("Building");
});

it.each(["many", "0", "65536", "80.5"])("says what PORT must be instead of %s", async (PORT) => {
  const { code, printed } = await startToTheEnd({ PORT });
  expect(code).toBe(1);
  expect(printed).toContain(`PORT must be a whole number from 1 to 65535, not "${PORT}"`);
});

it("says so where the state folder cannot be made", async () => {
  const file = fileURLToPath(import.meta.url);
  const { code, printed } = await startToTheEnd({ PORT: String(await freePort()), STATE_DIR: file });
  expect(code).toBe(1);
  expect(printed).toContain(`the state folder ${file} cannot be made (EEXIST): choose another with STATE_DIR`);
});
