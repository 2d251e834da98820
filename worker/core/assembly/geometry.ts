/** Plane maps from point correspondences, by least squares. A correspondence is four f32: target x, y, query x, y. */

export const CORRESPONDENCE_BYTES: i32 = 16;

/** A homography is nine f64, row by row, with the last one 1: target px to query px. */
export const HOMOGRAPHY_BYTES: i32 = 72;

/**
 * Pulls the two perspective terms to 0, as an observation of fixed weight: it holds back a few chance agreements, which
 * would bend the plane, and gives way to many true ones. Ten times as much would displace corners.
 */
const PERSPECTIVE_DAMPING: f64 = 0.005;

const system = memory.data(8 * 64, 16);
const side = memory.data(8 * 8, 16);
const sideY = memory.data(8 * 8, 16);

/** z of the mapped point; not positive where the point lies behind the camera. */
export function mapZ(h: usize, x: f64, y: f64): f64 {
  return load<f64>(h, 48) * x + load<f64>(h, 56) * y + load<f64>(h, 64);
}
export function mapX(h: usize, x: f64, y: f64, z: f64): f64 {
  return (load<f64>(h) * x + load<f64>(h, 8) * y + load<f64>(h, 16)) / z;
}
export function mapY(h: usize, x: f64, y: f64, z: f64): f64 {
  return (load<f64>(h, 24) * x + load<f64>(h, 32) * y + load<f64>(h, 40)) / z;
}

/** The similarity that takes (x, y) to (u, v), turning by `angle` and scaling by `scale`. */
export function setSimilarity(h: usize, x: f64, y: f64, u: f64, v: f64, angle: f64, scale: f64): void {
  const c = Math.cos(angle) * scale,
    s = Math.sin(angle) * scale;
  setRows(h, c, -s, u - c * x + s * y, s, c, v - s * x - c * y, 0, 0);
}

function setRows(h: usize, a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64, i: f64): void {
  store<f64>(h, a);
  store<f64>(h, b, 8);
  store<f64>(h, c, 16);
  store<f64>(h, d, 24);
  store<f64>(h, e, 32);
  store<f64>(h, f, 40);
  store<f64>(h, g, 48);
  store<f64>(h, i, 56);
  store<f64>(h, 1, 64);
}

/** Fits an affine map to at least three correspondences. False where they lie on a line. */
export function fitAffine(points: usize, count: i32, h: usize): bool {
  memory.fill(system, 0, 8 * 9);
  memory.fill(side, 0, 8 * 3);
  memory.fill(sideY, 0, 8 * 3);
  for (let i = 0; i < count; i++) {
    const point = points + CORRESPONDENCE_BYTES * i;
    const x = <f64>load<f32>(point),
      y = <f64>load<f32>(point, 4);
    const u = <f64>load<f32>(point, 8),
      v = <f64>load<f32>(point, 12);
    addTo(system, 0, x * x), addTo(system, 1, x * y), addTo(system, 2, x);
    addTo(system, 4, y * y), addTo(system, 5, y), addTo(system, 8, 1);
    addTo(side, 0, u * x), addTo(side, 1, u * y), addTo(side, 2, u);
    addTo(sideY, 0, v * x), addTo(sideY, 1, v * y), addTo(sideY, 2, v);
  }
  mirror(3);
  if (!solve(3, true)) return false;
  setRows(h, get(side, 0), get(side, 1), get(side, 2), get(sideY, 0), get(sideY, 1), get(sideY, 2), 0, 0);
  return true;
}

/**
 * Fits a homography to at least six correspondences (Hartley & Zisserman, "Multiple View Geometry", 4.1, with h33 = 1
 * and both planes normalized to about ±1). False where the points do not determine it.
 */
export function fitHomography(
  points: usize,
  count: i32,
  targetWidth: i32,
  targetHeight: i32,
  queryWidth: i32,
  queryHeight: i32,
  h: usize,
): bool {
  const targetX = 0.5 * <f64>targetWidth,
    targetY = 0.5 * <f64>targetHeight;
  const targetScale = 2 / <f64>max(targetWidth, targetHeight),
    queryScale = 2 / <f64>max(queryWidth, queryHeight);
  let queryX: f64 = 0,
    queryY: f64 = 0;
  for (let i = 0; i < count; i++) {
    queryX += <f64>load<f32>(points + CORRESPONDENCE_BYTES * i, 8) / count;
    queryY += <f64>load<f32>(points + CORRESPONDENCE_BYTES * i, 12) / count;
  }
  memory.fill(system, 0, 8 * 64);
  memory.fill(side, 0, 8 * 8);
  for (let i = 0; i < count; i++) {
    const point = points + CORRESPONDENCE_BYTES * i;
    const x = (<f64>load<f32>(point) - targetX) * targetScale,
      y = (<f64>load<f32>(point, 4) - targetY) * targetScale;
    const u = (<f64>load<f32>(point, 8) - queryX) * queryScale,
      v = (<f64>load<f32>(point, 12) - queryY) * queryScale;
    addEquations(x, y, u, v);
  }
  mirror(8);
  addTo(system, 6 * 8 + 6, PERSPECTIVE_DAMPING);
  addTo(system, 7 * 8 + 7, PERSPECTIVE_DAMPING);
  if (!solve(8, false)) return false;
  denormalize(targetX, targetY, targetScale, queryX, queryY, queryScale, h);
  return true;
}

