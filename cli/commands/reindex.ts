/** `lookmark reindex`: the features of a channel anew from its originals, page by page, while it answers questions. */

import { setTimeout as sleep } from "node:timers/promises";
import type { ReindexImagesAnswer } from "../../shared/protocol.ts";
import { persist } from "../../shared/retry.ts";
import { accept, type Call, type Command, EXIT, type Report } from "../command.ts";
import { createClient, requireChannel } from "../connection.ts";
import { showProgress } from "../progress.ts";
import { printable, tableText } from "../table.ts";

export const reindex: Command = {
  usage: "--channel C",
  summary: "extract a channel's features anew, after an upgrade that asks for it",
  details: `The server extracts them from the originals, and goes on to answer questions. Pictures that it cannot read any more keep the
features that they have. Run it again after a stop; what is done twice does no harm.`,
  options: ["channel"],
  operands: { least: 0, most: 0 },
  run,
};

async function run({ connection }: Call): Promise<Report> {
  const channel = requireChannel(connection);
  const client = createClient(connection);
  const { totalcount = 0 } = accept(await client.getImages({ channel, limit: 1 }));
  const progress = showProgress(process.stderr, totalcount);
  const wait = async (why: string, waitMs: number) => {
    progress.waiting(why);
    await sleep(waitMs);
  };
  const refused: NonNullable<ReindexImagesAnswer["refused"]>[number][] = [];
  let reindexed = 0;
  let cursor: string | undefined;
  try {
    do {
      const from = cursor;
      const page = accept(await persist(() => client.reindexImages({ channel, cursor: from }), wait));
      for (let i = 0; i < (page.reindexed ?? 0); i++) progress.step(`${++reindexed} reindexed`);
      for (const image of page.refused ?? []) {
        refused.push(image);
        progress.step(`refused ${image.identifier}`);
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  } finally {
    progress.end();
  }
  const rows = refused.map(({ identifier, message }) => [`  ${identifier}`, printable(message)]);
  const text = [`Reindexed ${reindexed}, refused ${refused.length}.`, ...(rows.length > 0 ? [tableText(rows)] : [])];
  return {
    text: text.join("\n"),
    document: { reindexed, refused },
    exitCode: refused.length > 0 ? EXIT.failed : EXIT.success,
  };
}
