/** A picture of curves: one small chart a condition, as SVG. */

export interface Chart {
  readonly title: string;
  readonly unit: string;
  /** Labels of the steps from left to right. */
  readonly steps: readonly string[];
  /** A value in 0–1 for each step. */
  readonly lines: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const COLUMNS = 4;
const CELL = { width: 250, height: 190 };
const PLOT = { left: 44, top: 34, width: 190, height: 100 };
const LEGEND_PX = 30;
/** They differ in lightness too, for color-blind readers and printers. */
const COLORS = ["#0b3c7a", "#d9822b", "#7fb069"];

export function drawCurves(charts: readonly Chart[]): string {
  const width = COLUMNS * CELL.width;
  const height = LEGEND_PX + Math.ceil(charts.length / COLUMNS) * CELL.height;
  const names = charts[0]?.lines.map(({ name }) => name) ?? [];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    "<title>Recall by strength of each condition</title>",
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...names.map(drawKey),
    ...charts.map(drawChart),
    "</svg>\n",
  ].join("\n");
}

function drawKey(name: string, i: number): string {
  const x = PLOT.left + i * CELL.width;
  return `<path d="M${x} 16h24" stroke="${COLORS[i]}" stroke-width="2"/><text x="${x + 30}" y="20">${escaped(name)}</text>`;
}

function drawChart({ title, unit, steps, lines }: Chart, index: number): string {
  const left = (index % COLUMNS) * CELL.width + PLOT.left;
  const top = LEGEND_PX + Math.floor(index / COLUMNS) * CELL.height + PLOT.top;
  const x = (i: number) => round(left + (i * PLOT.width) / Math.max(1, steps.length - 1));
  const y = (value: number) => round(top + (1 - value) * PLOT.height);
  const grid = [0, 0.5, 1].map(
    (value) =>
      `<path d="M${left} ${y(value)}h${PLOT.width}" stroke="#ddd"/>` +
      `<text x="${left - 6}" y="${y(value) + 4}" text-anchor="end" fill="#555">${100 * value} %</text>`,
  );
  const ticks = steps.map(
    (step, i) => `<text x="${x(i)}" y="${y(0) + 16}" text-anchor="middle" fill="#555">${escaped(step)}</text>`,
  );
  const curves = lines.map(({ values }, line) => {
    const points = values.map((value, i) => `${x(i)},${y(value)}`).join(" ");
    return `<polyline points="${points}" fill="none" stroke="${COLORS[line]}" stroke-width="2"/>`;
  });
  return [
    `<text x="${left}" y="${top - 12}" font-weight="bold" font-size="13">${escaped(title)}</text>`,
    ...grid,
    ...ticks,
    `<text x="${left + PLOT.width / 2}" y="${y(0) + 32}" text-anchor="middle" fill="#555">${escaped(unit)}</text>`,
    ...curves.reverse(),
  ].join("\n");
}

function round(px: number): number {
  return Math.round(10 * px) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
