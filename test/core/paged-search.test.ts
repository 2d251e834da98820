/** Targets on pages: found as if they were in memory, and pages that hold what they were given. */

import { describe, expect, it } from "vitest";
import { invert } from "../../shared/homography.ts";
import { randomFrom } from "../../shared/random.ts";
import { frameFromPicture } from "../../worker/core/camera.ts";
import type { GrayImage } from "../../worker/core/core.ts";
import { loadCore, loadWordCommonness } from "../../worker/core/node.ts";
import { LiveIndex } from "../../worker/index/live-index.ts";
import { appendPage, pagesOf, thinned, WORD_COUNT, withoutTargets } from "../../worker/index/page.ts";
import type { NumberedTarget } from "../../worker/index/segment.ts";
import { collage } from "./scenes.ts";

const pictures = Array.from({ length: 30 }, (_, i) => collage(300 + i, 480, 360));
const core = loadCore();
/** Their numbers are in several blocks. */
const targets = pictures.map((picture, i) => ({
  id: 7000 * (i + 1),
  target: core.encodeTarget(core.extract(picture, 250), picture),
}));

const FRAME = { width: 640, height: 480 };
/** The features of a view of each picture. */
const views = viewsOf(pictures);

/** Targets of random features: so many that nearly every word has a page. */
const fillers = randomTargets(1500, 1_000_000);

const commonness = loadWordCommonness();
const onPages = (target: NumberedTarget) => thinned(target, commonness);
const paged = targets.map(onPages);

function randomTargets(count: number, firstId: number): NumberedTarget[] {
  const random = randomFrom(4);
  return Array.from({ length: count }, (_, i) => ({
    id: firstId + i,
    target: { width: 480, height: 360, features: Uint8Array.from({ length: 14 * 250 }, () => 256 * random()) },
  }));
}

function viewsOf(pictures: readonly GrayImage[]): Uint8Array[] {
  const random = randomFrom(9);
  return pictures.map((picture, i) => {
    const pose = {
      scale: 0.7,
      rotation: 6 * random(),
      tilt: 0.5,
      tiltAxis: 6 * random(),
      center: [320, 240] as const,
    };
    const map = frameFromPicture(picture, FRAME, pose);
    const exposure = { blurPasses: 1, gain: 0.85, gamma: 1, offset: 12, noise: 3 };
    const frame = core.drawView(picture, invert(map), collage(800 + i, FRAME.width, FRAME.height), exposure, i + 1);
    return core.extract(frame, 800);
  });
}

function pagesOfBatches(batches: NumberedTarget[][]): Map<number, Uint8Array> {
  const pages = new Map<number, Uint8Array>();
  for (const [word, page] of batches.flatMap((batch) => [...pagesOf(batch)])) {
    pages.set(word, appendPage(pages.get(word) ?? new Uint8Array(), page));
  }
  return pages;
}

function searchPages(
  pages: ReadonlyMap<number, Uint8Array>,
  all: readonly NumberedTarget[] = targets,
  onRead = () => {},
  brought = new Set<number>(),
): LiveIndex {
  return new LiveIndex(loadCore(), {
    read: (ids) => {
      for (const id of ids) brought.add(id);
      return all.filter(({ id }) => ids.includes(id));
    },
    pages: () => ({
      *read(words) {
        for (const word of words) {
          const page = pages.get(word);
          if (!page) continue;
          onRead();
          yield page;
        }
      },
    }),
  });
}

/** How many pages a question reads, after how many it brings targets and reads on, how many it judges, and its best candidate. `replaced` are targets in place of the usual ones. */
function readPages(
  pages: ReadonlyMap<number, Uint8Array>,
  features: Uint8Array,
  wanted?: number,
  replaced: readonly NumberedTarget[] = [],
) {
  let read = 0;
  let firstBroughtAfter: number | undefined;
  const brought = new Set<number>();
  const byId = new Map([...targets, ...fillers, ...replaced].map((target) => [target.id, target]));
  const onRead = () => {
    if (brought.size > 0) firstBroughtAfter ??= read;
    read++;
  };
  const index = searchPages(pages, [...byId.values()], onRead, brought);
  const { candidates } = index.search(features, FRAME, { wanted: wanted ?? 2 });
  const [best] = candidates;
  return { read, firstBroughtAfter, judged: candidates.length, id: best?.id, evidence: best?.ownEvidence };
}

/** The same features, turned and scaled alike, in the places of others. */
function elsewhere(features: Uint8Array): Uint8Array {
  const moved = features.slice();
  const [from, to] = [features, moved].map(({ buffer, byteOffset }) => new DataView(buffer, byteOffset)) as [
    DataView,
    DataView,
  ];
  const inTarget = 2 ** 22;
  for (let at = 8; at < features.length; at += 14) {
    const other = from.getUint32(features.length - 6 - (at - 8), true);
    const place = from.getUint32(at, true);
    to.setUint32(at, place - (place % inTarget) + (other % inTarget), true);
  }
  return moved;
}

