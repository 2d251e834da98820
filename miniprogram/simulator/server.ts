/** Serves dist/simulator, passes FindImage on to a Worker, and hands out query tokens as a host's server would. */

import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { simulatorFolder } from "./build.ts";

export interface Backend {
  /** The Worker's address. */
  readonly origin: string;
  readonly username: string;
  readonly secretkey: string;
  readonly channel: string;
}

const TYPES: Readonly<Record<string, string>> = {
  "index.html": "text/html; charset=utf-8",
  "simulator.js": "text/javascript",
  "favicon.ico": "image/x-icon",
};
const BODY_BYTES_MAX = 4 * 2 ** 20;

/** Resolves once it listens on the loopback address; rejects where the port is taken. */
export async function serveSimulator(port: number, backend: Backend): Promise<Server> {
  const server = createServer((request, response) => {
    respond(request, response, backend).catch((error) => {
      response
        .writeHead(502, { "content-type": "text/plain" })
        .end(`the Worker at ${backend.origin} does not answer: ${error}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

async function respond(request: IncomingMessage, response: ServerResponse, backend: Backend): Promise<void> {
  const path = new URL(request.url ?? "/", "http://simulator").pathname.slice(1) || "index.html";
  const { username, secretkey, channel } = backend;
  if (request.method === "POST" && path === "token") {
    return pass(
      response,
      await fetch(`${backend.origin}/IssueToken`, {
        method: "POST",
        body: new URLSearchParams({ username, secretkey, channel }),
      }),
    );
  }
  if (request.method === "POST" && path === "FindImage") {
    const { "content-type": type = "", authorization = "" } = request.headers;
    const headers = { "content-type": type, authorization };
    const body = await bodyOf(request);
    if (!body) return void response.writeHead(413).end(`at most ${BODY_BYTES_MAX} bytes are passed on`);
    return pass(response, await fetch(`${backend.origin}/FindImage`, { method: "POST", headers, body }));
  }
  const type = TYPES[path];
  if (type) response.writeHead(200, { "content-type": type }).end(readFileSync(join(simulatorFolder, path)));
  else response.writeHead(404).end();
}

async function pass(response: ServerResponse, answer: Response): Promise<void> {
  const retryAfter = answer.headers.get("Retry-After");
  const headers = { "content-type": "application/json", ...(retryAfter ? { "retry-after": retryAfter } : {}) };
  response.writeHead(answer.status, headers).end(await answer.text());
}

/** Undefined where it is too long; what comes after is read, but not kept. */
async function bodyOf(request: IncomingMessage): Promise<Blob | undefined> {
  const chunks: Buffer<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return length <= BODY_BYTES_MAX ? new Blob(chunks) : undefined;
}
