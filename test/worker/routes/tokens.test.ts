/** IssueToken: how long tokens last, and what is refused. (What tokens may do: access.test.ts.) */

import { beforeAll, describe, expect, it } from "vitest";
import { call, type Mine, newChannel } from "../../support/api.ts";

let mine: Mine;

beforeAll(async () => {
  mine = await newChannel();
});

const secondsLeft = (expires = 0) => expires - Date.now() / 1000;

describe("IssueToken", () => {
  it("gives a token for an hour where no time is asked for", async () => {
    const { returncode, token, expires } = await call("IssueToken", mine);
    expect(returncode).toBe(0);
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(expires).toSatisfy(Number.isInteger);
    expect(Math.abs(secondsLeft(expires) - 3600)).toBeLessThan(5);
  });

  it("gives a token for as long as asked, up to a day", async () => {
    for (const ttl of [1, "60", 86_400]) {
      const { expires } = await call("IssueToken", { ...mine, ttl });
      expect(Math.abs(secondsLeft(expires) - Number(ttl))).toBeLessThan(5);
    }
  });

  it.each(["0", "86401", "-5", "1.5", "1e3", "soon"])("refuses a ttl of %s with 30001", async (ttl) => {
    const answer = await call("IssueToken", { ...mine, ttl });
    expect(answer).toMatchObject({ returncode: 30001, field: "ttl", message: expect.stringContaining("86400") });
  });

  it("does not put the secret key into the token", async () => {
    const { token = "" } = await call("IssueToken", mine);
    expect(atob(token.split(".")[1] as string)).not.toContain(mine.secretkey);
  });
});
