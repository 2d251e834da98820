/** Statistics: what is counted on which day, and how dates and records are read. */

import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Shard } from "../../../worker/catalog/shard.ts";
import { TOGETHER_MS } from "../../../worker/catalog/statistics.ts";
import { type AnyAnswer, call, type Mine, newChannel, newUser, post, send, shardBehind } from "../../support/api.ts";
import { circus } from "../../support/pictures.ts";
import { encodePng } from "../../support/png.ts";

const WAIT = { timeout: 10 * TOGETHER_MS, interval: 50 };
const ALWAYS = { startdate: "2000", enddate: "2099" };

let blank: Blob;
let stranger: Blob;

beforeAll(async () => {
  const gray = (grayAt: (x: number, y: number) => number) =>
    encodePng({ width: 240, height: 240, colorType: 0, depth: 8 }, (x, y) => [grayAt(x, y)]);
  blank = await gray(() => 128);
  stranger = await gray((x, y) => (((x >> 3) * 2_654_435_761 + (y >> 3) * 40_503) >>> 11) & 255);
});

afterEach(() => {
  vi.useRealTimers();
});

/** Asks at a moment; when the answer is here, it is counted. */
function findAt(moment: string, fields: object, settings: object = {}): Promise<AnyAnswer> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(moment) });
  return call("FindImage", { image: circus, ...fields }, settings);
}

function ask(mine: object, fields: object = {}): Promise<AnyAnswer> {
  vi.useRealTimers();
  return call("Statistics", { ...ALWAYS, ...mine, ...fields });
}

/** A channel with so many matches. */
async function countedChannel(counts: [day: string, identifier: string, times: number][]): Promise<Mine> {
  const mine = await newChannel();
  const shard = await shardBehind(mine);
  for (const [day, identifier, times] of counts) {
    for (let i = 0; i < times; i++) await shard.count(day, { kind: "match", identifier, totalMs: 10 });
  }
  return mine;
}

describe("what FindImage came to", () => {
  let mine: Mine;
  let empty: Mine;

  beforeAll(async () => {
    mine = await newChannel();
    empty = await newChannel({ owner: mine });
    await call("AddImage", { ...mine, identifier: "circus", image: circus });
    expect(await findAt("2025-03-01T12:00+08:00", mine)).toMatchObject({ identifier: "circus" });
    await findAt("2025-03-01T13:00+08:00", mine);
    expect((await findAt("2025-03-01T14:00+08:00", { ...mine, image: stranger })).identifier).toBeUndefined();
    expect(await findAt("2025-03-01T15:00+08:00", { ...mine, image: blank })).toMatchObject({ returncode: 20013 });
    await findAt("2025-03-02T12:00+08:00", { ...mine, channel: undefined });
    // Refused before anybody looked at a picture: not counted.
    await findAt("2025-03-03T12:00+08:00", { ...mine, secretkey: "wrong" });
    await findAt("2025-03-03T12:00+08:00", { ...mine, image: "no file" });
    vi.useRealTimers();
  });

  it("is, without channel, a record for each day and channel, with questions that matched nothing", async () => {
    const { returncode, username, timezone, records, ...rest } = await ask(mine, { channel: undefined });
    expect({ returncode, username, timezone }).toEqual({
      returncode: 0,
      username: mine.username,
      timezone: "Asia/Shanghai",
    });
    expect(rest).not.toHaveProperty("channel");
    const latency = { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) };
    expect(records).toHaveLength(3);
    expect(records).toEqual(
      expect.arrayContaining([
        { date: "20250301", channel: mine.channel, count: 2, queries: 4, nomatch: 1, badframe: 1, latency },
        { date: "20250302", channel: mine.channel, count: 1, queries: 1, nomatch: 0, badframe: 0, latency },
        { date: "20250302", channel: empty.channel, count: 0, queries: 1, nomatch: 1, badframe: 0, latency },
      ]),
    );
  });

  it("is, with a channel, the matches by day and identifier only", async () => {
    const { channel, records } = await ask(mine);
    expect(channel).toBe(mine.channel);
    expect(records).toEqual([
      { date: "20250301", identifier: "circus", count: 2 },
      { date: "20250302", identifier: "circus", count: 1 },
    ]);
    expect((await ask(empty)).records).toEqual([]);
  });

  it("is, with channel and identifier, the matches by day", async () => {
    expect((await ask(mine, { identifier: "circus" })).records).toEqual([
      { date: "20250301", count: 2 },
      { date: "20250302", count: 1 },
    ]);
  });

  it("is counted for a token's questions, too", async () => {
    const own = await newChannel();
    await call("AddImage", { ...own, identifier: "circus", image: circus });
    const { token } = await call("IssueToken", own);
    await call("FindImage", { token, image: circus }, {});
    expect((await ask(own)).records).toMatchObject([{ identifier: "circus", count: 1 }]);
  });
});

