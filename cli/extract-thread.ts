/** A thread of `lookmark import`: reads pictures and extracts their features, as the Worker does for AddImage. */

import { readFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { failure, type Result, reasons, success } from "../shared/reason.ts";
import type { Target } from "../worker/core/core.ts";
import { loadCore } from "../worker/core/node.ts";
import { readTarget } from "../worker/recognize/extract.ts";
import { isDetected, levelOf, measureDetection } from "../worker/recognize/level.ts";

export interface Task {
  readonly file: string;
  /** Only see to it that the picture is recognized at all: level 1. */
  readonly quick: boolean;
}

export interface Extracted {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly target: Target;
  readonly level: number;
}

/** The deployment has limits of its own, which it enforces. */
const LIMITS = { maxBytes: 10 * 2 ** 20, maxPixels: 100e6, minSide: 1 };

const core = loadCore();

parentPort?.on("message", async (task: Task) => {
  const extracted = await extract(task);
  const moved = extracted.ok ? [extracted.value.bytes.buffer, extracted.value.target.features.buffer] : [];
  parentPort?.postMessage(extracted, moved as ArrayBuffer[]);
});

async function extract({ file, quick }: Task): Promise<Result<Extracted>> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(readFileSync(file));
  } catch (error) {
    return failure(reasons.notRecognized(`the file cannot be read (${(error as NodeJS.ErrnoException).code})`));
  }
  const picture = await readTarget(core, bytes, LIMITS);
  if (!picture.ok) return picture;
  const { image, target } = picture.value;
  const level = quick ? Number(isDetected(core, image, target)) : levelOf(measureDetection(core, image, target));
  return level > 0 ? success({ bytes, target, level }) : failure(reasons.neverRecognized());
}
