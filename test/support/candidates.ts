/** What the latest search of this isolate looked at, for benchmarks: the product says only what it found. */

import { Core } from "../../worker/core/core.ts";
import { LiveIndex } from "../../worker/index/live-index.ts";

/** Numbers of targets. */
export const candidates: {
  /** Those that pages brought into memory; undefined where all are there. */
  brought: readonly number[] | undefined;
  verified: readonly number[];
} = { brought: undefined, verified: [] };

const searchCore = Core.prototype.search;
Core.prototype.search = function (features, size, now, { paged, ...options } = {}) {
  candidates.brought = undefined;
  const noted = paged && {
    ...paged,
    bring: (targets: Uint32Array) => {
      candidates.brought = [...targets];
      return paged.bring(targets);
    },
  };
  return searchCore.call(this, features, size, now, { ...options, paged: noted });
};

const searchIndex = LiveIndex.prototype.search;
LiveIndex.prototype.search = function (...parameters) {
  const answer = searchIndex.apply(this, parameters);
  candidates.verified = answer.candidates.map(({ id }) => id);
  return answer;
};
