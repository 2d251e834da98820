/** The scan's states: examples of what users meet, and properties that hold for any order of events. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  edgeOf,
  type Hold,
  initialScan,
  looksCloser,
  mayAsk,
  type Outcome,
  reduce,
  type Scan,
  type ScanEvent,
  stateOf,
  triedAll,
} from "../../../miniprogram/scanner/scan.ts";
import { defaultOptions as settings } from "../../../miniprogram/scanner/scanner.ts";

const hit: Outcome = { kind: "hit", hit: { identifier: "poster.circus", metadata: "{}" } };
const miss: Outcome = { kind: "miss" };
const fault = { errCode: 12001, errMsg: "request:fail", recoverable: true };
const failed: Outcome = { kind: "failed", fault };
const refused: Outcome = { kind: "refused", fault: { ...fault, errCode: 12004, recoverable: false } };
const quick = { encodeMs: 10, roundTripMs: 200, jitter: 1 };

/** Events in order, a second apart; answers are to the latest question. */
function played(...events: readonly (ScanEvent | Outcome)[]): { scan: Scan; now: number } {
  let [scan, now] = [initialScan, 0];
  for (const event of events) {
    now += 1000;
    const { sequence } = scan;
    scan = reduce(
      scan,
      "kind" in event ? { type: "answered", sequence, outcome: event, cost: quick } : event,
      settings,
      now,
    );
  }
  return { scan, now };
}

const scanning: ScanEvent[] = [{ type: "started" }, { type: "ready" }];
const ask: ScanEvent = { type: "asked" };

describe("the scan", () => {
  it("goes from idle to starting, scanning, found, and back by `again`", () => {
    expect(stateOf(played().scan)).toBe("idle");
    expect(stateOf(played({ type: "started" }).scan)).toBe("starting");
    expect(stateOf(played(...scanning).scan)).toBe("scanning");
    expect(stateOf(played(...scanning, ask, hit).scan)).toBe("found");
    expect(stateOf(played(...scanning, ask, hit, { type: "again" }).scan)).toBe("scanning");
  });

  it("comes back from a hidden page to where it was, be it scanning or found", () => {
    const hidden: ScanEvent[] = [
      { type: "held", by: "page" },
      { type: "released", by: "page" },
    ];
    expect(stateOf(played(...scanning, ...hidden).scan)).toBe("scanning");
    expect(stateOf(played(...scanning, ask, hit, ...hidden).scan)).toBe("found");
    expect(stateOf(played(...scanning, ask, hit, hidden[0] as ScanEvent).scan)).toBe("paused");
  });

  it("does not resume for the page what the host has paused", () => {
    const scan = played(
      ...scanning,
      { type: "held", by: "host" },
      { type: "held", by: "page" },
      { type: "released", by: "page" },
    ).scan;
    expect(stateOf(scan)).toBe("paused");
  });

  it("ignores answers to questions that were dropped", () => {
    const asked = played(...scanning, ask).scan;
    const back = reduce(
      reduce(asked, { type: "held", by: "page" }, settings, 5000),
      { type: "released", by: "page" },
      settings,
      5001,
    );
    const late = reduce(
      back,
      { type: "answered", sequence: asked.sequence, outcome: hit, cost: quick },
      settings,
      5002,
    );
    expect(stateOf(late)).toBe("scanning");
  });

  it("backs off twice as long after each failure, up to 16 s, and starts anew with a good answer", () => {
    let scan = played(...scanning).scan;
    const waits = Array.from({ length: 6 }, (_, i) => {
      const now = 100_000 * (i + 1);
      scan = reduce(scan, ask, settings, now);
      scan = reduce(scan, { type: "answered", sequence: scan.sequence, outcome: failed, cost: quick }, settings, now);
      return scan.askAt - now;
    });
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 16_000]);
    expect(played(...scanning, ask, failed, ask, miss).scan.failureCount).toBe(0);
  });

  it("comes back no earlier than Retry-After asks", () => {
    const { scan, now } = played(...scanning, ask, { ...failed, retryAfterMs: 30_000 });
    expect(scan.askAt - now).toBe(30_000);
  });

  it("asks at once when the network is back", () => {
    const { scan, now } = played(...scanning, ask, failed, { type: "online" });
    expect(mayAsk(scan, settings, now)).toBe(true);
  });

  it("sends larger pictures after misses, and smaller ones where the way is slow", () => {
    const missed = (count: number) =>
      played(...scanning, ...Array.from({ length: count }, () => [ask, miss]).flat()).scan;
    expect([0, 1, 2, 3, 4, 9].map((count) => edgeOf(missed(count), settings))).toEqual([320, 320, 480, 480, 640, 640]);
    const asked = reduce(missed(4), ask, settings, 50_000);
    const slow = { ...quick, roundTripMs: 3000 };
    const answered = reduce(
      asked,
      { type: "answered", sequence: asked.sequence, outcome: miss, cost: slow },
      settings,
      50_001,
    );
    expect(edgeOf(answered, settings)).toBe(480);
    expect(edgeOf(missed(9), { ...settings, maxEdgePx: 400 })).toBe(400);
  });

  it("looks at the middle in every second question, once larger pictures were missed too", () => {
    const missed = (count: number) =>
      played(...scanning, ...Array.from({ length: count }, () => [ask, miss]).flat()).scan;
    expect([0, 4, 5, 6, 7, 8].map((count) => looksCloser(missed(count)))).toEqual([
      false,
      false,
      true,
      false,
      true,
      false,
    ]);
    expect([4, 5, 6].map((count) => triedAll(missed(count)))).toEqual([false, false, true]);
  });

  it("begins with the size that worked before, and with the smallest where that is none of its own", () => {
    const begun = (edgePx: number) => edgeOf(played({ type: "learned", edgePx }, ...scanning).scan, settings);
    expect([480, 640, 0, 123].map(begun)).toEqual([480, 640, 320, 320]);
  });

  it("ends in an error where the same question would be refused again, until it is started anew", () => {
    const { scan } = played(...scanning, ask, refused);
    expect([stateOf(scan), scan.fault?.errCode]).toEqual(["error", 12004]);
    expect(stateOf(reduce(scan, { type: "started" }, settings, 9000))).toBe("starting");
  });

  it("rests after a minute without a hit, and wakes when it is asked to go on", () => {
    const { scan } = played(...scanning);
    const rested = reduce(scan, { type: "ticked" }, settings, 100_000);
    expect([stateOf(rested), rested.holds]).toEqual(["paused", ["rest"]]);
    expect(stateOf(reduce(rested, { type: "again" }, settings, 100_001))).toBe("scanning");
  });

  it("while it keeps tracking, loses the picture only after answers have missed it for a while", () => {
    const tracking = { ...settings, keepTracking: true };
    let scan = played(...scanning, ask, hit).scan;
    scan = reduce(scan, ask, tracking, 5000);
    scan = reduce(scan, { type: "answered", sequence: scan.sequence, outcome: miss, cost: quick }, tracking, 5100);
    expect(stateOf(scan)).toBe("found");
    scan = reduce(scan, { type: "ticked" }, tracking, 7000);
    expect([stateOf(scan), scan.hit]).toEqual(["scanning", undefined]);
  });
});

