/** OpenCV's SIFT, which no build for JavaScript has: a Python process beside (sift.py), where there is one with OpenCV. */

import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { GrayImage } from "../../../worker/core/core.ts";
import type { Peer, PeerAnswer } from "./peer.ts";

const SCRIPT = fileURLToPath(new URL("sift.py", import.meta.url));
/** Debian's own, whose OpenCV comes with `apt-get install python3-opencv`. */
const PYTHON = "/usr/bin/python3";

export class SiftPeer implements Peer {
  readonly title = "RootSIFT + brute force";
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor() {
    this.#process = spawn(PYTHON, [SCRIPT]);
    this.#process.stderr.pipe(process.stderr);
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
  }

  /** Undefined where Python or its OpenCV is missing. */
  static start(): SiftPeer | undefined {
    const found = spawnSync(PYTHON, ["-c", "import cv2; cv2.SIFT_create()"]).status === 0;
    return found ? new SiftPeer() : undefined;
  }

  async add(name: string, image: GrayImage): Promise<void> {
    await this.#ask({ add: name }, image);
  }

  find(image: GrayImage): Promise<PeerAnswer> {
    return this.#ask({}, image);
  }

  stop(): void {
    this.#process.stdin.end();
  }

  async #ask(request: object, { width, height, pixels }: GrayImage): Promise<PeerAnswer> {
    const picture = { width, height, pixels: Buffer.from(pixels).toString("base64") };
    this.#process.stdin.write(`${JSON.stringify({ ...request, ...picture })}\n`);
    const { done, value } = await this.#lines.next();
    if (done) throw new Error("the SIFT process ended");
    const { name, inliers } = JSON.parse(value) as { name: string | null; inliers: number };
    return { name: name ?? undefined, inliers };
  }
}
