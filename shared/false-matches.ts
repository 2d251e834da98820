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
  { score: 50, falsePer10000: 84.2, falsePer10000Bound: 91.24, realPhotos: 308 },
  { score: 55, falsePer10000: 27.4, falsePer10000Bound: 31.57, realPhotos: 302 },
  { score: 60, falsePer10000: 10, falsePer10000Bound: 12.66, realPhotos: 298 },
  { score: 65, falsePer10000: 4.6, falsePer10000Bound: 6.52, realPhotos: 295 },
  { score: 70, falsePer10000: 2.2, falsePer10000Bound: 3.64, realPhotos: 281 },
  { score: 75, falsePer10000: 0.4, falsePer10000Bound: 1.26, realPhotos: 263 },
  { score: 80, falsePer10000: 0, falsePer10000Bound: 0.6, realPhotos: 241 },
];
