/** Small drawing helpers, each returning SVG text, of which every sample picture is composed. */

export type Point = readonly [number, number];

/** A sample picture: what samples.json says of it, and the function that draws its SVG content. */
export interface Picture {
  identifier: string;
  title: string;
  width: number;
  height: number;
  metadata: Record<string, string>;
  draw: () => string;
}

/** A seeded source of numbers, so that every run draws the same pictures. */
export function random(seed: number) {
  let state = seed;
  const value = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    value,
    between: (low: number, high: number) => low + (high - low) * value(),
    pick: <T>(list: readonly T[]): T => list[Math.floor(value() * list.length)] as T,
    chance: (probability: number) => value() < probability,
  };
}

export type Random = ReturnType<typeof random>;

/** Smooth two-dimensional value noise between 0 and 1. */
export function noise(seed: number) {
  const lattice = (x: number, y: number) => random(seed + x * 7919 + y * 104729).value();
  const ease = (t: number) => t * t * (3 - 2 * t);
  const mix = (a: number, b: number, t: number) => a + (b - a) * t;
  return (x: number, y: number) => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [ease(x - left), ease(y - top)];
    const upper = mix(lattice(left, top), lattice(left + 1, top), u);
    const lower = mix(lattice(left, top + 1), lattice(left + 1, top + 1), u);
    return mix(upper, lower, v);
  };
}

/** Reads points from text such as "0,0 12,40". */
export const pointsOf = (list: string) =>
  list.split(" ").map((pair) => pair.split(",").map(Number) as [number, number]);

/** Reads rows of two to four numbers, such as x, y, size and turn, from text such as "0 0 2 45, 12 40 3 90". */
export const rowsOf = (list: string) =>
  list.split(", ").map((row) => row.split(" ").map(Number) as [number, number, number, number]);

/** Joins what `draw` returns for 0 … count - 1. */
export const times = (count: number, draw: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => draw(i)).join("");

/** Joins what `draw` returns for each item. */
export const each = <T>(items: readonly T[], draw: (item: T, index: number) => string) => items.map(draw).join("");

const escaped = (content: string) => content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function element(name: string, attributes: Record<string, string | number>, content = "") {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`);
  return `<${name}${list.join("")}>${content}</${name}>`;
}

export const rect = (x: number, y: number, width: number, height: number, style: string, rx = 0) =>
  element("rect", { x, y, width, height, rx, style });

export const circle = (cx: number, cy: number, r: number, style: string) => element("circle", { cx, cy, r, style });

export const ellipse = (cx: number, cy: number, rx: number, ry: number, style: string) =>
  element("ellipse", { cx, cy, rx, ry, style });

export const line = (x1: number, y1: number, x2: number, y2: number, style: string) =>
  element("line", { x1, y1, x2, y2, style });

export const path = (d: string, style: string) => element("path", { d, style });

/** A polygon from its corners, or from their text as SVG writes it. */
export const polygon = (corners: readonly Point[] | string, style: string) =>
  element("polygon", { points: typeof corners === "string" ? corners : corners.join(" "), style });

export const text = (x: number, y: number, content: string, style: string) =>
  element("text", { x, y, style }, escaped(content));

/** Text squeezed or stretched to an exact width. */
export const fitted = (x: number, y: number, width: number, content: string, style: string) =>
  element("text", { x, y, textLength: width, lengthAdjust: "spacingAndGlyphs", style }, escaped(content));

/** Text centered on the middle of a path. */
export const textAlong = (id: string, d: string, content: string, style: string) =>
  element("defs", {}, element("path", { id, d })) +
  element(
    "text",
    { style: `text-anchor:middle;${style}` },
    element("textPath", { href: `#${id}`, startOffset: "50%" }, escaped(content)),
  );

export const group = (style: string, content: string) => element("g", { style }, content);

/** Moves, turns (degrees) and scales what was drawn around the origin. */
export function place(x: number, y: number, content: string, turn = 0, scaleX = 1, scaleY = scaleX) {
  return element("g", { transform: `translate(${x} ${y}) rotate(${turn}) scale(${scaleX} ${scaleY})` }, content);
}

