/** What tests of whole processes need: a free port, a folder of their own, the sample pictures, a program's outcome. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "lookmark-test-"));
}

/** A sample picture, by its identifier. */
export function sampleFile(identifier: string): string {
  return join(root, "worker/site/public/samples", `${identifier}.jpg`);
}

export function samplePicture(identifier: string): Blob {
  return new Blob([readFileSync(sampleFile(identifier))]);
}

export interface Program {
  readonly process: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

/** Starts a program with exactly this environment, and `input` to read where there is one. */
export function start(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  { cwd = root, input }: { cwd?: string; input?: string | undefined } = {},
): Program {
  const child = spawn(command, args, {
    cwd,
    env: environment,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.end(input);
  const texts = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      texts[stream] += text;
    });
  }
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, ...texts }));
  });
  return { process: child, outcome };
}

/** Of all processes, where the system shows them as files. */
export function commandLines(): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return ""; // it has just ended
      }
    });
}
