/** Cross-origin calls: who may read which answers, what a preflight says, and that managing calls stay closed. */

import { describe, expect, it, vi } from "vitest";
import { formOf, newChannel, ORIGIN, post, readAnswer, send } from "../../support/api.ts";
import { circus } from "../../support/pictures.ts";

const PAGE = "https://museum.example";
const OTHER = "https://elsewhere.example";
const listed = { ALLOWED_ORIGINS: `${PAGE}, http://localhost:*` };
const everyone = { ALLOWED_ORIGINS: "*" };

const get = (path: string, origin?: string) =>
  new Request(`${ORIGIN}${path}`, { headers: origin === undefined ? {} : { Origin: origin } });

const preflight = (path: string, origin: string, method = "POST") =>
  new Request(`${ORIGIN}${path}`, {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": method,
      "Access-Control-Request-Headers": "authorization",
    },
  });

const allowed = (response: Response) => response.headers.get("Access-Control-Allow-Origin");

describe("with a list of origins", () => {
  it.each([PAGE, "http://localhost:3000", "http://localhost"])("a page of %s may read answers", async (origin) => {
    const response = await send(get("/health", origin), listed);
    expect(allowed(response)).toBe(origin);
    expect(response.headers.get("Vary")).toContain("Origin");
    expect(response.headers.get("Access-Control-Expose-Headers")).toContain("Retry-After");
    expect(response.headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
    expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
  });

  it.each([
    OTHER,
    "null",
    "http://museum.example",
    `${PAGE}:8443`,
    "https://museum.example.evil.example",
    "https://localhost:1",
    "http://localhost:*.evil.example",
  ])("a page of %s may not", async (origin) => {
    const response = await send(get("/health", origin), listed);
    expect(response.status).toBe(200);
    expect(allowed(response)).toBeNull();
    expect(response.headers.get("Vary")).toContain("Origin");
  });

  it("an answer without any origin still varies by it, as caches keep it for pages", async () => {
    const response = await send(get("/openapi.json"), listed);
    expect(allowed(response)).toBeNull();
    expect(response.headers.get("Vary")).toContain("Origin");
  });

  it.each(["/FindImage", "/GetImage", "/health", "/openapi.json", "/tracking/a/b.jpg", "/webar/lookmark-scan.js"])(
    "a preflight for %s is answered",
    async (path) => {
      const response = await send(preflight(path, PAGE), listed);
      expect(response.status).toBe(204);
      expect(allowed(response)).toBe(PAGE);
      expect(response.headers.get("Access-Control-Allow-Methods")).toBe("GET,POST");
      expect(response.headers.get("Access-Control-Allow-Headers")).toBe("Authorization,Content-Type");
      expect(Number(response.headers.get("Access-Control-Max-Age"))).toBeGreaterThan(0);
      expect(response.headers.get("Access-Control-Allow-Credentials")).toBeNull();
      expect(allowed(await send(preflight(path, OTHER), listed))).toBeNull();
    },
  );

  it("FindImage and the tracking image that it names can be read", async () => {
    const mine = await newChannel();
    await send(post("AddImage", formOf({ ...mine, identifier: "target", image: circus })));
    const response = await send(post("FindImage", formOf({ ...mine, image: circus }), { Origin: PAGE }), listed);
    expect(allowed(response)).toBe(PAGE);
    const { trackingimage = "" } = await readAnswer(response);
    const tracking = await send(new Request(trackingimage, { headers: { Origin: PAGE } }), listed);
    expect(tracking.status).toBe(200);
    expect(allowed(tracking)).toBe(PAGE);
    expect(tracking.headers.get("Cache-Control")).toContain("immutable");
  });

  it("refusals, unknown pictures and our own faults can be read as well", async () => {
    const refused = await send(post("FindImage", "{}", { Origin: PAGE }), listed);
    expect(allowed(refused)).toBe(PAGE);
    expect(await readAnswer(refused)).toMatchObject({ returncode: 20005 });
    const unknown = await send(get("/tracking/a/b.jpg", PAGE), listed);
    expect(allowed(unknown)).toBe(PAGE);
    expect(unknown.status).toBe(404);
    vi.spyOn(console, "error").mockImplementation(() => {});
    const broken = await send(post("FindImage", formOf({ image: circus }), { Origin: PAGE }), {
      ...listed,
      FIND_MAX_MEGABYTES: "many",
    });
    vi.restoreAllMocks();
    expect(allowed(broken)).toBe(PAGE);
    expect(await readAnswer(broken, 500)).toMatchObject({ returncode: 500 });
  });
});

it("with * every page may read answers, and they do not vary", async () => {
  const response = await send(get("/health", OTHER), everyone);
  expect(allowed(response)).toBe("*");
  expect(response.headers.get("Vary") ?? "").not.toContain("Origin");
});

it.each([
  "AddImage",
  "ReplaceImage",
  "GradeImage",
  "RemoveImage",
  "GetImages",
  "UpdateImageInfo",
  "Statistics",
  "IssueToken",
  "GetChannels",
  "admin/users",
  "admin/secrets",
  "admin/secrets/retire",
  "admin/channels",
])("%s is open to no foreign page, not even with *", async (endpoint) => {
  const response = await send(post(endpoint, formOf({}), { Origin: OTHER }), everyone);
  expect(allowed(response)).toBeNull();
  expect(response.headers.get("Cross-Origin-Resource-Policy")).toBe("same-origin");
  const asked = await send(preflight(`/${endpoint}`, OTHER), everyone);
  expect(asked.status).not.toBe(204);
  expect(allowed(asked)).toBeNull();
});

it("without a list nothing is open, and that is the default", async () => {
  expect(allowed(await send(get("/health", PAGE)))).toBeNull();
  expect((await send(preflight("/FindImage", PAGE))).status).toBe(405);
});

it.each(["museum.example", "https://museum.example/", "https://*.example", "https://museum.example/path"])(
  "a list with %s is told to the operator",
  async (entry) => {
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    expect((await send(get("/health", PAGE), { ALLOWED_ORIGINS: entry })).status).toBe(500);
    expect(String(error.mock.calls[0]?.[1])).toContain(entry);
    vi.restoreAllMocks();
  },
);
