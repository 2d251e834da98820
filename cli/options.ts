/** The options of all commands in one table, and the reading of a command line with it. */

import { parseArgs } from "node:util";
import { UsageError } from "./command.ts";
import { nearest } from "./nearest.ts";

/** `argument` and `help` are for --help; the rest is what parseArgs reads. */
const OPTIONS = {
  channel: { type: "string", argument: "C", help: "the channel; else LOOKMARK_CHANNEL" },
  prefix: { type: "string", argument: "P", help: "put P before every identifier" },
  metadata: { type: "string", argument: "JSON", help: "metadata: JSON text, or @FILE with it" },
  quick: { type: "boolean", argument: "", help: "level 1 for all that are recognized in the easiest view" },
  image: { type: "string", argument: "FILE", help: "the picture in place of the present one" },
  matchratio: { type: "string", argument: "N", help: "the picture's own threshold on the score, 0 to 100" },
  concurrency: { type: "string", argument: "N", help: "pictures under way at once, 1 to 32 (4)" },
  identifier: { type: "string", argument: "I", help: "only this picture of the channel" },
  identifiers: { type: "string", argument: "A,B", help: "search these pictures only, separated by commas" },
  max: { type: "string", argument: "N", help: "up to N pictures in one photo, 1 to 10 (1)" },
  ttl: { type: "string", argument: "SECONDS", help: "how long the token is good, up to 86400 (3600)" },
  csv: { type: "boolean", argument: "", help: "print a table for spreadsheets (RFC 4180)" },
  from: { type: "string", argument: "D", help: "first day: yyyyMMdd, or yyyyMM or yyyy for its first (this month)" },
  to: { type: "string", argument: "D", help: "last day: yyyyMMdd, or yyyyMM or yyyy for its last (this month)" },
  host: { type: "string", argument: "URL", help: "the deployment; else LOOKMARK_HOST, else that of lookmark login" },
  username: { type: "string", argument: "NAME", help: "who asks; else LOOKMARK_USERNAME, else that of lookmark login" },
  secretkey: { type: "string", argument: "KEY", help: "the user's secret key; better kept in LOOKMARK_SECRETKEY" },
  json: { type: "boolean", argument: "", help: "print one JSON document; progress goes to stderr" },
  help: { type: "boolean", short: "h", argument: "", help: "print this" },
  version: { type: "boolean", argument: "", help: "print the version" },
} as const;

export type OptionName = keyof typeof OPTIONS;

export const GLOBAL_OPTIONS: readonly OptionName[] = ["host", "username", "secretkey", "json", "help", "version"];

export function parseCommandLine(args: readonly string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(parseProblem(error as Error));
  }
}

export type Values = ReturnType<typeof parseCommandLine>["values"];

/** parseArgs explains at length; its first sentence and the option that was meant say it all. */
function parseProblem({ message }: Error): string {
  const [sentence = message] = message.split(/\. |\n/);
  const unknown = /^Unknown option '--([^']+)'/.exec(message)?.[1];
  const meant = unknown && nearest(unknown, Object.keys(OPTIONS));
  return meant ? `${sentence}: did you mean --${meant}?` : sentence;
}

/** Refuses options that exist, but not for this command. */
export function checkOptions(name: string, values: Values, own: readonly OptionName[]): void {
  const foreign = (Object.keys(values) as OptionName[]).find((key) => ![...own, ...GLOBAL_OPTIONS].includes(key));
  if (foreign) throw new UsageError(`--${foreign} is not an option of ${name}`);
}

/** A row for the help: how the option is written, and what it does. */
export function optionHelp(name: OptionName): [string, string] {
  const option = OPTIONS[name];
  const short = "short" in option ? `-${option.short}, ` : "";
  return [`${short}--${name} ${option.argument}`.trim(), option.help];
}

/** It takes no value. */
export function isFlag(name: OptionName): boolean {
  return OPTIONS[name].type === "boolean";
}

/** A whole number from `least` to `most`. */
export function readWhole(name: OptionName, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${text}"`);
}
