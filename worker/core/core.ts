/** The recognition core: the WebAssembly module behind typed arrays. The only file that knows its addresses. */

import type { Homography } from "../../shared/homography.ts";
import type { Exposure, Size } from "./camera.ts";
import { FEATURE_BYTES } from "./feature.ts";
import { lessen, rivalsOf, worthOf } from "./rivals.ts";

/** What is kept of a target: TARGET_FEATURE_BYTES a feature, best first (layout in assembly/target.ts). */
export interface Target extends Size {
  readonly features: Uint8Array;
}

/** What the search says of one candidate. */
export interface Verdict {
  readonly slot: number;
  /** Places of the target that were found again, of those that should be visible. */
  readonly inliers: number;
  readonly visible: number;
  /** Decimal logarithm of how much likelier the frame is if the target is in it than if it is not. */
  readonly ownEvidence: number;
  /** What its rivals leave of it. */
  readonly evidence: number;
  /** What that is worth, 0 to 1: little where only a small part of the picture agrees, which others may have as well. */
  readonly worth: number;
  readonly queryFromTarget: Homography;
}

export interface SearchTimes {
  readonly searchMs: number;
  readonly verifyMs: number;
}

/** One byte a pixel, rows without gaps. */
export interface GrayImage extends Size {
  readonly pixels: Uint8Array;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly staging: { readonly value: number };
  initialize(): number;
  start(): void;
  modelBytes(): number;
  allocate(bytes: number): number;
  mark(): number;
  release(to: number): void;
  reserve(bytes: bigint): number;
  readonly JPEG_READ_AHEAD_BYTES: { readonly value: number };
  readonly jpegPixels: { readonly value: number };
  readonly jpegWidth: { readonly value: number };
  readonly jpegHeight: { readonly value: number };
  decodeJpeg(file: number, bytes: number, reduction: number): number;
  resizeExtent(
    source: number,
    sourceWidth: number,
    extentWidth: number,
    extentHeight: number,
    target: number,
    width: number,
    height: number,
  ): void;
  extract(image: number, width: number, height: number, wanted: number, features: number, histograms: number): number;
  encodeTarget(features: number, count: number, target: number): void;
  insertTarget(count: number, width: number, height: number): number;
  removeTarget(slot: number): void;
  clearTargets(): void;
  reserveSlots(more: number): number;
  prepareQuery(features: number, count: number): void;
  chooseWords(count: number, words: number, most: number): number;
  preparePages(count: number): void;
  scanPage(page: number, bytes: number): void;
  rankPaged(features: number, count: number, targets: number, wanted: number): number;
  findCandidates(features: number, count: number, allowed: number, most: number, known: number): number;
  verifyCandidates(
    features: number,
    count: number,
    width: number,
    height: number,
    verdicts: number,
    closely: boolean,
  ): void;
  prepareLook(image: number, width: number, height: number): void;
  differenceInPlace(features: number, count: number, map: number): number;
  drawView(
    picture: number,
    pictureWidth: number,
    pictureHeight: number,
    pictureFromFrame: number,
    frame: number,
    width: number,
    height: number,
  ): void;
  blurFrame(frame: number, width: number, height: number, passes: number): void;
  exposeFrame(
    frame: number,
    bytes: number,
    gain: number,
    gamma: number,
    offset: number,
    sigma: number,
    seed: number,
  ): void;
}

/** By how much a decoder can divide a picture's sides on the way. */
export type Reduction = 1 | 2 | 4 | 8;

/** `decodeJpeg` adds to it why memory is missing: 1 beyond the declared maximum, 2 refused by the host. */
export const NO_MEMORY = 16;

/** Kernels read up to two vectors past the end of an image. */
const READ_AHEAD_BYTES = 32;
const HISTOGRAM_SIZE = 72;
export const TARGET_FEATURE_BYTES = 14;
/** Of a target so many features are kept, the best: what fits into a row that takes one page of SQLite, 4 KB. */
export const TARGET_FEATURES_MAX = 289;
const VERDICT_BYTES = 96;
/** Words whose pages a query reads, where they have one, and targets that are then brought into memory. */
export const PAGED_WORDS_MOST = 1000;
export const BROUGHT_MOST = 64;
/** After so many pages those with most votes, so many of them, are brought and verified at a glance, … */
const PAGES_CHECKED = [50, 100, 200, 400];
const TRIED_MOST = 8;
/** … and where one has this evidence, as far as it is worth, they suffice. One of less may have a twin that is there and comes later, … */
const SURE_EVIDENCE = 15;
/** … and of more than so many, which are alike, there may be others yet. */
const SURE_MOST = 4;
/** Then so many are brought: enough for its twins, and for some that are not in the frame, to compare with. */
const BROUGHT_FEW = 24;
/** Candidates that are verified; where one is there, its twins and some that are not. */
const CANDIDATES_MOST = 40;
const CANDIDATES_FEW = 16;

