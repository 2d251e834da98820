/** The texts of --help. */

import type { Command } from "./command.ts";
import { GLOBAL_OPTIONS, type OptionName, optionHelp } from "./options.ts";
import { tableText } from "./table.ts";

export function overview(commands: Readonly<Record<string, Command>>): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => [`  ${name}`, summary]);
  return `Adds pictures to a Lookmark deployment, and asks it which one a photo shows.

Usage: lookmark COMMAND [OPTIONS]

Commands (lookmark COMMAND --help tells more):
${tableText(rows)}

Options of all commands:
${optionRows(GLOBAL_OPTIONS)}

Without a login and without --host, --username and --secretkey, the demo account of \`npm start\` on this computer is used.
Exit codes: 0 success, 1 refused or failed, 2 wrong usage, 3 nothing found, 130 stopped with Ctrl-C.`;
}

export function commandHelp(name: string, { usage, details, options }: Command): string {
  return `Usage: lookmark ${name} ${usage}

${details}

Options:
${optionRows(options)}

Options of all commands:
${optionRows(GLOBAL_OPTIONS)}`;
}

function optionRows(names: readonly OptionName[]): string {
  return tableText(names.map(optionHelp).map(([option, help]) => [`  ${option}`, help]));
}
