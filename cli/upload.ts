/** One picture's way into a channel, without sending what the channel is known to have. */

import { readFile } from "node:fs/promises";
import type { LookmarkClient } from "../shared/client.ts";
import type { Answer } from "../shared/protocol.ts";
import { reasons } from "../shared/reason.ts";
import { BUSY, persist, type Wait } from "../shared/retry.ts";
import { RefusedError } from "./command.ts";
import type { NamedFile } from "./identifier.ts";
import { fingerprintOf, type Journal } from "./journal.ts";

export interface Target {
  readonly client: LookmarkClient;
  readonly channel: string;
  readonly metadata: string;
  readonly journal: Journal;
  readonly wait: Wait;
}

export type Outcome =
  | { readonly kind: "added" | "present"; readonly file: string; readonly identifier: string; readonly level: number }
  | Refused;

export interface Refused {
  readonly kind: "refused";
  readonly file: string;
  /** Absent where the file could not be read. */
  readonly returncode?: number;
  readonly message: string;
  readonly requestid?: string;
}

const NOT_THERE = reasons.identifierNotFound().returncode;

/** Refusals that the next picture would meet as well. */
const REFUSES_ALL = [
  reasons.credentialsNotCorrect().returncode,
  reasons.channelNotFound().returncode,
  reasons.channelNotYours().returncode,
  reasons.tooManyImages(0).returncode,
  BUSY,
];

/** Adds the picture; throws where the others need not be tried. */
export async function uploadPicture(picture: NamedFile, target: Target): Promise<Outcome> {
  const { file, identifier } = picture;
  const { client, channel, metadata, journal, wait } = target;
  const read = await readFile(file).catch((error: NodeJS.ErrnoException) => error);
  if (read instanceof Error) return { kind: "refused", file, message: `cannot be read (${read.code})` };

  const known = await persist(() => client.getImage({ channel, identifier }), wait);
  if (known.returncode !== 0 && known.returncode !== NOT_THERE) return refuse(file, known);
  const present = known.returncode === 0;
  const fingerprint = fingerprintOf(identifier, metadata, read);
  if (present && known.metadata !== metadata) return refuse(file, { ...known, ...reasons.identifierTaken() });
  if (present && journal.has(fingerprint)) return { kind: "present", file, identifier, level: known.level ?? 0 };

  const image = new Blob([read]);
  const answer = await persist(() => client.addImage({ channel, identifier, image, metadata }), wait);
  if (answer.returncode !== 0) return refuse(file, answer);
  journal.add(fingerprint);
  return { kind: present ? "present" : "added", file, identifier, level: answer.level ?? 0 };
}

function refuse(file: string, answer: Answer): Refused {
  if (REFUSES_ALL.includes(answer.returncode)) throw new RefusedError(answer);
  const { returncode, message, requestid } = answer;
  return { kind: "refused", file, returncode, message, requestid };
}
