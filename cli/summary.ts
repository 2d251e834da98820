/** What became of the pictures to add, for people and for programs. */

import { NoAnswerError } from "../shared/client.ts";
import { EXIT, RefusedError, type Report } from "./command.ts";
import { printable, tableText } from "./table.ts";
import type { Outcome, Refused } from "./upload.ts";

/** The reason of an abort that the user asked for. */
export const INTERRUPT = "Ctrl-C";
const INTERNAL_ERROR = 500;

/** `left` pictures were not tried because the signal ended the work. */
export function summarize(
  outcomes: readonly Outcome[],
  left: number,
  { aborted, reason }: Pick<AbortSignal, "aborted" | "reason">,
): Report {
  const added = outcomes.filter(({ kind }) => kind === "added");
  const present = outcomes.filter(({ kind }) => kind === "present");
  const refused = outcomes.filter((outcome) => outcome.kind === "refused");
  const document = { added: plain(added), present: plain(present), refused: plain(refused) };
  const lines = [`Added ${added.length}, already there ${present.length}, refused ${refused.length}.`];
  if (refused.length > 0) lines.push(tableText(refused.map(refusedRow)));
  if (!aborted) {
    return { text: lines.join("\n"), document, exitCode: refused.length > 0 ? EXIT.failed : EXIT.success };
  }
  lines.push(`Stopped with ${left} left: ${reason}`);
  lines.push("Run the same command again to go on; what was added is not sent again.");
  return {
    text: lines.join("\n"),
    document: { ...document, stopped: reason, left },
    exitCode: reason === INTERRUPT ? EXIT.interrupted : EXIT.failed,
  };
}

/** A line for the log. */
export function outcomeText(outcome: Outcome): string {
  if (outcome.kind === "refused") return `refused ${refusedRow(outcome).join(" ")}`;
  const { kind, identifier, level } = outcome;
  return kind === "added" ? `added ${identifier}, level ${level}` : `already there: ${identifier}`;
}

/** An undocumented code is the server's own fault, and its operator wants to know the call. */
function refusedRow({ file, returncode, message, requestid }: Refused): string[] {
  const call = returncode === INTERNAL_ERROR ? ` (requestid ${requestid})` : "";
  return [`  ${printable(file)}`, String(returncode ?? ""), message + call];
}

/** The outcomes of one kind, which need not say so. */
function plain(outcomes: readonly Outcome[]): object[] {
  return outcomes.map(({ kind: _, ...rest }) => rest);
}

/** The first error is the reason; the calls that it ends reject in their turn. */
export function endAll(stop: AbortController, error: unknown): void {
  if (stop.signal.aborted) return;
  stop.abort(error instanceof Error ? error.message : error);
  if (!(error instanceof RefusedError || error instanceof NoAnswerError)) throw error;
}
