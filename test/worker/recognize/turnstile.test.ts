/** One picture at a time, users in turn, and a bound on how many wait. */

import { afterEach, describe, expect, it, vi } from "vitest";
import { failure, type Result, reasons, success } from "../../../shared/reason.ts";
import { GONE_MS, Turnstile, WAITING_MOST } from "../../../worker/recognize/turnstile.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const ONE = { owner: "one", name: "c" };

/** Passes work that notes when it comes and goes. */
function noting(turnstile: Turnstile, events: string[]) {
  return (owner: string, name: string, channel = "c") =>
    turnstile.pass({ owner, name: channel }, async (): Promise<Result<string>> => {
      events.push(`${name} in`);
      await scheduler.wait(1);
      events.push(`${name} out`);
      return success(name);
    });
}

describe("the turnstile", () => {
  it("lets one pass after the other, in the order of coming", async () => {
    const events: string[] = [];
    const pass = noting(new Turnstile(), events);
    const results = await Promise.all(["a", "b", "c"].map((name) => pass("one", name)));
    expect(events).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
    expect(results).toEqual(["a", "b", "c"].map(success));
  });

  it("lets users take turns: who comes later than another's many need not wait for all of them", async () => {
    const events: string[] = [];
    const pass = noting(new Turnstile(), events);
    const many = ["1", "2", "3", "4", "5", "6"].map((name) => pass("many", name));
    await Promise.all([...many, pass("few", "x"), pass("few", "y")]);
    const order = events.filter((event) => event.endsWith("in")).map((event) => event[0]);
    expect(order.join("")).toBe("1x2y3456");
  });

  it("takes in what has arrived between two pictures, however many wait", async () => {
    const events: string[] = [];
    const turnstile = new Turnstile();
    const pass = (name: string) =>
      turnstile.pass(ONE, async () => {
        events.push(name);
        void scheduler.wait(0).then(() => events.push("arrived"));
        return success(name);
      });
    await Promise.all(["a", "b", "c", "d"].map(pass));
    expect(events.slice(0, 7)).toEqual(["a", "arrived", "b", "arrived", "c", "arrived", "d"]);
  });

  it("lets the channels of one user take turns, too, and then the other users none the less", async () => {
    const events: string[] = [];
    const pass = noting(new Turnstile(), events);
    const crowd = ["1", "2", "3", "4"].map((name) => pass("many", name, "crowded"));
    await Promise.all([
      ...crowd,
      pass("many", "a", "quiet"),
      pass("many", "b", "quiet"),
      pass("few", "x"),
      pass("few", "y"),
    ]);
    const order = events.filter((event) => event.endsWith("in")).map((event) => event[0]);
    expect(order.join("")).toBe("1xay2b34");
  });

  it("refuses who comes when it is full, and takes others when it is not any more", async () => {
    const turnstile = new Turnstile();
    const gate = Promise.withResolvers<Result<number>>();
    const waiting = Array.from({ length: WAITING_MOST }, () => turnstile.pass(ONE, () => gate.promise));
    expect(await turnstile.pass(ONE, async () => success(0))).toMatchObject({
      ok: false,
      reason: { returncode: 20015 },
    });
    gate.resolve(success(1));
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => success(1)));
    expect(await turnstile.pass(ONE, async () => success(2))).toEqual(success(2));
  });

  it("goes on after work that was refused, and after work that threw", async () => {
    const turnstile = new Turnstile();
    const refused = failure(reasons.notRecognized("x"));
    const broken = turnstile.pass(ONE, () => Promise.reject(new Error("broken"))).catch((error) => error.message);
    expect(await turnstile.pass(ONE, async () => refused)).toBe(refused);
    expect(await broken).toBe("broken");
    expect(await turnstile.pass(ONE, async () => success(3))).toEqual(success(3));
  });

  it("goes on when what is inside was cut off and never ends", async () => {
    const turnstile = new Turnstile();
    void turnstile.pass(ONE, () => new Promise<never>(() => {}));
    const next = turnstile.pass(ONE, async () => success(1));
    await scheduler.wait(20);
    const late = Date.now() + GONE_MS + 1;
    vi.spyOn(Date, "now").mockImplementation(() => late);
    expect(await next).toEqual(success(1));
  });
});
