/** `npm run audit` against a registry of our own on 127.0.0.1, which answers as npm's does. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";

type Advisories = Readonly<Record<string, readonly object[]>>;

let registry: Server;

afterEach(() => registry.close());

describe("npm run audit", () => {
  it("passes where no package has a known hole, and has asked about all that is pinned", async () => {
    const asked: string[] = [];
    const { code, output } = await audit((packages) => {
      asked.push(...packages);
      return {};
    });
    expect([code, output]).toEqual([0, "0 packages of a deployment have known holes, 0 of the tools\n"]);
    const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(asked).toEqual(expect.arrayContaining(Object.keys({ ...dependencies, ...devDependencies })));
  });

  it("fails for one of what a deployment runs", async () => {
    const { code, output } = await audit(() => ({ hono: [hole(1)] }));
    expect([code, output]).toEqual([
      1,
      "deployed: hono (high): reads too much https://advisories.test/1\n" +
        "1 packages of a deployment have known holes, 0 of the tools\n",
    ]);
  });

  it("prints one of the tools, and passes", async () => {
    const { code, output } = await audit(() => ({ "jpeg-js": [hole(2)] }));
    expect(output).toContain("tools: jpeg-js (high): reads too much https://advisories.test/2\n");
    expect(output).toContain("\n0 packages of a deployment have known holes, ");
    expect(code).toBe(0);
  });

  it("says so where the registry has no advisories", async () => {
    const { code, output } = await audit(() => undefined);
    expect(output).toMatch(/^not audited: the registry answers no advisories \(405 /);
    expect(code).toBe(0);
  });
});

const hole = (id: number) => ({
  id,
  url: `https://advisories.test/${id}`,
  title: "reads too much",
  severity: "high",
  vulnerable_versions: "*",
  cwe: [],
  cvss: { score: 8, vectorString: null },
});

/** What it prints where the registry answers so about the packages; undefined for one that has no advisories. */
async function audit(answer: (packages: string[]) => Advisories | undefined) {
  registry = createServer(async (request, response) => {
    const body = await buffer(request);
    const json = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    const advisories = request.url?.endsWith("/advisories/bulk") && answer(Object.keys(JSON.parse(json.toString())));
    response.writeHead(advisories ? 200 : 405, { "content-type": "application/json" });
    response.end(JSON.stringify(advisories || {}));
  }).listen(0, "127.0.0.1");
  await once(registry, "listening");
  const { port } = registry.address() as AddressInfo;
  const child = spawn(process.execPath, ["scripts/audit.ts"], {
    env: { ...process.env, npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_fetch_retries: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return { code, output };
}
