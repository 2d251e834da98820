/** The question path: frame → features → all shards at once → hits, best first. */

import type { Took } from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import type { Channel } from "../catalog/directory.ts";
import { type Hit, hitAfterLook, judgeTogether, type UnsureHit } from "../catalog/hits.ts";
import type { Found, Part, Shard } from "../catalog/shard.ts";
import { askAll } from "../catalog/shards.ts";
import type { Outcome } from "../catalog/statistics.ts";
import type { SearchTimes } from "../core/core.ts";
import type { Env } from "../env.ts";
import type { ImageLimits } from "../image/decode.ts";
import { lookAgain, looksFor } from "../index/second-look.ts";
import { chooseHits } from "./choose.ts";
import { type Frame, readFrame } from "./extract.ts";
import { sharedCore, turnstile } from "./isolate.ts";

export interface ChannelHit extends Hit {
  readonly channel: string;
}

export interface Finding {
  /** Best first. */
  readonly hits: readonly ChannelHit[];
  readonly took: Took;
}

interface InFrame extends SearchTimes {
  /** Best first. */
  readonly hits: readonly ChannelHit[];
}

/** All that a shard verifies: several of them may lie in one place of the frame, of which one is answered. */
const SHARD_HITS_MOST = 20;
const SHARD_TIMEOUT_MS = 8_000;
const RETRY_SECONDS = 2;

/** What is asked of a frame: up to `most` pictures, of all or of these `identifiers`. */
export interface Question {
  readonly most: number;
  readonly identifiers: readonly string[] | undefined;
}

/** Asks all `channels` what the picture shows. What became of it is counted after the answer: for the best one. */
export async function findPicture(
  env: Env,
  limits: ImageLimits,
  channels: readonly Channel[],
  bytes: Uint8Array,
  question: Question,
  count: (channel: Channel, outcome: Outcome) => void,
): Promise<Result<Finding>> {
  const began = performance.now();
  const frame = await turnstile.pass(channels[0] ?? NOBODY, () => readFrame(sharedCore(), bytes, limits));
  if (!frame.ok) {
    if (frame.reason.returncode !== BUSY) for (const channel of channels) count(channel, { kind: "badframe" });
    return frame;
  }
  const found = await findInFrame(env, channels, frame.value, question);
  if (!found.ok) return found;
  const { hits } = found.value;
  const [best] = hits;
  const took = timesOf(frame.value, found.value, performance.now() - began);
  const totalMs = took.total;
  for (const channel of channels) {
    const matched = best?.channel === channel.name;
    count(channel, matched ? { kind: "match", identifier: best.identifier, totalMs } : { kind: "nomatch", totalMs });
  }
  return success({ hits, took });
}

/** What a frame shows of the pictures of these channels. */
export async function findInFrame(
  env: Env,
  channels: readonly Channel[],
  frame: Pick<Frame, "image" | "features" | "size">,
  question: Question,
): Promise<Result<InFrame>> {
  const asked = await askShards(env, channels, frame, question);
  if (!asked.ok) return asked;
  const began = performance.now();
  const looked = lookAgain(sharedCore(), frame.image, unsureOf(asked.value, question.most));
  const lookMs = performance.now() - began;
  // Shards work at the same time, so the slowest one counts. The second look is part of verifying.
  const slowest = (stage: keyof SearchTimes) => Math.max(0, ...asked.value.map(({ found }) => found[stage]));
  return success({
    hits: chooseHits(hitsOf(asked.value, looked), question.most),
    searchMs: slowest("searchMs"),
    verifyMs: slowest("verifyMs") + lookMs,
  });
}

const BUSY = reasons.busy("", 0).returncode;

/** Who has no channel asks for nobody's pictures. */
const NOBODY = { owner: "", name: "" };

interface Asked {
  readonly channel: Channel;
  readonly found: Found;
}

/** One round trip to all shards. A shard that fails or is late makes the whole answer 20015: never a partial one. */
async function askShards(
  env: Env,
  channels: readonly Channel[],
  { features, size }: Pick<Frame, "features" | "size">,
  { most, identifiers }: Question,
): Promise<Result<Asked[]>> {
  const hitsMost = most === 1 ? 1 : SHARD_HITS_MOST;
  const answers = channels.map(async (channel) => {
    // The stub's types lose tuples on the way, so the answer is named again here.
    const search = (shard: DurableObjectStub<Shard>) =>
      shard.search(features, size, hitsMost, identifiers) as Promise<Part<Result<Found>>>;
    return { channel, parts: await askAll(env, channel, search) };
  });
  const all = await Promise.race([Promise.all(answers), timeout(SHARD_TIMEOUT_MS)]);
  if (!all) return failure(reasons.busy("the index did not answer in time", RETRY_SECONDS));
  const asked: Asked[] = [];
  for (const { channel, parts } of all) {
    const found: Found[] = [];
    for (const part of parts) {
      if (!part.ok) return part;
      found.push(part.value);
    }
    asked.push(...judgeTogether(found).map((found) => ({ channel, found })));
  }
  return success(asked);
}

function timeout(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}

interface UnsureChannelHit extends UnsureHit {
  readonly channel: string;
}

/** The likeliest of all shards. */
function unsureOf(asked: readonly Asked[], most: number): UnsureChannelHit[] {
  return asked
    .flatMap(({ channel, found }) => found.unsure.map((one) => ({ ...one, channel: channel.name })))
    .sort((a, b) => b.evidence - a.evidence)
    .slice(0, looksFor(most));
}

/**
 * In the order of the first look, which so decides between twins that look alike in the second one. What both find has the score
 * of the second; an image that is just moving may be found in two shards.
 */
function hitsOf(asked: readonly Asked[], looked: readonly UnsureChannelHit[]): ChannelHit[] {
  const first = asked
    .flatMap(({ channel, found }) =>
      found.hits.map(({ ownEvidence, matchratio, ...hit }) => ({ ...hit, channel: channel.name })),
    )
    .sort((a, b) => b.evidence - a.evidence);
  const second = looked.flatMap((one) => {
    const hit = hitAfterLook(one);
    return hit ? [{ ...hit, channel: one.channel }] : [];
  });
  return [...new Map([...first, ...second].map((hit) => [`${hit.channel} ${hit.identifier}`, hit])).values()];
}

function timesOf({ decodeMs, extractMs }: Frame, { searchMs, verifyMs }: InFrame, totalMs: number): Took {
  return {
    decode: tenths(decodeMs),
    extract: tenths(extractMs),
    search: tenths(searchMs),
    verify: tenths(verifyMs),
    total: tenths(totalMs),
  };
}

function tenths(ms: number): number {
  return Math.round(10 * ms) / 10;
}
