/** What the plugin's JavaScript interface and its components share: the host's defaults, and the scan that is on the page. */

import type { Api } from "./api.ts";

export interface Defaults {
  endpoint: string;
  channel: string;
  /** Asks the host's server for a query token. */
  getToken: (() => Promise<string>) | undefined;
}

export const defaults: Defaults = { endpoint: "", channel: "", getToken: undefined };

let latest = "";

/** The last token that the host's `getToken` gave; empty before. Scans share it. */
export function latestToken(): string {
  return latest;
}

export function keepLatestToken(token: string): void {
  latest = token;
}

const scans: Api[] = [];

export function enroll(api: Api): void {
  scans.push(api);
}

export function leave(api: Api): void {
  const at = scans.indexOf(api);
  if (at >= 0) scans.splice(at, 1);
}

/** The scan that came last: a page has one camera. */
export function currentScan(): Api | undefined {
  return scans[scans.length - 1];
}
