/** `lookmark remove`: pictures out of a channel. */

import { IDENTIFIER_PATTERN } from "../../shared/protocol.ts";
import { accept, type Call, type Command, EXIT, type Report, UsageError } from "../command.ts";
import { createClient, requireChannel } from "../connection.ts";

export const remove: Command = {
  usage: "IDENTIFIER… --channel C",
  summary: "remove pictures from a channel",
  details: "Removing what is not there is no error, so that the command can be repeated.",
  options: ["channel"],
  operands: { least: 1, most: Number.POSITIVE_INFINITY },
  run,
};

async function run({ operands, connection }: Call): Promise<Report> {
  const channel = requireChannel(connection);
  const wrong = operands.find((operand) => !IDENTIFIER_PATTERN.test(operand));
  if (wrong !== undefined) throw new UsageError(`"${wrong}" is not an identifier; nothing was removed`);
  const client = createClient(connection);
  const removed: string[] = [];
  const absent: string[] = [];
  for (const identifier of operands) {
    const answer = accept(await client.removeImage({ channel, identifier }));
    (answer.removed === 0 ? absent : removed).push(identifier);
  }
  const lines = [
    ...removed.map((identifier) => `removed ${identifier}`),
    ...absent.map((id) => `was not there: ${id}`),
  ];
  return { text: lines.join("\n"), document: { removed, absent }, exitCode: EXIT.success };
}
