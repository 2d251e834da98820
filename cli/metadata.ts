/** The option --metadata. */

import { readFileSync } from "node:fs";
import { METADATA_BYTES_MAX } from "../shared/protocol.ts";
import { UsageError } from "./command.ts";

/** JSON text as it is, or from the file behind an @. */
export function readMetadata(given: string): string {
  const text = given.startsWith("@") ? readText(given.slice(1)).trim() : given;
  if (Buffer.byteLength(text) > METADATA_BYTES_MAX) {
    throw new UsageError(`--metadata must not be longer than ${METADATA_BYTES_MAX} bytes`);
  }
  try {
    if (text) JSON.parse(text);
    return text;
  } catch {
    throw new UsageError(`--metadata must be JSON text, such as '{"title":"My poster"}', or @FILE with such a text`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`--metadata: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
