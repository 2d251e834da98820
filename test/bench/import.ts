/**
 * How many pictures a second `lookmark import` extracts on one core, file to features: with --quick, which looks at the
 * easiest simulated view, and with as many as the level takes. The first pictures warm up and are not counted.
 *
 *   npm run bench:import -- --pictures DIR [--count 300]
 */

import { parseArgs } from "node:util";
import { Extractors } from "../../cli/extractors.ts";
import { readPictures } from "./set.ts";

const WARM = 20;

const { values: options } = parseArgs({
  options: { pictures: { type: "string" }, count: { type: "string", default: "300" } },
});
if (!options.pictures) throw new Error("say where the pictures are: --pictures DIR");

const pictures = readPictures(options.pictures).slice(0, Number(options.count) + WARM);
const extractors = new Extractors(1);
for (const quick of [true, false]) {
  const ms: number[] = [];
  let refused = 0;
  for (const { file } of pictures) {
    const began = performance.now();
    const extracted = await extractors.extract({ file, quick });
    ms.push(performance.now() - began);
    if (!extracted.ok) refused++;
  }
  const counted = ms.slice(WARM).sort((a, b) => a - b);
  const mean = counted.reduce((sum, one) => sum + one, 0) / counted.length;
  const median = counted[counted.length >> 1] as number;
  console.log(
    `${quick ? "--quick" : "with levels"}: ${counted.length} pictures, ${refused} refused, ${(1000 / mean).toFixed(1)} a second and core; median ${median.toFixed(1)} ms`,
  );
}
await extractors.end();
