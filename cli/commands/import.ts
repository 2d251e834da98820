/** `lookmark import`: a folder or a table of pictures into a channel, their features extracted here. */

import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { IMPORT_BYTES_MOST, IMPORT_MOST, type ImportedImage } from "../../shared/protocol.ts";
import { persist } from "../../shared/retry.ts";
import { writeSegment } from "../../worker/index/segment.ts";
import { accept, type Call, type Command, type Report, UsageError } from "../command.ts";
import { createClient, requireChannel } from "../connection.ts";
import type { Extracted } from "../extract-thread.ts";
import { Extractors } from "../extractors.ts";
import { expandFiles } from "../files.ts";
import { nameFiles, readPrefix, refuseFile } from "../identifier.ts";
import { listImages } from "../images.ts";
import { fingerprintOf, openJournal } from "../journal.ts";
import { type ListedFile, readManifest } from "../manifest.ts";
import { readMetadata } from "../metadata.ts";
import { showProgress } from "../progress.ts";
import { endAll, INTERRUPT, outcomeText, summarize } from "../summary.ts";
import type { Outcome, Refused } from "../upload.ts";

export const importPictures: Command = {
  usage: "DIR|MANIFEST.csv --channel C [--prefix P] [--metadata JSON|@FILE] [--quick]",
  summary: "add very many pictures, whose features are extracted here on all cores",
  details: `A folder is read as add reads it. A table has the columns file (from its own folder), identifier, metadata and
matchratio, of which only file is needed; lookmark export writes one.

A picture's level takes three to ten simulated views, most of the time of an import. --quick looks at the easiest one only: pictures
that are recognized in it are added with level 1, whatever they would come to.

Run the same command again to go on after a stop: pictures that were added from this computer and are there are not sent again.`,
  options: ["channel", "prefix", "metadata", "quick"],
  operands: { least: 1, most: 1 },
  run,
};

interface Ready {
  readonly listed: ListedFile;
  readonly extracted: Extracted;
}

async function run({ operands, values, connection }: Call): Promise<Report> {
  const channel = requireChannel(connection);
  const { listed, refused } = readPictures(operands[0] as string, values.prefix ?? "", values.metadata ?? "");
  const stop = new AbortController();
  const client = createClient(connection, { signal: stop.signal });
  // Also asks whether user, secret and channel are right, before anything is extracted.
  const there = await listImages(client, channel);
  const levels = new Map(there.map(({ identifier, level }) => [identifier, level]));
  const journal = openJournal(connection.host, channel);
  const progress = showProgress(process.stderr, listed.length);
  const wait = async (why: string, waitMs: number) => {
    progress.waiting(`${why}; next try in ${Math.ceil(waitMs / 1000)} s`);
    await sleep(waitMs, undefined, { signal: stop.signal });
  };

  const outcomes: Outcome[] = [];
  const finish = (outcome: Outcome) => {
    outcomes.push(outcome);
    progress.step(outcomeText(outcome));
  };
  let batch: Ready[] = [];
  const sendBatch = async () => {
    const sent = batch;
    batch = [];
    if (sent.length === 0) return;
    const answer = accept(await persist(() => client.importImages(callOf(channel, sent)), wait));
    for (const [i, image] of (answer.images ?? []).entries()) {
      const { listed, extracted } = sent[i] as Ready;
      if (image.returncode === 0) journal.add(fingerprintOf(listed.identifier, listed.metadata, extracted.bytes));
      finish(outcomeOf(listed, extracted, image));
    }
  };

  const extractors = new Extractors();
  const queue = listed.values();
  const work = async () => {
    for (const picture of queue) {
      stop.signal.throwIfAborted();
      const level = levels.get(picture.identifier);
      if (level !== undefined && journal.has(await fingerprintOfFile(picture))) {
        finish({ kind: "present", ...picture, level });
        continue;
      }
      const extracted = await extractors.extract({ file: picture.file, quick: values.quick ?? false });
      if (!extracted.ok) {
        finish(refuseFile(picture.file, extracted.reason));
        continue;
      }
      if (bytesOf(batch) + extracted.value.bytes.length > IMPORT_BYTES_MOST) await sendBatch();
      batch.push({ listed: picture, extracted: extracted.value });
      if (batch.length === IMPORT_MOST) await sendBatch();
    }
  };
  const interrupt = () => stop.abort(INTERRUPT);
  process.once("SIGINT", interrupt);
  try {
    // One more than there are threads: it sends while they work.
    const works = Array.from({ length: extractors.count + 1 }, work);
    await Promise.all(works.map((one) => one.catch((error) => endAll(stop, error))));
    if (!stop.signal.aborted) await sendBatch().catch((error) => endAll(stop, error));
  } finally {
    process.off("SIGINT", interrupt);
    progress.end();
    await extractors.end();
  }
  return summarize([...refused, ...outcomes], listed.length - outcomes.length, stop.signal);
}

function readPictures(
  operand: string,
  givenPrefix: string,
  givenMetadata: string,
): { listed: ListedFile[]; refused: Refused[] } {
  const prefix = readPrefix(givenPrefix);
  const metadata = readMetadata(givenMetadata);
  const stats = statSync(operand, { throwIfNoEntry: false });
  if (stats?.isFile() && operand.endsWith(".csv")) {
    if (metadata) throw new UsageError("--metadata is for folders; a table has a column metadata");
    return readManifest(operand, (file) => nameFiles([file], prefix));
  }
  if (stats && !stats.isDirectory()) throw new UsageError(`${operand} is neither a folder nor a .csv table`);
  const { named, refused } = nameFiles(expandFiles([operand]), prefix);
  return { listed: named.map((file) => ({ ...file, metadata, matchratio: null })), refused };
}

/** Of a file that cannot be read, one that the journal never has. */
async function fingerprintOfFile({ file, identifier, metadata }: ListedFile): Promise<string> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes ? fingerprintOf(identifier, metadata, bytes) : "";
}

function callOf(channel: string, batch: readonly Ready[]) {
  return {
    channel,
    images: batch.map(({ listed: { identifier, metadata, matchratio }, extracted: { level, bytes } }) => ({
      identifier,
      metadata,
      matchratio,
      level,
      bytes: bytes.length,
    })),
    pictures: new Blob(batch.map(({ extracted }) => extracted.bytes)),
    segment: new Blob([
      writeSegment(batch.map(({ extracted }, i) => ({ id: i + 1, target: extracted.target }))) as BlobPart,
    ]),
  };
}

function outcomeOf({ file, identifier }: ListedFile, { level }: Extracted, image: ImportedImage): Outcome {
  const { returncode, message = "", repeated } = image;
  if (returncode !== 0) return refuseFile(file, { returncode, message });
  return { kind: repeated ? "present" : "added", file, identifier, level };
}

function bytesOf(batch: readonly Ready[]): number {
  return batch.reduce((sum, { extracted }) => sum + extracted.bytes.length, 0);
}
