/** How false and how right answers thin out as the threshold on the score rises: the table of docs/benchmark.md. */

export interface ThresholdEffect {
  /** A `matchratio`. */
  readonly score: number;
  /** Of 10,000 frames that show other covers, so many are taken for one of the targets. */
  readonly falsePer10000: number;
  /** Upper bound of the same with 95 % confidence. */
  readonly falsePer10000Bound: number;
  /** Real photos recognized, of REAL_PHOTOS. */
  readonly realPhotos: number;
}

export const REAL_PHOTOS = 318;

export const thresholdEffects: readonly ThresholdEffect[] = [
  { score: 50, falsePer10000: 36.67, falsePer10000Bound: 42.35, realPhotos: 305 },
  { score: 55, falsePer10000: 17.22, falsePer10000Bound: 21.27, realPhotos: 303 },
  { score: 60, falsePer10000: 10.28, falsePer10000Bound: 13.52, realPhotos: 300 },
  { score: 65, falsePer10000: 6.39, falsePer10000Bound: 9.05, realPhotos: 298 },
  { score: 70, falsePer10000: 3.89, falsePer10000Bound: 6.08, realPhotos: 292 },
  { score: 75, falsePer10000: 1.94, falsePer10000Bound: 3.65, realPhotos: 282 },
  { score: 80, falsePer10000: 0.83, falsePer10000Bound: 2.15, realPhotos: 262 },
  { score: 85, falsePer10000: 0, falsePer10000Bound: 0.83, realPhotos: 235 },
];
