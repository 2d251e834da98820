/**
 * Lets one picture at a time be decoded in an isolate: requests share its 128 MB. Users take turns, and channels of one user, so
 * that who sends much waits for himself. Between two pictures the event loop turns: what has arrived meanwhile is taken in or
 * refused, and does not wait for all pictures that wait.
 *
 * No request waits for a promise of another one, which workerd may never keep: each looks by a timer of its own.
 */

import { failure, type Result, reasons } from "../../shared/reason.ts";

/** Waiting longer than this many pictures take is worse for a phone than coming back. */
export const WAITING_MOST = 32;
const RETRY_SECONDS = 1;
const LOOK_MS = 4;
/** Who waits and has not looked for so long was cut off, and so was who is inside for so long: the others go on. */
export const GONE_MS = 10_000;

/** For whom a picture is. */
export interface Party {
  readonly owner: string;
  /** The channel's. */
  readonly name: string;
}

interface Place extends Party {
  seenAt: number;
}

export class Turnstile {
  /** In the order of coming, also the one inside. */
  readonly #places = new Set<Place>();
  /** When users, and their channels, of whom somebody is here were let in last. */
  readonly #turns = new Map<string, number>();
  #turn = 0;
  #inside: Place | undefined;
  /** How often a place was left, and up to which of these times requests were taken in since. */
  #left = 0;
  #tookIn = 0;

  /** Runs `work` alone, when it is the channel's turn; refuses where too much is waiting. */
  async pass<T>({ owner, name }: Party, work: () => Promise<Result<T>>): Promise<Result<T>> {
    this.#forgetGone();
    if (this.#places.size >= WAITING_MOST) return failure(reasons.busy("too many pictures at once", RETRY_SECONDS));
    const place = { owner, name, seenAt: Date.now() };
    this.#places.add(place);
    try {
      while (!this.#enter(place)) await this.#wait(this.#pauseOf(place));
      return await work();
    } finally {
      this.#leave(place);
    }
  }

  #enter(place: Place): boolean {
    place.seenAt = Date.now();
    this.#places.add(place); // again where it was taken for gone
    this.#forgetGone();
    if (this.#inside || this.#tookIn < this.#left || this.#next() !== place) return false;
    this.#inside = place;
    this.#turn++;
    for (const key of keysOf(place)) this.#turns.set(key, this.#turn);
    return true;
  }

  /** Of the user who has waited for a turn the longest, and of that user's channel that has, who came first. */
  #next(): Place | undefined {
    let next: Place | undefined;
    for (const place of this.#places) if (!next || this.#isBefore(place, next)) next = place;
    return next;
  }

  #isBefore(one: Place, other: Place): boolean {
    const turnOf = one.owner === other.owner ? ofChannel : ofUser;
    return (this.#turns.get(turnOf(one)) ?? 0) < (this.#turns.get(turnOf(other)) ?? 0);
  }

  /** A timer ends when the event loop has turned, and requests that had arrived were taken in. */
  async #wait(ms: number): Promise<void> {
    const left = this.#left;
    await scheduler.wait(ms);
    this.#tookIn = Math.max(this.#tookIn, left);
  }

  /** The longer, the more of the same channel are before it, since each look takes time from the pictures. */
  #pauseOf(place: Place): number {
    if (!this.#inside && this.#next() === place) return 0;
    let before = 0;
    for (const other of this.#places) {
      if (other === place) break;
      if (ofChannel(other) === ofChannel(place)) before++;
    }
    return LOOK_MS * (1 + before);
  }

  #leave(place: Place): void {
    this.#places.delete(place);
    if (this.#inside === place) {
      this.#inside = undefined;
      this.#left++;
      void this.#wait(0);
    }
    const here = new Set([...this.#places].flatMap(keysOf));
    for (const key of keysOf(place)) if (!here.has(key)) this.#turns.delete(key);
  }

  #forgetGone(): void {
    const now = Date.now();
    for (const place of this.#places) if (now - place.seenAt > GONE_MS) this.#leave(place);
  }
}

const ofUser = ({ owner }: Party): string => owner;
const ofChannel = ({ owner, name }: Party): string => `${owner}\0${name}`;
const keysOf = (party: Party): readonly string[] => [ofUser(party), ofChannel(party)];
