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
  { score: 50, falsePer10000: 52.67, falsePer10000Bound: 63.47, realPhotos: 307 },
  { score: 55, falsePer10000: 27.33, falsePer10000Bound: 35.45, realPhotos: 302 },
  { score: 60, falsePer10000: 14, falsePer10000Bound: 20.15, realPhotos: 301 },
  { score: 65, falsePer10000: 8.67, falsePer10000Bound: 13.78, realPhotos: 296 },
  { score: 70, falsePer10000: 2.67, falsePer10000Bound: 6.1, realPhotos: 289 },
  { score: 75, falsePer10000: 1.33, falsePer10000Bound: 4.2, realPhotos: 276 },
  { score: 80, falsePer10000: 0.67, falsePer10000Bound: 3.16, realPhotos: 259 },
  { score: 85, falsePer10000: 0, falsePer10000Bound: 2, realPhotos: 226 },
];
