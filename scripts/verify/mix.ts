/** Calls of every kind that a deployment gets, also from strangers, each with what it must be answered. */

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Random } from "../../shared/random.ts";
import { reasons } from "../../shared/reason.ts";
import { chunk, deflate, headerChunk, pngOf } from "../../test/support/png.ts";
import { madeJpeg, madePicture } from "./made.ts";

export interface Call {
  readonly kind: string;
  /** Resolves with what is wrong about the answer, or undefined. */
  readonly send: () => Promise<string | undefined>;
}

const BUSY = reasons.busy("", 0).returncode;

type Fields = Readonly<Record<string, string | Blob>>;
type Expected = Readonly<Record<string, unknown>> & { readonly returncode: number };

export const ACCOUNT = { username: "soaked", secretkey: "soaked" };
export const CHANNEL = "soaked";

/** Always there. */
const TARGETS = 24;
/** So many more come and go, a client's own each. */
const OWN_FIRST = 1000;
const OWN = 8;
const UNKNOWN_FIRST = 2000;
const UNKNOWN = 24;
const MEGAPIXELS_12 = { width: 4000, height: 3000 };

/** Adds the targets, and returns what draws a client's next call. One call of a client at a time. */
export async function makeMix(origin: string, random: Random): Promise<(client: number) => Call> {
  const targets = Array.from({ length: TARGETS }, (_, i) => ({ identifier: `target.${i}`, image: madePicture(i) }));
  const unknown = Array.from({ length: UNKNOWN }, (_, i) => madePicture(UNKNOWN_FIRST + i));
  const bad = await makeBadFiles();
  const large = new Blob([madeJpeg(UNKNOWN_FIRST - 1, MEGAPIXELS_12.width, MEGAPIXELS_12.height)]);
  const mine = { ...ACCOUNT, channel: CHANNEL };
  await sleep(1); // making pictures took seconds: lets go of connections that were closed meanwhile
  for (const { identifier, image } of targets) {
    const problem = await ask(origin, "AddImage", { ...mine, identifier, image, metadata: "{}" }, { returncode: 0 });
    if (problem) throw new Error(`${identifier}: ${problem}`);
  }
  const own = new Map<string, boolean>();

  const pick = <T>(list: readonly T[]): T => list[Math.floor(list.length * random())] as T;
  const call = (kind: string, endpoint: string, fields: Fields, expected: Expected): Call => ({
    kind,
    send: () => ask(origin, endpoint, fields, expected),
  });

  /** A picture of the client's own that comes, goes or is asked for. */
  const change = (client: number): Call => {
    const number = OWN_FIRST + client * OWN + Math.floor(OWN * random());
    const identifier = `own.${number}`;
    const image = madePicture(number);
    const there = own.get(identifier) ?? false;
    if (random() < 0.4) {
      const found = { returncode: 0, identifier: there ? identifier : undefined };
      return call("FindImage of what came or went", "FindImage", { ...mine, image }, found);
    }
    own.set(identifier, !there);
    return there
      ? call("RemoveImage", "RemoveImage", { ...mine, identifier }, { returncode: 0, removed: 1 })
      : call("AddImage", "AddImage", { ...mine, identifier, image, metadata: "{}" }, { returncode: 0 });
  };

  const kinds: readonly [number, (client: number) => Call][] = [
    [
      24,
      () => {
        const { identifier, image } = pick(targets);
        return call("FindImage, there", "FindImage", { ...mine, image }, { returncode: 0, identifier });
      },
    ],
    [
      8,
      () =>
        call(
          "FindImage, not there",
          "FindImage",
          { ...mine, image: pick(unknown) },
          { returncode: 0, identifier: undefined },
        ),
    ],
    [
      4,
      () => {
        const { identifier, image } = pick(targets);
        return call(
          "FindImage, max, all channels",
          "FindImage",
          { ...ACCOUNT, image, max: "10" },
          { returncode: 0, identifier },
        );
      },
    ],
    [
      3,
      () => {
        const { identifier, image } = pick(targets);
        return call(
          "FindImage, identifiers",
          "FindImage",
          { ...mine, image, identifiers: identifier },
          { returncode: 0, identifier },
        );
      },
    ],
    [
      0.5,
      () =>
        call(
          "FindImage, 12 megapixels",
          "FindImage",
          { ...mine, image: large },
          { returncode: 0, identifier: undefined },
        ),
    ],
    [
      16,
      () => {
        const { name, file, find } = pick(bad);
        return call(`FindImage, ${name}`, "FindImage", { ...mine, image: file }, { returncode: find });
      },
    ],
    [
      8,
      () => {
        const { name, file, add } = pick(bad);
        const fields = { ...mine, identifier: "never.added", image: file };
        return call(`AddImage, ${name}`, "AddImage", fields, { returncode: add });
      },
    ],
    [12, change],
    [
      4,
      () =>
        call(
          "GetImage",
          "GetImage",
          { ...mine, identifier: pick(targets).identifier },
          { returncode: 0, metadata: "{}" },
        ),
    ],
    [
      4,
      () => {
        const fields = { ...mine, identifier: pick(targets).identifier, metadata: "{}" };
        return call("UpdateImageInfo", "UpdateImageInfo", fields, { returncode: 0 });
      },
    ],
    [4, () => call("GetImages", "GetImages", { ...mine, prefix: "target." }, { returncode: 0, totalcount: TARGETS })],
    [2, () => call("Statistics", "Statistics", { ...ACCOUNT, startdate: "2020", enddate: "2099" }, { returncode: 0 })],
    [3, () => call("IssueToken", "IssueToken", mine, { returncode: 0 })],
    [1, () => call("a wrong key", "GetImages", { ...mine, secretkey: `wrong.${random()}` }, { returncode: 20001 })],
    [1, () => call("no channel", "GetImages", { ...mine, channel: "nowhere" }, { returncode: 20003 })],
    [
      1,
      () => call("a wrong token", "FindImage", { token: `x${random()}`, image: pick(unknown) }, { returncode: 30003 }),
    ],
    [1, () => call("a wrong identifier", "GetImage", { ...mine, identifier: "a-b" }, { returncode: 20010 })],
    [1, () => call("no picture", "FindImage", mine, { returncode: 20005 })],
    [1, () => call("a wrong field", "GetImages", { ...mine, limit: "many" }, { returncode: 30001 })],
  ];
  const sum = kinds.reduce((total, [weight]) => total + weight, 0);
  return (client) => {
    let at = sum * random();
    for (const [weight, make] of kinds) {
      at -= weight;
      if (at < 0) return make(client);
    }
    return change(client);
  };
}

