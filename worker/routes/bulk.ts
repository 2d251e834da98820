/** ImportImages, GetOriginal, ReindexImages: how many pictures come in at once, go out again, and get new features. */

import { Hono } from "hono";
import {
  type Answer,
  IDENTIFIER_PATTERN,
  IMPORT_BYTES_MOST,
  IMPORT_MOST,
  type ImportEntry,
  type ImportedImage,
  REINDEX_MOST,
  type ReindexImagesAnswer,
} from "../../shared/protocol.ts";
import { failure, type Result, reasons, success } from "../../shared/reason.ts";
import { shardOf } from "../catalog/shards.ts";
import { readSettings } from "../env.ts";
import { readHeader } from "../image/header.ts";
import { type NumberedTarget, readSegment } from "../index/segment.ts";
import { type ImportedPicture, importPictures } from "../recognize/import.ts";
import { reindexPicture } from "../recognize/reindex.ts";
import { type AppContext, type AppEnv, answer } from "./answer.ts";
import { checkMetadata, type Form, readFieldForm, readFile, readMultipartForm, readWhole } from "./form.ts";
import { readPage, requireChannel, requireNamed } from "./images.ts";

export const bulk = new Hono<AppEnv>();

bulk.post("/ImportImages", async (context) => answer(context, await importImages(context)));
bulk.post("/GetOriginal", getOriginal);
bulk.post("/ReindexImages", async (context) => answer(context, await reindexImages(context)));

async function importImages(context: AppContext): Promise<Result<{ images: ImportedImage[] }>> {
  const form = await readMultipartForm(context.req.raw, IMPORT_BYTES_MOST);
  if (!form.ok) return form;
  const channel = await requireChannel(context, form.value);
  if (!channel.ok) return channel;
  const pictures = await readPictures(form.value);
  if (!pictures.ok) return pictures;
  const images = await importPictures(context.env, readSettings(context.env).addLimits, channel.value, pictures.value);
  return images.ok ? success({ images: images.value }) : images;
}

/** The field `images`, the file `pictures`, all files one behind the other, and the file `segment` with their features. */
async function readPictures(form: Form): Promise<Result<ImportedPicture[]>> {
  const entries = readEntries(form);
  if (!entries.ok) return entries;
  const pictures = await readFile(form, "pictures");
  if (!pictures.ok) return pictures;
  const segment = await readFile(form, "segment");
  if (!segment.ok) return segment;
  const targets = readTargets(segment.value);
  if (!targets.ok) return targets;
  const bytes = entries.value.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes !== pictures.value.length || entries.value.length !== targets.value.length) {
    return failure(
      reasons.fieldNotValid(
        "images",
        `names ${entries.value.length} pictures of ${bytes} bytes; pictures has ${pictures.value.length} bytes, segment ${targets.value.length} targets`,
      ),
    );
  }
  let end = 0;
  return success(
    entries.value.map((entry, i) => {
      const start = end;
      end += entry.bytes;
      return {
        ...entry,
        bytes: pictures.value.subarray(start, end),
        target: (targets.value[i] as NumberedTarget).target,
      };
    }),
  );
}

function readTargets(segment: Uint8Array): Result<NumberedTarget[]> {
  try {
    return success(readSegment(segment));
  } catch (error) {
    return failure(reasons.fieldNotValid("segment", (error as Error).message));
  }
}

const EXPECTED = `must be a JSON array of 1 to ${IMPORT_MOST} objects with identifier, metadata, matchratio, level and bytes`;

function readEntries(form: Form): Result<ImportEntry[]> {
  const list = parseJson(form.text("images"));
  if (!Array.isArray(list) || list.length === 0 || list.length > IMPORT_MOST || !list.every(isEntry)) {
    return failure(reasons.fieldNotValid("images", EXPECTED));
  }
  const entries = list as ImportEntry[];
  if (!entries.every(({ identifier }) => IDENTIFIER_PATTERN.test(identifier))) {
    return failure(reasons.identifierNotValid("images"));
  }
  if (new Set(entries.map(({ identifier }) => identifier)).size < entries.length) {
    return failure(reasons.fieldNotValid("images", "names an identifier twice"));
  }
  for (const { metadata } of entries) {
    const checked = checkMetadata(metadata);
    if (!checked.ok) return checked;
  }
  return success(entries);
}

function isEntry(entry: Partial<ImportEntry> | null): boolean {
  const { identifier, metadata, matchratio, level, bytes } = entry ?? {};
  const isWhole = (value: unknown, least: number, most: number) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  return (
    typeof identifier === "string" &&
    typeof metadata === "string" &&
    (matchratio === null || (typeof matchratio === "number" && matchratio >= 0 && matchratio <= 100)) &&
    isWhole(level, 1, 5) &&
    isWhole(bytes, 1, IMPORT_BYTES_MOST)
  );
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** The file as it was uploaded, for its owner. */
async function getOriginal(context: AppContext): Promise<Response> {
  const named = await requireNamed(context);
  if (!named.ok) return answer(context, named);
  const { channel, identifier } = named.value;
  const key = await shardOf(context.env, channel, identifier).original(identifier);
  const object = key === undefined ? null : await context.env.BUCKET.get(key);
  if (!object) return answer(context, failure(reasons.identifierNotFound()));
  const bytes = new Uint8Array(await object.arrayBuffer());
  const format = readHeader(bytes)?.format ?? "octet-stream";
  return context.body(bytes, 200, {
    "Content-Type": format === "octet-stream" ? "application/octet-stream" : `image/${format}`,
    "Content-Disposition": `attachment; filename="${identifier}.${format === "jpeg" ? "jpg" : format}"`,
  });
}

const BUSY = reasons.busy("", 0).returncode;

/** One page of a channel; all of it by cursor, as GetImages lists it. */
async function reindexImages(context: AppContext): Promise<Result<Omit<ReindexImagesAnswer, keyof Answer>>> {
  const form = await readFieldForm(context.req.raw);
  if (!form.ok) return form;
  const channel = await requireChannel(context, form.value);
  if (!channel.ok) return channel;
  const limit = readWhole(form.value, "limit", 1, REINDEX_MOST, REINDEX_MOST);
  if (!limit.ok) return limit;
  const page = await readPage(context, channel.value, form.value, limit.value);
  if (!page.ok) return page;
  const { totalcount, images, cursor } = page.value;
  const refused: { identifier: string; message: string }[] = [];
  for (const { identifier } of images) {
    const done = await reindexPicture(context.env, readSettings(context.env).addLimits, channel.value, identifier);
    if (done.ok) continue;
    if (done.reason.returncode === BUSY) return done;
    refused.push({ identifier, message: done.reason.message });
  }
  return success({ totalcount, reindexed: images.length - refused.length, refused, ...(cursor && { cursor }) });
}
