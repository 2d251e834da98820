/** Runs the scan: forwards events to the state machine, asks when a frame is due, wakes when time alone changes something. */

import type { FindImageAnswer } from "../../../shared/protocol.ts";
import { dueAt, initialScan, mayAsk, type Reply, reduce, type Scan, type ScanEvent } from "./scan.ts";

export interface Ports {
  readonly grabFrame: () => Promise<Blob>;
  readonly findImage: (frame: Blob) => Promise<FindImageAnswer>;
  readonly show: (scan: Scan) => void;
}

/** The function that takes events from the page. */
export function startLoop(ports: Ports): (event: ScanEvent) => void {
  let scan = initialScan;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function dispatch(event: ScanEvent): void {
    scan = reduce(scan, event, performance.now());
    ports.show(scan);
    const now = performance.now();
    if (mayAsk(scan, now)) ask(scan.turn);
    else wakeAt(dueAt(scan), now);
  }

  async function ask(turn: number): Promise<void> {
    dispatch({ type: "asked" });
    const reply = await replyTo(ports).catch(() => undefined);
    dispatch({ type: "answered", turn, reply });
  }

  function wakeAt(due: number, now: number): void {
    clearTimeout(timer);
    if (due !== Number.POSITIVE_INFINITY)
      timer = setTimeout(() => dispatch({ type: "ticked" }), Math.max(0, due - now));
  }

  return dispatch;
}

async function replyTo(ports: Ports): Promise<Reply> {
  const frame = await ports.grabFrame();
  const sentAt = performance.now();
  const answer = await ports.findImage(frame);
  return { answer, roundTripMs: performance.now() - sentAt };
}
