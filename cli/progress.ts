/** How far a long command is, on stderr: a bar that redraws itself on a terminal, a line for each step elsewhere. */

import type { WriteStream } from "node:tty";

export interface Progress {
  /** One of the steps is done. */
  step(what: string): void;
  /** Nothing moves, and why. */
  waiting(why: string): void;
  end(): void;
}

export interface ProgressState {
  readonly done: number;
  readonly total: number;
  /** Steps per second; undefined until it is known. */
  readonly rate: number | undefined;
  readonly note: string;
}

const REDRAW_MS = 100;
/** The rate is that of the last so many steps: what was there already goes faster than what has to be sent. */
const RECENT_STEPS = 50;
const BAR_WIDTH = 30;
const COLUMNS_DEFAULT = 80;

export function showProgress(stream: WriteStream, total: number): Progress {
  return stream.isTTY && process.env.TERM !== "dumb" ? showBar(stream, total) : writeLines(stream, total);
}

function showBar(stream: WriteStream, total: number): Progress {
  const times = [performance.now()];
  let done = 0;
  let note = "";
  const draw = () => {
    const state = { done, total, rate: recentRate(times, performance.now()), note };
    stream.write(`\r${progressText(state, stream.columns || COLUMNS_DEFAULT)}\x1b[K`);
  };
  const timer = setInterval(draw, REDRAW_MS);
  draw();
  return {
    step: () => {
      done++;
      note = "";
      times.push(performance.now());
      if (times.length > RECENT_STEPS) times.shift();
    },
    waiting: (why) => {
      note = why;
    },
    end: () => {
      clearInterval(timer);
      stream.write("\r\x1b[K");
    },
  };
}

function writeLines(stream: NodeJS.WritableStream, total: number): Progress {
  let done = 0;
  return {
    step: (what) => void stream.write(`[${++done}/${total}] ${what}\n`),
    waiting: (why) => void stream.write(`${why}\n`),
    end: () => {},
  };
}

/** The bar as one line that fits the terminal: bar, share, count, rate, and the time left or a note. */
export function progressText({ done, total, rate, note }: ProgressState, columns: number): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  const facts = [`${Math.floor(share * 100)}%`.padStart(4), `${String(done).padStart(String(total).length)}/${total}`];
  if (rate !== undefined) facts.push(`${rate.toFixed(1)}/s`);
  if (note) facts.push(note);
  else if (rate) facts.push(`${durationText((total - done) / rate)} left`);
  const text = [bar, ...facts].join("  ");
  const fitting = text.length < columns ? text : facts.join("  ").trim();
  return fitting.slice(0, columns - 1);
}

/** Steps per second since the first of the recent times, which are in ms. */
export function recentRate(times: readonly number[], now: number): number | undefined {
  const [first] = times;
  if (first === undefined || times.length < 2) return undefined;
  return ((times.length - 1) * 1000) / Math.max(1, now - first);
}

export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
