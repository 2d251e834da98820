/** `lookmark doctor`: goes the whole way of a question step by step, and says of each step what to do where it fails. */

import { readFileSync } from "node:fs";
import { type Answered, getHealth, LookmarkClient, NoAnswerError } from "../../shared/client.ts";
import type { Answer, ChannelInfo } from "../../shared/protocol.ts";
import { type Call, type Command, EXIT, type Report, refusalText } from "../command.ts";
import { type Connection, createClient, defaultChannel } from "../connection.ts";
import { tableText } from "../table.ts";
import { readVersion } from "../version.ts";

export interface Check {
  readonly name: "settings" | "server" | "version" | "credentials" | "clock" | "channel" | "sample";
  readonly state: "ok" | "warning" | "failed";
  readonly text: string;
  /** What to do. */
  readonly advice?: string;
}

const TIMEOUT_MS = 20_000;
const TOKEN_SECONDS = 120;
/** Query tokens are checked against the server's clock; shorter ones than this are rare. */
const CLOCK_OFF_SECONDS = 30;
const NEARLY_FULL = 0.95;
const CREDENTIALS_NOT_CORRECT = 20001;
/** A picture to ask about where the channel has none. */
const SAMPLE = new URL("../../worker/site/public/samples/poster.circus.jpg", import.meta.url);
const MARKS = { ok: "ok  ", warning: "warn", failed: "FAIL" } as const;

export const doctor: Command = {
  usage: "[--channel C]",
  summary: "check server, clock, credentials, channel and recognition",
  details: `Asks as a phone would: issues a query token, fetches a picture of the channel and has it recognized, which counts as one match in
the statistics. Stores nothing. The exit code is 1 where a check fails.`,
  options: ["channel"],
  operands: { least: 0, most: 0 },
  run,
};

async function run({ connection }: Call): Promise<Report> {
  const checks: Check[] = [];
  for await (const check of diagnose(connection)) checks.push(check);
  const failed = checks.some(({ state }) => state === "failed");
  return { text: describe(checks), document: { checks }, exitCode: failed ? EXIT.failed : EXIT.success };
}

function describe(checks: readonly Check[]): string {
  const lines = tableText(checks.map(({ state, name, text }) => [MARKS[state], name, text])).split("\n");
  return checks.flatMap(({ advice }, i) => [lines[i], ...(advice ? [`      → ${advice}`] : [])]).join("\n");
}

/** Each step needs the ones before: the first that fails is the last that is told. */
async function* diagnose(connection: Connection): AsyncGenerator<Check> {
  const { host, username, source } = connection;
  yield { name: "settings", state: "ok", text: `${username} at ${host}, from ${source}` };
  try {
    yield* checkServer(connection);
    yield* checkAsking(connection);
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    yield noAnswer(error);
  }
}

async function* checkServer({ host }: Connection): AsyncGenerator<Check> {
  const from = performance.now();
  const { version = "?" } = await getHealth(host, { timeoutMs: TIMEOUT_MS });
  yield { name: "server", state: "ok", text: `${host} answers in ${elapsed(from)}` };
  const own = readVersion();
  const text = `server ${version}, this program ${own}, Node ${process.version}`;
  const advice = "update the older one: git pull && npm ci, then npm run deploy for the server";
  yield version === own ? { name: "version", state: "ok", text } : { name: "version", state: "warning", text, advice };
}

function noAnswer({ message, status }: NoAnswerError): Check {
  const other = "something else answers at this address: check it, or a proxy on the way";
  const nothing = "is the server running, its address right, the network up? `npm start` starts one on this computer";
  return { name: "server", state: "failed", text: message, advice: status === undefined ? nothing : other };
}

