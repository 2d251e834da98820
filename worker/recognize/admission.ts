/**
 * How many calls with pictures one isolate takes on. Work on a picture does not give way to others, so a queue before it
 * would be seen nowhere: it grows where the platform keeps requests, until all of them are too late. What is over the
 * limits is told at once when to come back.
 */

/** Calls that send their pictures, and bytes of them: requests share the isolate's 128 MB. */
export const ARRIVING_MOST = 40;
export const ARRIVING_BYTES_MOST = 24 * 2 ** 20;
/** Calls whose pictures are worked on, one after the other: later is too late for a phone. */
export const WORKING_MOST = 32;
/** Of these, so many for one user: the others have the rest. */
export const USER_MOST = 16;

export interface Seat {
  /** Whether there is room to work for this user; asked once it is known who calls, or says so. */
  claim(user: string): boolean;
  leave(): void;
}

export class Admission {
  #arriving = 0;
  #bytes = 0;
  #working = 0;
  readonly #users = new Map<string, number>();

  /** Undefined where too much is arriving already. A call alone is always let in. */
  enter(bytes: number): Seat | undefined {
    if (this.#arriving >= ARRIVING_MOST) return undefined;
    if (this.#arriving > 0 && this.#bytes + bytes > ARRIVING_BYTES_MOST) return undefined;
    this.#arriving++;
    this.#bytes += bytes;
    let claimed: string | undefined;
    return {
      claim: (user) => {
        if (claimed !== undefined) return true;
        const mine = this.#users.get(user) ?? 0;
        if (this.#working >= WORKING_MOST || mine >= USER_MOST) return false;
        claimed = user;
        this.#working++;
        this.#users.set(user, mine + 1);
        return true;
      },
      leave: () => {
        this.#arriving--;
        this.#bytes -= bytes;
        if (claimed !== undefined) this.#release(claimed);
      },
    };
  }

  #release(user: string): void {
    this.#working--;
    const left = (this.#users.get(user) ?? 0) - 1;
    if (left > 0) this.#users.set(user, left);
    else this.#users.delete(user);
  }
}
