/**
 * FAST-9 corner scores (Rosten & Drummond, "Machine learning for high-speed corner detection", ECCV 2006).
 * The score of a pixel is the largest threshold at which nine consecutive pixels of the sixteen on the circle
 * around it are all brighter, or all darker, by more than it. It is computed for sixteen pixels at once and without
 * branches, so that no threshold has to be guessed: dim pictures keep their corners (see keypoints.ts).
 */

/** Scores of `image`'s pixels (stride between rows) into `scores` (width × height, no padding). */
export function fastScores(image: usize, stride: i32, width: i32, height: i32, scores: usize, floor: i32): void {
  const least = i8x16.splat(<i8>floor);
  for (let y = 0; y < height; y++) {
    const row = image + y * stride,
      out = scores + y * width;
    for (let x = 0; x < width; x += 16) v128.store(out + x, scoreOf16(row + x, stride, least));
  }
}

/** Scores of the sixteen pixels from `at` on; 0 where not above `least`. */
function scoreOf16(at: usize, stride: i32, least: v128): v128 {
  const s2 = 2 * stride,
    s3 = 3 * stride;
  const center = v128.load(at);
  const p0 = v128.load(at - s3),
    p8 = v128.load(at + s3);
  const p4 = v128.load(at + 3),
    p12 = v128.load(at - 3);
  if (!v128.any_true(compassPasses(center, p0, p4, p8, p12, least))) return i8x16.splat(0);

  const p1 = v128.load(at - s3 + 1),
    p2 = v128.load(at - s2 + 2),
    p3 = v128.load(at - stride + 3);
  const p5 = v128.load(at + stride + 3),
    p6 = v128.load(at + s2 + 2),
    p7 = v128.load(at + s3 + 1);
  const p9 = v128.load(at + s3 - 1),
    p10 = v128.load(at + s2 - 2),
    p11 = v128.load(at + stride - 3);
  const p13 = v128.load(at - stride - 3),
    p14 = v128.load(at - s2 - 2),
    p15 = v128.load(at - s3 - 1);

  const brightest = maxOfArcMinima(p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15);
  const darkest = minOfArcMaxima(p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15);
  const score = i8x16.max_u(i8x16.sub_sat_u(brightest, center), i8x16.sub_sat_u(center, darkest));
  return v128.and(score, i8x16.gt_u(score, least));
}

/** Nine of sixteen always contain two neighbors of the four compass points. */
function compassPasses(center: v128, north: v128, east: v128, south: v128, west: v128, least: v128): v128 {
  const brighter = i8x16.min_u(i8x16.max_u(north, south), i8x16.max_u(east, west));
  const darker = i8x16.max_u(i8x16.min_u(north, south), i8x16.min_u(east, west));
  return v128.or(
    i8x16.gt_u(i8x16.sub_sat_u(brighter, center), least),
    i8x16.gt_u(i8x16.sub_sat_u(center, darker), least),
  );
}

/** Over the sixteen arcs of nine: the largest of their minima. Arcs 2k and 2k + 1 share eight pixels. */
function maxOfArcMinima(
  p0: v128,
  p1: v128,
  p2: v128,
  p3: v128,
  p4: v128,
  p5: v128,
  p6: v128,
  p7: v128,
  p8: v128,
  p9: v128,
  p10: v128,
  p11: v128,
  p12: v128,
  p13: v128,
  p14: v128,
  p15: v128,
): v128 {
  const a1 = i8x16.min_u(p1, p2),
    a3 = i8x16.min_u(p3, p4),
    a5 = i8x16.min_u(p5, p6),
    a7 = i8x16.min_u(p7, p8);
  const a9 = i8x16.min_u(p9, p10),
    a11 = i8x16.min_u(p11, p12);
  const a13 = i8x16.min_u(p13, p14),
    a15 = i8x16.min_u(p15, p0);
  const b1 = i8x16.min_u(a1, a3),
    b3 = i8x16.min_u(a3, a5),
    b5 = i8x16.min_u(a5, a7),
    b7 = i8x16.min_u(a7, a9);
  const b9 = i8x16.min_u(a9, a11),
    b11 = i8x16.min_u(a11, a13);
  const b13 = i8x16.min_u(a13, a15),
    b15 = i8x16.min_u(a15, a1);
  const c1 = i8x16.min_u(i8x16.min_u(b1, b5), i8x16.max_u(p0, p9));
  const c3 = i8x16.min_u(i8x16.min_u(b3, b7), i8x16.max_u(p2, p11));
  const c5 = i8x16.min_u(i8x16.min_u(b5, b9), i8x16.max_u(p4, p13));
  const c7 = i8x16.min_u(i8x16.min_u(b7, b11), i8x16.max_u(p6, p15));
  const c9 = i8x16.min_u(i8x16.min_u(b9, b13), i8x16.max_u(p8, p1));
  const c11 = i8x16.min_u(i8x16.min_u(b11, b15), i8x16.max_u(p10, p3));
  const c13 = i8x16.min_u(i8x16.min_u(b13, b1), i8x16.max_u(p12, p5));
  const c15 = i8x16.min_u(i8x16.min_u(b15, b3), i8x16.max_u(p14, p7));
  return i8x16.max_u(
    i8x16.max_u(i8x16.max_u(c1, c3), i8x16.max_u(c5, c7)),
    i8x16.max_u(i8x16.max_u(c9, c11), i8x16.max_u(c13, c15)),
  );
}

/** The same with light and dark exchanged: the smallest of the arcs' maxima, by complement. */
function minOfArcMaxima(
  p0: v128,
  p1: v128,
  p2: v128,
  p3: v128,
  p4: v128,
  p5: v128,
  p6: v128,
  p7: v128,
  p8: v128,
  p9: v128,
  p10: v128,
  p11: v128,
  p12: v128,
  p13: v128,
  p14: v128,
  p15: v128,
): v128 {
  return v128.not(
    maxOfArcMinima(
      v128.not(p0),
      v128.not(p1),
      v128.not(p2),
      v128.not(p3),
      v128.not(p4),
      v128.not(p5),
      v128.not(p6),
      v128.not(p7),
      v128.not(p8),
      v128.not(p9),
      v128.not(p10),
      v128.not(p11),
      v128.not(p12),
      v128.not(p13),
      v128.not(p14),
      v128.not(p15),
    ),
  );
}
