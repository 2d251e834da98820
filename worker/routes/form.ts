/** The fields of a call, from whichever of the three kinds of body it came in, and their checks. */

import {
  IDENTIFIER_PATTERN,
  IDENTIFIER_PREFIX_PATTERN,
  IDENTIFIERS_MOST,
  METADATA_BYTES_MAX,
} from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";

/** Bytes of a body without a picture: metadata and some short fields. */
export const FIELD_BYTES_MAX = 512 * 1024;
/** Of a body that is too long: more than any photo that a phone takes. */
const DROPPED_BYTES_MAX = 32 * 2 ** 20;
/** The platform itself takes so much in of a body that nobody reads. */
const SHORT_BYTES_MAX = 64 * 1024;

export class Form {
  readonly #fields: ReadonlyMap<string, string | Blob>;

  constructor(fields: Iterable<readonly [string, string | Blob]>) {
    // The first of fields with one name counts.
    this.#fields = new Map([...fields].reverse());
  }

  /** The field's text; undefined where it is absent. */
  text(name: string): string | undefined {
    const value = this.#fields.get(name);
    return typeof value === "string" ? value : undefined;
  }

  file(name: string): Blob | undefined {
    const value = this.#fields.get(name);
    return typeof value === "string" ? undefined : value;
  }
}

/** Reads a multipart body with a file part `image` of at most `imageBytesMax` bytes. */
export async function readImageForm(
  request: Request,
  imageBytesMax: number,
): Promise<Result<{ form: Form; image: Uint8Array }>> {
  const form = await readMultipartForm(request, imageBytesMax);
  if (!form.ok) return form;
  const image = await readFile(form.value, "image");
  return image.ok ? success({ form: form.value, image: image.value }) : image;
}

/** Reads a multipart body whose files have at most `fileBytesMax` bytes together. */
export async function readMultipartForm(request: Request, fileBytesMax: number): Promise<Result<Form>> {
  const body = await readBody(request, fileBytesMax + FIELD_BYTES_MAX);
  if (!mediaType(request).startsWith("multipart/form-data")) {
    return failure(
      reasons.multipartNeeded("send Content-Type: multipart/form-data with the picture in the file part image"),
    );
  }
  if (!body) return failure(reasons.tooLarge(`at most ${fileBytesMax} bytes are accepted`));
  const form = await parseMultipart(request, body);
  return form ? success(form) : failure(reasons.multipartNeeded("the body is not well-formed multipart/form-data"));
}

/** The bytes of a file part. */
export async function readFile(form: Form, name: string): Promise<Result<Uint8Array>> {
  const file = form.file(name);
  if (!file) return failure(reasons.multipartNeeded(`the file part ${name} is missing; give the part a filename`));
  return success(new Uint8Array(await file.arrayBuffer()));
}

/** Reads a body of text fields: urlencoded, multipart or JSON. */
export async function readFieldForm(request: Request): Promise<Result<Form>> {
  const body = await readBody(request, FIELD_BYTES_MAX);
  if (!body) return failure(reasons.fieldNotValid("body", `at most ${FIELD_BYTES_MAX} bytes are accepted`));
  const type = mediaType(request);
  const form = type.startsWith("multipart/form-data")
    ? await parseMultipart(request, body)
    : type.startsWith("application/json")
      ? parseJson(body)
      : new Form(new URLSearchParams(new TextDecoder().decode(body)));
  return form ? success(form) : failure(reasons.fieldNotValid("body", `is not well-formed ${type.split(";")[0]}`));
}

function mediaType(request: Request): string {
  return (request.headers.get("Content-Type") ?? "").toLowerCase();
}

/** For a call that is refused whatever it sends. What is short was sent before anybody looked for an answer. */
export async function dropBody(request: Request): Promise<void> {
  if (Number(request.headers.get("Content-Length") ?? SHORT_BYTES_MAX) >= SHORT_BYTES_MAX) await readBody(request, 0);
}

/**
 * The whole body, or undefined where it is longer than `most` bytes. Then the rest is read and dropped, within limits:
 * clients look for an answer only when they have sent everything, and would take a closed connection for a fault.
 */
async function readBody(request: Request, most: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const end = most + DROPPED_BYTES_MAX;
  const announced = Number(request.headers.get("Content-Length") ?? Number.NaN);
  if (announced > end) return undefined;
  if (announced <= most) return new Uint8Array(await request.arrayBuffer());
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request.body ?? []) {
    length += piece.length;
    if (length > end) return undefined;
    if (length <= most) pieces.push(piece);
    else pieces.length = 0;
  }
  if (length > most) return undefined;
  const body = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}

