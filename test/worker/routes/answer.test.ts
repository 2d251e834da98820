/** What all answers have in common, and the answers outside of the documented codes: 404, 405, 500 and 20015. */

import type { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { call, newChannel, ORIGIN, passingError, post, readAnswer, send } from "../../support/api.ts";
import { importFields } from "../../support/import.ts";
import { circus } from "../../support/pictures.ts";

const ENDPOINTS = [
  "AddImage",
  "RemoveImage",
  "GetImages",
  "GetImage",
  "UpdateImageInfo",
  "Statistics",
  "FindImage",
  "IssueToken",
  "ImportImages",
  "GetOriginal",
  "ReindexImages",
];

afterEach(() => {
  vi.restoreAllMocks();
});

describe("an unknown path", () => {
  it("is 404 for every method, with JSON", async () => {
    for (const method of ["GET", "POST", "PUT", "DELETE"]) {
      const response = await send(new Request(`${ORIGIN}/NoSuchImage`, { method }));
      expect(await readAnswer(response, 404)).toMatchObject({ returncode: 404 });
    }
  });

  it("is 404 where an endpoint's name is written in other case or with a slash behind it", async () => {
    for (const path of ["findimage", "FindImage/"]) {
      expect(await readAnswer(await send(post(path, "")), 404)).toMatchObject({ returncode: 404 });
    }
  });
});

describe("a wrong method", () => {
  it.each(ENDPOINTS)("is 405 at %s, which allows POST", async (endpoint) => {
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
      const response = await send(new Request(`${ORIGIN}/${endpoint}`, { method }));
      expect(response.headers.get("Allow")).toBe("POST");
      expect(await readAnswer(response, 405)).toMatchObject({ returncode: 405, message: `use POST /${endpoint}` });
    }
  });

  it("is 405 at /health, which allows GET", async () => {
    const response = await send(post("health", ""));
    expect(response.headers.get("Allow")).toBe("GET");
    expect(await readAnswer(response, 405)).toMatchObject({ returncode: 405 });
  });
});

describe("an answer", () => {
  it("has the security headers", async () => {
    const { headers } = await send(post("GetImages", ""));
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Content-Security-Policy")).toContain("default-src 'self'");
  });

  it.each(["/", "/console/"])(
    "that is the page %s runs no script but its own files, and in nobody's frame",
    async (path) => {
      const { status, headers } = await send(new Request(`${ORIGIN}${path}`));
      expect(status).toBe(200);
      const policy = headers.get("Content-Security-Policy") ?? "";
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/script-src|unsafe/);
      expect(headers.get("X-Frame-Options")).toBe("SAMEORIGIN");
      expect(headers.get("Strict-Transport-Security")).toContain("max-age=");
    },
  );

  it("has another request id each time", async () => {
    const [first, second] = [await call("GetImages", {}), await call("GetImages", {})];
    expect(first.requestid).not.toBe(second.requestid);
  });

  it.each(ENDPOINTS)("of %s is 20001 with status 200 to an empty form", async (endpoint) => {
    const answer = await call(endpoint, {
      image: circus,
      channel: "some.channel",
      identifier: "some.picture",
      username: "",
    });
    expect(answer).toMatchObject({ returncode: 20001 });
  });
});

describe("a failure of the platform", () => {
  it("is 20015 with Retry-After where the platform says that a later try may help", async () => {
    for (const mark of ["retryable", "overloaded"]) {
      vi.spyOn(console, "error").mockImplementation(() => {});
      const failing = { limit: () => Promise.reject(Object.assign(new Error("not now"), { [mark]: true })) };
      const response = await send(post("GetImages", "username=ada"), { RATE_LIMITER: failing as unknown as RateLimit });
      expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
      expect(await readAnswer(response)).toMatchObject({ returncode: 20015 });
    }
  });

  it("is 500 with the request id, which is logged, where it is our own bug", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const broken = { limit: () => Promise.reject(new TypeError("x is not a function")) };
    const response = await send(post("GetImages", "username=ada"), { RATE_LIMITER: broken as unknown as RateLimit });
    const answer = await readAnswer(response, 500);
    expect(answer).toMatchObject({ returncode: 500 });
    expect(answer.message).not.toContain("function");
    expect(log).toHaveBeenCalledWith(answer.requestid, expect.any(TypeError));
  });

  it("says which setting is wrong, to the operator only", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const mine = await newChannel();
    const response = await send(post("AddImage", "", {}), { ADD_MAX_MEGABYTES: "eight" });
    const answer = await readAnswer(response, 500);
    expect(answer.message).not.toContain("ADD_MAX_MEGABYTES");
    expect(log).toHaveBeenCalledWith(
      answer.requestid,
      expect.objectContaining({ message: expect.stringContaining("ADD_MAX_MEGABYTES") }),
    );
    expect(await call("GetImages", mine)).toMatchObject({ returncode: 0 });
  });

  it("keeps the picture's endpoint at 20015 while R2 takes no originals", async () => {
    const mine = await newChannel();
    vi.spyOn(console, "error").mockImplementation(() => {});
    for (const error of [
      passingError(),
      new Error("put: We encountered an internal error. Please try again. (10001)"),
    ]) {
      const BUCKET = { put: () => Promise.reject(error) } as unknown as R2Bucket;
      const fields = { ...mine, identifier: "circus", image: circus };
      expect(await call("AddImage", fields, { BUCKET })).toMatchObject({ returncode: 20015 });
    }
    expect(await call("GetImages", mine)).toMatchObject({ totalcount: 0 });
    expect(await call("AddImage", { ...mine, identifier: "circus", image: circus })).toMatchObject({ returncode: 0 });
  });

  it("keeps every endpoint at 20015 while its shard is out of reach", async () => {
    const named = { ...(await newChannel()), identifier: "circus", image: circus, startdate: "2025", enddate: "2025" };
    const mine = { ...named, ...importFields({ circus }) };
    vi.spyOn(console, "error").mockImplementation(() => {});
    const unreachable = new Proxy({}, { get: () => () => Promise.reject(passingError()) });
    const SHARD = { idFromName: () => ({}), get: () => unreachable } as unknown as typeof env.SHARD;
    for (const endpoint of ENDPOINTS.filter((name) => name !== "IssueToken")) {
      expect([endpoint, await call(endpoint, mine, { SHARD })]).toMatchObject([endpoint, { returncode: 20015 }]);
    }
  });

  it("keeps every endpoint at 20015 while the Directory is out of reach", async () => {
    const fields = {
      username: "ada",
      secretkey: "secret",
      channel: "some.channel",
      identifier: "circus",
      image: circus,
      startdate: "2025",
      enddate: "2025",
    };
    vi.spyOn(console, "error").mockImplementation(() => {});
    const unreachable = new Proxy({}, { get: () => () => Promise.reject(passingError()) });
    const DIRECTORY = { idFromName: () => ({}), get: () => unreachable } as unknown as typeof env.DIRECTORY;
    for (const endpoint of ENDPOINTS) {
      expect([endpoint, await call(endpoint, fields, { DIRECTORY })]).toMatchObject([endpoint, { returncode: 20015 }]);
    }
  });
});
