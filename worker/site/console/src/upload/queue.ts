/**
 * The pictures on their way into a channel. Each is prepared and graded as it comes, and added when the user says so; a
 * few are under way at a time. What is lost on the way or refused as busy is asked again with growing pauses: AddImage may
 * be repeated, so that every picture arrives once.
 */

import { computed, type Signal, signal } from "@preact/signals";
import type { LookmarkClient } from "../../../../../shared/client.ts";
import { type GradeImageAnswer, IDENTIFIER_PATTERN, type SimilarImage } from "../../../../../shared/protocol.ts";
import { reasons } from "../../../../../shared/reason.ts";
import { persist } from "../../../../../shared/retry.ts";
import { ask, type Trouble } from "../ask.ts";
import { proposeIdentifier } from "./identifier.ts";
import { type Prepared, preparePicture } from "./prepare.ts";

/** The server looks at one picture at a time; the others are on the wire meanwhile. */
const UNDER_WAY_MOST = 3;
/** Of this level and below, a picture is added only when the user has looked at it. */
const LEVEL_TO_LOOK_AT = 2;

const UNRECOGNIZABLE = reasons.tooLittleDetail("").returncode;
/** Refusals that the next picture would meet as well: the queue pauses. */
const REFUSES_ALL: readonly (number | undefined)[] = [
  reasons.credentialsNotCorrect().returncode,
  reasons.channelNotFound().returncode,
  reasons.channelNotYours().returncode,
  reasons.tooManyImages(0).returncode,
];

/** Refusals of the picture itself, which it would meet again. */
const REFUSES_PICTURE: readonly (number | undefined)[] = [
  reasons.tooLarge("").returncode,
  reasons.notRecognized("").returncode,
  UNRECOGNIZABLE,
];

export type State =
  | { readonly kind: "waiting" | "grading" | "graded" | "toAdd" | "adding" | "unreadable" }
  | { readonly kind: "added"; readonly level: number }
  | { readonly kind: "refused"; readonly trouble: Trouble };

export interface Item {
  readonly id: number;
  readonly file: File;
  readonly identifier: Signal<string>;
  readonly state: Signal<State>;
  readonly prepared: Signal<Prepared | undefined>;
  /** Of a picture that cannot be recognized as well: its level is 0. */
  readonly grade: Signal<GradeImageAnswer | undefined>;
  /** When the next try comes, ms since 1970; undefined where none is due. */
  readonly retryAt: Signal<number | undefined>;
}

export class UploadQueue {
  readonly items = signal<readonly Item[]>([]);
  readonly paused = signal(false);
  /** Why the queue paused by itself. */
  readonly trouble = signal<Trouble | undefined>(undefined);
  /** How many items are in each state. */
  readonly counts = computed(() => {
    const counts: Partial<Record<State["kind"], number>> = {};
    for (const { state } of this.items.value) counts[state.value.kind] = (counts[state.value.kind] ?? 0) + 1;
    return counts;
  });
  readonly #client: LookmarkClient;
  readonly #channel: string;
  #underWay = 0;
  #lastId = 0;

  constructor(channel: string, client: LookmarkClient) {
    this.#channel = channel;
    this.#client = client;
  }

  take(files: Iterable<File>): void {
    const taken = new Set(this.items.value.map(({ identifier }) => identifier.value));
    const items = Array.from(files, (file): Item => {
      const identifier = proposeIdentifier(file.name, taken);
      taken.add(identifier);
      return {
        id: ++this.#lastId,
        file,
        identifier: signal(identifier),
        state: signal<State>({ kind: "waiting" }),
        prepared: signal<Prepared | undefined>(undefined),
        grade: signal<GradeImageAnswer | undefined>(undefined),
        retryAt: signal<number | undefined>(undefined),
      };
    });
    this.items.value = [...this.items.value, ...items];
    this.#go();
  }

  /** Adds what is graded: these, or all. */
  add(items: readonly Item[] = this.items.value): void {
    for (const { state, grade, identifier } of items) {
      const ready = state.value.kind === "graded" || (state.value.kind === "refused" && grade.value?.level);
      if (ready && IDENTIFIER_PATTERN.test(identifier.value)) state.value = { kind: "toAdd" };
    }
    this.#go();
  }

