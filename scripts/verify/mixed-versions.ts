/**
 * Two versions of the Worker on one state, as while a deployment is gradual or rolled back: Durable Objects of the one and of the
 * other in turn, and calls that come in by either. Every answer is compared with a ledger.
 */

import { LookmarkClient } from "../../shared/client.ts";
import { type Random, randomFrom } from "../../shared/random.ts";
import { SUCCESS } from "../../shared/reason.ts";
import { createAccount, type Local } from "../local.ts";
import { startWorkerd } from "../workerd.ts";
import { madePicture } from "./made.ts";

export interface MixedOptions {
  readonly stateDir: string;
  /** Where the version of the Durable Objects listens, and where the other one does. */
  readonly ports: readonly [number, number];
  /** For each phase the bundle of the Durable Objects, and the other one. */
  readonly phases: readonly (readonly [string, string])[];
  /** Writes of each phase. */
  readonly writes: number;
  readonly seed: number;
  /** Is told of each answer that is wrong. */
  readonly report: (loss: string) => void;
  /** Takes what the Workers print. */
  readonly log?: (text: string) => void;
}

export interface MixedCounts {
  phases: number;
  writes: number;
  finds: number;
  listings: number;
  losses: number;
}

const ACCOUNT = { username: "mixed", secretkey: "mixed.secret" };
const CHANNEL = "mixed";
const SLOTS = 6;

interface Slot {
  readonly identifier: string;
  readonly pictures: readonly [Blob, Blob];
  /** Which of the two is there, if any. */
  there: 0 | 1 | undefined;
}

export async function mixVersions(options: MixedOptions): Promise<MixedCounts> {
  const run = new Run(options);
  for (const [objects, other] of options.phases) {
    const { ports, stateDir, log } = options;
    const front = { port: ports[1], bundle: other };
    const local = await startWorkerd({ port: ports[0], stateDir, bundle: objects, front, ...(log && { log }) });
    try {
      await run.phase(local);
    } finally {
      await local.stop();
    }
  }
  return run.counts;
}

class Run {
  readonly counts: MixedCounts = { phases: 0, writes: 0, finds: 0, listings: 0, losses: 0 };
  readonly #options: MixedOptions;
  readonly #random: Random;
  readonly #clients: readonly LookmarkClient[];
  readonly #slots: readonly Slot[] = Array.from({ length: SLOTS }, (_, i) => ({
    identifier: `image.${i}`,
    pictures: [madePicture(2 * i), madePicture(2 * i + 1)],
    there: undefined,
  }));

  constructor(options: MixedOptions) {
    this.#options = options;
    this.#random = randomFrom(options.seed);
    this.#clients = options.ports.map((port) => new LookmarkClient(`http://127.0.0.1:${port}`, ACCOUNT));
  }

  async phase(local: Local): Promise<void> {
    if (this.counts.phases++ === 0) await createAccount(local, ACCOUNT.username, ACCOUNT.secretkey, CHANNEL);
    for (const slot of this.#slots) await this.#ask(slot);
    for (let i = 0; i < this.#options.writes; i++) {
      const slot = this.#pick(this.#slots);
      await this.#write(slot);
      await this.#ask(slot);
    }
    await this.#list();
  }

  /** By either version: AddImage where nothing is there, else ReplaceImage or RemoveImage. */
  async #write(slot: Slot): Promise<void> {
    const { identifier, pictures, there } = slot;
    const client = this.#pick(this.#clients);
    const next =
      there === undefined ? this.#pick([0, 1] as const) : this.#pick([there === 0 ? 1 : 0, undefined] as const);
    const place = { channel: CHANNEL, identifier };
    const answer =
      next === undefined
        ? await client.removeImage(place)
        : there === undefined
          ? await client.addImage({ ...place, image: pictures[next] })
          : await client.replaceImage({ ...place, image: pictures[next] });
    this.counts.writes++;
    if (answer.returncode !== SUCCESS) return this.#lose(identifier, answer);
    slot.there = next;
  }

  /** Both versions, for both pictures. */
  async #ask({ identifier, pictures, there }: Slot): Promise<void> {
    for (const client of this.#clients) {
      for (const [i, image] of pictures.entries()) {
        const answer = await client.findImage({ channel: CHANNEL, image });
        this.counts.finds++;
        const right = there === i ? identifier : undefined;
        if (answer.returncode !== SUCCESS || answer.identifier !== right) this.#lose(identifier, answer);
      }
    }
  }

  async #list(): Promise<void> {
    const right = this.#slots.filter(({ there }) => there !== undefined).map(({ identifier }) => identifier);
    for (const client of this.#clients) {
      const answer = await client.getImages({ channel: CHANNEL });
      this.counts.listings++;
      const listed = answer.images?.map(({ identifier }) => identifier);
      if (listed?.join() !== right.join()) this.#lose(`listed must be ${right.join()}`, answer);
    }
  }

  #lose(what: string, answer: object): void {
    this.counts.losses++;
    this.#options.report(`phase ${this.counts.phases}: ${what}: ${JSON.stringify(answer)}`);
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }
}
