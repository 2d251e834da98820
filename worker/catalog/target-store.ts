/**
 * A shard's targets as rows of its SQLite: the newest are held in memory whole; those before them are found by pages, a
 * row for each visual word. Pages are written in small slices, so that questions are answered in between, and each
 * slice notes how far it came in the same transaction: after a crash the next one goes on from there.
 */

import type { PagedTargets, Target } from "../core/core.ts";
import { wordCommonness } from "../core/worker.ts";
import { PAGED_AT_ONCE, RESIDENT_MOST } from "../index/live-index.ts";
import { appendPage, isTelling, pagesOf, thinned, WORD_COUNT, withoutTargets } from "../index/page.ts";
import type { NumberedTarget } from "../index/segment.ts";
import { SLICE_TARGETS } from "./slices.ts";

/** So many removed targets are taken out of the pages at once. */
const GONE_MOST = 16_384;
/** So many pages are written before questions have their turn, … */
const SLICE_WORDS_MOST = 256;
/** … and of larger ones fewer, so that it is some 10 ms: the clock stands still meanwhile, so it is not asked. */
const SLICE_BYTES = 512 << 10;

interface TargetRow extends Record<string, SqlStorageValue> {
  id: number;
  width: number;
  height: number;
  features: ArrayBuffer;
}

/** Targets up to `paged` are on pages. Those up to `last` are being paged; of the words, those below `word` are done. */
interface Progress extends Record<string, SqlStorageValue> {
  paged: number;
  last: number;
  word: number;
}

/** What one pass over the pages brings in and takes out, and how far it came. */
export interface Pass {
  readonly paged: number;
  readonly last: number;
  /** As they go to pages, all of them once the last one is read; those that are removed meanwhile may be missing. */
  readonly targets: NumberedTarget[];
  /** Targets up to this number are read. */
  read: number;
  readonly gone: ReadonlySet<number>;
  /** Whether the pages of all words are without those: not where a crash came between. */
  readonly whole: boolean;
  sliceWords: number;
}

export const TARGET_TABLES = `
  CREATE TABLE targets (
    id INTEGER PRIMARY KEY, width INTEGER NOT NULL, height INTEGER NOT NULL, features BLOB NOT NULL
  );
  CREATE TABLE pages (word INTEGER PRIMARY KEY, postings BLOB NOT NULL);
  CREATE TABLE gone (id INTEGER PRIMARY KEY);
  CREATE TABLE paging (
    paged INTEGER NOT NULL, last INTEGER NOT NULL, word INTEGER NOT NULL, complete INTEGER NOT NULL
  );
  INSERT INTO paging VALUES (0, 0, 0, 0);`;

