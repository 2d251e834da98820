/**
 * How long a page of a very large channel takes: its catalog has a million made-up rows, in ten Shards in real workerd.
 * Each page is checked; a wrong one ends the run.
 *
 *   npm run bench:listing [-- --images 1000000] [--shards 10]
 */

import { deepStrictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startLocal } from "../../scripts/local.ts";
import { median, percentile, table } from "./summary.ts";

const { values: options } = parseArgs({
  options: {
    images: { type: "string", default: "1000000" },
    shards: { type: "string", default: "10" },
    port: { type: "string", default: "8802" },
  },
});
const images = Number(options.images);
const shards = Number(options.shards);
const ROUNDS = 20;
/** As many as the console's gallery and the command line ask for. */
const COUNT = 100;
const nameOf = (number: number) => `image.${String(number).padStart(7, "0")}`;
const half = images / 2;

interface Page {
  readonly totalcount: number;
  readonly images: readonly { readonly identifier: string }[];
}

const stateDir = mkdtempSync(join(tmpdir(), "lookmark-bench-"));
const local = await startLocal({ port: Number(options.port), stateDir, entry: "test/support/bench-worker.ts" });
try {
  await fill();
  console.log(`${images} images in ${shards} Shards, pages of ${COUNT}`);
  const rows = [
    await measure("the first page", {}, 0, images),
    await measure("the page after a known image", { after: nameOf(half - 1) }, half, images),
    await measure("any position: the middle", { position: String(half) }, half, images),
    await measure("any position: the end", { position: String(images - COUNT) }, images - COUNT, images),
    await measure("a search by prefix", { prefix: nameOf(half).slice(0, -3) }, half, 1000),
  ];
  console.log(table(["", "median ms", "p95 ms"], rows));
} finally {
  await local.stop();
  rmSync(stateDir, { recursive: true, force: true });
}

async function fill(): Promise<void> {
  for (let shard = 0; shard < shards; shard++) {
    const response = await fetch(`${local.origin}/fill?shard=${shard}&shards=${shards}&count=${images / shards}`);
    if (!response.ok) throw new Error(`not filled: ${response.status}`);
  }
}

async function measure(name: string, where: Record<string, string>, first: number, totalcount: number) {
  const expected = Array.from({ length: COUNT }, (_, i) => nameOf(first + i));
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    const query = new URLSearchParams({ shards: String(shards), count: String(COUNT), ...where });
    const page = (await (await fetch(`${local.origin}/list?${query}`)).json()) as Page;
    times.push(performance.now() - began);
    deepStrictEqual([page.totalcount, page.images.map(({ identifier }) => identifier)], [totalcount, expected]);
  }
  return [name, median(times).toFixed(0), percentile(times, 95).toFixed(0)];
}
