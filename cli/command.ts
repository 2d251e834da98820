/** What a command is, and how it ends: with a report, or with one of the errors below. */

import type { Answer } from "../shared/protocol.ts";
import type { Connection, Environment } from "./connection.ts";
import type { OptionName, Values } from "./options.ts";

export const EXIT = { success: 0, failed: 1, wrongUsage: 2, nothingFound: 3, interrupted: 130 } as const;

export interface Command {
  /** What follows the command's name, without options that all commands have. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More lines for its own help. */
  readonly details: string;
  readonly options: readonly OptionName[];
  /** How many operands it takes. */
  readonly operands: { readonly least: number; readonly most: number };
  run(call: Call): Promise<Report>;
}

export interface Call {
  readonly operands: readonly string[];
  readonly values: Values;
  readonly environment: Environment;
  /** Read where a command asks for it: throws UsageError where nobody says who asks. */
  readonly connection: Connection;
  readonly commands: Readonly<Record<string, Command>>;
}

/** The outcome, for people and, with --json, for programs. */
export interface Report {
  readonly text: string;
  readonly document: unknown;
  readonly exitCode: number;
}

/** The command line does not make sense. */
export class UsageError extends Error {}

/** The API refused what the whole command depends on. */
export class RefusedError extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(refusalText(answer));
    this.answer = answer;
  }
}

/** The answer, where it is a success. */
export function accept<T extends Answer>(answer: T): T {
  if (answer.returncode !== 0) throw new RefusedError(answer);
  return answer;
}

export function refusalText({ returncode, message, requestid }: Answer): string {
  return `${returncode} ${message} (requestid ${requestid})`;
}
