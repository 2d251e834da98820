/**
 * Bodies of all three kinds with fields at the edge of what is allowed, in broken multipart, and all readers of fields on what comes out.
 * The multipart parser itself belongs to the platform: here Node's, in a deployment workerd's.
 */

import type { Random } from "../../../shared/random.ts";
import { type Result, returncodes, success } from "../../../shared/reason.ts";
import {
  type Form,
  readChannelName,
  readFieldForm,
  readIdentifier,
  readIdentifiers,
  readImageForm,
  readMatchratio,
  readMetadata,
  readPrefix,
  readWhole,
} from "../../../worker/routes/form.ts";
import { below, chance, damaged, joined, pick } from "../mutate.ts";
import type { Target } from "../target.ts";

const IMAGE_BYTES_MAX = 4096;
const NAMES = [
  "username",
  "secretkey",
  "channel",
  "identifier",
  "identifiers",
  "metadata",
  "matchratio",
  "prefix",
].concat(["image", "max", "limit", "position", "ttl", "token", "cursor", "startdate", "__proto__", "constructor", ""]);
const VALUES = [
  "",
  "0",
  "-1",
  "1e999",
  "0x10",
  "NaN",
  " 7 ",
  "9007199254740993",
  "99999999999999999999999999",
  "abc",
  "a@b_c.D9",
  "a,b,c",
  '["abc","def"]',
  '["abc",1]',
  "[[[[",
  "{}",
  '{"a":1}',
  '{"a":',
  "null",
  "图片",
  "\ud800",
  "\0",
  "\r\n--x--\r\n",
  "../../etc",
  "' OR 1=1 --",
  "x".repeat(51),
  "[".repeat(3000),
];
const BOUNDARIES = ["x", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "a'b", "b".repeat(70), "b".repeat(300)];
const CRLF = "\r\n";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Fields = readonly (readonly [string, string])[];

export const form: Target = { draw, execute };

/** The Content-Type in the first line, then the body. */
function draw(random: Random): Uint8Array {
  const fields: Fields = Array.from({ length: below(random, 6) }, () => [pick(random, NAMES), valueFrom(random)]);
  const [type, body] = pick(random, [multipart, multipart, urlencoded, json])(random, fields);
  const damagedBody = chance(random, 0.4) ? damaged(random, encoder.encode(body)) : encoder.encode(body);
  return joined(encoder.encode(`${type}\n`), damagedBody);
}

function valueFrom(random: Random): string {
  const value = pick(random, VALUES);
  return chance(random, 0.2) ? decoder.decode(damaged(random, encoder.encode(value))) : value;
}

function multipart(random: Random, fields: Fields): [string, string] {
  const boundary = pick(random, BOUNDARIES);
  const parts = fields.map(([name, value]) => {
    const fileName = chance(random, 0.3)
      ? pick(random, ['; filename="a.jpg"', "; filename*=UTF-8''a", '; filename="'])
      : "";
    const more = chance(random, 0.2)
      ? `${CRLF}Content-Type: ${pick(random, ["image/jpeg", "text/plain", ";;", ""])}`
      : "";
    const disposition = pick(random, ["form-data", "form-data", "form-data", "attachment", ""]);
    return `--${boundary}${CRLF}Content-Disposition: ${disposition}; name="${name}"${fileName}${more}${CRLF}${CRLF}${value}${CRLF}`;
  });
  const end = pick(random, [`--${boundary}--${CRLF}`, `--${boundary}--`, `--${boundary}`, ""]);
  const told = pick(random, [boundary, boundary, boundary, `"${boundary}"`, "other", ""]);
  return [`multipart/form-data; boundary=${told}`, parts.join("") + end];
}

function urlencoded(random: Random, fields: Fields): [string, string] {
  const encode = chance(random, 0.8)
    ? (text: string) => encodeURIComponent(text.toWellFormed())
    : (text: string) => text;
  const body = fields.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
  return [pick(random, ["application/x-www-form-urlencoded", "text/plain", ""]), body];
}

function json(random: Random, fields: Fields): [string, string] {
  const entries = fields.map(
    ([name, value]) => `${JSON.stringify(name)}:${chance(random, 0.5) ? JSON.stringify(value) : value}`,
  );
  return ["application/json", `{${entries.join()}}`];
}

async function execute(input: Uint8Array): Promise<string | undefined> {
  const end = input.indexOf(0x0a);
  const type = decoder.decode(input.subarray(0, end));
  const request = () =>
    new Request("https://lookmark.test/", {
      method: "POST",
      headers: { "Content-Type": type },
      body: input.slice(end + 1),
    });
  const upload = await readImageForm(request(), IMAGE_BYTES_MAX);
  const fields = await readFieldForm(request());
  const results: Result<unknown>[] = [upload, fields];
  if (upload.ok) results.push(...readings(upload.value.form));
  if (fields.ok) results.push(...readings(fields.value));
  const wrong = results.find((result) => !result.ok && !isDocumented(result.reason));
  return wrong && `it was refused with ${JSON.stringify(wrong)}`;
}

function readings(fields: Form): Result<unknown>[] {
  return [
    readChannelName(fields),
    readIdentifier(fields),
    readIdentifiers(fields),
    readMatchratio(fields),
    readMetadata(fields),
    readPrefix(fields),
    ...["max", "limit", "position", "ttl"].map((name) => isWhole(readWhole(fields, name, 1, 1000, 1))),
  ];
}

/** A reader that lets anything else through is as wrong as one that refuses without a documented code. */
function isWhole(result: Result<number>): Result<number> {
  if (!result.ok) return result;
  const { value } = result;
  if (!(Number.isSafeInteger(value) && value >= 1 && value <= 1000))
    throw new Error(`${value} passed for a whole number`);
  return success(value);
}

function isDocumented({ returncode, message }: { returncode: number; message: string }): boolean {
  return returncodes.includes(returncode) && message !== "";
}
