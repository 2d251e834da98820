/** What can be fuzzed: a target draws inputs that are nearly right, and says of each what went wrong with it, if anything did. */

import type { Random } from "../../shared/random.ts";

export interface Target {
  /** The next input, as the bytes that a finding is saved as; the same for the same random numbers. */
  draw(random: Random): Uint8Array;
  /** Undefined where the input was taken or refused as documented; a sentence where it was not. What it throws is a finding, too. */
  execute(input: Uint8Array): Promise<string | undefined> | string | undefined;
}

/** A documented answer comes within this, however hostile the input. */
const MILLISECONDS_MOST = 1000;

/** What is wrong about the target's handling of the input, in one sentence. */
export async function findingOf(target: Target, input: Uint8Array): Promise<string | undefined> {
  const start = performance.now();
  try {
    const finding = await target.execute(input);
    const took = performance.now() - start;
    return finding ?? (took > MILLISECONDS_MOST ? `it took ${Math.round(took)} ms` : undefined);
  } catch (error) {
    return `it threw ${error instanceof Error ? `${error.name}: ${error.message}` : error}`;
  }
}
