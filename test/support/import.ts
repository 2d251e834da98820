/** What ImportImages takes, for tests that are not about recognition: pictures with features that nothing has. */

import { TARGET_FEATURE_BYTES, type Target } from "../../worker/core/core.ts";
import { writeSegment } from "../../worker/index/segment.ts";

const BLANK: Target = { width: 320, height: 320, features: new Uint8Array(TARGET_FEATURE_BYTES) };

export function importFields(pictures: Readonly<Record<string, Blob>>, targets?: readonly Target[]) {
  const files = Object.entries(pictures);
  const images = files.map(([identifier, { size }]) => ({
    identifier,
    metadata: "",
    matchratio: null,
    level: 4,
    bytes: size,
  }));
  const segment = writeSegment(files.map((_, i) => ({ id: i + 1, target: targets?.[i] ?? BLANK })));
  return { images: JSON.stringify(images), pictures: new Blob(Object.values(pictures)), segment: new Blob([segment]) };
}
