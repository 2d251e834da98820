/**
 * Load on the deployed bundle in workerd: how many frames a second it answers, how long they take, and what happens when
 * more come than it can answer. Closed loop: each client asks again when it has its answer, or when Retry-After says so.
 * Open loop: frames arrive at a rate, whatever became of those before. (autocannon sends multipart, but has no open loop
 * and does not look into answers: "busy" is in the body of an HTTP 200.)
 *
 *   npm run bench:load -- [--seconds 8] [--clients 1,2,5,10,50,100,500] [--port P]
 */

import { mkdtempSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createAccount, removeState } from "../../scripts/local.ts";
import { madeJpeg } from "../../scripts/verify/made.ts";
import { residentMegabytes } from "../../scripts/verify/memory.ts";
import { buildBundle, startWorkerd } from "../../scripts/workerd.ts";
import { LookmarkClient } from "../../shared/client.ts";
import { reasons } from "../../shared/reason.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "8" },
    clients: { type: "string", default: "1,2,5,10,50,100,500" },
    port: { type: "string", default: "8796" },
  },
});

const BUSY = reasons.busy("", 0).returncode;
/** As a phone sends them. */
const FRAME = { width: 640, height: 480 };
const TARGETS = 24;
/** Times the rate that the closed loop reached. */
const RATES = [0.5, 1, 2, 5, 10];
const FLOOD = 10;
/** The limit per address would be met first: here all callers have one. */
const RATE_LIMIT = 1e7;
/** A pause in which the server works off what is waiting. */
const REST_MS = 3000;
/** Two channels of one user, and one of another. */
const CHANNELS = [
  { owner: "load.a", channel: "load.a" },
  { owner: "load.a", channel: "load.other" },
  { owner: "load.b", channel: "load.b" },
] as const;

const CONNECTIONS = 512;
/** Who has no answer then has gone. */
const PATIENCE_MS = 20_000;

/** Late is what comes after the time of the measurement, or not in time for anybody. */
type Kind = "answered" | "late" | "busy" | "wrong";

class Tally {
  readonly latencies: number[] = [];
  readonly counts: Record<Kind, number> = { answered: 0, late: 0, busy: 0, wrong: 0 };
  readonly end: number;
  /** Of busy ones, those that did not say when to come back. */
  withoutRetryAfter = 0;

  constructor(seconds: number) {
    this.end = performance.now() + 1000 * seconds;
  }

  note(kind: Kind, ms: number, problem?: string): void {
    const late = kind === "answered" && performance.now() > this.end;
    this.counts[late ? "late" : kind]++;
    if (kind === "answered") this.latencies.push(ms);
    if (kind !== "wrong") return;
    if (this.counts.wrong === 1) console.error(problem);
  }

  row(label: string, seconds: number): string {
    const { answered, late, busy, wrong } = this.counts;
    const sorted = this.latencies.sort((a, b) => a - b);
    const at = (share: number) => (sorted[Math.floor(share * sorted.length)] ?? Number.NaN).toFixed(0).padStart(6);
    return (
      label.padEnd(34) +
      (answered / seconds).toFixed(1).padStart(11) +
      [0.5, 0.95, 0.99].map((share) => ` ${at(share)}`).join("") +
      (busy / seconds).toFixed(1).padStart(10) +
      String(this.withoutRetryAfter).padStart(9) +
      String(late).padStart(7) +
      String(wrong).padStart(7)
    );
  }
}

interface Frame {
  readonly identifier: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

const seconds = Number(options.seconds);
/** Connections stay open, as a proxy's before the Worker: workerd accepts new ones only between its work. */
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, maxFreeSockets: CONNECTIONS });
const folder = mkdtempSync(join(tmpdir(), "lookmark-load-"));
const bundle = buildBundle(join(folder, "bundle"));
const local = await startWorkerd({
  port: Number(options.port),
  stateDir: join(folder, "state"),
  bundle,
  rateLimit: RATE_LIMIT,
});
try {
  await measure();
} finally {
  await local.stop();
  removeState(folder);
}

