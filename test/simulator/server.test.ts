/** What the simulator's server says where it cannot pass a question on. */

import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serveSimulator } from "../../miniprogram/simulator/server.ts";
import { freePort } from "../processes.ts";

let server: Server;
let worker: string;

beforeAll(async () => {
  worker = `http://127.0.0.1:${await freePort()}`;
  server = await serveSimulator(0, { origin: worker, username: "demo", secretkey: "demo", channel: "demo" });
});

afterAll(() => {
  server.close();
});

function ask(body: Uint8Array<ArrayBuffer>): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}/FindImage`, { method: "POST", body });
}

it("says which Worker does not answer", async () => {
  const answer = await ask(new Uint8Array(10));
  expect(answer.status).toBe(502);
  expect(await answer.text()).toContain(worker);
});

it("refuses a body that is too long for it, and does not blame the Worker", async () => {
  const answer = await ask(new Uint8Array(5 * 2 ** 20));
  expect(answer.status).toBe(413);
  expect(await answer.text()).toContain("4194304");
});

it("rejects where the port is taken", async () => {
  const { port } = server.address() as AddressInfo;
  const backend = { origin: worker, username: "demo", secretkey: "demo", channel: "demo" };
  await expect(serveSimulator(port, backend)).rejects.toMatchObject({ code: "EADDRINUSE" });
});
