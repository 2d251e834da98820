/** `lookmark export`: all pictures of a channel as files, with a table that import reads. */

import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LookmarkClient } from "../../shared/client.ts";
import type { ImageInfo } from "../../shared/protocol.ts";
import { reasons } from "../../shared/reason.ts";
import { persist, type Wait } from "../../shared/retry.ts";
import { type Call, type Command, EXIT, RefusedError, type Report } from "../command.ts";
import { createClient, requireChannel } from "../connection.ts";
import { listImages } from "../images.ts";
import { MANIFEST, type ManifestRow, writeManifest } from "../manifest.ts";
import { showProgress } from "../progress.ts";

const CONCURRENCY = 4;
const NOT_THERE = reasons.identifierNotFound().returncode;

export const exportPictures: Command = {
  usage: "DIR --channel C",
  summary: "all pictures of a channel as files, with a table for import",
  details: `Writes each picture as it was uploaded, under its identifier, and ${MANIFEST} with metadata and thresholds. Files that are
there are not fetched again, so the same command goes on after a stop; ${MANIFEST} comes last.`,
  options: ["channel"],
  operands: { least: 1, most: 1 },
  run,
};

async function run({ operands, connection }: Call): Promise<Report> {
  const [folder] = operands as [string];
  const channel = requireChannel(connection);
  const client = createClient(connection);
  const images = await listImages(client, channel);
  mkdirSync(folder, { recursive: true });
  const progress = showProgress(process.stderr, images.length);
  const wait = async (why: string, waitMs: number) => {
    progress.waiting(why);
    await sleep(waitMs);
  };
  const rows = new Map<string, ManifestRow>();
  const queue = images.values();
  const work = async () => {
    for (const image of queue) {
      const file = await fetchFile(client, channel, image.identifier, folder, wait);
      if (file) rows.set(image.identifier, rowOf(file, image));
      progress.step(file ?? `${image.identifier} was removed meanwhile`);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  } finally {
    progress.end();
  }
  const ordered = images.flatMap(({ identifier }) => rows.get(identifier) ?? []);
  writeWhole(join(folder, MANIFEST), writeManifest(ordered));
  const text = `${ordered.length} pictures and ${MANIFEST} in ${folder}`;
  return { text, document: { folder, pictures: ordered.length }, exitCode: EXIT.success };
}

/** The name of the picture's file, which is fetched where it is not there; undefined where the picture is gone. */
async function fetchFile(
  client: LookmarkClient,
  channel: string,
  identifier: string,
  folder: string,
  wait: Wait,
): Promise<string | undefined> {
  const there = [".jpg", ".png"].map((ending) => identifier + ending).find((file) => existsSync(join(folder, file)));
  if (there) return there;
  let original: Blob | undefined;
  const answer = await persist(async () => {
    const reply = await client.getOriginal({ channel, identifier });
    if (!(reply instanceof Blob)) return reply;
    original = reply;
    return { returncode: 0, message: "", requestid: "" };
  }, wait);
  if (answer.returncode === NOT_THERE) return undefined;
  if (!original) throw new RefusedError(answer);
  const file = `${identifier}.${original.type === "image/png" ? "png" : "jpg"}`;
  writeWhole(join(folder, file), new Uint8Array(await original.arrayBuffer()));
  return file;
}

/** A file that is cut off has another name. */
function writeWhole(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
}

function rowOf(file: string, { identifier, metadata, matchratio }: ImageInfo): ManifestRow {
  return { file, identifier, metadata, matchratio: matchratio === null ? "" : String(matchratio) };
}
