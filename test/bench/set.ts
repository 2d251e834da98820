/** Sets of pictures to measure with: a folder with targets.tsv, manifest.tsv, negatives.tsv and the pictures (README.md). */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Query {
  readonly name: string;
  readonly file: string;
  /** Any of these is right; none for a negative. */
  readonly right: ReadonlySet<string>;
  /** Twins that share a printed part: neither right nor wrong. */
  readonly shared: ReadonlySet<string>;
  readonly source: string;
  readonly kind: "real" | "synthetic" | "negative";
  readonly condition: string;
}

export interface PictureSet {
  readonly targets: readonly Picture[];
  readonly queries: readonly Query[];
}

export interface Picture {
  readonly name: string;
  readonly file: string;
}

export function readSet(folder: string): PictureSet {
  const also = readAlsoVisible(folder);
  const queries = readTable(join(folder, "manifest.tsv")).map((row): Query => {
    const name = row.query as string;
    const others = (kind: string) =>
      also.filter((pair) => pair.query === name && pair.kind === kind).map((pair) => pair.target as string);
    return {
      name,
      file: join(folder, "queries", name),
      right: new Set([...(row.target as string).split("|"), ...others("visible")]),
      shared: new Set(others("shared")),
      source: row.source as string,
      kind: row.kind as "real" | "synthetic",
      condition: row.condition as string,
    };
  });
  const negatives = readTable(join(folder, "negatives.tsv")).map(
    (row): Query => ({
      name: row.negative as string,
      file: join(folder, "negatives", row.negative as string),
      right: new Set(),
      shared: new Set(),
      source: row.source as string,
      kind: "negative",
      condition: "negative",
    }),
  );
  const targets = readTable(join(folder, "targets.tsv")).map(({ target }) => ({
    name: target as string,
    file: join(folder, "targets", target as string),
  }));
  return { targets, queries: [...queries, ...negatives] };
}

/** All pictures of a folder. */
export function readPictures(folder: string): Picture[] {
  return readdirSync(folder)
    .filter((name) => /\.(jpe?g|png)$/i.test(name))
    .sort()
    .map((name) => ({ name, file: join(folder, name) }));
}

function readAlsoVisible(folder: string): Record<string, string>[] {
  const file = join(folder, "also_visible.tsv");
  return existsSync(file) ? readTable(file) : [];
}

/** Tab-separated, a line of names first, no quoting. */
function readTable(file: string): Record<string, string>[] {
  const [head = "", ...lines] = readFileSync(file, "utf8").trimEnd().split(/\r?\n/);
  const names = head.split("\t");
  return lines.map((line) => Object.fromEntries(line.split("\t").map((value, i) => [names[i] ?? String(i), value])));
}
