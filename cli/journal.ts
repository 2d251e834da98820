/**
 * What was added from this computer, so that a repeated run need not send it again: a file for each channel, a line for
 * each picture. The API does not tell what an identifier's picture is, only whether a sent one is the same. Without the
 * journal, or with lines lost, pictures are sent once more and nothing else changes.
 */

import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

export interface Journal {
  has(fingerprint: string): boolean;
  add(fingerprint: string): void;
}

/** What an identifier was given, as a line of the journal. */
export function fingerprintOf(identifier: string, metadata: string, bytes: Uint8Array): string {
  return createHash("sha256")
    .update(JSON.stringify([identifier, metadata]))
    .update(bytes)
    .digest("hex");
}

export function openJournal(host: string, channel: string): Journal {
  const file = join(homedir(), ".lookmark", "added", encodeURIComponent(`${host} ${channel}`));
  const lines = new Set(attempt(() => readFileSync(file, "utf8").split("\n")));
  attempt(() => mkdirSync(dirname(file), { recursive: true }));
  return {
    has: (fingerprint) => lines.has(fingerprint),
    add: (fingerprint) => {
      if (lines.has(fingerprint)) return;
      lines.add(fingerprint);
      attempt(() => appendFileSync(file, `${fingerprint}\n`));
    },
  };
}

/** A home that cannot be read or written costs a second upload, not the first. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
