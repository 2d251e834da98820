/**
 * How false and how right answers thin out as the threshold on the score rises: the table of docs/benchmark.md.
 */

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
  { score: 50, falsePer10000: 16.2, falsePer10000Bound: 19.49, realPhotos: 305 },
  { score: 55, falsePer10000: 8.6, falsePer10000Bound: 11.09, realPhotos: 302 },
  { score: 60, falsePer10000: 4, falsePer10000Bound: 5.81, realPhotos: 302 },
  { score: 65, falsePer10000: 1.8, falsePer10000Bound: 3.14, realPhotos: 296 },
  { score: 70, falsePer10000: 0.8, falsePer10000Bound: 1.83, realPhotos: 294 },
  { score: 75, falsePer10000: 0.2, falsePer10000Bound: 0.95, realPhotos: 290 },
  { score: 80, falsePer10000: 0, falsePer10000Bound: 0.6, realPhotos: 275 },
  { score: 85, falsePer10000: 0, falsePer10000Bound: 0.6, realPhotos: 251 },
];
