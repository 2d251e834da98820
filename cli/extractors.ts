/** As many threads as there are cores, each of which extracts the features of one picture at a time. */

import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Result } from "../shared/reason.ts";
import type { Extracted, Task } from "./extract-thread.ts";

export class Extractors {
  readonly #idle: Worker[] = [];
  readonly #waiting: ((thread: Worker) => void)[] = [];
  readonly #all: Worker[];

  constructor(count = availableParallelism()) {
    this.#all = Array.from({ length: count }, () => new Worker(new URL("./extract-thread.ts", import.meta.url)));
    this.#idle.push(...this.#all);
  }

  get count(): number {
    return this.#all.length;
  }

  async extract(task: Task): Promise<Result<Extracted>> {
    const thread = this.#idle.pop() ?? (await new Promise<Worker>((resolve) => this.#waiting.push(resolve)));
    const answer = once(thread, "message");
    thread.postMessage(task);
    try {
      return (await answer)[0] as Result<Extracted>;
    } finally {
      const next = this.#waiting.shift();
      if (next) next(thread);
      else this.#idle.push(thread);
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#all.map((thread) => thread.terminate()));
  }
}
