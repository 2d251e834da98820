/** `lookmark login`: keeps server, user name and secret key for the other commands, once the server has accepted them. */

import { accept, type Call, type Command, EXIT, type Report, UsageError } from "../command.ts";
import { createClient, DEFAULT_HOST, readHost } from "../connection.ts";
import { writeLogin } from "../login.ts";
import { askUser } from "../prompt.ts";

export const login: Command = {
  usage: "[URL] [--username NAME] [--channel C]",
  summary: "keep server, user name and secret key for the other commands",
  details: `URL is the deployment (${DEFAULT_HOST}). What is not given is asked for; the secret key is not shown, and may come from
standard input: lookmark login URL --username NAME < FILE. It is kept in lookmark/login.json in the folder for configuration
(XDG_CONFIG_HOME, else ~/.config), readable by you alone, and sent to this deployment only. A channel that is given is
that of commands that name none.`,
  options: ["channel"],
  operands: { least: 0, most: 1 },
  run,
};

async function run({ operands: [url], values, environment }: Call): Promise<Report> {
  const host = readHost(url || values.host || environment.LOOKMARK_HOST || DEFAULT_HOST);
  const username = values.username || environment.LOOKMARK_USERNAME || (await askUser("User name: "));
  if (!username) throw new UsageError("the user name is missing: give --username");
  const secretkey =
    values.secretkey || environment.LOOKMARK_SECRETKEY || (await askUser("Secret key: ", { secret: true }));
  if (!secretkey) throw new UsageError("the secret key is missing: type it, or give it on standard input");
  const kept = { host, username, secretkey, channel: values.channel };
  const client = createClient({ ...kept, source: "" });
  const { channels = [] } = accept(await client.getChannels());
  const names = channels.map(({ channel }) => channel);
  if (values.channel && !names.includes(values.channel)) {
    throw new UsageError(`${username} has no channel ${values.channel}; there is: ${names.join(", ") || "none"}`);
  }
  const file = writeLogin(kept, environment);
  const text = `Logged in to ${host} as ${username}; ${countOf(names.length)}. Kept in ${file}`;
  return { text, document: { host, username, channels: names, file }, exitCode: EXIT.success };
}

function countOf(count: number): string {
  return count === 1 ? "1 channel" : `${count} channels`;
}
