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
/** Of these, so many for one user, and so many in one channel: the others have the rest. */
export const USER_MOST = 24;
export const CHANNEL_MOST = 16;

export interface Seat {
  /** Whether there is room to work for this channel of this user; asked once it is known who calls, or says so. */
  claim(user: string, channel: string): boolean;
  leave(): void;
}

export class Admission {
  #arriving = 0;
  #bytes = 0;
  #working = 0;
  /** Of these, how many for each user, and in each channel. */
  readonly #shares = new Map<string, number>();

  /** Undefined where too much is arriving already. A call alone is always let in. */
  enter(bytes: number): Seat | undefined {
    if (this.#arriving >= ARRIVING_MOST) return undefined;
    if (this.#arriving > 0 && this.#bytes + bytes > ARRIVING_BYTES_MOST) return undefined;
    this.#arriving++;
    this.#bytes += bytes;
    let claimed: readonly string[] = [];
    return {
      claim: (user, channel) => {
        if (claimed.length > 0) return true;
        const shares = [user, `${user}\0${channel}`] as const;
        if (this.#working >= WORKING_MOST) return false;
        if (this.#shareOf(shares[0]) >= USER_MOST || this.#shareOf(shares[1]) >= CHANNEL_MOST) return false;
        claimed = shares;
        this.#working++;
        for (const share of shares) this.#shares.set(share, this.#shareOf(share) + 1);
        return true;
      },
      leave: () => {
        this.#arriving--;
        this.#bytes -= bytes;
        if (claimed.length > 0) this.#working--;
        for (const share of claimed) this.#giveBack(share);
      },
    };
  }

  #shareOf(share: string): number {
    return this.#shares.get(share) ?? 0;
  }

  #giveBack(share: string): void {
    const left = this.#shareOf(share) - 1;
    if (left > 0) this.#shares.set(share, left);
    else this.#shares.delete(share);
  }
}
