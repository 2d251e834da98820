/** The single kernels, for their tests: a build of its own, so that the product's module exports only what it needs. */

export * from "./core";
export { describePatch, measurePatch } from "./descriptor";
export { fastScores } from "./fast";
export { fitAffine, fitHomography } from "./geometry";
export { blurPadded, halve, paddedBytes, paddedOrigin, paddedStride } from "./image";
export { inverse2, inverse4, inverse8, inverseFlat } from "./jpeg-idct";
export { orientationAt } from "./orientation";
export { firstLooker, invertWords, listOf, lookerAt, lookerCount, lookerSignature } from "./query-words";
export { disagreement, signatureOf, writeWeights } from "./signature";
export { sortDescending } from "./sort";
export { featureCount, placeOf, signatureOfFeature, slotCount, targetIn, wordOf } from "./targets";
export { nearestWord, wordsNear } from "./words";
