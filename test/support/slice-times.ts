/** How long each slice of a pass over the pages takes, for benchmarks: what is committed afterwards is not in it. */

import { TargetStore } from "../../worker/catalog/target-store.ts";

/** Of this isolate, ms. */
export const sliceTimes: number[] = [];

const goOn = TargetStore.prototype.goOn;
TargetStore.prototype.goOn = function (pass) {
  const began = performance.now();
  const more = goOn.call(this, pass);
  sliceTimes.push(performance.now() - began);
  return more;
};
