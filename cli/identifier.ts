/** Identifiers from file names: what can be cleaned without guessing is cleaned, all else is reported. */

import { basename } from "node:path";
import { IDENTIFIER_PATTERN } from "../shared/protocol.ts";
import { failure, type Reason, type Result, reasons, success } from "../shared/reason.ts";
import type { Refused } from "./upload.ts";

export interface NamedFile {
  readonly file: string;
  readonly identifier: string;
}

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
    else refused.push(refuse(file, identifier.reason));
  }
  const groups = [...Map.groupBy(named, ({ identifier }) => identifier).values()];
  return {
    named: groups.filter(({ length }) => length === 1).flat(),
    refused: [...refused, ...groups.filter(({ length }) => length > 1).flatMap(refuseClash)],
  };
}

function refuseClash(group: readonly NamedFile[]): Refused[] {
  return group.map(({ file, identifier }) => {
    const others = group.map((other) => other.file).filter((other) => other !== file);
    const message = `${identifier} would be the identifier of ${others.join(", ")} as well: rename one of them`;
    return refuse(file, { ...reasons.identifierTaken(), message });
  });
}

function refuse(file: string, { returncode, message }: Reason): Refused {
  return { kind: "refused", file, returncode, message };
}
