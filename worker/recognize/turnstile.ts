/** Lets one picture at a time be decoded in an isolate: requests share its 128 MB. */

import { failure, type Result, reasons } from "../../shared/reason.ts";

/** Waiting longer than this many pictures take is worse for a phone than coming back. */
export const WAITING_MOST = 32;
const RETRY_SECONDS = 1;

export class Turnstile {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` after all work before it; refuses where too much is waiting. */
  async pass<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    if (this.#waiting >= WAITING_MOST) return failure(reasons.busy("too many pictures at once", RETRY_SECONDS));
    this.#waiting++;
    const turn = this.#last.then(work).finally(() => {
      this.#waiting--;
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}