  /** After a refusal: grades again what was not graded, adds again what was. */
  again(item: Item): void {
    if (item.grade.value?.level) this.add([item]);
    else item.state.value = { kind: "waiting" };
    this.#go();
  }

  remove(gone: readonly Item[]): void {
    for (const { prepared } of gone) if (prepared.value) URL.revokeObjectURL(prepared.value.thumbnail);
    this.items.value = this.items.value.filter((item) => !gone.includes(item));
  }

  pause(): void {
    this.paused.value = true;
  }

  resume(): void {
    this.paused.value = false;
    this.trouble.value = undefined;
    this.#go();
  }

  /** What is under way is finished, the rest is forgotten. */
  end(): void {
    this.pause();
    this.remove(this.items.value);
  }

  /** Starts as many as may be under way: first what is to be added, then what is to be graded. */
  #go(): void {
    while (!this.paused.value && this.#underWay < UNDER_WAY_MOST) {
      const next = this.#first("toAdd") ?? this.#first("waiting");
      if (!next) return;
      const work = next.state.value.kind === "toAdd" ? this.#add(next) : this.#grade(next);
      this.#underWay++;
      void work.finally(() => {
        this.#underWay--;
        this.#go();
      });
    }
  }

  #first(kind: State["kind"]): Item | undefined {
    return this.items.value.find(({ state }) => state.value.kind === kind);
  }

  async #grade(item: Item): Promise<void> {
    item.state.value = { kind: "grading" };
    const prepared = item.prepared.value ?? (await preparePicture(item.file));
    if (!prepared) {
      item.state.value = { kind: "unreadable" };
      return;
    }
    item.prepared.value = prepared;
    const fields = { channel: this.#channel, image: prepared.image };
    const asked = await ask(persist(() => this.#client.gradeImage(fields), this.#wait(item)));
    if (asked.ok) {
      item.grade.value = asked.answer;
      item.state.value = { kind: "graded" };
      return;
    }
    if (asked.trouble.returncode === UNRECOGNIZABLE) item.grade.value = asked.trouble as GradeImageAnswer;
    this.#refuse(item, asked.trouble);
  }

  async #add(item: Item): Promise<void> {
    const image = item.prepared.value?.image;
    if (!image) throw new Error("a picture is to be added before it was prepared");
    item.state.value = { kind: "adding" };
    const fields = { channel: this.#channel, identifier: item.identifier.value, image };
    const asked = await ask(persist(() => this.#client.addImage(fields), this.#wait(item)));
    if (asked.ok) item.state.value = { kind: "added", level: asked.answer.level ?? 0 };
    else this.#refuse(item, asked.trouble);
  }

  #refuse(item: Item, trouble: Trouble): void {
    item.state.value = { kind: "refused", trouble };
    if (!REFUSES_ALL.includes(trouble.returncode)) return;
    this.trouble.value = trouble;
    this.pause();
  }

  /** Until the time has come, or the browser is back online; and as long as the queue is paused. */
  #wait(item: Item) {
    return async (_: string, waitMs: number): Promise<void> => {
      item.retryAt.value = Date.now() + waitMs;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, waitMs);
        function done() {
          clearTimeout(timer);
          removeEventListener("online", done);
          resolve();
        }
        addEventListener("online", done);
      });
      item.retryAt.value = undefined;
      await untilFalse(this.paused);
    };
  }
}

/** Whether the user should look before the picture is added. */
export function wantsLook(item: Item): boolean {
  return isHard(item) || twinOf(item) !== undefined;
}

export function isHard({ grade }: Item): boolean {
  return (grade.value?.level ?? 0) <= LEVEL_TO_LOOK_AT;
}

/** The picture of the channel that this one would be taken for. */
export function twinOf({ grade }: Item): SimilarImage | undefined {
  return grade.value?.similar?.find(({ matches }) => matches === 1);
}

export function mayTryAgain({ state: { value } }: Item): boolean {
  return value.kind === "refused" && !REFUSES_PICTURE.includes(value.trouble.returncode);
}

function untilFalse(flag: Signal<boolean>): Promise<void> {
  return new Promise((resolve) => {
    const stop = flag.subscribe((on) => {
      if (on) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}
