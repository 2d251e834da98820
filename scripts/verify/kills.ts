/**
 * Kills a deployment with `kill -9` again and again while clients write to it and ask it, starts it anew on the same
 * state, and holds what is there against what was acknowledged.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { AdminClient, LookmarkClient, NoAnswerError } from "../../shared/client.ts";
import type { Answer, ImageInfo } from "../../shared/protocol.ts";
import { between, type Random, randomFrom } from "../../shared/random.ts";
import { SUCCESS } from "../../shared/reason.ts";
import { createAccount, type Local } from "../local.ts";
import { Entry } from "./ledger.ts";
import { madePicture } from "./made.ts";

export interface KillsOptions {
  readonly kills: number;
  readonly seed: number;
  /** Starts the deployment on the state that is there. */
  readonly start: () => Promise<Local>;
  /** Is told of each loss as it is found. */
  readonly report: (loss: string) => void;
  readonly progress?: (counts: Counts) => void;
}

export interface Counts {
  kills: number;
  /** Writes that were answered with success. */
  acknowledged: number;
  /** Writes that were cut off and found done, and those found not done. */
  cutOffDone: number;
  cutOffUndone: number;
  /** Images and channels that were compared after kills. */
  checked: number;
  /** FindImage answers that were compared. */
  finds: number;
  losses: number;
}

export interface Survived {
  readonly counts: Counts;
  /** What must lie in storage, and nothing else of these images. */
  readonly originals: readonly { readonly trackingPath: string; readonly file: Blob }[];
}

interface Image {
  readonly picture: 0 | 1;
  readonly metadata: string;
  readonly matchratio: number | null;
}

interface Slot {
  readonly entry: Entry<Image>;
  readonly channel: string;
  /** Its own, so that each picture is of one identifier or none. */
  readonly pictures: readonly [Blob, Blob];
  /** The path of its tracking image when it was last there. */
  tracking?: string | undefined;
}

export const ACCOUNT = { username: "durable", secretkey: "durable" };
export const CHANNELS = ["durable.a", "durable.b"] as const;
const CLIENTS = 4;
const SLOTS = 24;
/** Channels that come and change under load, beside those with images. */
const QUOTAS = 6;
const QUOTA_MOST = 1000;
/** Above the score of any other picture, below that of the picture itself. */
const MATCHRATIO = { least: 50, end: 70 };
const LOAD_MS = { least: 20, most: 1000 };
/** Half of the kills come upon an acknowledgment, up to the so many-th. */
const ACKNOWLEDGMENTS_MOST = 12;
/** At every so many kills all pictures are asked for, not only those that were written or shall be absent. */
const FULL_EVERY = 20;
const CALL_TIMEOUT_MS = 60_000;

/** Resolves when all kills were survived, whatever was lost. */
export async function killRepeatedly(options: KillsOptions): Promise<Survived> {
  const run = new Run(options);
  await run.start();
  for (let kill = 1; kill <= options.kills; kill++) {
    await run.loadAndKill();
    await run.start();
    await run.check(kill % FULL_EVERY === 0 || kill === options.kills);
    options.progress?.(run.counts);
  }
  await run.stop();
  return { counts: run.counts, originals: run.originals() };
}

class Run {
  readonly counts: Counts = {
    kills: 0,
    acknowledged: 0,
    cutOffDone: 0,
    cutOffUndone: 0,
    checked: 0,
    finds: 0,
    losses: 0,
  };
  readonly #options: KillsOptions;
  readonly #random: Random;
  readonly #slots: readonly Slot[];
  readonly #quotas = Array.from({ length: QUOTAS }, (_, i) => new Entry<number>(`quota.${i}`));
  #local!: Local;
  #client!: LookmarkClient;
  #admin!: AdminClient;
  #killed: Promise<void> | undefined;
  #acknowledgmentsLeft = 0;