const holds: Hold[] = ["host", "page", "rest"];
const outcomes = fc.constantFrom<Outcome>(hit, miss, { kind: "poor" }, failed, refused);
const events = fc.oneof(
  fc.constantFrom<ScanEvent>(
    ...scanning,
    ask,
    { type: "stopped" },
    { type: "again" },
    { type: "online" },
    { type: "ticked" },
    { type: "broken", fault },
    ...holds.flatMap((by): ScanEvent[] => [
      { type: "held", by },
      { type: "released", by },
    ]),
  ),
  fc.record({
    type: fc.constant("answered" as const),
    sequence: fc.nat(30),
    outcome: outcomes,
    cost: fc.constant(quick),
  }),
);

describe("for any order of events, the scan", () => {
  const steps = fc.array(fc.record({ event: events, afterMs: fc.nat(3000) }), { maxLength: 60 });

  /** As the scanner does: asks only when it may. */
  function run(
    list: readonly { event: ScanEvent; afterMs: number }[],
    check: (before: Scan, scan: Scan, now: number, event: ScanEvent) => void,
  ) {
    let [scan, now] = [initialScan, 0];
    for (const { event, afterMs } of list) {
      now += afterMs;
      if (event.type === "asked" && !mayAsk(scan, settings, now)) continue;
      const next = reduce(scan, event, settings, now);
      check(scan, next, now, event);
      scan = next;
    }
  }

  it("has at most one question in flight, and none while it is paused, idle or broken", () => {
    fc.assert(
      fc.property(steps, (list) =>
        run(list, (_, scan, now) => {
          if (scan.inFlight) expect(mayAsk(scan, settings, now)).toBe(false);
          if (["paused", "idle", "error", "found"].includes(stateOf(scan)))
            expect(mayAsk(scan, settings, Number.MAX_SAFE_INTEGER)).toBe(false);
          if (["paused", "idle", "error"].includes(stateOf(scan))) expect(scan.inFlight).toBe(false);
        }),
      ),
    );
  });

  it("takes only the answer to its latest question", () => {
    fc.assert(
      fc.property(steps, (list) =>
        run(list, (before, scan, _, event) => {
          if (event.type !== "answered") return;
          if (!before.inFlight || event.sequence !== before.sequence) expect(scan).toBe(before);
        }),
      ),
    );
  });

  it("never numbers two questions alike, and has a hit exactly while it is found", () => {
    fc.assert(
      fc.property(steps, (list) =>
        run(list, (before, scan, _, event) => {
          expect(scan.sequence).toBeGreaterThanOrEqual(before.sequence);
          if (event.type === "asked") expect(scan.sequence).toBeGreaterThan(before.sequence);
          expect(scan.hit !== undefined).toBe(scan.stage === "found");
        }),
      ),
    );
  });
});
