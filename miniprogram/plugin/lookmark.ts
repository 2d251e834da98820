/** The one bundle that the JavaScript interface and the component both require, so that they share their state. */

export { currentScan, defaults, keepLatestToken, latestToken } from "./registry.ts";
export { type Properties, Session, type Shown } from "./session.ts";
export { trackOnDevice } from "./track.ts";
export { ask, wake } from "./transport.ts";
export { hasVisionKit } from "./visionkit.ts";
