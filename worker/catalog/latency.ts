/** How long questions took, as counts in classes that grow by a tenth each: percentiles of any number of them, to 10 %. */

import type { Latency } from "../../shared/protocol.ts";

const GROWTH = 1.1;

export interface LatencyClass {
  readonly class: number;
  readonly count: number;
}

/** The class of a time; those below 1 ms share class 0. */
export function latencyClass(ms: number): number {
  return ms <= 1 ? 0 : Math.ceil(Math.log(ms) / Math.log(GROWTH));
}

/** The times that 50, 95 and 99 of 100 questions did not exceed, rounded up to their class; undefined for none. */
export function percentiles(classes: readonly LatencyClass[]): Latency | undefined {
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return undefined;
  const sorted = [...classes].sort((a, b) => a.class - b.class);
  const at = (share: number) => {
    let left = Math.ceil(share * total);
    for (const { class: index, count } of sorted) {
      left -= count;
      if (left <= 0) return Math.round(10 * GROWTH ** index) / 10;
    }
    throw new RangeError("more questions than were counted");
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