interface BadFile {
  readonly name: string;
  readonly file: Blob;
  /** Codes that FindImage and AddImage answer. */
  readonly find: number;
  readonly add: number;
}

async function makeBadFiles(): Promise<readonly BadFile[]> {
  const gray = { width: 640, height: 640, colorType: 0, depth: 8 } as const;
  const packed = await deflate(new Uint8Array(64 * 2 ** 20));
  const jpeg = madeJpeg(3, 640, 480);
  const damaged = jpeg.map((byte, i) => (i > 1000 && i % 97 === 0 ? 0xff : byte));
  const circus = readFileSync(new URL("../../test/fixtures/circus.cmyk.jpg", import.meta.url));
  return [
    {
      name: "a bomb by its header",
      file: pngOf([headerChunk({ ...gray, width: 20_000, height: 20_000 })]),
      find: 20006,
      add: 20006,
    },
    { name: "a bomb in its data", file: pngOf([headerChunk(gray), chunk("IDAT", packed)]), find: 20013, add: 20013 },
    { name: "a JPEG cut off", file: new Blob([jpeg.subarray(0, 3000)]), find: 20007, add: 20007 },
    { name: "a JPEG with its header alone", file: new Blob([jpeg.subarray(0, 200)]), find: 20007, add: 20007 },
    { name: "a CMYK JPEG cut off", file: new Blob([circus.subarray(0, 4000)]), find: 20007, add: 20007 },
    { name: "a damaged JPEG", file: new Blob([damaged]), find: 20007, add: 20007 },
    { name: "a PNG without data", file: pngOf([headerChunk(gray)]), find: 20007, add: 20007 },
    { name: "a text", file: new Blob(["this is no picture ".repeat(100)]), find: 20007, add: 20007 },
    { name: "an empty file", file: new Blob([]), find: 20007, add: 20007 },
    { name: "9 MB", file: new Blob([new Uint8Array(9 * 2 ** 20)]), find: 20006, add: 20006 },
  ];
}

async function ask(origin: string, endpoint: string, fields: Fields, expected: Expected): Promise<string | undefined> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const response = await fetch(`${origin}/${endpoint}`, { method: "POST", body: form });
  const text = await response.text();
  const answer = readJson(text);
  const retryAfter = Number(response.headers.get("Retry-After") ?? 0);
  if (answer.returncode === BUSY && retryAfter > 0) {
    await sleep(1000 * retryAfter); // several large files at once are told to come back
    return ask(origin, endpoint, fields, expected);
  }
  const right =
    response.status === 200 &&
    typeof answer.requestid === "string" &&
    Object.entries(expected).every(([name, value]) => isDeepStrictEqual(answer[name], value));
  return right ? undefined : `HTTP ${response.status} ${text.slice(0, 400)}, expected ${JSON.stringify(expected)}`;
}

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
