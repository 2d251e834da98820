#!/usr/bin/env node
/** `lookmark`: runs the command that the command line names, and turns its report or error into text or JSON. */

import { NoAnswerError } from "../shared/client.ts";
import { type Command, EXIT, RefusedError, UsageError } from "./command.ts";
import { add } from "./commands/add.ts";
import { channels } from "./commands/channels.ts";
import { completion } from "./commands/completion.ts";
import { doctor } from "./commands/doctor.ts";
import { exportPictures } from "./commands/export.ts";
import { find } from "./commands/find.ts";
import { grade } from "./commands/grade.ts";
import { importPictures } from "./commands/import.ts";
import { list } from "./commands/list.ts";
import { login } from "./commands/login.ts";
import { reindex } from "./commands/reindex.ts";
import { remove } from "./commands/remove.ts";
import { stats } from "./commands/stats.ts";
import { token } from "./commands/token.ts";
import { update } from "./commands/update.ts";
import { readConnection } from "./connection.ts";
import { commandHelp, overview } from "./help.ts";
import { nearest } from "./nearest.ts";
import { checkOptions, parseCommandLine } from "./options.ts";
import { readVersion } from "./version.ts";

/** In the order of the help. */
const commands: Readonly<Record<string, Command>> = {
  login,
  doctor,
  channels,
  add,
  import: importPictures,
  export: exportPictures,
  reindex,
  find,
  grade,
  list,
  remove,
  stats,
  token,
  update,
  completion,
};

process.stdout.on("error", endQuietly);
process.exitCode = await main(process.argv.slice(2)).catch(reportError);

/** Prints the outcome; returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args);
  const [name, ...operands] = positionals;
  if (values.version) return print(readVersion());
  if (name === undefined) {
    if (values.help) return print(overview(commands));
    throw new UsageError("name a command");
  }
  const command = findCommand(name);
  if (values.help) return print(commandHelp(name, command));
  checkOptions(name, values, command.options);
  checkOperands(name, operands, command);
  const environment = process.env;
  const report = await command.run({
    operands,
    values,
    environment,
    commands,
    get connection() {
      return readConnection(values, environment);
    },
  });
  print(values.json ? JSON.stringify(report.document) : report.text);
  return report.exitCode;
}

function findCommand(name: string): Command {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command;
  const meant = nearest(name, Object.keys(commands));
  throw new UsageError(`there is no command ${name}${meant ? `: did you mean ${meant}?` : ""}`);
}

function checkOperands(name: string, { length }: readonly string[], { operands, usage }: Command): void {
  if (length < operands.least || length > operands.most) throw new UsageError(`write lookmark ${name} ${usage}`);
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return EXIT.success;
}

/** Expected errors as a sentence, and what to do; all others with their stack, which belongs in a bug report. */
function reportError(error: unknown): number {
  const wrongUsage = error instanceof UsageError;
  if (!wrongUsage && !(error instanceof RefusedError) && !(error instanceof NoAnswerError)) throw error;
  if (process.argv.includes("--json")) {
    print(JSON.stringify(error instanceof RefusedError ? error.answer : { message: error.message }));
  } else {
    process.stderr.write(`lookmark: ${error.message}\n${adviceOn(error)}`);
  }
  return wrongUsage ? EXIT.wrongUsage : EXIT.failed;
}

function adviceOn(error: Error): string {
  if (error instanceof UsageError) {
    const name = process.argv.find((argument) => Object.hasOwn(commands, argument));
    return `See lookmark ${name ? `${name} ` : ""}--help.\n`;
  }
  if (error instanceof NoAnswerError && error.status === undefined) {
    return "Is the server running, and its address right? `npm start` starts one on this computer.\n";
  }
  return "";
}

/** Whoever read our output, such as `head`, has seen enough. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.success);
}