/** Targets that are not in memory: pages say which of them a query may show. */
export interface PagedTargets {
  /** Those pages of these words that exist (layout in worker/index/FORMAT.md). */
  read(words: Uint16Array): Iterable<Uint8Array>;
  /** Inserts these targets, at most BROUGHT_MOST, where they are not in memory already. A byte for each slot: 1 where one of them is. */
  bring(targets: Uint32Array): Uint8Array;
}

export class Core {
  readonly #exports: Exports;

  /** `model` is the content of model/lookmark.bin. */
  constructor(module: WebAssembly.Module, model: Uint8Array) {
    this.#exports = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
    const modelBytes = this.#exports.modelBytes();
    if (model.length !== modelBytes)
      throw new RangeError(`the model has ${model.length} bytes, the core expects ${modelBytes}`);
    this.#write(this.#exports.initialize(), model);
    this.#exports.start();
  }

  /**
   * A JPEG file as gray at 1/`reduction` of its size, rounded up. Not turned upright.
   * Returns the number of what is wrong (assembly/jpeg.ts) where it cannot be decoded.
   */
  decodeJpeg(file: Uint8Array, reduction: Reduction): GrayImage | number {
    return this.#borrow(() => {
      const room = file.length + this.#exports.JPEG_READ_AHEAD_BYTES.value;
      const refusal = this.#exports.reserve(BigInt(room));
      if (refusal) return NO_MEMORY + refusal;
      const address = this.#exports.allocate(room);
      this.#write(address, file);
      const fault = this.#exports.decodeJpeg(address, file.length, reduction);
      if (fault) return fault;
      const { jpegPixels, jpegWidth, jpegHeight } = this.#exports;
      const [width, height] = [jpegWidth.value, jpegHeight.value];
      return { width, height, pixels: this.#read(jpegPixels.value, width * height) };
    });
  }

  /** Linear memory taken so far, which never shrinks. */
  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /**
   * The image with its long side at most `longSide` px: each pixel the mean of the area that it covers.
   * `extent` says how much of the image is picture, where that ends within the last column or row.
   */
  shrink(image: GrayImage, longSide: number, extent: Size = image): GrayImage {
    const scale = longSide / Math.max(extent.width, extent.height);
    if (scale >= 1) return image;
    const width = Math.max(1, Math.round(extent.width * scale));
    const height = Math.max(1, Math.round(extent.height * scale));
    return this.#borrow(() => {
      const target = this.#exports.allocate(width * height + READ_AHEAD_BYTES);
      this.#exports.resizeExtent(
        this.#place(image.pixels),
        image.width,
        extent.width,
        extent.height,
        target,
        width,
        height,
      );
      return { width, height, pixels: this.#read(target, width * height) };
    });
  }

  /** Up to `wanted` features, best first, FEATURE_BYTES each (layout in assembly/features.ts). */
  extract(image: GrayImage, wanted: number): Uint8Array {
    return this.#borrow(() => {
      const features = this.#exports.allocate(wanted * FEATURE_BYTES);
      const count = this.#exports.extract(this.#place(image.pixels), image.width, image.height, wanted, features, 0);
      return this.#read(features, count * FEATURE_BYTES);
    });
  }

  /** Extracted features of a target image (long side at most TARGET_SIDE_MAX px) in the form that the index keeps. */
  encodeTarget(features: Uint8Array, { width, height }: Size): Target {
    const count = Math.min(features.length / FEATURE_BYTES, TARGET_FEATURES_MAX);
    return this.#borrow(() => {
      const target = this.#exports.allocate(count * TARGET_FEATURE_BYTES);
      this.#exports.encodeTarget(this.#place(features), count, target);
      return { width, height, features: this.#read(target, count * TARGET_FEATURE_BYTES) };
    });
  }

  /** Adds a target to the index. Returns its slot, or undefined when the index is full. Throws where it has too many features. */
  insertTarget({ width, height, features }: Target): number | undefined {
    if (features.length > TARGET_FEATURES_MAX * TARGET_FEATURE_BYTES)
      throw new RangeError(`a target of ${features.length} bytes; ${TARGET_FEATURES_MAX} features are the most`);
    this.#write(this.#exports.staging.value, features);
    const slot = this.#exports.insertTarget(features.length / TARGET_FEATURE_BYTES, width, height);
    return slot < 0 ? undefined : slot;
  }

  /** Takes a target out of the index; its slot may be given again. */
  removeTarget(slot: number): void {
    this.#exports.removeTarget(slot);
  }

  clearTargets(): void {
    this.#exports.clearTargets();
  }

  /**
   * The candidates for a query with these features, strongest evidence first; most of them are not in the frame.
   * `allowed` restricts them to the slots whose byte is not 0; it has a byte for each slot ever given. With `paged`,
   * those of its targets that the query may show are brought into memory first; where only one is `wanted`, fewer pages are read
   * if they leave no doubt which.
   */
  search(
    features: Uint8Array,
    { width, height }: Size,
    now: () => number,
    {
      allowed,
      paged,
      wanted = Number.POSITIVE_INFINITY,
    }: { allowed?: Uint8Array | undefined; paged?: PagedTargets | undefined; wanted?: number } = {},
  ): { verdicts: Verdict[]; times: SearchTimes } {
    // Besides those that pages lead to in the end, some may be brought at each check.
    if (paged) this.#exports.reserveSlots(BROUGHT_MOST + TRIED_MOST * PAGES_CHECKED.length);
    return this.#borrow(() => {
      const times = { searchMs: 0, verifyMs: 0 };
      const timed = <T>(stage: keyof SearchTimes, work: () => T): T => {
        const began = now();
        const result = work();
        times[stage] += now() - began;
        return result;
      };
      const count = features.length / FEATURE_BYTES;
      const query = this.#place(features);
      const find = (most: number, { among, known }: { among?: Uint8Array | undefined; known?: number | undefined }) =>
        this.#exports.findCandidates(query, count, among ? this.#place(among) : 0, most, known ?? -1);
      const verify = (candidateCount: number, closely: boolean) =>
        this.#verdictsOf(query, count, { width, height }, candidateCount, closely);
      const glance = (among: Uint8Array) => this.#borrow(() => verify(find(TRIED_MOST, { among }), false));
      timed("searchMs", () => this.#exports.prepareQuery(query, count));
      const known =
        paged && timed("searchMs", () => this.#bringPaged(query, count, paged, wanted === 1 ? glance : undefined));
      const most = known === undefined ? CANDIDATES_MOST : CANDIDATES_FEW;
      const candidateCount = timed("searchMs", () => find(most, { among: allowed, known }));
      return { verdicts: timed("verifyMs", () => verify(candidateCount, true)), times };
    });
  }

  #verdictsOf(
    query: number,
    count: number,
    { width, height }: Size,
    candidateCount: number,
    closely: boolean,
  ): Verdict[] {
    const verdicts = this.#exports.allocate(candidateCount * VERDICT_BYTES);
    this.#exports.verifyCandidates(query, count, width, height, verdicts, closely);
    return amongRivals(readVerdicts(this.#read(verdicts, candidateCount * VERDICT_BYTES)));
  }

  /**
   * Brings what pages lead to into memory: of all pages that the query is worth or, with `glance`, of those up to where that is
   * sure of one of them. Returns its slot.
   */
  #bringPaged(
    query: number,
    count: number,
    paged: PagedTargets,
    glance?: (among: Uint8Array) => Verdict[],
  ): number | undefined {
    return this.#borrow(() => {
      const words = this.#exports.allocate(2 * PAGED_WORDS_MOST);
      const wordCount = this.#exports.chooseWords(count, words, PAGED_WORDS_MOST);
      const pages = paged.read(new Uint16Array(this.#read(words, 2 * wordCount).buffer));
      this.#exports.preparePages(count);
      const tried = new Set<number>();
      const sure: Verdict[] = [];
      const suffice = () => {
        if (!glance) return false;
        const untried = this.#rankPaged(query, count, TRIED_MOST).filter((target) => !tried.has(target));
        for (const target of untried) tried.add(target);
        if (untried.length > 0) sure.push(...glance(paged.bring(untried)).filter(isSure));
        return sure.length > 0 && sure.length <= SURE_MOST;
      };
      const isWhole = this.#scanPages(pages, suffice);
      paged.bring(this.#rankPaged(query, count, isWhole ? BROUGHT_MOST : BROUGHT_FEW));
      return isWhole ? undefined : sure[0]?.slot;
    });
  }

  /** The targets with most votes of the pages so far, best first. */
  #rankPaged(query: number, count: number, wanted: number): Uint32Array {
    return this.#borrow(() => {
      const targets = this.#exports.allocate(4 * wanted);
      const targetCount = this.#exports.rankPaged(query, count, targets, wanted);
      return new Uint32Array(this.#read(targets, 4 * targetCount).buffer);
    });
  }

  /** False where they sufficed before the last one. */
  #scanPages(pages: Iterable<Uint8Array>, suffice: () => boolean): boolean {
    let scanned = 0;
    for (const page of pages) {
      this.#borrow(() => this.#exports.scanPage(this.#place(page), page.length));
      if (PAGES_CHECKED.includes(++scanned) && suffice()) return false;
    }
    return true;
  }

  /**
   * How much each picture's features (a target's) differ from what the image has where the map puts them, 0 to 1: about
   * 0.1 where the picture is, 0.5 by chance.
   */
  differencesInPlace(
    image: GrayImage,
    pictures: readonly { readonly features: Uint8Array; readonly queryFromTarget: Homography }[],
  ): number[] {
    return this.#borrow(() => {
      this.#exports.prepareLook(this.#place(image.pixels), image.width, image.height);
      return pictures.map(({ features, queryFromTarget }) =>
        this.#borrow(() => {
          const map = this.#place(new Uint8Array(Float64Array.from(queryFromTarget).buffer));
          const count = features.length / TARGET_FEATURE_BYTES;
          return this.#exports.differenceInPlace(this.#place(features), count, map);
        }),
      );
    });
  }

  /** Features without descriptors, and the gradient histograms that descriptors are made from. For training. */
  extractHistograms(image: GrayImage, wanted: number): { features: Uint8Array; histograms: Float32Array } {
    return this.#borrow(() => {
      const features = this.#exports.allocate(wanted * FEATURE_BYTES);
      const histograms = this.#exports.allocate(wanted * HISTOGRAM_SIZE * 4);
      const count = this.#exports.extract(
        this.#place(image.pixels),
        image.width,
        image.height,
        wanted,
        features,
        histograms,
      );
      return {
        features: this.#read(features, count * FEATURE_BYTES),
        histograms: new Float32Array(this.#read(histograms, count * HISTOGRAM_SIZE * 4).buffer),
      };
    });
  }

  /** What a camera shows of `picture` before `background`, whose size is the frame's. */
  drawView(
    picture: GrayImage,
    pictureFromFrame: Homography,
    background: GrayImage,
    exposure: Exposure,
    seed: number,
  ): GrayImage {
    const { width, height } = background;
    return this.#borrow(() => {
      const frame = this.#place(background.pixels);
      const matrix = this.#place(new Uint8Array(Float64Array.from(pictureFromFrame).buffer));
      this.#exports.drawView(this.#place(picture.pixels), picture.width, picture.height, matrix, frame, width, height);
      this.#exports.blurFrame(frame, width, height, exposure.blurPasses);
      this.#exports.exposeFrame(
        frame,
        width * height,
        exposure.gain,
        exposure.gamma,
        exposure.offset,
        exposure.noise,
        seed,
      );
      return { width, height, pixels: this.#read(frame, width * height) };
    });
  }

  /** Runs `work` and gives back all memory that it took. */
  #borrow<T>(work: () => T): T {
    const before = this.#exports.mark();
    try {
      return work();
    } finally {
      this.#exports.release(before);
    }
  }

  #place(bytes: Uint8Array): number {
    const address = this.#exports.allocate(bytes.length + READ_AHEAD_BYTES);
    this.#write(address, bytes);
    return address;
  }

  #write(address: number, bytes: Uint8Array): void {
    new Uint8Array(this.#exports.memory.buffer, address, bytes.length).set(bytes);
  }

  #read(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, address, length).slice();
  }
}

function readVerdicts(bytes: Uint8Array): Omit<Verdict, "evidence">[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / VERDICT_BYTES }, (_, i) => {
    const at = i * VERDICT_BYTES;
    return {
      slot: view.getInt32(at, true),
      inliers: view.getInt32(at + 4, true),
      visible: view.getInt32(at + 8, true),
      worth: view.getFloat32(at + 12, true),
      ownEvidence: view.getFloat64(at + 16, true),
      queryFromTarget: Array.from({ length: 9 }, (_, k) => view.getFloat64(at + 24 + 8 * k, true)),
    };
  });
}

function isSure(verdict: Verdict): boolean {
  return worthOf(verdict) >= SURE_EVIDENCE;
}

function amongRivals(verdicts: readonly Omit<Verdict, "evidence">[]): Verdict[] {
  const rivals = rivalsOf(verdicts);
  return verdicts.map((verdict) => ({ ...verdict, evidence: lessen(verdict, rivals) }));
}