/** Adds the two equations of a point, (x y 1 0 0 0 −ux −uy) and (0 0 0 x y 1 −vx −vy), to the upper triangle. */
function addEquations(x: f64, y: f64, u: f64, v: f64): void {
  addTo(system, 0, x * x), addTo(system, 1, x * y), addTo(system, 2, x);
  addTo(system, 6, -u * x * x), addTo(system, 7, -u * x * y);
  addTo(system, 9, y * y), addTo(system, 10, y), addTo(system, 14, -u * x * y), addTo(system, 15, -u * y * y);
  addTo(system, 18, 1), addTo(system, 22, -u * x), addTo(system, 23, -u * y);
  addTo(system, 27, x * x), addTo(system, 28, x * y), addTo(system, 29, x);
  addTo(system, 30, -v * x * x), addTo(system, 31, -v * x * y);
  addTo(system, 36, y * y), addTo(system, 37, y), addTo(system, 38, -v * x * y), addTo(system, 39, -v * y * y);
  addTo(system, 45, 1), addTo(system, 46, -v * x), addTo(system, 47, -v * y);
  const w = u * u + v * v;
  addTo(system, 54, w * x * x), addTo(system, 55, w * x * y), addTo(system, 63, w * y * y);
  addTo(side, 0, u * x), addTo(side, 1, u * y), addTo(side, 2, u);
  addTo(side, 3, v * x), addTo(side, 4, v * y), addTo(side, 5, v);
  addTo(side, 6, -w * x), addTo(side, 7, -w * y);
}

/** h = (query back to px) · solution · (target to ±1). */
function denormalize(tx: f64, ty: f64, ts: f64, qx: f64, qy: f64, qs: f64, h: usize): void {
  const g = get(side, 6) * ts,
    i = get(side, 7) * ts,
    w = 1 - g * tx - i * ty;
  const a = get(side, 0) * ts,
    b = get(side, 1) * ts,
    c = get(side, 2) - a * tx - b * ty;
  const d = get(side, 3) * ts,
    e = get(side, 4) * ts,
    f = get(side, 5) - d * tx - e * ty;
  setRows(
    h,
    (a / qs + qx * g) / w,
    (b / qs + qx * i) / w,
    (c / qs + qx * w) / w,
    (d / qs + qy * g) / w,
    (e / qs + qy * i) / w,
    (f / qs + qy * w) / w,
    g / w,
    i / w,
  );
}

function get(matrix: usize, index: i32): f64 {
  return load<f64>(matrix + 8 * index);
}

function addTo(matrix: usize, index: i32, value: f64): void {
  store<f64>(matrix + 8 * index, load<f64>(matrix + 8 * index) + value);
}

/** Copies the upper triangle to the lower one. */
function mirror(n: i32): void {
  for (let row = 1; row < n; row++) {
    for (let column = 0; column < row; column++) {
      store<f64>(system + 8 * (row * n + column), get(system, column * n + row));
    }
  }
}

/** Gaussian elimination with partial pivots; solutions replace `side`, and `sideY` where there are two. */
function solve(n: i32, two: bool): bool {
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let row = i + 1; row < n; row++) {
      if (Math.abs(get(system, row * n + i)) > Math.abs(get(system, pivot * n + i))) pivot = row;
    }
    if (Math.abs(get(system, pivot * n + i)) < 1e-12) return false;
    if (pivot != i) swapRows(n, i, pivot, two);
    for (let row = i + 1; row < n; row++) {
      const factor = get(system, row * n + i) / get(system, i * n + i);
      for (let column = i; column < n; column++) addTo(system, row * n + column, -factor * get(system, i * n + column));
      addTo(side, row, -factor * get(side, i));
      if (two) addTo(sideY, row, -factor * get(sideY, i));
    }
  }
  substitute(side, n);
  if (two) substitute(sideY, n);
  return true;
}

function swapRows(n: i32, a: i32, b: i32, two: bool): void {
  for (let column = 0; column < n; column++) swap(system, a * n + column, b * n + column);
  swap(side, a, b);
  if (two) swap(sideY, a, b);
}

function swap(matrix: usize, i: i32, j: i32): void {
  const value = get(matrix, i);
  store<f64>(matrix + 8 * i, get(matrix, j));
  store<f64>(matrix + 8 * j, value);
}

function substitute(right: usize, n: i32): void {
  for (let i = n - 1; i >= 0; i--) {
    for (let column = i + 1; column < n; column++) addTo(right, i, -get(system, i * n + column) * get(right, column));
    store<f64>(right + 8 * i, get(right, i) / get(system, i * n + i));
  }
}
