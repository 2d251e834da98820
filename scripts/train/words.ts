/**
 * Counts how common each visual word is among the features of a folder of pictures, and writes
 * worker/core/model/words.bin: `npm run train:words -- --pictures DIR`. The words are those of the model as it is.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { TARGET_FEATURE_BYTES } from "../../worker/core/core.ts";
import { loadCore, wordsFile } from "../../worker/core/node.ts";
import { WORD_COUNT } from "../../worker/index/page.ts";
import { readTarget } from "../../worker/recognize/extract.ts";

const NO_LIMITS = { maxBytes: 1e9, maxPixels: 1e9, minSide: 1 };
/** A step of the table is a sixteenth of a doubling. */
const STEPS_A_DOUBLING = 16;

const { pictures: folder } = parseArgs({ options: { pictures: { type: "string" } } }).values;
if (!folder) {
  console.error("Name a folder of JPEG or PNG pictures: npm run train:words -- --pictures DIR");
  process.exit(2);
}

const core = loadCore();
const counts = new Uint32Array(WORD_COUNT);
let pictures = 0;
for (const name of readdirSync(folder).filter((name) => /\.(jpe?g|png)$/i.test(name))) {
  const read = await readTarget(core, readFileSync(join(folder, name)), NO_LIMITS);
  if (!read.ok) continue;
  countWords(read.value.target.features);
  pictures++;
}
writeFileSync(wordsFile, Uint8Array.from(counts, stepOf));
console.log(`${pictures} pictures; the commonest word is that of ${Math.max(...counts)} features`);

function countWords(features: Uint8Array): void {
  const view = new DataView(features.buffer, features.byteOffset, features.byteLength);
  for (let at = 12; at < features.length; at += TARGET_FEATURE_BYTES) {
    const word = view.getUint16(at, true);
    counts[word] = (counts[word] as number) + 1;
  }
}

function stepOf(count: number): number {
  return Math.min(255, Math.round(STEPS_A_DOUBLING * Math.log2(1 + count)));
}
