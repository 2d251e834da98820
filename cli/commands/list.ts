/** `lookmark list`: the pictures of a channel, all pages of them. */

import type { ImageInfo } from "../../shared/protocol.ts";
import { type Call, type Command, EXIT, type Report } from "../command.ts";
import { createClient, requireChannel } from "../connection.ts";
import { listImages } from "../images.ts";
import { shorten, tableText } from "../table.ts";

const METADATA_WIDTH = 60;
const NUMBERS = [1, 2];

export const list: Command = {
  usage: "--channel C",
  summary: "the pictures of a channel",
  details: `A level of 1 to 5 says how easily a picture is recognized; matchratio is its own threshold on the score, where it
has one. Metadata is shortened here, and whole with --json.`,
  options: ["channel"],
  operands: { least: 0, most: 0 },
  run,
};

async function run({ connection }: Call): Promise<Report> {
  const channel = requireChannel(connection);
  const client = createClient(connection);
  const images = await listImages(client, channel);
  return { text: describe(images, channel), document: { totalcount: images.length, images }, exitCode: EXIT.success };
}

function describe(images: readonly ImageInfo[], channel: string): string {
  const count = `${images.length} ${images.length === 1 ? "picture" : "pictures"} in ${channel}`;
  if (images.length === 0) return count;
  const rows = images.map(({ identifier, level, matchratio, metadata }) => [
    identifier,
    String(level),
    String(matchratio ?? "-"),
    shorten(metadata, METADATA_WIDTH),
  ]);
  return `${tableText([["identifier", "level", "matchratio", "metadata"], ...rows], NUMBERS)}\n${count}`;
}
