/** `lookmark token`: a query token for phones and web pages, which must never hold the secret key. */

import { TOKEN_SECONDS_MAX } from "../../shared/protocol.ts";
import { scanPageAddress } from "../../shared/scan-page.ts";
import { accept, type Call, type Command, EXIT, type Report } from "../command.ts";
import { createClient, defaultChannel } from "../connection.ts";
import { readWhole } from "../options.ts";
import { tableText } from "../table.ts";

const TTL_DEFAULT_SECONDS = 3600;

export const token: Command = {
  usage: "[--channel C] [--ttl SECONDS]",
  summary: "a query token for a phone or a web page",
  details: `The token may ask (FindImage, GetImage) and nothing else, in the channel or in all of yours where none is named. The page is
the deployment's own, which scans with the camera: open it on a phone, or make a QR code of it.`,
  options: ["channel", "ttl"],
  operands: { least: 0, most: 0 },
  run,
};

async function run({ values, connection }: Call): Promise<Report> {
  const ttl = values.ttl === undefined ? TTL_DEFAULT_SECONDS : readWhole("ttl", values.ttl, 1, TOKEN_SECONDS_MAX);
  const channel = defaultChannel(connection);
  const { token = "", expires = 0 } = accept(await createClient(connection).issueToken({ channel, ttl }));
  const page = scanPageAddress(connection.host, token, channel);
  const rows = [
    ["token", token],
    ["expires", new Date(1000 * expires).toLocaleString("sv-SE", { timeZoneName: "short" })],
    ["page", page],
  ];
  return { text: tableText(rows), document: { token, expires, channel, page }, exitCode: EXIT.success };
}
