/** Charts by day, drawn as SVG at the width that there is: stacked bars, and lines; each with its numbers as a table. */

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { number, t } from "../i18n.ts";
import { writeDay } from "../statistics/days.ts";

export interface Series {
  readonly name: string;
  /** Names its color in charts.css. */
  readonly tone: string;
  /** One for each day; undefined where there is none. */
  readonly values: readonly (number | undefined)[];
}

interface Props {
  readonly days: readonly string[];
  readonly series: readonly Series[];
  readonly unit?: string;
}

const HEIGHT_PX = 200;
const MARGIN = { left: 44, right: 8, top: 10, bottom: 24 };
const TICKS = 4;

export function StackedBars(props: Props) {
  const { days, series } = props;
  const sums = days.map((_, i) => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0));
  return (
    <Chart {...props} most={Math.max(...sums)}>
      {({ x, y, step }) =>
        days.map((day, i) => {
          let below = 0;
          return (
            <g key={day}>
              <title>{wordsOn(day, series, i)}</title>
              {series.map(({ name, tone, values }) => {
                const from = below;
                below += values[i] ?? 0;
                const width = Math.max(1, Math.min(28, step * 0.7));
                const top = y(below);
                return (
                  <rect
                    key={name}
                    class={`bar ${tone}`}
                    x={x(i) - width / 2}
                    y={top}
                    width={width}
                    height={y(from) - top}
                  />
                );
              })}
            </g>
          );
        })
      }
    </Chart>
  );
}

/** Days without a value are left out; a day alone is a dot. */
export function Lines(props: Props) {
  const { days, series } = props;
  const most = Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  return (
    <Chart {...props} most={most}>
      {({ x, y }) =>
        series.map(({ name, tone, values }) => {
          const points = days.flatMap((_, i) => {
            const value = values[i];
            return value === undefined ? [] : [[x(i), y(value)] as const];
          });
          return (
            <g key={name}>
              <path
                class={`line ${tone}`}
                d={points.map((point, i) => `${i ? "L" : "M"}${point.join(" ")}`).join("")}
              />
              {points.map(([cx, cy]) => (
                <circle key={cx} class={`dot ${tone}`} cx={cx} cy={cy} r={3} />
              ))}
            </g>
          );
        })
      }
    </Chart>
  );
}

interface Scale {
  readonly x: (day: number) => number;
  readonly y: (value: number) => number;
  /** px between two days. */
  readonly step: number;
}

interface ChartProps extends Props {
  readonly most: number;
  readonly children: (scale: Scale) => preact.ComponentChildren;
}

function Chart({ days, series, unit = "", most, children }: ChartProps) {
  const [holder, width] = useWidth();
  const ticks = ticksUpTo(most);
  const top = ticks.at(-1) || 1;
  const step = (width - MARGIN.left - MARGIN.right) / days.length;
  const x = (day: number) => MARGIN.left + step * (day + 0.5);
  const y = (value: number) => MARGIN.top + (HEIGHT_PX - MARGIN.top - MARGIN.bottom) * (1 - value / top);
  const labelled = [...new Set([0, Math.floor((days.length - 1) / 2), days.length - 1])];
  return (
    <div ref={holder} class="chart">
      <svg width={width} height={HEIGHT_PX} role="img" aria-label={series.map(({ name }) => name).join(", ")}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="axis" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
            <text x={MARGIN.left - 8} y={y(tick) + 4} text-anchor="end">
              {number(tick, 1)}
            </text>
          </g>
        ))}
        {labelled.map((day, i) => (
          <text key={day} x={x(day)} y={HEIGHT_PX - 6} text-anchor={i === 0 ? "start" : i === 1 ? "middle" : "end"}>
            {writeDay(days[day] as string)}
          </text>
        ))}
        {children({ x, y, step })}
      </svg>
      <p class="legend">
        {series.map(({ name, tone }) => (
          <span key={name} class={tone}>
            {name}
          </span>
        ))}
        {unit && <span class="unit">{unit}</span>}
      </p>
      <Numbers days={days} series={series} />
    </div>
  );
}

function Numbers({ days, series }: Props) {
  return (
    <details class="numbers">
      <summary>{t("asTable")}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keyboard */}
      <section class="scroll" tabIndex={0} aria-label={t("asTable")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("day")}</th>
              {series.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map(
              (day, i) =>
                series.some(({ values }) => values[i]) && (
                  <tr key={day}>
                    <th scope="row">{writeDay(day, true)}</th>
                    {series.map(({ name, values }) => (
                      <td key={name}>{values[i] === undefined ? "" : number(values[i], 1)}</td>
                    ))}
                  </tr>
                ),
            )}
          </tbody>
        </table>
      </section>
    </details>
  );
}

function wordsOn(day: string, series: readonly Series[], i: number): string {
  return [writeDay(day, true), ...series.map(({ name, values }) => `${name} ${number(values[i] ?? 0)}`)].join(" · ");
}

/** From 0 in round steps to the first one that is not below `most`. */
function ticksUpTo(most: number): number[] {
  const rough = Math.max(most, 1) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power);
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

/** The width of the element that the reference is given to, px. */
export function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const holder = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(320);
  useEffect(() => {
    const element = holder.current as HTMLDivElement;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [holder, width];
}