async function* checkAsking(connection: Connection): AsyncGenerator<Check> {
  const client = createClient(connection, { timeoutMs: TIMEOUT_MS });
  const askedAt = Date.now();
  const issued = await client.issueToken({ ttl: TOKEN_SECONDS });
  const seconds = (askedAt + Date.now()) / 2000;
  if (issued.returncode !== 0) return yield refused("credentials", issued);
  yield { name: "credentials", state: "ok", text: `the server accepts ${connection.username}` };
  yield clock(Math.round((issued.expires ?? 0) - TOKEN_SECONDS - seconds));
  const owned = await client.getChannels();
  if (owned.returncode !== 0) return yield refused("channel", owned);
  const { check, channel } = chooseChannel(owned.channels ?? [], defaultChannel(connection));
  yield check;
  const asPhone = new LookmarkClient(connection.host, { token: issued.token ?? "" }, { timeoutMs: TIMEOUT_MS });
  if (channel) yield await recognize(client, asPhone, channel);
}

function refused(name: Check["name"], answer: Answered<Answer>): Check {
  const login = "run lookmark login again, or ask the operator for a new secret key";
  const advice = answer.returncode === CREDENTIALS_NOT_CORRECT ? login : "tell the operator the requestid";
  return { name, state: "failed", text: refusalText(answer), advice };
}

function clock(ahead: number): Check {
  const text = `the server's differs by ${Math.abs(ahead)} s`;
  if (Math.abs(ahead) < CLOCK_OFF_SECONDS) return { name: "clock", state: "ok", text };
  return { name: "clock", state: "warning", text, advice: "set this computer's clock by a time server (NTP)" };
}

/** The one that was named, else the first with pictures. */
function chooseChannel(
  owned: readonly ChannelInfo[],
  name: string | undefined,
): { check: Check; channel?: ChannelInfo } {
  const names = owned.map(({ channel }) => channel).join(", ");
  if (owned.length === 0) {
    const advice = "ask the operator to make one (README, Deploy)";
    return { check: { name: "channel", state: "failed", text: "there is none", advice } };
  }
  const channel = name
    ? owned.find((candidate) => candidate.channel === name)
    : (owned.find(({ imagecount }) => imagecount > 0) ?? owned[0]);
  if (!channel) {
    const advice = `name one of yours: ${names}`;
    return { check: { name: "channel", state: "failed", text: `you have no channel ${name}`, advice } };
  }
  const text = `${channel.channel} has ${channel.imagecount} of ${channel.quota} images`;
  const full = channel.imagecount >= NEARLY_FULL * channel.quota;
  const advice = "ask the operator for a larger quota, or remove images";
  return {
    check: full ? { name: "channel", state: "warning", text, advice } : { name: "channel", state: "ok", text },
    channel,
  };
}

async function recognize(client: LookmarkClient, asPhone: LookmarkClient, { channel }: ChannelInfo): Promise<Check> {
  const page = await client.getImages({ channel, limit: 1 });
  const [target] = page.images ?? [];
  const image = target ? await load(target.trackingimage) : new Blob([readFileSync(SAMPLE)]);
  const from = performance.now();
  const identifiers = target && [target.identifier];
  const answer = await asPhone.findImage({ channel, image, identifiers });
  if (answer.returncode !== 0) return refused("sample", answer);
  const took = elapsed(from);
  if (!target) {
    const advice = "add a picture: lookmark add FILE";
    return {
      name: "sample",
      state: "warning",
      text: `recognition answers in ${took}, but the channel is empty`,
      advice,
    };
  }
  const text = `${target.identifier} is recognized in ${took}, score ${answer.score?.toFixed(1)}`;
  if (answer.identifier === target.identifier) return { name: "sample", state: "ok", text };
  const advice = `report it with the requestid ${answer.requestid}`;
  return { name: "sample", state: "failed", text: `${target.identifier} is not recognized`, advice };
}

async function load(address: string): Promise<Blob> {
  const response = await fetch(address);
  if (!response.ok) throw new NoAnswerError(`${address} answered HTTP ${response.status}`, { status: response.status });
  return response.blob();
}

function elapsed(from: number): string {
  return `${Math.round(performance.now() - from)} ms`;
}
