/**
 * Lets one picture at a time be decoded in an isolate: requests share its 128 MB. Users take turns, so that who sends much
 * waits for himself. Between two pictures the event loop turns: what has arrived meanwhile is taken in or refused, and does not wait
 * for all pictures that wait.
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

interface Place {
  readonly user: string;
  seenAt: number;
}

export class Turnstile {
  /** In the order of coming, also the one inside. */
  readonly #places = new Set<Place>();
  /** When users of whom somebody is here were let in last. */
  readonly #turns = new Map<string, number>();
  #turn = 0;
  #inside: Place | undefined;
  /** How often a place was left, and up to which of these times requests were taken in since. */
  #left = 0;
  #tookIn = 0;

  /** Runs `work` alone, when it is the user's turn; refuses where too much is waiting. */
  async pass<T>(user: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
    this.#forgetGone();
    if (this.#places.size >= WAITING_MOST) return failure(reasons.busy("too many pictures at once", RETRY_SECONDS));
    const place = { user, seenAt: Date.now() };
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
    this.#turns.set(place.user, ++this.#turn);
    return true;
  }

  /** Of the user who has waited for a turn the longest, who came first. */
  #next(): Place | undefined {
    const turnOf = ({ user }: Place) => this.#turns.get(user) ?? 0;
    let next: Place | undefined;
    for (const place of this.#places) if (!next || turnOf(place) < turnOf(next)) next = place;
    return next;
  }

  /** A timer ends when the event loop has turned, and requests that had arrived were taken in. */
  async #wait(ms: number): Promise<void> {
    const left = this.#left;
    await scheduler.wait(ms);
    this.#tookIn = Math.max(this.#tookIn, left);
  }

  /** The longer, the more of the same user's are before it, since each look takes time from the pictures. */
  #pauseOf(place: Place): number {
    if (!this.#inside && this.#next() === place) return 0;
    let before = 0;
    for (const other of this.#places) {
      if (other === place) break;
      if (other.user === place.user) before++;
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
    if (![...this.#places].some(({ user }) => user === place.user)) this.#turns.delete(place.user);
  }

  #forgetGone(): void {
    const now = Date.now();
    for (const place of this.#places) if (now - place.seenAt > GONE_MS) this.#leave(place);
  }
}
