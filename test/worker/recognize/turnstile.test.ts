/** One picture at a time, in the order of coming, and a bound on how many wait. */

import { describe, expect, it } from "vitest";
import { failure, type Result, reasons, success } from "../../../shared/reason.ts";
import { Turnstile, WAITING_MOST } from "../../../worker/recognize/turnstile.ts";

describe("the turnstile", () => {
  it("lets one pass after the other, in the order of coming", async () => {
    const turnstile = new Turnstile();
    const events: string[] = [];
    const work = (name: string) => async (): Promise<Result<string>> => {
      events.push(`${name} in`);
      await Promise.resolve();
      events.push(`${name} out`);
      return success(name);
    };
    const results = await Promise.all(["a", "b", "c"].map((name) => turnstile.pass(work(name))));
    expect(events).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
    expect(results).toEqual(["a", "b", "c"].map(success));
  });

  it("refuses who comes when it is full, and takes others when it is not any more", async () => {
    const turnstile = new Turnstile();
    const gate = Promise.withResolvers<Result<number>>();
    const waiting = Array.from({ length: WAITING_MOST }, () => turnstile.pass(() => gate.promise));
    expect(await turnstile.pass(async () => success(0))).toMatchObject({ ok: false, reason: { returncode: 20015 } });
    gate.resolve(success(1));
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => success(1)));
    expect(await turnstile.pass(async () => success(2))).toEqual(success(2));
  });

  it("goes on after work that was refused, and after work that threw", async () => {
    const turnstile = new Turnstile();
    const refused = failure(reasons.notRecognized("x"));
    const broken = turnstile.pass(() => Promise.reject(new Error("broken"))).catch((error) => error.message);
    expect(await turnstile.pass(async () => refused)).toBe(refused);
    expect(await broken).toBe("broken");
    expect(await turnstile.pass(async () => success(3))).toEqual(success(3));
  });
});
