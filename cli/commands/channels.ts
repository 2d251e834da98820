/** `lookmark channels`: the user's own channels. */

import type { ChannelInfo } from "../../shared/protocol.ts";
import { accept, type Call, type Command, EXIT, type Report } from "../command.ts";
import { createClient } from "../connection.ts";
import { tableText } from "../table.ts";

const NUMBERS = [1, 2];

export const channels: Command = {
  usage: "",
  summary: "your channels",
  details: "The operator of the deployment makes channels and sets their quotas (README, Deploy).",
  options: [],
  operands: { least: 0, most: 0 },
  run,
};

async function run({ connection }: Call): Promise<Report> {
  const answer = accept(await createClient(connection).getChannels());
  return { text: describe(answer.channels ?? [], connection.username), document: answer, exitCode: EXIT.success };
}

function describe(owned: readonly ChannelInfo[], username: string): string {
  if (owned.length === 0) return `${username} has no channel; the operator makes them.`;
  const rows = owned.map(({ channel, imagecount, quota, publicread }) => [
    channel,
    String(imagecount),
    String(quota),
    publicread ? "yes" : "no",
  ]);
  return tableText([["channel", "images", "quota", "public read"], ...rows], NUMBERS);
}
