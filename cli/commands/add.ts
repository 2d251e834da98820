/** `lookmark add`: pictures and folders of them into a channel, as many at once as asked, resumable at any point. */

import { setTimeout as sleep } from "node:timers/promises";
import { accept, type Call, type Command, type Report } from "../command.ts";
import { createClient, requireChannel } from "../connection.ts";
import { expandFiles } from "../files.ts";
import { type NamedFile, nameFiles, readPrefix } from "../identifier.ts";
import { openJournal } from "../journal.ts";
import { readMetadata } from "../metadata.ts";
import { readWhole } from "../options.ts";
import { type Progress, showProgress } from "../progress.ts";
import { endAll, INTERRUPT, outcomeText, summarize } from "../summary.ts";
import { type Outcome, type Target, uploadPicture } from "../upload.ts";

const CONCURRENCY_DEFAULT = "4";
const CONCURRENCY_MOST = 32;

export const add: Command = {
  usage: "FILES… --channel C [--prefix P] [--metadata JSON|@FILE] [--concurrency N]",
  summary: "add pictures, or folders of them, to a channel",
  details: `Folders are searched for .jpg, .jpeg and .png, with all folders in them. A picture's identifier is its file's name
without extension, with hyphens and spaces as _; a name with other characters than A-Z a-z 0-9 @ _ . is refused.

Run the same command again to go on after a stop: pictures that were added from this computer are not sent again
(~/.lookmark/added remembers them). An identifier that holds another picture or other metadata is refused.`,
  options: ["channel", "prefix", "metadata", "concurrency"],
  operands: { least: 1, most: Number.POSITIVE_INFINITY },
  run,
};

async function run({ operands, values, connection }: Call): Promise<Report> {
  const channel = requireChannel(connection);
  const metadata = readMetadata(values.metadata ?? "");
  const concurrency = readWhole("concurrency", values.concurrency ?? CONCURRENCY_DEFAULT, 1, CONCURRENCY_MOST);
  const { named, refused } = nameFiles(expandFiles(operands), readPrefix(values.prefix ?? ""));
  // One question first: a wrong secret or channel, or a server that is not there, is not worth a try for each picture.
  accept(await createClient(connection).getImages({ channel, limit: 1 }));

  const stop = new AbortController();
  const progress = showProgress(process.stderr, named.length);
  const target: Target = {
    client: createClient(connection, { signal: stop.signal }),
    channel,
    metadata,
    journal: openJournal(connection.host, channel),
    wait: async (why, waitMs) => {
      progress.waiting(`${why}; next try in ${Math.ceil(waitMs / 1000)} s`);
      await sleep(waitMs, undefined, { signal: stop.signal });
    },
  };
  const outcomes = await uploadAll(named, target, concurrency, stop, progress);
  return summarize([...refused, ...outcomes], named.length - outcomes.length, stop.signal);
}

/** Uploads until all pictures are through, or something ends it: Ctrl-C, or what would refuse the others as well. */
async function uploadAll(
  pictures: readonly NamedFile[],
  target: Target,
  concurrency: number,
  stop: AbortController,
  progress: Progress,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = pictures.values();
  const work = async () => {
    for (const picture of queue) {
      const outcome = await uploadPicture(picture, target);
      outcomes.push(outcome);
      progress.step(outcomeText(outcome));
    }
  };
  const interrupt = () => stop.abort(INTERRUPT);
  process.once("SIGINT", interrupt);
  try {
    await Promise.all(Array.from({ length: concurrency }, () => work().catch((error) => endAll(stop, error))));
  } finally {
    process.off("SIGINT", interrupt);
    progress.end();
  }
  return outcomes;
}