export class TargetStore {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  insert(id: number, { width, height, features }: Target): void {
    this.#sql.exec(
      "INSERT INTO targets (id, width, height, features) VALUES (?, ?, ?, ?)",
      id,
      width,
      height,
      features,
    );
  }

  /** Whether all images of the catalog have their targets here. */
  get complete(): boolean {
    return this.#sql.exec<{ complete: number }>("SELECT complete FROM paging").one().complete === 1;
  }

  markComplete(): void {
    this.#sql.exec("UPDATE paging SET complete = 1");
  }

  /** Its postings stay on pages until a pass takes them out; until then they lead to no target. */
  remove(id: number): void {
    this.#sql.exec("DELETE FROM targets WHERE id = ?", id);
    this.#sql.exec("INSERT INTO gone SELECT ?1 FROM paging WHERE ?1 <= last", id);
  }

  /** Those that are there of these numbers. */
  read(ids: Iterable<number>): NumberedTarget[] {
    return [...portions(ids)].flatMap((numbers) =>
      this.#sql
        .exec<TargetRow>(
          `SELECT id, width, height, features FROM ${asked(numbers.length)} CROSS JOIN targets ON id = asked.number`,
          ...numbers,
        )
        .toArray()
        .map(numberedTarget),
    );
  }

  /** The features of one, none where it is not there. A statement for many counts all its parameters as rows. */
  featuresOf(id: number): Uint8Array {
    const one = "SELECT features FROM targets WHERE id = ?";
    const [row] = this.#sql.exec<{ features: ArrayBuffer }>(one, id).toArray();
    return new Uint8Array(row?.features ?? new ArrayBuffer());
  }

  /** Those that are held in memory. */
  resident(): NumberedTarget[] {
    return this.#targets("targets WHERE id > (SELECT paged FROM paging)");
  }

  residentCount(): number {
    const count = "SELECT COUNT(*) AS count FROM targets WHERE id > (SELECT paged FROM paging)";
    return this.#sql.exec<{ count: number }>(count).one().count;
  }

  /** Undefined where all targets are in memory. */
  pages(): Pick<PagedTargets, "read"> | undefined {
    if (this.#progress().paged === 0) return undefined;
    return { read: (words) => this.#pagesOf(words) };
  }

  /** The pass that is under way or due; undefined where there is nothing to do. */
  nextPass(): Pass | undefined {
    const before = this.#progress();
    if (before.last === before.paged && !this.#begin()) return undefined;
    const { paged, last, word } = this.#progress();
    const gone = this.#sql.exec<{ id: number }>("SELECT id FROM gone").toArray();
    return {
      paged,
      last,
      targets: [],
      read: paged,
      gone: new Set(gone.map(({ id }) => id)),
      whole: word === 0,
      sliceWords: SLICE_WORDS_MOST,
    };
  }

  /**
   * The next slice of a pass: reads some of its targets, or writes some pages. False when it is complete, whoever completed
   * it: then its targets need be in memory no longer.
   */
  goOn(pass: Pass): boolean {
    const { paged, last, word } = this.#progress();
    if (paged !== pass.paged || last !== pass.last) return false;
    if (pass.read === last) return this.#writeSlice(pass, word);
    this.#readSlice(pass);
    return true;
  }

  #readSlice(pass: Pass): void {
    const targets = this.#targets(`targets WHERE id > ${pass.read} AND id <= ${pass.last}`, SLICE_TARGETS);
    pass.targets.push(...targets.map((target) => thinned(target, wordCommonness)));
    pass.read = targets.length === SLICE_TARGETS ? (targets.at(-1) as NumberedTarget).id : pass.last;
  }

  #writeSlice(pass: Pass, first: number): boolean {
    const end = Math.min(first + pass.sliceWords, WORD_COUNT);
    const added = pagesOf(pass.targets, first, end);
    let bytes = 0;
    this.#storage.transactionSync(() => {
      for (let word = first; word < end; word++) bytes += this.#rewrite(word, added.get(word), pass.gone);
      this.#sql.exec("UPDATE paging SET word = ?", end);
      if (end < WORD_COUNT) return;
      if (pass.whole) for (const id of pass.gone) this.#sql.exec("DELETE FROM gone WHERE id = ?", id);
      this.#sql.exec("UPDATE paging SET paged = last, word = 0");
    });
    const fitting = Math.ceil(((end - first) * SLICE_BYTES) / Math.max(1, bytes));
    pass.sliceWords = Math.min(fitting, SLICE_WORDS_MOST);
    return end < WORD_COUNT;
  }

  /** Notes what the next pass does, where one is due. */
  #begin(): boolean {
    const count = this.residentCount();
    const { gone } = this.#sql.exec<{ gone: number }>("SELECT COUNT(*) AS gone FROM gone").one();
    if (count <= RESIDENT_MOST && gone < GONE_MOST) return false;
    const batch = count > RESIDENT_MOST ? PAGED_AT_ONCE : 0;
    this.#sql.exec(
      `UPDATE paging SET word = 0, last = ifnull((SELECT max(id) FROM
         (SELECT id FROM targets WHERE id > (SELECT paged FROM paging) ORDER BY id LIMIT ?)), paged)`,
      batch,
    );
    return true;
  }

  /** Returns how many bytes were written. */
  #rewrite(word: number, more: Uint8Array | undefined, gone: ReadonlySet<number>): number {
    if (!more && gone.size === 0) return 0;
    const row = this.#sql
      .exec<{ postings: ArrayBuffer }>("SELECT postings FROM pages WHERE word = ?", word)
      .toArray()[0];
    if (!more && !row) return 0;
    const page = new Uint8Array(row?.postings ?? new ArrayBuffer());
    const cleared = gone.size > 0 ? withoutTargets(page, gone) : page;
    const rewritten = more ? appendPage(cleared, more) : cleared;
    this.#sql.exec(
      "INSERT INTO pages (word, postings) VALUES (?, ?) ON CONFLICT DO UPDATE SET postings = excluded.postings",
      word,
      rewritten,
    );
    return rewritten.length;
  }

  *#pagesOf(words: Uint16Array): Generator<Uint8Array> {
    for (const numbers of portions(words.filter((word) => isTelling(word, wordCommonness)))) {
      const pages = `SELECT postings FROM ${asked(numbers.length)} CROSS JOIN pages ON word = asked.number`;
      const rows = this.#sql.exec(pages, ...numbers).raw<[ArrayBuffer]>();
      try {
        for (const [postings] of rows) yield new Uint8Array(postings);
      } finally {
        readToEnd(rows);
      }
    }
  }

  #targets(from: string, most = -1): NumberedTarget[] {
    return this.#sql
      .exec<TargetRow>(`SELECT id, width, height, features FROM ${from} ORDER BY id LIMIT ?`, most)
      .toArray()
      .map(numberedTarget);
  }

  #progress(): Progress {
    return this.#sql.exec<Progress>("SELECT paged, last, word FROM paging").one();
  }
}

function numberedTarget({ id, width, height, features }: TargetRow): NumberedTarget {
  return { id, target: { width, height, features: new Uint8Array(features) } };
}

/**
 * Where the reader stops early: a statement that is not read to its end stays open until garbage is collected, and SQLite cannot
 * empty its write-ahead log meanwhile (workerd's issue 959).
 */
function readToEnd(rows: Iterator<unknown>): void {
  while (!rows.next().done);
}

/** Parameters of a statement: of few, few are read in vain by who stops early. Cloudflare lets it have 100. */
const PARAMETERS_MOST = 50;
/** Where fewer are left, so many, or one, since each counts as a row read. */
const PARAMETERS_FEW = 25;

/**
 * Parameters as a table that a row is looked up for in another one: the same texts each time, so that SQLite compiles them
 * once. Where a list follows IN, it counts every row twice, and those of json_each as well.
 */
function asked(count: number): string {
  return `(SELECT column1 AS number FROM (VALUES ${Array(count).fill("(?)").join(",")})) AS asked`;
}

/** The numbers for one statement after the other; the last ones are filled up with what no row has. */
function* portions(numbers: Iterable<number>): Generator<number[]> {
  const left = [...numbers];
  while (left.length > 0) {
    const size = left.length === 1 ? 1 : left.length < PARAMETERS_MOST ? PARAMETERS_FEW : PARAMETERS_MOST;
    const portion = left.splice(0, size);
    yield [...portion, ...Array(size - portion.length).fill(-1)];
  }
}
