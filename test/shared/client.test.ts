/** The API's client against a server that answers well, badly, late or not at all. */

import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { AdminClient, getHealth, LookmarkClient, NoAnswerError } from "../../shared/client.ts";

const ADA = { username: "ada", secretkey: "secret" };
const SUCCESS = { returncode: 0, message: "success", requestid: "1" };

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

/** Answers each call with its own path and fields. */
function echo(): Promise<string> {
  return serve(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const headers = { "Content-Type": request.headers["content-type"] ?? "" };
    const form = await new Response(Buffer.concat(pieces), { headers }).formData();
    const fields = Object.fromEntries(
      [...form].map(([name, value]) => [name, typeof value === "string" ? value : `file of ${value.size}`]),
    );
    response.end(JSON.stringify({ ...SUCCESS, path: request.url, fields }));
  });
}

describe("the client", () => {
  it("posts each call to its endpoint, with who asks and the fields that are there", async () => {
    const client = new LookmarkClient(`${await echo()}/`, ADA);
    const image = new Blob(["12345"]);
    const named = { channel: "c", identifier: "abc" };
    const calls = {
      "/AddImage": [await client.addImage({ ...named, image, metadata: undefined, matchratio: 60 }), "file of 5"],
      "/RemoveImage": [await client.removeImage(named)],
      "/GetImages": [await client.getImages({ channel: "c", position: 0, prefix: "a" })],
      "/GetImage": [await client.getImage(named)],
      "/UpdateImageInfo": [await client.updateImageInfo({ ...named, metadata: "" })],
      "/Statistics": [await client.statistics({ channel: "c", startdate: "2024", enddate: "2025" })],
      "/FindImage": [await client.findImage({ channel: "c", image }), "file of 5"],
      "/IssueToken": [await client.issueToken({ channel: "c", ttl: 60 })],
    } as const;
    for (const [path, [answer, file]] of Object.entries(calls)) {
      expect(answer).toMatchObject({ returncode: 0, path, fields: { ...ADA, channel: "c" } });
      expect((answer as unknown as { fields: { image?: string } }).fields.image).toBe(file);
    }
    expect(await client.getChannels()).toMatchObject({ path: "/GetChannels", fields: ADA });
    expect(calls["/AddImage"][0]).not.toHaveProperty("fields.metadata");
    expect(calls["/AddImage"][0]).toHaveProperty("fields.matchratio", "60");
    expect(calls["/UpdateImageInfo"][0]).toHaveProperty("fields.metadata", "");
    expect(calls["/GetImages"][0]).toHaveProperty("fields.position", "0");
    expect(calls["/GetImages"][0]).toHaveProperty("fields.prefix", "a");
  });

  it("asks the operator's calls with the bearer token, and lists page by page", async () => {
    const origin = await serve(async (request, response) => {
      const { method, url, headers } = request;
      request
        .resume()
        .on("end", () => response.end(JSON.stringify({ ...SUCCESS, method, url, bearer: headers.authorization })));
    });
    const client = new AdminClient(origin, "operator");
    const calls = {
      "GET /admin/users?limit=5": client.users({ limit: 5, cursor: undefined }),
      "GET /admin/channels?username=ada&cursor=c": client.channels({ username: "ada", cursor: "c" }),
      "POST /admin/users": client.putUser({ username: "ada" }),
      "POST /admin/secrets": client.rotateSecret({ username: "ada" }),
      "POST /admin/secrets/retire": client.retireSecret({ username: "ada" }),
      "POST /admin/channels": client.putChannel({ username: "ada", channel: "c", quota: 5 }),
    };
    for (const [call, answer] of Object.entries(calls)) {
      const [method, url] = call.split(" ");
      expect(await answer).toMatchObject({ method, url, bearer: "Bearer operator" });
    }
    expect(await getHealth(origin)).toMatchObject({ method: "GET", url: "/health" });
  });

  it("gives statistics as a table, or the answer that refused them", async () => {
    const table = "date,count\r\n20260101,3\r\n";
    const range = { startdate: "2026", enddate: "2026" };
    const csv = await serve((_, response) =>
      response.writeHead(200, { "Content-Type": "text/csv; charset=utf-8" }).end(table),
    );
    expect(await new LookmarkClient(csv, ADA).statisticsCsv(range)).toBe(table);
    server?.close();
    expect(await new LookmarkClient(await echo(), ADA).statisticsCsv(range)).toMatchObject({
      returncode: 0,
      path: "/Statistics",
      fields: { ...ADA, ...range, format: "csv" },
    });
  });

  it("asks with a token instead of a secret key", async () => {
    const answer = await new LookmarkClient(await echo(), { token: "t" }).getImage({ channel: "c", identifier: "abc" });
    expect(answer).toHaveProperty("fields", { token: "t", channel: "c", identifier: "abc" });
  });

  it("passes refusals on as answers, with the time to come back", async () => {
    const busy = { returncode: 20015, message: "system busy", requestid: "1" };
    const origin = await serve((_, response) => response.setHeader("Retry-After", "7").end(JSON.stringify(busy)));
    const answer = await new LookmarkClient(origin, ADA).getImages({ channel: "c" });
    expect(answer).toEqual({ ...busy, retryAfterSeconds: 7 });
  });

  it.each(["<html>Bad gateway</html>", "null", "{}", "[1]", ""])(
    "throws with the status where something else answers: %j",
    async (body) => {
      const origin = await serve((_, response) => response.writeHead(502, { "Retry-After": "3" }).end(body));
      const error = await new LookmarkClient(origin, ADA).getImages({ channel: "c" }).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(NoAnswerError);
      expect(error).toMatchObject({ status: 502, retryAfterSeconds: 3, message: expect.stringContaining("HTTP 502") });
    },
  );

  it("throws with the reason where nothing answers", async () => {
    const origin = await serve((request) => request.socket.destroy());
    const error = await new LookmarkClient(origin, ADA).getImages({ channel: "c" }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error).toMatchObject({ status: undefined, message: expect.stringContaining(origin) });
  });

  it("waits as long as it may, and ends at once where its signal says so", async () => {
    const origin = await serve(() => {});
    const late = new LookmarkClient(origin, ADA, { timeoutMs: 50 }).getImages({ channel: "c" });
    await expect(late).rejects.toThrow(/waited 0.05 s/);
    const stop = new AbortController();
    const stopped = new LookmarkClient(origin, ADA, { signal: stop.signal }).getImages({ channel: "c" });
    stop.abort(new Error("no longer wanted"));
    await expect(stopped).rejects.toThrow("no longer wanted");
  });
});
