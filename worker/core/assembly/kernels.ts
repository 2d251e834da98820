/** The single kernels, for their tests: a build of its own, so that the product's module exports only what it needs. */

export * from "./core";
export { describePatch, measurePatch } from "./descriptor";
export { fastScores } from "./fast";
export { fitAffine, fitHomography } from "./geometry";
export { blurPadded, halve, paddedBytes, paddedOrigin, paddedStride } from "./image";
export { inverse2, inverse4, inverse8, inverseFlat } from "./jpeg-idct";
export { detectKeypoints } from "./keypoints";
export { orientationAt } from "./orientation";
export { buildPyramid, levelCount, levelHeight, levelPixels, levelStride, levelWidth } from "./pyramid";
export { firstLooker, invertWords, listOf, lookerAt, lookerCount, lookerSignature } from "./query-words";
export { disagreement, project, signatureOf } from "./signature";
export { sortDescending } from "./sort";
export { featureCount, placeOf, signatureOfFeature, slotCount, TARGET_FEATURES_MAX, targetIn, wordOf } from "./targets";
export { codesNear, nearestWord, wordsNear } from "./words";

/** The bound of a scan, for bench:scan: reads `bytes` bytes (a multiple of 64) once, and next to nothing else. */
export function readOnce(at: usize, bytes: i32): i64 {
  let a = i64x2.splat(0),
    b = a,
    c = a,
    d = a;
  for (const end = at + bytes; at < end; at += 64) {
    a = v128.xor(a, v128.load(at));
    b = v128.xor(b, v128.load(at, 16));
    c = v128.xor(c, v128.load(at, 32));
    d = v128.xor(d, v128.load(at, 48));
  }
  return i64x2.extract_lane(v128.xor(v128.xor(a, b), v128.xor(c, d)), 0);
}

/** The bound of arithmetic, for bench:stages: `products` multiplications with additions (a multiple of 32), in eight chains. */
export function multiplyOnly(products: i32): f32 {
  const factor = f32x4.splat(0.999);
  let a = factor,
    b = factor,
    c = factor,
    d = factor,
    e = factor,
    f = factor,
    g = factor,
    h = factor;
  for (let left = products; left > 0; left -= 32) {
    a = f32x4.add(f32x4.mul(a, factor), factor);
    b = f32x4.add(f32x4.mul(b, factor), factor);
    c = f32x4.add(f32x4.mul(c, factor), factor);
    d = f32x4.add(f32x4.mul(d, factor), factor);
    e = f32x4.add(f32x4.mul(e, factor), factor);
    f = f32x4.add(f32x4.mul(f, factor), factor);
    g = f32x4.add(f32x4.mul(g, factor), factor);
    h = f32x4.add(f32x4.mul(h, factor), factor);
  }
  const sum = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
  return f32x4.extract_lane(sum, 0);
}
