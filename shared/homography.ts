/** Plane projective maps: nine numbers, row by row. Named by their spaces: `queryFromTarget` takes target px to query px. */

export type Homography = readonly number[];
export type Point = readonly [x: number, y: number];

export function applyHomography(h: Homography, [x, y]: Point): Point {
  const z = at(h, 6) * x + at(h, 7) * y + at(h, 8);
  return [(at(h, 0) * x + at(h, 1) * y + at(h, 2)) / z, (at(h, 3) * x + at(h, 4) * y + at(h, 5)) / z];
}

/** `multiply(cFromB, bFromA)` is `cFromA`. */
export function multiply(left: Homography, right: Homography): Homography {
  return Array.from({ length: 9 }, (_, i) => {
    const row = 3 * Math.floor(i / 3);
    const column = i % 3;
    return (
      at(left, row) * at(right, column) +
      at(left, row + 1) * at(right, column + 3) +
      at(left, row + 2) * at(right, column + 6)
    );
  });
}

/** The inverse up to scale, by the adjugate; throws where there is none. */
export function invert(h: Homography): Homography {
  const cofactor = (a: number, b: number, c: number, d: number) => at(h, a) * at(h, d) - at(h, b) * at(h, c);
  const adjugate = [
    cofactor(4, 5, 7, 8),
    cofactor(2, 1, 8, 7),
    cofactor(1, 2, 4, 5),
    cofactor(5, 3, 8, 6),
    cofactor(0, 2, 6, 8),
    cofactor(2, 0, 5, 3),
    cofactor(3, 4, 6, 7),
    cofactor(1, 0, 7, 6),
    cofactor(0, 1, 3, 4),
  ];
  const determinant = at(h, 0) * at(adjugate, 0) + at(h, 1) * at(adjugate, 3) + at(h, 2) * at(adjugate, 6);
  if (determinant === 0) throw new RangeError("a singular homography has no inverse");
  return adjugate.map((value) => value / determinant);
}

export function scaling(x: number, y: number): Homography {
  return [x, 0, 0, 0, y, 0, 0, 0, 1];
}

/** The corners of a width × height rectangle, clockwise from the top left. */
export function cornersOf(width: number, height: number): readonly Point[] {
  return [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
}

function at(h: Homography, index: number): number {
  return h[index] as number;
}