async function parseMultipart(request: Request, body: Uint8Array<ArrayBuffer>): Promise<Form | undefined> {
  try {
    const headers = { "Content-Type": request.headers.get("Content-Type") ?? "" };
    return new Form(await new Response(body, { headers }).formData());
  } catch {
    return undefined;
  }
}

function parseJson(body: Uint8Array): Form | undefined {
  try {
    const fields: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return undefined;
    return new Form(
      Object.entries(fields)
        .filter(([, value]) => value !== null)
        .map(([name, value]) => [name, textOf(value)]),
    );
  } catch {
    return undefined;
  }
}

/** Numbers and truth values as forms carry them; an object, as in metadata, as JSON. */
function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function readChannelName(form: Form): Result<string> {
  const name = form.text("channel");
  return name ? success(name) : failure(reasons.fieldNotValid("channel", "is missing; name the channel"));
}

export function readIdentifier(form: Form): Result<string> {
  const identifier = form.text("identifier") ?? "";
  return IDENTIFIER_PATTERN.test(identifier) ? success(identifier) : failure(reasons.identifierNotValid());
}

/** How identifiers begin; empty for all. */
export function readPrefix(form: Form): Result<string> {
  const prefix = form.text("prefix") ?? "";
  const valid = IDENTIFIER_PREFIX_PATTERN.test(prefix);
  return valid
    ? success(prefix)
    : failure(reasons.fieldNotValid("prefix", "must be up to 50 of the characters A-Z a-z 0-9 @ _ ."));
}

/** A list separated by commas, or as a JSON array of texts; undefined where the field is absent or empty. */
export function readIdentifiers(form: Form): Result<readonly string[] | undefined> {
  const text = form.text("identifiers")?.trim();
  if (!text) return success(undefined);
  const identifiers = text.startsWith("[") ? parseTexts(text) : text.split(",").map((part) => part.trim());
  if (!identifiers || identifiers.length === 0 || identifiers.length > IDENTIFIERS_MOST) {
    const expected = `must be 1 to ${IDENTIFIERS_MOST} identifiers, separated by commas or as a JSON array`;
    return failure(reasons.fieldNotValid("identifiers", expected));
  }
  const valid = identifiers.every((identifier) => IDENTIFIER_PATTERN.test(identifier));
  return valid ? success(identifiers) : failure(reasons.identifierNotValid("identifiers"));
}

/** Undefined where the text is no JSON array of texts. */
function parseTexts(json: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) && list.every((entry) => typeof entry === "string") ? list : undefined;
  } catch {
    return undefined;
  }
}

/** Any JSON text, or an empty string for none; undefined where the field is absent. */
export function readMetadata(form: Form): Result<string | undefined> {
  const metadata = form.text("metadata");
  return metadata ? checkMetadata(metadata) : success(metadata);
}

export function checkMetadata(metadata: string): Result<string> {
  if (metadata === "") return success(metadata);
  if (new TextEncoder().encode(metadata).length > METADATA_BYTES_MAX) {
    return failure(reasons.fieldNotValid("metadata", `at most ${METADATA_BYTES_MAX} bytes of UTF-8 are accepted`));
  }
  try {
    JSON.parse(metadata);
    return success(metadata);
  } catch {
    return failure(reasons.fieldNotValid("metadata", 'must be JSON text, such as {"title":"My poster"}'));
  }
}

/** A threshold of 0–100, null for the default where the field is empty; undefined where it is absent. */
export function readMatchratio(form: Form): Result<number | null | undefined> {
  const text = form.text("matchratio");
  if (text === undefined) return success(undefined);
  if (text.trim() === "") return success(null);
  const ratio = Number(text);
  const valid = ratio >= 0 && ratio <= 100;
  return valid
    ? success(ratio)
    : failure(reasons.fieldNotValid("matchratio", "must be a number from 0 to 100, or empty for the default"));
}

/** A whole number from `least` to `most`; `fallback` where the field is absent or empty. */
export function readWhole<T extends number | undefined>(
  form: Form,
  name: string,
  least: number,
  most: number,
  fallback: T,
): Result<number | T> {
  const text = form.text(name);
  if (!text) return success(fallback);
  const value = Number(text);
  const valid = /^\d+$/.test(text) && value >= least && value <= most;
  return valid
    ? success(value)
    : failure(reasons.fieldNotValid(name, `must be a whole number from ${least} to ${most}`));
}
