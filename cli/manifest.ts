/** A table of pictures (CSV, RFC 4180), as export writes it and import reads it: file, identifier, metadata, matchratio. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { IDENTIFIER_PATTERN } from "../shared/protocol.ts";
import { reasons } from "../shared/reason.ts";
import { UsageError } from "./command.ts";
import { type NamedFile, refuseClashes, refuseFile } from "./identifier.ts";
import type { Refused } from "./upload.ts";

export const MANIFEST = "manifest.csv";

/** A picture and what is to be known of it. */
export interface ListedFile extends NamedFile {
  readonly metadata: string;
  readonly matchratio: number | null;
}

export type ManifestRow = Readonly<Record<(typeof COLUMNS)[number], string>>;

const COLUMNS = ["file", "identifier", "metadata", "matchratio"] as const;

/** The table's pictures, whose files are named from its own folder; without a column `identifier`, `name` says it. */
export function readManifest(
  path: string,
  name: (file: string) => { named: NamedFile[]; refused: Refused[] },
): { listed: ListedFile[]; refused: Refused[] } {
  const listed: ListedFile[] = [];
  const refused: Refused[] = [];
  for (const row of readRows(path)) {
    const file = join(dirname(path), row.file ?? "");
    const given = row.identifier ? { named: [{ file, identifier: row.identifier }], refused: [] } : name(file);
    refused.push(...given.refused);
    for (const named of given.named) {
      const wrong = problemWith(named.identifier, row);
      if (wrong) refused.push(refuseFile(file, wrong));
      else listed.push({ ...named, metadata: row.metadata ?? "", matchratio: ratioOf(row) });
    }
  }
  const { single, clashes } = refuseClashes(listed);
  return { listed: single, refused: [...refused, ...clashes] };
}

export function writeManifest(rows: readonly ManifestRow[]): string {
  const lines = [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))];
  return lines.map((cells) => `${cells.map(quoted).join()}\r\n`).join("");
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function readRows(path: string): Partial<ManifestRow>[] {
  try {
    const rows = parse<Partial<ManifestRow>>(readFileSync(path, "utf8"), { bom: true, columns: true, trim: true });
    if (rows.length > 0 && rows[0]?.file === undefined) throw new UsageError(`${path} has no column file`);
    return rows;
  } catch (error) {
    if (error instanceof CsvError) throw new UsageError(`${path} is no CSV table: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    throw code ? new UsageError(`${path} cannot be read (${code})`) : error;
  }
}

function problemWith(identifier: string, row: Partial<ManifestRow>) {
  if (!IDENTIFIER_PATTERN.test(identifier)) return reasons.identifierNotValid();
  const ratio = ratioOf(row);
  if (ratio !== null && !(ratio >= 0 && ratio <= 100)) return reasons.fieldNotValid("matchratio", "must be 0 to 100");
  try {
    if (row.metadata) JSON.parse(row.metadata);
    return undefined;
  } catch {
    return reasons.fieldNotValid("metadata", "must be JSON text");
  }
}

function ratioOf({ matchratio }: Partial<ManifestRow>): number | null {
  return matchratio ? Number(matchratio) : null;
}
