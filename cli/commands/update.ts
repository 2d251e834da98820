/** `lookmark update`: another picture, other metadata or another threshold for an identifier. */

import { readFile } from "node:fs/promises";
import { IDENTIFIER_PATTERN } from "../../shared/protocol.ts";
import { accept, type Call, type Command, EXIT, type Report, UsageError } from "../command.ts";
import { createClient, requireChannel } from "../connection.ts";
import { readMetadata } from "../metadata.ts";

export const update: Command = {
  usage: "IDENTIFIER --channel C [--image FILE] [--metadata JSON|@FILE] [--matchratio N]",
  summary: "change a picture, or what belongs to it",
  details: `What is not named stays as it is. An empty --metadata "" removes it; an empty --matchratio "" is the default threshold.
With --image, the identifier shows another picture from one moment to the next, and its statistics go on.`,
  options: ["channel", "image", "metadata", "matchratio"],
  operands: { least: 1, most: 1 },
  run,
};

async function run({ operands: [identifier = ""], values, connection }: Call): Promise<Report> {
  const channel = requireChannel(connection);
  if (!IDENTIFIER_PATTERN.test(identifier)) throw new UsageError(`"${identifier}" is not an identifier`);
  const { image: file, matchratio } = values;
  const metadata = values.metadata === undefined ? undefined : readMetadata(values.metadata);
  const changes = { channel, identifier, metadata, matchratio };
  const client = createClient(connection);
  if (file === undefined && metadata === undefined && matchratio === undefined) {
    throw new UsageError("say what to change: --image, --metadata or --matchratio");
  }
  const answer = accept(
    file === undefined
      ? await client.updateImageInfo(changes)
      : await client.replaceImage({ ...changes, image: await readPicture(file) }),
  );
  const level = "level" in answer ? `, level ${answer.level}` : "";
  return { text: `updated ${identifier}${level}`, document: answer, exitCode: EXIT.success };
}

async function readPicture(file: string): Promise<Blob> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code})`);
  });
  return new Blob([bytes]);
}
