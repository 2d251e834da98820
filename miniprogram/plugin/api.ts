/** What the host may do with a scan. */

import type { FoundDetail } from "../scanner/found.ts";
import type { State } from "../scanner/scan.ts";
import type { Stats } from "../scanner/scanner.ts";

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