/** Shows only the part of the content that lies inside the shape. */
export const clip = (id: string, shape: string, content: string) =>
  element("clipPath", { id }, shape) + element("g", { "clip-path": `url(#${id})` }, content);

const stops = (colors: readonly string[]) =>
  each(colors, (color, i) => element("stop", { offset: i / (colors.length - 1), "stop-color": color }));

/** A gradient from top to bottom; use it as fill:url(#id). */
export const gradient = (id: string, colors: readonly string[]) =>
  element("linearGradient", { id, x2: 0, y2: 1 }, stops(colors));

/** A gradient from the middle outward; use it as fill:url(#id). */
export const glow = (id: string, colors: readonly string[]) => element("radialGradient", { id }, stops(colors));

/** The point at a distance and an angle (degrees, clockwise from the right) from a center. */
export function polar(x: number, y: number, radius: number, degrees: number): Point {
  const angle = (degrees * Math.PI) / 180;
  return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
}

/** The corners of a star, or with equal radii of a regular polygon. */
export const star = (x: number, y: number, outer: number, inner: number, tips: number, turn = -90): Point[] =>
  Array.from({ length: tips * 2 }, (_, i) => polar(x, y, i % 2 ? inner : outer, turn + (i * 180) / tips));

/** A straight-edged path through the points. */
export const edges = (stops: readonly Point[], closed = false) => `M${stops.join("L")}${closed ? "Z" : ""}`;

/** A smooth path through the points (Catmull-Rom). */
export function curve(points: readonly Point[], closed = false) {
  const count = points.length;
  const at = (i: number) => points[closed ? (i + count) % count : Math.min(Math.max(i, 0), count - 1)] as Point;
  const piece = (i: number) => {
    const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const out: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const into: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    return `C${out} ${into} ${to}`;
  };
  const pieces = Array.from({ length: closed ? count : count - 1 }, (_, i) => piece(i));
  return `M${points[0]}${pieces.join("")}${closed ? "Z" : ""}`;
}

/** A smooth band along the points, as wide as `width` says at each part (0 … 1) of the way. */
export function ribbon(points: readonly Point[], width: (part: number) => number) {
  const last = points.length - 1;
  const side = (sign: number) =>
    points.map(([x, y], i): Point => {
      const [from, to] = [points[Math.max(i - 1, 0)] as Point, points[Math.min(i + 1, last)] as Point];
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const reach = (sign * width(i / last)) / 2 / Math.hypot(dx, dy);
      return [x - dy * reach, y + dx * reach];
    });
  return curve([...side(1), ...side(-1).reverse()], true);
}

/** Points along a function of a part that runs from 0 to 1. */
export const along = (count: number, at: (part: number) => Point): Point[] =>
  Array.from({ length: count + 1 }, (_, i) => at(i / count));

/** The path of everything in a rectangle from the origin where the field is above the level. */
export function above(
  field: (x: number, y: number) => number,
  level: number,
  width: number,
  height: number,
  step: number,
) {
  let d = "";
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) d += cellAbove(field, level, x, y, step);
  }
  return d;
}

function cellAbove(field: (x: number, y: number) => number, level: number, x: number, y: number, step: number) {
  const corners: Point[] = [
    [x, y],
    [x + step, y],
    [x + step, y + step],
    [x, y + step],
  ];
  const heights = corners.map((corner) => field(...corner) - level);
  const kept = corners.flatMap((corner, i) => {
    const [here, next] = [heights[i] as number, heights[(i + 1) % 4] as number];
    const [cornerX, cornerY] = corners[(i + 1) % 4] as Point;
    const part = here / (here - next);
    const crossing: Point = [corner[0] + (cornerX - corner[0]) * part, corner[1] + (cornerY - corner[1]) * part];
    return [...(here > 0 ? [corner] : []), ...(here > 0 !== next > 0 ? [crossing] : [])];
  });
  return kept.length ? edges(kept, true) : "";
}
