/** GET /health, and the page's files. */

import { expect, it } from "vitest";
import { version } from "../../../package.json";
import { ORIGIN, readAnswer, send } from "../../support/api.ts";

const get = (path: string) => new Request(`${ORIGIN}${path}`);

it("answers that it is there, and which version", async () => {
  const answer = await readAnswer(await send(get("/health")));
  expect(answer).toMatchObject({ returncode: 0, status: "ok", version });
  expect(answer).not.toHaveProperty("demo");
});

it("names the demo account only where the local start made one", async () => {
  const answer = await readAnswer(await send(get("/health"), { DEMO: "demo:secret:posters" }));
  expect(answer.demo).toEqual({ username: "demo", secretkey: "secret", channel: "posters" });
  expect(await readAnswer(await send(get("/health"), { DEMO: "demo:secret" }))).not.toHaveProperty("demo");
});

it("serves the page's files with the security headers", async () => {
  const ASSETS = { fetch: async () => new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } }) };
  const response = await send(get("/"), { ASSETS: ASSETS as unknown as Fetcher });
  expect(await response.text()).toBe("<!doctype html>");
  expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
});
