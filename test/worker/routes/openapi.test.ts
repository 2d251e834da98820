/** GET /openapi.json, and that it says what is true. (support/api.ts holds the answers of all tests against it.) */

import { describe, expect, it } from "vitest";
import { version } from "../../../package.json";
import app from "../../../worker/main.ts";
import { admin, call, newChannel, ORIGIN, readAnswer, send } from "../../support/api.ts";
import { importFields } from "../../support/import.ts";
import { document, problemWith } from "../../support/openapi.ts";
import { circus, samples } from "../../support/pictures.ts";

const paths = document.paths as unknown as Record<string, Record<string, { requestBody?: object }>>;

describe("GET /openapi.json", () => {
  it("is the document, with the server's own address and version", async () => {
    const response = await send(new Request(`${ORIGIN}/openapi.json`));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ...JSON.parse(JSON.stringify(document)),
      info: { ...document.info, version },
      servers: [{ url: ORIGIN }],
    });
  });

  it("describes every route of the Worker, and no other", () => {
    const routes = app.routes
      .filter(({ method }) => method !== "ALL")
      .map(
        ({ method, path }) => `${method} ${path.startsWith("/tracking/") ? "/tracking/{channel}/{picture}.jpg" : path}`,
      );
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(routes.sort());
  });

  it("tells a wrong answer from a right one", () => {
    const right = { returncode: 0, message: "success", requestid: "1", level: 4 };
    expect(problemWith("/AddImage", right)).toBeUndefined();
    expect(problemWith("/AddImage", { returncode: 20015, message: "busy", requestid: "1" })).toBeUndefined();
    for (const wrong of [
      { ...right, level: "4" },
      { ...right, level: 6 },
      { ...right, more: 1 },
      { ...right, returncode: 1 },
      { returncode: 0, message: "success", requestid: "1" },
      { ...right, similar: [{ identifier: "abc" }] },
      {},
    ]) {
      expect([wrong, problemWith("/AddImage", wrong)]).toEqual([wrong, expect.any(String)]);
    }
  });

  it("holds for what every endpoint answers to success", async () => {
    const mine = await newChannel({ publicread: 1 });
    const named = { ...mine, identifier: "circus" };
    const fields: Record<string, object> = {
      AddImage: { ...named, image: circus, metadata: "{}" },
      GradeImage: { ...mine, image: circus },
      FindImage: { ...mine, image: circus },
      GetImages: mine,
      GetChannels: { ...mine, channel: undefined },
      GetImage: named,
      UpdateImageInfo: { ...named, matchratio: 60 },
      Statistics: { ...mine, channel: undefined, startdate: 2000, enddate: 2099 },
      IssueToken: mine,
      ReplaceImage: { ...named, image: samples["card.stargazer"] },
      ImportImages: { ...mine, ...importFields({ imported: circus }) },
      ReindexImages: mine,
      RemoveImage: named,
    };
    const isJson = (path: string) => path !== "/GetOriginal" && !path.startsWith("/admin/");
    const posts = Object.keys(paths).filter((path) => paths[path]?.post && isJson(path));
    expect(Object.keys(fields).sort()).toEqual(posts.map((path) => path.slice(1)).sort());
    for (const [endpoint, body] of Object.entries(fields)) {
      const answer = await call(endpoint, body as Record<string, string>, {});
      expect(answer.returncode).toBe(0);
      expect(problemWith(`/${endpoint}`, answer)).toBeUndefined();
    }
  });

  it("holds for what /admin and /health answer", async () => {
    const { username, channel } = await newChannel();
    for (const [path, fields] of [
      ["users", { username }],
      ["users", { username, disabled: 0 }],
      ["secrets", { username }],
      ["secrets/retire", { username }],
      ["channels", { username, channel, hostapps: "wx0123456789abcdef" }],
    ] as const) {
      expect(problemWith(`/admin/${path}`, await admin(path, fields))).toBeUndefined();
    }
    const headers = { Authorization: "Bearer test-admin-token" };
    for (const path of ["/admin/users", "/admin/channels", "/health"]) {
      const answer = await readAnswer(await send(new Request(`${ORIGIN}${path}?limit=1`, { headers })));
      expect(answer.returncode).toBe(0);
      expect(problemWith(path, answer, "get")).toBeUndefined();
    }
  });
});
