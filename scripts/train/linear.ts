/** The little linear algebra that training needs: matrices are rows of Float64Array. */

import type { Random } from "../../shared/random.ts";

export type Matrix = Float64Array[];

export function zeros(rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, () => new Float64Array(columns));
}

export function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => {
    const out = new Float64Array((b[0] as Float64Array).length);
    row.forEach((value, k) => {
      (b[k] as Float64Array).forEach((other, j) => {
        out[j] = (out[j] as number) + value * other;
      });
    });
    return out;
  });
}

export function transpose(a: Matrix): Matrix {
  return Array.from(a[0] as Float64Array, (_, j) => Float64Array.from(a, (row) => row[j] as number));
}

/** Adds weight · v vᵀ to a symmetric matrix. */
export function addOuter(sum: Matrix, v: ArrayLike<number>, weight: number): void {
  for (let i = 0; i < sum.length; i++) {
    const row = sum[i] as Float64Array;
    const scaled = weight * (v[i] as number);
    for (let j = 0; j < row.length; j++) row[j] = (row[j] as number) + scaled * (v[j] as number);
  }
}

/** Eigenvalues, largest first, and eigenvectors as rows, of a symmetric matrix, by cyclic Jacobi rotations. */
export function eigen(symmetric: Matrix): { values: number[]; vectors: Matrix } {
  const n = symmetric.length;
  const a = symmetric.map((row) => row.slice());
  const v = zeros(n, n).map((row, i) => row.fill(1, i, i + 1));
  const get = (m: Matrix, i: number, j: number) => (m[i] as Float64Array)[j] as number;
  const set = (m: Matrix, i: number, j: number, value: number) => {
    (m[i] as Float64Array)[j] = value;
  };
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += get(a, p, q) ** 2;
    if (off < 1e-22) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(get(a, p, q)) < 1e-300) continue;
        const theta = (get(a, q, q) - get(a, p, p)) / (2 * get(a, p, q));
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const [kp, kq] = [get(a, k, p), get(a, k, q)];
          set(a, k, p, c * kp - s * kq);
          set(a, k, q, s * kp + c * kq);
        }
        for (let k = 0; k < n; k++) {
          const [pk, qk] = [get(a, p, k), get(a, q, k)];
          set(a, p, k, c * pk - s * qk);
          set(a, q, k, s * pk + c * qk);
          const [vp, vq] = [get(v, p, k), get(v, q, k)];
          set(v, p, k, c * vp - s * vq);
          set(v, q, k, s * vp + c * vq);
        }
      }
    }
  }
  const order = a.map((_, i) => i).sort((i, j) => get(a, j, j) - get(a, i, i));
  return { values: order.map((i) => get(a, i, i)), vectors: order.map((i) => v[i] as Float64Array) };
}

/** Random orthogonal directions: Gaussian rows made orthonormal by Gram and Schmidt, in blocks of `columns` rows. */
export function randomDirections(rows: number, columns: number, random: Random): Matrix {
  const result: Matrix = [];
  while (result.length < rows) {
    const block = result.slice(result.length - (result.length % columns));
    const row = Float64Array.from({ length: columns }, () => gaussian(random));
    for (const other of block) {
      const overlap = dot(row, other);
      for (let i = 0; i < columns; i++) row[i] = (row[i] as number) - overlap * (other[i] as number);
    }
    const length = Math.sqrt(dot(row, row));
    result.push(row.map((value) => value / length));
  }
  return result;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
