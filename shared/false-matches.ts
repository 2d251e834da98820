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
  { score: 50, falsePer10000: 50.4, falsePer10000Bound: 55.93, realPhotos: 307 },
  { score: 55, falsePer10000: 23, falsePer10000Bound: 26.85, realPhotos: 302 },
  { score: 60, falsePer10000: 11.2, falsePer10000Bound: 13.99, realPhotos: 301 },
  { score: 65, falsePer10000: 6, falsePer10000Bound: 8.14, realPhotos: 296 },
  { score: 70, falsePer10000: 3.2, falsePer10000Bound: 4.86, realPhotos: 289 },
  { score: 75, falsePer10000: 1.6, falsePer10000Bound: 2.89, realPhotos: 276 },
  { score: 80, falsePer10000: 0.4, falsePer10000Bound: 1.26, realPhotos: 261 },
  { score: 85, falsePer10000: 0, falsePer10000Bound: 0.6, realPhotos: 232 },
];
