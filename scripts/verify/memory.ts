/** Memory over time, how much it grows, and a picture of it. */

import { execFileSync } from "node:child_process";

/** Megabytes. */
export interface Sample {
  readonly seconds: number;
  /** Of workerd, as Linux counts it. */
  readonly resident: number;
  /** Of the Worker's isolate after a collection: heap and WebAssembly. */
  readonly isolate: number;
}

export type Measure = "resident" | "isolate";

/** Medians of the second and of the last fifth of the samples: the first fifth warms up. */
export interface Growth {
  readonly early: number;
  readonly late: number;
  readonly percent: string;
  readonly most: number;
}

/** Of all processes named workerd in the process group. */
export function residentMegabytes(group: number): number {
  return execFileSync("ps", ["-eo", "pgid,rss,comm"], { encoding: "utf8" })
    .split("\n")
    .map((row) => row.trim().split(/\s+/))
    .filter(([pgid, , name]) => Number(pgid) === group && name === "workerd")
    .reduce((sum, [, kilobytes]) => sum + Number(kilobytes) / 1024, 0);
}

export function growthOf(samples: readonly Sample[], measure: Measure): Growth {
  const fifth = (index: number) =>
    samples.slice(Math.floor((index * samples.length) / 5), Math.floor(((index + 1) * samples.length) / 5));
  const [early, late] = [medianOf(fifth(1), measure), medianOf(fifth(4), measure)];
  return {
    early,
    late,
    percent: `${late >= early ? "+" : ""}${((100 * (late - early)) / early).toFixed(1)}`,
    most: Math.max(...samples.map((sample) => sample[measure])),
  };
}

function medianOf(samples: readonly Sample[], measure: Measure): number {
  const sorted = samples.map((sample) => sample[measure]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const PLOT = { left: 56, top: 34, width: 640, height: 200 };
const LINES = [
  { measure: "resident", color: "#b4551d", label: "workerd, resident" },
  { measure: "isolate", color: "#0b3c7a", label: "the Worker's isolate" },
] as const;

/** An SVG file: megabytes over minutes. */
export function drawMemory(samples: readonly Sample[], title: string): string {
  const end = samples.at(-1)?.seconds ?? 1;
  const top = 100 * Math.ceil(Math.max(...samples.map(({ resident }) => resident)) / 100);
  const x = (seconds: number) => (PLOT.left + (PLOT.width * seconds) / end).toFixed(1);
  const y = (megabytes: number) => (PLOT.top + PLOT.height * (1 - megabytes / top)).toFixed(1);
  const grid = [0, 0.5, 1].map((share) => {
    const label = `<text x="${PLOT.left - 6}" y="${Number(y(share * top)) + 4}" text-anchor="end">${share * top} MB</text>`;
    return `<path d="M${PLOT.left} ${y(share * top)}h${PLOT.width}" stroke="#ddd"/>${label}`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<text x="${x(share * end)}" y="${PLOT.top + PLOT.height + 18}" text-anchor="middle">${((share * end) / 60).toFixed(1)} min</text>`,
  );
  const lines = LINES.map(({ measure, color, label }, i) => {
    const points = samples.map((sample) => `${x(sample.seconds)},${y(sample[measure])}`).join(" ");
    const name = `<text x="${PLOT.left + 420 + 130 * i}" y="20" fill="${color}">${label}</text>`;
    return `${name}<polyline points="${points}" fill="none" stroke="${color}" stroke-width="1.5"/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 270" font-family="sans-serif" font-size="11" fill="#555">`,
    `<title>${title}</title>`,
    `<rect width="720" height="270" fill="#fff"/>`,
    `<text x="${PLOT.left}" y="20" font-weight="bold" font-size="13" fill="#000">${title}</text>`,
    ...grid,
    ...ticks,
    ...lines,
    "</svg>\n",
  ].join("\n");
}