  constructor(options: KillsOptions) {
    this.#options = options;
    this.#random = randomFrom(options.seed);
    this.#slots = Array.from({ length: SLOTS }, (_, i) => ({
      entry: new Entry<Image>(`image.${String(i).padStart(2, "0")}`),
      channel: CHANNELS[i % CHANNELS.length] as string,
      pictures: [madePicture(2 * i), madePicture(2 * i + 1)],
    }));
  }

  async start(): Promise<void> {
    this.#local = await this.#options.start();
    const { origin, adminToken } = this.#local;
    this.#killed = undefined;
    this.#client = new LookmarkClient(origin, ACCOUNT, { timeoutMs: CALL_TIMEOUT_MS });
    this.#admin = new AdminClient(origin, adminToken, { timeoutMs: CALL_TIMEOUT_MS });
    if (this.counts.kills > 0) return;
    for (const channel of CHANNELS) await createAccount(this.#local, ACCOUNT.username, ACCOUNT.secretkey, channel);
  }

  async stop(): Promise<void> {
    await this.#local.stop();
  }

  /** Clients write and ask until the whole process group is killed: at any time, or right upon an acknowledgment. */
  async loadAndKill(): Promise<void> {
    const upon = this.#random() < 0.5;
    this.#acknowledgmentsLeft = upon ? 1 + this.#below(ACKNOWLEDGMENTS_MOST) : Number.POSITIVE_INFINITY;
    const clients = Array.from({ length: CLIENTS }, (_, i) => this.#write(i));
    const settings = this.#writeQuotas();
    if (!upon) await sleep(between(this.#random, LOAD_MS.least, LOAD_MS.most)).then(() => this.#kill());
    await Promise.all([...clients, settings]);
    await this.#killed;
    this.counts.kills++;
  }

  #kill(): void {
    this.#killed ??= this.#local.stop("SIGKILL");
  }

  /** One client, with images of its own: one write to each at a time. */
  async #write(client: number): Promise<void> {
    const mine = this.#slots.filter((_, i) => i % CLIENTS === client);
    while (!this.#killed) {
      const open = mine.filter(({ entry }) => entry.certain);
      const slot = open[this.#below(open.length)];
      if (!slot) return this.#kill(); // it must not wait for an acknowledgment
      if (this.#random() < 0.3) await this.#ask(slot);
      else await this.#change(slot);
    }
  }

  async #writeQuotas(): Promise<void> {
    while (!this.#killed) {
      const entry = this.#quotas.filter(({ certain }) => certain)[0];
      if (!entry) return this.#kill();
      this.#quotas.push(...this.#quotas.splice(this.#quotas.indexOf(entry), 1)); // in turn
      const quota = 1 + this.#below(QUOTA_MOST);
      await this.#commit(entry, quota, () =>
        this.#admin.putChannel({ username: ACCOUNT.username, channel: entry.name, quota }),
      );
      await sleep(between(this.#random, 0, 300));
    }
  }

  async #change({ entry, channel, pictures }: Slot): Promise<void> {
    const { name: identifier, state } = entry;
    const kind = this.#random();
    const metadata = JSON.stringify({ drawn: this.#below(1e9) });
    const matchratio = this.#random() < 0.5 ? null : MATCHRATIO.least + this.#below(MATCHRATIO.end - MATCHRATIO.least);
    const ratio = matchratio ?? "";
    if (!state) {
      const picture = this.#random() < 0.5 ? 0 : 1;
      const image = pictures[picture];
      const upload = { channel, identifier, image, metadata, ...(matchratio !== null && { matchratio }) };
      await this.#commit(entry, { picture, metadata, matchratio }, () => this.#client.addImage(upload));
    } else if (kind < 0.3) {
      const picture = state.picture === 0 ? 1 : 0;
      const upload = { channel, identifier, image: pictures[picture], metadata };
      await this.#commit(entry, { ...state, picture, metadata }, () => this.#client.replaceImage(upload));
    } else if (kind < 0.65) {
      const change = { channel, identifier, metadata, matchratio: ratio };
      await this.#commit(entry, { ...state, metadata, matchratio }, () => this.#client.updateImageInfo(change));
    } else {
      await this.#commit(entry, undefined, () => this.#client.removeImage({ channel, identifier }));
    }
  }

  /** Sends a write and notes whether it was acknowledged. */
  async #commit<State>(entry: Entry<State>, after: State | undefined, send: () => Promise<Answer>): Promise<void> {
    if (this.#killed) return;
    entry.begin(after);
    const answer = await this.#unlessKilled(send);
    if (!answer) return;
    if (answer.returncode !== SUCCESS) return this.#lose(`${entry.name}: refused: ${JSON.stringify(answer)}`);
    entry.acknowledge();
    this.counts.acknowledged++;
    if (--this.#acknowledgmentsLeft === 0) this.#kill();
  }

  /** What was acknowledged holds for the very next question. */
  async #ask({ entry, channel, pictures }: Slot): Promise<void> {
    const picture = this.#random() < 0.5 ? 0 : 1;
    const everywhere = this.#random() < 0.3;
    const answer = await this.#unlessKilled(() =>
      this.#client.findImage({ image: pictures[picture], ...(!everywhere && { channel }) }),
    );
    if (!answer) return;
    this.counts.finds++;
    const right = entry.state?.picture === picture ? entry.name : undefined;
    if (answer.returncode === SUCCESS && answer.identifier === right) return;
    this.#lose(`${entry.name}: picture ${picture} must be ${right}, not ${JSON.stringify(answer)}`);
  }

  /** Undefined where the kill came first; any other failure to answer is one. */
  async #unlessKilled<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (this.#killed && error instanceof NoAnswerError) return undefined;
      throw error;
    }
  }

  /** Compares what is there with the ledger: what was written to since the last time, or everything. */
  async check(everything: boolean): Promise<void> {
    await this.#checkQuotas();
    for (const channel of CHANNELS) {
      const slots = this.#slots.filter((slot) => slot.channel === channel);
      const listed = await this.#list(channel, slots);
      for (const slot of slots) {
        if (everything || slot.entry.touched) await this.#checkWhole(slot, listed.get(slot.entry.name));
        else this.#checkRow(slot, listed.get(slot.entry.name));
      }
    }
  }

  async #checkQuotas(): Promise<void> {
    const { channels = [] } = await this.#client.getChannels();
    for (const entry of this.#quotas) {
      this.#settle(entry, channels.find(({ channel }) => channel === entry.name)?.quota);
    }
  }

  /** Each identifier once, and none that nobody wrote. */
  async #list(channel: string, slots: readonly Slot[]): Promise<Map<string, ImageInfo>> {
    const { totalcount, images = [] } = await this.#client.getImages({ channel });
    const listed = new Map(images.map((image) => [image.identifier, image]));
    const known = new Set(slots.map(({ entry }) => entry.name));
    if (
      totalcount !== images.length ||
      listed.size !== images.length ||
      [...listed.keys()].some((name) => !known.has(name))
    ) {
      const identifiers = images.map(({ identifier }) => identifier);
      this.#lose(`${channel}: ${totalcount} images, listed are ${identifiers.join()}`);
    }
    return listed;
  }

  /** What a listing shows; the picture is taken for the one that it was. */
  #checkRow({ entry }: Slot, row: ImageInfo | undefined): void {
    this.#settle(entry, row && { ...rowOf(row), picture: entry.state?.picture ?? 0 });
  }

  /** GetImage, both pictures by FindImage, and the tracking image, which is made of the original. */
  async #checkWhole(slot: Slot, row: ImageInfo | undefined): Promise<void> {
    const { entry, channel, pictures } = slot;
    const found: boolean[] = [];
    for (const image of pictures) {
      const answer = await this.#client.findImage({ channel, image });
      const { returncode, identifier } = answer;
      if (returncode !== SUCCESS || (identifier ?? entry.name) !== entry.name)
        this.#lose(`${entry.name}: picture ${found.length} is answered ${JSON.stringify(answer)}`);
      found.push(identifier === entry.name);
      this.counts.finds++;
    }
    if (found.filter(Boolean).length !== (row ? 1 : 0)) {
      this.#lose(`${entry.name}: it is ${row ? "" : "not "}listed; its pictures are found: ${found.join()}`);
    }
    const acknowledged = entry.certain;
    this.#settle(entry, row && { ...rowOf(row), picture: found[0] ? 0 : 1 });
    if (row) await this.#checkAnswers(channel, row);
    const tracking = row && new URL(row.trackingimage).pathname;
    if (slot.tracking && slot.tracking !== tracking && acknowledged) await this.#checkGone(slot);
    slot.tracking = tracking;
  }

  async #checkAnswers(channel: string, row: ImageInfo): Promise<void> {
    const { identifier, metadata, matchratio, trackingimage } = row;
    const answer = await this.#client.getImage({ channel, identifier });
    if (answer.metadata !== metadata || answer.matchratio !== matchratio) {
      this.#lose(`${identifier}: GetImages and GetImage differ: ${JSON.stringify([row, answer])}`);
    }
    const { status, headers } = await this.#load(new URL(trackingimage).pathname);
    if (status !== 200 || headers.get("Content-Type") !== "image/jpeg")
      this.#lose(`${identifier}: its tracking image is HTTP ${status}`);
  }

  async #checkGone({ entry, tracking }: Slot): Promise<void> {
    const { status } = await this.#load(tracking as string);
    if (status !== 404) this.#lose(`${entry.name}: a removed picture is served: HTTP ${status}`);
  }

  async #load(path: string): Promise<Response> {
    const response = await fetch(new URL(path, this.#local.origin));
    await response.arrayBuffer();
    return response;
  }

  #settle<State>(entry: Entry<State>, found: State | undefined): void {
    const { allowed } = entry;
    const agreement = entry.settle(found);
    this.counts.checked++;
    if (agreement === "after") this.counts.cutOffDone++;
    if (agreement === "before") this.counts.cutOffUndone++;
    if (!agreement) this.#lose(`${entry.name}: must be ${JSON.stringify(allowed)}, is ${JSON.stringify(found)}`);
  }

  #lose(what: string): void {
    this.counts.losses++;
    this.#options.report(`kill ${this.counts.kills}: ${what}`);
  }

  /** After the last check. */
  originals(): Survived["originals"] {
    return this.#slots.flatMap(({ entry, pictures, tracking }) =>
      entry.state && tracking ? [{ trackingPath: tracking, file: pictures[entry.state.picture] }] : [],
    );
  }

  #below(end: number): number {
    return Math.floor(end * this.#random());
  }
}

function rowOf({ metadata, matchratio }: ImageInfo): Omit<Image, "picture"> {
  return { metadata, matchratio };
}