describe("a crowded second", () => {
  /** What is written, whatever waits. */
  const writtenIn = (shard: DurableObjectStub<Shard>) =>
    runInDurableObject(shard, (_, { storage }) => storage.sql.exec("SELECT queries, nomatch FROM days").toArray());

  it("is written as one, and read before that all the same", async () => {
    const mine = await newChannel();
    const shard = await shardBehind(mine);
    for (let i = 0; i < 6; i++) await shard.count("20250301", { kind: "nomatch", totalMs: 10 });
    for (let i = 0; i < 5; i++) await shard.count("20250301", { kind: "match", identifier: "circus", totalMs: 10 });
    expect(await writtenIn(shard)).toEqual([{ queries: 1, nomatch: 1 }]);
    const counts = { queries: 11, nomatch: 6, count: 5 };
    expect((await ask(mine, { channel: undefined })).records).toMatchObject([counts]);
    expect((await ask(mine)).records).toMatchObject([{ identifier: "circus", count: 5 }]);
    expect(await writtenIn(shard)).toEqual([{ queries: 11, nomatch: 6 }]);
  });

  it("is written when it is over, and the next question after a quiet one at once", async () => {
    const shard = await shardBehind(await newChannel());
    const count = () => shard.count("20250301", { kind: "nomatch", totalMs: 10 });
    await count();
    await count();
    await vi.waitFor(async () => expect(await writtenIn(shard)).toEqual([{ queries: 2, nomatch: 2 }]), WAIT);
    await scheduler.wait(TOGETHER_MS + 200);
    await count();
    expect(await writtenIn(shard)).toEqual([{ queries: 3, nomatch: 3 }]);
  });
});

describe("latency", () => {
  it("is the time that 50, 95 and 99 of 100 questions did not exceed, to a tenth", async () => {
    const mine = await newChannel();
    const shard = await shardBehind(mine);
    for (let ms = 1; ms <= 100; ms++) await shard.count("20250301", { kind: "nomatch", totalMs: ms });
    await shard.count("20250302", { kind: "match", identifier: "circus", totalMs: 0.2 });
    await shard.count("20250303", { kind: "badframe" });
    const { records = [] } = await ask(mine, { channel: undefined });
    const [first, second, third] = records.map(({ latency }) => latency);
    for (const [percentile, truth] of [
      ["p50", 50],
      ["p95", 95],
      ["p99", 99],
    ] as const) {
      expect(first?.[percentile]).toBeGreaterThanOrEqual(truth);
      expect(first?.[percentile]).toBeLessThanOrEqual(1.1 * truth + 0.1);
    }
    expect(second).toEqual({ p50: 1, p95: 1, p99: 1 });
    expect(third).toBeUndefined();
  });
});

describe("format=csv", () => {
  const table = async (mine: Mine, fields: object = {}) => {
    const body = new URLSearchParams({ ...mine, ...ALWAYS, format: "csv", ...fields });
    const response = await send(post("Statistics", body));
    expect(response.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("Content-Disposition")).toContain("statistics.csv");
    return response.text();
  };

  it("answers the records as a table", async () => {
    const mine = await countedChannel([
      ["20240101", "apple", 2],
      ["20240102", "@home", 1],
    ]);
    await call("AddImage", { ...mine, identifier: "apple", image: circus });
    const { channel } = mine;
    expect(await table(mine)).toBe("date,identifier,count\r\n20240101,apple,2\r\n20240102,@home,1\r\n");
    expect(await table(mine, { identifier: "apple" })).toBe("date,count\r\n20240101,2\r\n");
    const lines = (await table(mine, { channel: "" })).split("\r\n");
    expect(lines[0]).toBe("date,channel,count,queries,nomatch,badframe,p50,p95,p99");
    expect(lines[1]).toMatch(new RegExp(`^20240101,${channel},2,2,0,0(,\\d+(\\.\\d)?){3}$`));
    expect(lines).toHaveLength(4);
  });

  it("has its columns also where there are no records", async () => {
    expect(await table(await newChannel())).toMatch(/^date,.*p99\r\n$/);
  });

  it("answers refusals as JSON, as another format does", async () => {
    const mine = await newChannel();
    expect(await ask(mine, { format: "csv", startdate: "" })).toMatchObject({ returncode: 30001, field: "startdate" });
    expect(await ask(mine, { format: "csv", secretkey: "wrong" })).toMatchObject({ returncode: 20001 });
    expect(await ask(mine, { format: "xlsx" })).toMatchObject({ returncode: 30001, field: "format" });
  });
});

