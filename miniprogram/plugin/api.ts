/** What the host may do with a scan. */

import type { FoundDetail } from "../scanner/found.ts";
import type { State } from "../scanner/scan.ts";
import type { Stats } from "../scanner/scanner.ts";
import type { Tracked } from "./track.ts";

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
  /**
   * Hands the found picture to the phone's tracker, where VisionKit gives the frames. One that does not lock within `timeout` ms vetoes
   * the match: it is lost, and the scan goes on.
   */
  track(options?: { timeout?: number }): Promise<Tracked>;
  takeSnapshot(): Promise<{ path: string; width: number; height: number }>;
  setZoom(zoom: number): void;
  /** A function that asks the host's server for a query token. */
  useToken(renew: () => Promise<string>): void;
  getState(): State;
  getStats(): Stats;
}