async function measure(): Promise<void> {
  const [a, sibling, b] = [await addTargets(0), await addTargets(1), await addTargets(2)];
  await closedLoop(a, 1, 2); // compiles
  await Promise.all(Array.from({ length: CONNECTIONS }, () => send("/", new Uint8Array(0), {}))); // connects
  console.log(
    `${"frames of 640 × 480 px".padEnd(34)}${"answered/s".padStart(11)}${["p50", "p95", "p99"].map((p) => p.padStart(7)).join("")}${"busy/s".padStart(10)}${"no hint".padStart(9)}${"late".padStart(7)}${"wrong".padStart(7)}`,
  );
  let capacity = 0;
  for (const clients of (options.clients as string).split(",").map(Number)) {
    const tally = await closedLoop(a, clients, seconds);
    capacity = Math.max(capacity, tally.counts.answered / seconds);
    console.log(`${tally.row(`closed loop, ${clients} clients`, seconds)}  ${memory()}`);
    await sleep(REST_MS);
  }
  for (const times of RATES) {
    const tally = await openLoop(a, times * capacity, seconds);
    console.log(`${tally.row(`open loop, ${times} × ${capacity.toFixed(0)}/s`, seconds)}  ${memory()}`);
    await sleep(REST_MS);
  }
  for (const [whose, frames] of [
    ["its user's other channel", sibling],
    ["another user's", b],
  ] as const) {
    const [flood, single] = await Promise.all([openLoop(a, FLOOD * capacity, seconds), closedLoop(frames, 1, seconds)]);
    console.log(flood.row(`one channel, ${FLOOD} × ${capacity.toFixed(0)}/s`, seconds));
    console.log(single.row(`a client beside, ${whose}`, seconds));
    await sleep(REST_MS);
  }
  console.log((await closedLoop(b, 1, seconds)).row("after it, one client", seconds));
}

function memory(): string {
  return `${residentMegabytes(local.process.pid as number).toFixed(0)} MB`;
}

/** A channel of its user, with the pictures that its frames show. */
async function addTargets(index: number): Promise<Frame[]> {
  const { owner, channel } = CHANNELS[index] as (typeof CHANNELS)[number];
  await createAccount(local, owner, owner, channel);
  const client = new LookmarkClient(local.origin, { username: owner, secretkey: owner });
  const { token } = await client.issueToken({ channel });
  const frames: Frame[] = [];
  for (let i = 0; i < TARGETS; i++) {
    const image = new Blob([madeJpeg(TARGETS * index + i, FRAME.width, FRAME.height)]);
    const identifier = `target.${i}`;
    const { returncode, message } = await client.addImage({ channel, identifier, image });
    if (returncode !== 0) throw new Error(message);
    const form = new FormData();
    form.set("channel", channel);
    form.set("image", image, "frame.jpg");
    const encoded = new Response(form);
    frames.push({
      identifier,
      headers: { "Content-Type": encoded.headers.get("Content-Type") as string, Authorization: `Bearer ${token}` },
      body: new Uint8Array(await encoded.arrayBuffer()),
    });
  }
  return frames;
}

async function closedLoop(frames: readonly Frame[], clients: number, seconds: number): Promise<Tally> {
  const tally = new Tally(seconds);
  const { end } = tally;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let i = client; performance.now() < end; i++) {
        const retryAfter = await ask(frames[i % frames.length] as Frame, performance.now(), tally);
        if (retryAfter > 0) await sleep(Math.min(1000 * retryAfter, Math.max(0, end - performance.now())));
      }
    }),
  );
  return tally;
}

async function openLoop(frames: readonly Frame[], perSecond: number, seconds: number): Promise<Tally> {
  const tally = new Tally(seconds);
  const began = performance.now();
  const asked: Promise<unknown>[] = [];
  for (let i = 0; i < perSecond * seconds; i++) {
    const due = began + (1000 * i) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    asked.push(ask(frames[i % frames.length] as Frame, due, tally));
  }
  await Promise.all(asked);
  return tally;
}

/** Resolves with the seconds of Retry-After, or 0. */
async function ask({ identifier, body, headers }: Frame, due: number, tally: Tally): Promise<number> {
  try {
    const { text, retryAfter } = await send("/FindImage", body, headers);
    const answer = JSON.parse(text) as { returncode: number; identifier?: string };
    const right = answer.returncode === 0 && answer.identifier === identifier;
    const busy = answer.returncode === BUSY;
    if (busy && !(retryAfter > 0)) tally.withoutRetryAfter++;
    tally.note(right ? "answered" : busy ? "busy" : "wrong", performance.now() - due, text);
    return retryAfter;
  } catch (error) {
    tally.note((error as Error).name === "AbortError" ? "late" : "wrong", performance.now() - due, String(error));
    return 0;
  }
}

function send(
  path: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<{ text: string; retryAfter: number }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const init = { method: "POST", agent, signal, headers: { ...headers, "Content-Length": body.length } };
    const call = request(`${local.origin}${path}`, init, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece) => {
        text += piece;
      });
      response.on("end", () => resolve({ text, retryAfter: Number(response.headers["retry-after"] ?? 0) }));
      response.on("error", reject);
    });
    call.on("error", reject);
    call.end(body);
  });
}
