/** The pictures that a command line names: files as they are, folders with all that is in them. */

import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "./command.ts";
import { PICTURE_PATTERN } from "./identifier.ts";

/** Every file once, folders in the order of their paths. */
export function expandFiles(operands: readonly string[]): string[] {
  const files = new Map(operands.flatMap(expand).map((file) => [resolve(file), file]));
  return [...files.values()];
}

function expand(operand: string): string[] {
  const stats = statSync(operand, { throwIfNoEntry: false });
  if (!stats) throw new UsageError(`there is no ${operand}`);
  if (!stats.isDirectory()) return [operand];
  const pictures = picturesIn(operand);
  if (pictures.length === 0) throw new UsageError(`there is no .jpg, .jpeg or .png in ${operand}`);
  return pictures;
}

/** Hidden files are left out: systems keep notes on pictures there, under the pictures' names. */
function picturesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && PICTURE_PATTERN.test(entry.name) && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
