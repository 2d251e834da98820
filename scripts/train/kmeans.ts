/** Lloyd's k-means, for the codebooks of visual words. */

import type { Random } from "../../shared/random.ts";

/** `count` centers of the points, which lie one after the other, `size` values each. */
export function kMeans(
  points: Float32Array,
  size: number,
  count: number,
  rounds: number,
  random: Random,
): Float32Array {
  const pointCount = points.length / size;
  const pick = () => Math.floor(random() * pointCount) * size;
  const centers = new Float32Array(count * size);
  for (let c = 0; c < count; c++) centers.set(points.subarray(...span(pick(), size)), c * size);
  for (let round = 0; round < rounds; round++) {
    const sums = new Float64Array(count * size);
    const counts = new Uint32Array(count);
    for (let p = 0; p < pointCount; p++) {
      const nearest = nearestCenter(points, p * size, centers, size);
      counts[nearest] = (counts[nearest] as number) + 1;
      for (let i = 0; i < size; i++)
        sums[nearest * size + i] = (sums[nearest * size + i] as number) + (points[p * size + i] as number);
    }
    for (let c = 0; c < count; c++) {
      if (counts[c] === 0) centers.set(points.subarray(...span(pick(), size)), c * size);
      else
        for (let i = 0; i < size; i++) centers[c * size + i] = (sums[c * size + i] as number) / (counts[c] as number);
    }
  }
  return centers;
}

function span(start: number, size: number): [number, number] {
  return [start, start + size];
}

/** The number of the center that is nearest to the point that begins at `at`. */
export function nearestCenter(points: Float32Array, at: number, centers: Float32Array, size: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let c = 0; c * size < centers.length; c++) {
    let distance = 0;
    for (let i = 0; i < size; i++) distance += ((points[at + i] as number) - (centers[c * size + i] as number)) ** 2;
    if (distance < least) {
      least = distance;
      best = c;
    }
  }
  return best;
}