/** What a page holds, by plain reading of its format: each block once. */
function postingsOn(word: number, page: Uint8Array): { target: number; geometry: number; signature: string }[] {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const postings = [];
  const blocks: number[] = [];
  for (let at = 0; at < page.length; ) {
    const count = view.getUint32(at, true);
    expect(view.getUint16(at + 4, true)).toBe(word);
    const first = 65_536 * view.getUint16(at + 6, true);
    blocks.push(first);
    const [numbers, geometries, signatures] = [at + 8, at + 8 + 2 * count, at + 8 + 3 * count];
    for (let i = 0; i < count; i++) {
      const target = first + view.getUint16(numbers + 2 * i, true);
      const signature = view.getBigUint64(signatures + 8 * i, true).toString(16);
      postings.push({ target, geometry: page[geometries + i] as number, signature });
    }
    at += 8 + 11 * count;
  }
  expect(blocks).toEqual([...new Set(blocks)]);
  return postings;
}

/** What the pages have to hold, by word. */
function expectedPages(among: readonly NumberedTarget[]): Map<number, ReturnType<typeof postingsOn>> {
  const pages = new Map<number, ReturnType<typeof postingsOn>>();
  for (const { id, target } of among) {
    const view = new DataView(target.features.buffer, target.features.byteOffset, target.features.byteLength);
    for (let at = 0; at < target.features.length; at += 14) {
      const word = view.getUint16(at + 12, true);
      const place = view.getUint32(at + 8, true);
      const geometry = 8 * Math.floor(place / 2 ** 27) + (Math.floor(place / 2 ** 22) % 8);
      const posting = { target: id, geometry, signature: view.getBigUint64(at, true).toString(16) };
      pages.set(word, [...(pages.get(word) ?? []), posting]);
    }
  }
  return pages;
}

