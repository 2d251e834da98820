/** How a script that serves lives and ends: by signals, with its parent, and with a sentence where it cannot start. */

import { setTimeout as sleep } from "node:timers/promises";
import { CannotStart, type Local } from "./local.ts";

const DEFAULT_PORT = 8787;
const PORT_MAX = 65_535;
const PARENT_WATCH_MS = 500;

/** Runs until it is told to stop; `CannotStart` is printed, all other errors are thrown. */
export async function untilStopped(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stopping.abort());
  void watchParent(stopping);
  try {
    await run(stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) {
      if (!(error instanceof CannotStart)) throw error;
      console.error(`\nLookmark did not start: ${error.message}`);
      process.exitCode = 1;
    }
  } finally {
    stopping.abort();
  }
}

/** Rejects where the Worker ends without having been told to. */
export async function untilEnded(local: Local, signal: AbortSignal): Promise<void> {
  await local.ended;
  if (!signal.aborted) throw new Error("the Worker has ended by itself");
}

/** PORT of the environment. */
export function readPort(text: string | undefined): number {
  const port = Number(text || DEFAULT_PORT);
  if (Number.isInteger(port) && port >= 1 && port <= PORT_MAX) return port;
  throw new CannotStart(`PORT must be a whole number from 1 to ${PORT_MAX}, not "${text}"`);
}

/** npm's shell keeps signals to itself: when npm is told to end, all that is seen here is that the parent has gone. */
async function watchParent(stopping: AbortController): Promise<void> {
  const parent = process.ppid;
  while (process.env.npm_lifecycle_event && process.ppid === parent) {
    await sleep(PARENT_WATCH_MS, undefined, { ref: false });
  }
  if (process.ppid !== parent) stopping.abort();
}
