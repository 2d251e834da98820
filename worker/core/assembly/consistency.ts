/** Weak geometric consistency: how many votes for a target agree on how it is turned and scaled (Jégou et al., ECCV 2008). */

const TURN_BINS: i32 = 16;
const SCALE_BINS: i32 = 16;
const bins = memory.data(4 * 16 * 16, 16);

export function clearGeometry(): void {
  memory.fill(bins, 0, 4 * TURN_BINS * SCALE_BINS);
}

/** A vote of `weight` of the query's `feature` for a target feature of that direction (turns) and level. */
export function addGeometry(feature: usize, turns: f32, level: i32, weight: f32): void {
  const turn = <f32>load<u8>(feature, 5) / 256 - turns + 1;
  const turnBin = <i32>(turn * <f32>TURN_BINS) & (TURN_BINS - 1);
  const scaleBin = <i32>load<u8>(feature, 4) - level + SCALE_BINS / 2;
  const bin = bins + 4 * (scaleBin * TURN_BINS + turnBin);
  store<f32>(bin, load<f32>(bin) + weight);
}

/** The most votes in any 3 × 3 bins of turn (22.5 degrees each) and scale (a half octave each). */
export function densestGeometry(): f32 {
  let most: f32 = 0;
  for (let scale = 1; scale < SCALE_BINS - 1; scale++) {
    for (let turn = 0; turn < TURN_BINS; turn++) {
      let sum: f32 = 0;
      for (let d = -1; d <= 1; d++) {
        const row = bins + 4 * (scale + d) * TURN_BINS;
        sum += load<f32>(row + 4 * ((turn + TURN_BINS - 1) & (TURN_BINS - 1)));
        sum += load<f32>(row + 4 * turn) + load<f32>(row + 4 * ((turn + 1) & (TURN_BINS - 1)));
      }
      most = max(most, sum);
    }
  }
  return most;
}

/** Keeps the `most` highest of (value, number), highest first; returns the new count. */
export function insertRanked(list: usize, count: i32, most: i32, value: f32, number: i32): i32 {
  if (count == most) {
    if (value <= load<f32>(list + 8 * (most - 1))) return count;
    count--;
  }
  let at = list + 8 * count;
  for (; at > list && load<f32>(at - 8) < value; at -= 8) store<u64>(at, load<u64>(at - 8));
  store<f32>(at, value);
  store<i32>(at, number, 4);
  return count + 1;
}