describe("pages", () => {
  it("hold each posting of each batch once, in the order of targets", () => {
    const pages = pagesOfBatches([paged.slice(0, 11), paged.slice(11)]);
    const expected = expectedPages(paged);
    expect(pages.size).toBe(expected.size);
    for (const [word, page] of pages) expect(postingsOn(word, page)).toEqual(expected.get(word));
  });

  it("lose the postings of targets that are gone, and no others", () => {
    const gone = new Set(targets.filter((_, i) => i % 3 === 0).map(({ id }) => id));
    const expected = expectedPages(paged.filter(({ id }) => !gone.has(id)));
    for (const [word, page] of pagesOfBatches([paged])) {
      expect(postingsOn(word, withoutTargets(page, gone))).toEqual(expected.get(word) ?? []);
    }
  });

  it("have the best features, in the order of words, but for those with the commonest words", () => {
    expect(commonness.length).toBe(WORD_COUNT);
    const rows = (features: Uint8Array) =>
      Array.from({ length: features.length / 14 }, (_, k) => [...features.subarray(14 * k, 14 * k + 14)]);
    const wordIn = (row: readonly number[]) => (row[12] as number) + 256 * (row[13] as number);
    for (const [i, { target }] of targets.entries()) {
      const telling = rows(target.features).filter((row) => (commonness[wordIn(row)] as number) <= 110);
      expect(telling.length).toBeLessThan(rows(target.features).length);
      const best = telling.slice(0, 125).sort((a, b) => wordIn(a) - wordIn(b));
      expect(rows((paged[i] as NumberedTarget).target.features)).toEqual(best);
    }
  });

  it("are read also where memory is full", () => {
    const index = searchPages(pagesOfBatches([paged]));
    const [first] = targets as [NumberedTarget];
    let held = 0;
    while (index.insert(100_000 + held, (fillers[held % fillers.length] as NumberedTarget).target)) held++;
    expect(held).toBe(6000);
    const [picture] = pictures as [GrayImage];
    expect(index.search(core.extract(picture, 800), picture).candidates[0]?.id).toBe(first.id);
  });

  it("need not lead again to a target that was found lately", () => {
    const random = randomFrom(8);
    const features = Uint8Array.from({ length: 14 * 250 }, () => 256 * random());
    const others = Array.from({ length: 1192 }, (_, i) => ({
      id: 1 + i,
      target: { width: 480, height: 360, features },
    }));
    const pages = pagesOfBatches([paged]);
    const index = searchPages(pages, [...targets, ...others]);
    const find = (picture: GrayImage, ids?: number[]) =>
      index.search(core.extract(picture, 800), picture, { ids }).candidates[0]?.id;
    const [first, second] = pictures as [GrayImage, GrayImage];
    expect(find(first)).toBe(targets[0]?.id);
    pages.clear();
    expect(find(second)).toBe(targets[1]?.id);
    // What was only brought makes way for as many others.
    for (const named of [0, 1].map((half) => others.slice(596 * half, 596 * (half + 1)))) {
      find(
        first,
        named.map(({ id }) => id),
      );
    }
    expect(find(first)).toBe(targets[0]?.id);
    expect(find(second)).toBe(targets[1]?.id);
    expect(find(pictures[2] as GrayImage)).not.toBe(targets[2]?.id);
  });

  it("lead to each target in views of it, with the verdict that it gets in memory", () => {
    const index = searchPages(pagesOfBatches([paged.slice(0, 20), paged.slice(20)]));
    const held = new LiveIndex(loadCore(), { read: () => [], pages: () => undefined });
    for (const { id, target } of targets) held.insert(id, target);
    for (const [i, features] of views.entries()) {
      const [best] = index.search(features, FRAME).candidates;
      expect(best).toEqual(held.search(features, FRAME).candidates[0]);
      expect(best?.id).toBe(targets[i]?.id);
    }
  });

  it("are read only until they leave no doubt which target it is, where one is wanted", () => {
    const pages = pagesOfBatches([paged, fillers.map(onPages)]);
    for (const features of views) {
      const [one, several] = [readPages(pages, features, 1), readPages(pages, features)];
      const { read, firstBroughtAfter, judged } = one;
      expect(one).toEqual({ ...several, read, firstBroughtAfter, judged });
      expect([50, 100]).toContain(read);
      expect(judged).toBeLessThanOrEqual(16);
      expect(several.read).toBeGreaterThan(600);
    }
    const nothing = core.extract(collage(999, FRAME.width, FRAME.height), 800);
    expect(readPages(pages, nothing, 1).read).toBe(readPages(pages, nothing).read);
  });

  it("lead to the one that is there also where many in memory have more votes", () => {
    const [{ id, target }, ...others] = targets as [NumberedTarget];
    const half = { id, target: { ...target, features: target.features.subarray(0, 14 * 120) } };
    const pages = pagesOfBatches([[half, ...others].map(onPages), fillers.map(onPages)]);
    const index = searchPages(pages, [half, ...others, ...fillers]);
    const scattered = { ...target, features: elsewhere(target.features) };
    for (let i = 0; i < 60; i++) index.insert(3_000_000 + i, scattered);
    const { candidates } = index.search(views[0] as Uint8Array, FRAME, { wanted: 1 });
    expect(candidates.length).toBe(16);
    expect(candidates[0]?.id).toBe(id);
  });

  it("are all read where many targets are alike", () => {
    const [{ id, target }] = targets as [NumberedTarget];
    const alike = Array.from({ length: 9 }, (_, i) => ({ id: id + i, target }));
    const pages = pagesOfBatches([[...alike.map(onPages), ...paged.slice(1)], fillers.map(onPages)]);
    const [features] = views as [Uint8Array];
    const [one, several] = [1, undefined].map((wanted) => readPages(pages, features, wanted, alike));
    expect(one?.read).toBe(several?.read);
  });

  it("are all read where the target that they lead to turns out not to be there", () => {
    const [{ id, target }] = targets as [NumberedTarget];
    const scattered = { id, target: { ...target, features: elsewhere(target.features) } };
    const pages = pagesOfBatches([[onPages(scattered), ...paged.slice(1)], fillers.map(onPages)]);
    const [features] = views as [Uint8Array];
    const [one, several] = [1, undefined].map((wanted) => readPages(pages, features, wanted, [scattered]));
    expect(one).toMatchObject({ firstBroughtAfter: 50, read: several?.read });
    expect(several?.firstBroughtAfter).toBeUndefined();
    expect(one?.evidence).toBeLessThan(9);
  });

  it("bring one that led for a while besides all that they lead to, wherever memory ends", () => {
    const [{ target }] = targets.slice(1) as [NumberedTarget];
    const [features] = views.slice(1) as [Uint8Array];
    const scattered = { ...target, features: elsewhere(target.features) };
    scattered.features.set(target.features.subarray(0, 14 * 20));
    const alike = Array.from({ length: 70 }, (_, i) => ({ id: 2_000_000 + i, target: scattered }));
    const pages = pagesOfBatches([[...paged.slice(0, 1), ...paged.slice(2)], alike.map(onPages)]);
    const answers = [0, 1, 2, 65, 66, 67].map((held) => {
      const brought = new Set<number>();
      const index = searchPages(pages, [...targets, ...alike], () => {}, brought);
      for (const filler of fillers.slice(0, held)) index.insert(filler.id, filler.target);
      const [best] = index.search(features, FRAME, { wanted: 1 }).candidates;
      return { brought: brought.size, id: best?.id, evidence: best?.ownEvidence };
    });
    expect(answers[0]?.brought).toBe(72);
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveProperty("size", 1);
  });
});
