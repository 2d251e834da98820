/** From the frame to the screen: the target's quad under an aspect-fill view, and the style that lays a box on it. */

import { type Homography, multiply, type Point, scaling } from "../../shared/homography.ts";
import type { Region } from "./frame.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Quad = readonly [Point, Point, Point, Point];

/** Four finite corners that turn the same way; undefined where they are not: such a quad is nobody's picture. */
export function quadOf(corners: readonly Point[] | undefined): Quad | undefined {
  if (corners?.length !== 4 || !corners.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y))) return undefined;
  const quad = corners as unknown as Quad;
  const turns = quad.map((corner, i) => cross(corner, quad[(i + 1) % 4] as Point, quad[(i + 2) % 4] as Point));
  return turns.every((turn) => turn > 0) || turns.every((turn) => turn < 0) ? quad : undefined;
}

function cross([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - by) - (by - ay) * (cx - bx);
}

export function mapQuad(quad: Quad, map: (corner: Point) => Point): Quad {
  return quad.map(map) as unknown as Quad;
}

/** From 0–1 of a region of the frame to 0–1 of the frame. */
export function fromRegion(quad: Quad, [left, top, width, height]: Region): Quad {
  return mapQuad(quad, ([x, y]) => [left + x * width, top + y * height]);
}

/** From 0–1 of the frame to px of a view that the frame fills, cut where it is too long: `<camera>` shows itself so. */
export function fillView(quad: Quad, frame: Size, view: Size): Quad {
  const scale = Math.max(view.width / frame.width, view.height / frame.height);
  const left = (view.width - frame.width * scale) / 2;
  const top = (view.height - frame.height * scale) / 2;
  return mapQuad(quad, ([x, y]) => [left + x * frame.width * scale, top + y * frame.height * scale]);
}

/** Takes a box of this size to the quad (Heckbert, Fundamentals of Texture Mapping, 1989, section 2.2.3). */
export function quadFromBox({ width, height }: Size, quad: Quad): Homography {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = quad;
  const [dx1, dx2, sx] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, sy] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / determinant;
  const h = (dx1 * sy - sx * dy1) / determinant;
  const fromUnit = [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
  return multiply(fromUnit, scaling(1 / width, 1 / height));
}

/** CSS wants 4 × 4, column by column; `transform-origin` must be the top left corner. */
export function matrix3d(h: Homography): string {
  const [a, b, c, d, e, f, g, i, w] = h as readonly [number, ...number[]];
  const columns = [a, d, 0, g, b, e, 0, i, 0, 0, 1, 0, c, f, 0, w];
  return `matrix3d(${columns.map((value) => round(value as number)).join(",")})`;
}

/** No exponents: older web views refuse them; ten digits keep perspective terms. */
function round(value: number): string {
  return value
    .toFixed(10)
    .replace(/\.?0+$/, "")
    .replace(/^-0$/, "0");
}
