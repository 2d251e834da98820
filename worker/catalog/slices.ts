/** Long work in slices, between which questions are answered. */

/** So many targets are read or written at a stretch. */
export const SLICE_TARGETS = 128;

export function* slices(ids: readonly number[]): Generator<readonly number[]> {
  for (let i = 0; i < ids.length; i += SLICE_TARGETS) yield ids.slice(i, i + SLICE_TARGETS);
}

/** Lets what waits be done first. */
export function othersTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
