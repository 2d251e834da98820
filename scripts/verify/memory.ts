/** Memory of workerd over time, as Linux counts it (resident set), and a picture of it. */

import { execFileSync } from "node:child_process";

export interface Sample {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Medians of the second and of the last fifth of the samples: the first fifth warms up. */
export interface Growth {
  readonly early: number;
  readonly late: number;
  readonly percent: string;
  readonly most: number;
}

export class Memory {
  readonly #samples: Sample[] = [];
  readonly #began = performance.now();
  readonly #timer: NodeJS.Timeout;

  /** Of all processes named workerd in the process group. */
  constructor(group: number, everyMs: number) {
    this.#timer = setInterval(() => {
      const megabytes = residentMegabytes(group);
      this.#samples.push({ seconds: (performance.now() - this.#began) / 1000, megabytes });
    }, everyMs);
  }

  get latest(): number {
    return Math.round(this.#samples.at(-1)?.megabytes ?? 0);
  }

  stop(): readonly Sample[] {
    clearInterval(this.#timer);
    return this.#samples;
  }
}

export function residentMegabytes(group: number): number {
  return execFileSync("ps", ["-eo", "pgid,rss,comm"], { encoding: "utf8" })
    .split("\n")
    .map((row) => row.trim().split(/\s+/))
    .filter(([pgid, , name]) => Number(pgid) === group && name === "workerd")
    .reduce((sum, [, kilobytes]) => sum + Number(kilobytes) / 1024, 0);
}

export function growthOf(samples: readonly Sample[]): Growth {
  const fifth = (index: number) =>
    samples.slice(Math.floor((index * samples.length) / 5), Math.floor(((index + 1) * samples.length) / 5));
  const [early, late] = [medianOf(fifth(1)), medianOf(fifth(4))];
  return {
    early: Math.round(early),
    late: Math.round(late),
    percent: `${late >= early ? "+" : ""}${((100 * (late - early)) / early).toFixed(1)}`,
    most: Math.round(Math.max(...samples.map(({ megabytes }) => megabytes))),
  };
}

function medianOf(samples: readonly Sample[]): number {
  const sorted = samples.map(({ megabytes }) => megabytes).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const PLOT = { left: 56, top: 34, width: 640, height: 200 };

/** An SVG file: megabytes over minutes. */
export function drawMemory(samples: readonly Sample[], title: string): string {
  const end = samples.at(-1)?.seconds ?? 1;
  const top = 100 * Math.ceil(Math.max(...samples.map(({ megabytes }) => megabytes)) / 100);
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
  const points = samples.map(({ seconds, megabytes }) => `${x(seconds)},${y(megabytes)}`).join(" ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 270" font-family="sans-serif" font-size="11" fill="#555">`,
    `<title>${title}</title>`,
    `<rect width="720" height="270" fill="#fff"/>`,
    `<text x="${PLOT.left}" y="20" font-weight="bold" font-size="13" fill="#000">Resident memory of ${title}</text>`,
    ...grid,
    ...ticks,
    `<polyline points="${points}" fill="none" stroke="#0b3c7a" stroke-width="1.5"/>`,
    "</svg>\n",
  ].join("\n");
}