describe("a day", () => {
  it("begins and ends at midnight of Shanghai, or of another place that is set", async () => {
    const own = await newChannel();
    await call("AddImage", { ...own, identifier: "circus", image: circus });
    await findAt("2025-06-30T15:59:59Z", own); // 23:59:59 in Shanghai
    await findAt("2025-06-30T16:00:00Z", own); // midnight
    await findAt("2025-07-01T03:59:59Z", own, { TIME_ZONE: "America/New_York" }); // 23:59:59 in New York
    expect((await ask(own)).records).toEqual([
      { date: "20250630", identifier: "circus", count: 2 },
      { date: "20250701", identifier: "circus", count: 1 },
    ]);
    const settings = { TIME_ZONE: "America/New_York" };
    expect(await call("Statistics", { ...own, ...ALWAYS }, settings)).toMatchObject({ timezone: "America/New_York" });
  });
});

describe("a range of days", () => {
  let mine: Mine;
  const days = ["20231231", "20240101", "20240229", "20240301", "20240331", "20240401", "20241231", "20250101"];

  beforeAll(async () => {
    mine = await countedChannel(days.map((day) => [day, "circus", 1]));
  });

  it.each([
    ["20240229", "20240229", ["20240229"]],
    ["20240101", "20240301", ["20240101", "20240229", "20240301"]],
    ["202403", "202403", ["20240301", "20240331"]],
    ["202402", "20240301", ["20240229", "20240301"]],
    ["2024", "2024", days.slice(1, 7)],
    ["2023", "202401", ["20231231", "20240101"]],
    ["20240402", "20241230", []],
    ["2024", "20240101", ["20240101"]],
    ["20241231", "2024", ["20241231"]],
  ])("from %s to %s has both ends, and no days without matches", async (startdate, enddate, expected) => {
    for (const channel of [mine.channel, undefined]) {
      const { returncode, records = [] } = await ask(mine, { channel, startdate, enddate });
      expect(returncode).toBe(0);
      expect(records.map(({ date }) => date)).toEqual(expected);
    }
  });

  it("may come as numbers", async () => {
    const { records } = await ask(mine, { startdate: 2024, enddate: 20240101 });
    expect(records).toHaveLength(1);
  });

  it.each([
    "",
    "24",
    "20240",
    "2024-01-01",
    "20241301",
    "20240230",
    "20230229",
    "00000101",
    "today",
    " 2024",
    undefined,
  ])("is 30001 where an end is %j", async (wrong) => {
    for (const field of ["startdate", "enddate"]) {
      const answer = await ask(mine, { [field]: wrong });
      expect(answer).toMatchObject({ returncode: 30001, field, message: expect.stringContaining("yyyyMMdd") });
    }
  });

  it("is 30001 where it ends before it begins", async () => {
    expect(await ask(mine, { startdate: "20240302", enddate: "202402" })).toMatchObject({
      returncode: 30001,
      field: "enddate",
    });
  });
});

describe("records", () => {
  it("are in the order of days, then of names", async () => {
    const mine = await countedChannel([
      ["20240102", "apple", 1],
      ["20240101", "zebra", 2],
      ["20240101", "Zebra", 3],
    ]);
    expect((await ask(mine)).records).toEqual([
      { date: "20240101", identifier: "Zebra", count: 3 },
      { date: "20240101", identifier: "zebra", count: 2 },
      { date: "20240102", identifier: "apple", count: 1 },
    ]);
  });

  it("of a removed image are kept, and may be asked for", async () => {
    const own = await newChannel();
    await call("AddImage", { ...own, identifier: "circus", image: circus });
    await findAt("2025-03-01T12:00+08:00", own);
    vi.useRealTimers();
    await call("RemoveImage", { ...own, identifier: "circus" });
    expect((await ask(own)).records).toEqual([{ date: "20250301", identifier: "circus", count: 1 }]);
    expect((await ask(own, { identifier: "circus" })).records).toEqual([{ date: "20250301", count: 1 }]);
  });

  it("are none, which is not 20014, for an image that was never found, also after its removal", async () => {
    const own = await newChannel();
    await call("AddImage", { ...own, identifier: "circus", image: circus });
    expect(await ask(own, { identifier: "circus" })).toMatchObject({ returncode: 0, records: [] });
    await call("RemoveImage", { ...own, identifier: "circus" });
    expect(await ask(own, { identifier: "circus" })).toMatchObject({ returncode: 0, records: [] });
  });

  it("are none for a user without channels", async () => {
    expect(await ask(await newUser())).toMatchObject({ returncode: 0, records: [] });
  });
});

describe("Statistics is refused with", () => {
  let mine: Mine;

  beforeAll(async () => {
    mine = await newChannel();
  });

  it("30001 for an identifier without channel", async () => {
    expect(await ask(mine, { channel: undefined, identifier: "circus" })).toMatchObject({
      returncode: 30001,
      field: "channel",
    });
  });

  it("20014 for an identifier that never existed", async () => {
    expect(await ask(mine, { identifier: "never.there" })).toMatchObject({ returncode: 20014 });
  });

  it("20010 for a malformed identifier", async () => {
    expect(await ask(mine, { identifier: "a-b" })).toMatchObject({ returncode: 20010, field: "identifier" });
  });
});
