/** Identifiers from file names: what can be cleaned without guessing is cleaned, all else is reported. */

import { basename } from "node:path";
import { IDENTIFIER_PATTERN } from "../shared/protocol.ts";
import { failure, type Reason, type Result, reasons, success } from "../shared/reason.ts";
import { UsageError } from "./command.ts";
import type { Refused } from "./upload.ts";

export interface NamedFile {
  readonly file: string;
  readonly identifier: string;
}

/** All of an identifier's characters. */
const PREFIX_PATTERN = /^[A-Za-z0-9@_.]*$/;
export const PICTURE_PATTERN = /\.(jpe?g|png)$/i;

/** The file's name without extension, hyphens and spaces as `_`. */
export function identifierOf(file: string, prefix: string): Result<string> {
  const name = basename(file).replace(PICTURE_PATTERN, "");
  const identifier = prefix + name.replace(/[- ]/g, "_");
  if (IDENTIFIER_PATTERN.test(identifier)) return success(identifier);
  const foreign = /[^A-Za-z0-9@_.]/u.exec(identifier)?.[0];
  const problem = foreign
    ? `has ${JSON.stringify(foreign)}, which no identifier may have`
    : `comes to ${identifier.length} characters`;
  return failure({
    ...reasons.identifierNotValid(),
    message: `the name ${problem}: rename the file to 3 to 50 of the characters A-Z a-z 0-9 @ _ .`,
  });
}

/** Gives every file its identifier; refuses those that have none of their own. */
export function nameFiles(files: readonly string[], prefix: string): { named: NamedFile[]; refused: Refused[] } {
  const named: NamedFile[] = [];
  const refused: Refused[] = [];
  for (const file of files) {
    const identifier = identifierOf(file, prefix);
    if (identifier.ok) named.push({ file, identifier: identifier.value });
    else refused.push(refuseFile(file, identifier.reason));
  }
  const { single, clashes } = refuseClashes(named);
  return { named: single, refused: [...refused, ...clashes] };
}

/** Those whose identifier no other one has, and refusals of the others. */
export function refuseClashes<T extends NamedFile>(named: readonly T[]): { single: T[]; clashes: Refused[] } {
  const groups = [...Map.groupBy(named, ({ identifier }) => identifier).values()];
  return {
    single: groups.filter(({ length }) => length === 1).flat(),
    clashes: groups.filter(({ length }) => length > 1).flatMap(refuseClash),
  };
}

function refuseClash(group: readonly NamedFile[]): Refused[] {
  return group.map(({ file, identifier }) => {
    const others = group.map((other) => other.file).filter((other) => other !== file);
    const message = `${identifier} would be the identifier of ${others.join(", ")} as well: rename one of them`;
    return refuseFile(file, { ...reasons.identifierTaken(), message });
  });
}

export function refuseFile(file: string, { returncode, message }: Reason): Refused {
  return { kind: "refused", file, returncode, message };
}

/** The option --prefix. */
export function readPrefix(prefix: string): string {
  if (PREFIX_PATTERN.test(prefix)) return prefix;
  throw new UsageError("--prefix may have the characters A-Z a-z 0-9 @ _ . only");
}
