/** What the host sees of a scan: its methods, and what it finds. */

import type { State } from "../scanner/scan.ts";
import type { Found, Stats } from "../scanner/scanner.ts";

/** What `found` tells the host. */
export interface FoundDetail {
  readonly identifier: string;
  /** Parsed; the text itself where it is not JSON. */
  readonly metadata: unknown;
  readonly metadataText: string;
  readonly channel: string | undefined;
  readonly level: number | undefined;
  readonly score: number | undefined;
  readonly quad: Found["quad"];
  readonly size: Found["size"];
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly elapsed: number;
  readonly requestId: string | undefined;
  readonly track: { readonly url: string } | undefined;
}

export interface Api {
  start(): void;
  stop(): void;
  pause(): void;
  resume(): void;
  scanAgain(): void;
  /** The next picture found; null where the scan is stopped or `timeout` ms pass before. */
  scanOnce(options?: { timeout?: number }): Promise<FoundDetail | null>;
  /** For `source="host"`: RGBA, upright. */
  pushFrame(frame: { data: ArrayBuffer; width: number; height: number }): void;
  takeSnapshot(): Promise<{ path: string; width: number; height: number }>;
  setZoom(zoom: number): void;
  /** A function that asks the host's server for a query token. */
  useToken(renew: () => Promise<string>): void;
  getState(): State;
  getStats(): Stats;
}
