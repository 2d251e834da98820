/** What the module exports; worker/core/core.ts is its only caller. */

import { prepareDescriptor } from "./descriptor";
import { modelBytes, prepareModel } from "./model";
import { prepareOrientation } from "./orientation";
import { arrangePlanes, prepareSignatures, projectCenters } from "./signature";
import { prepareTargets } from "./targets";
import { prepareVoting } from "./vote";
import { arrangeCodebooks, prepareWords } from "./words";

export { extract } from "./features";
export { resizeExtent } from "./image";
export { decodeJpeg, JPEG_READ_AHEAD_BYTES, jpegHeight, jpegPixels, jpegWidth } from "./jpeg";
export { differenceInPlace, prepareLook } from "./look";
export { allocate, mark, release, reserve } from "./memory";
export { chooseWords, preparePages, rankPaged, scanPage } from "./pages";
export { findCandidates, verifyCandidates } from "./search";
export { encodeTarget } from "./target";
export { clearTargets, insertTarget, removeTarget, reserveSlots, staging } from "./targets";
export { blurFrame, drawView, exposeFrame } from "./view";
export { prepareQuery } from "./vote";
export { modelBytes };

/** Takes what lives as long as the instance. Returns where the caller puts the model, before `start`. */
export function initialize(): usize {
  prepareOrientation();
  prepareDescriptor();
  prepareVoting();
  prepareWords();
  prepareSignatures();
  return prepareModel();
}

/** Makes the model usable and the targets ready. */
export function start(): void {
  arrangeCodebooks();
  arrangePlanes();
  projectCenters();
  prepareTargets();
}
