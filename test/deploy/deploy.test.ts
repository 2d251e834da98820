/** `npm run deploy` against an account that is recorded at the boundary of the process; wrangler itself bundles and checks for real. */

import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";
import { type Outcome, root, start, temporaryFolder } from "../processes.ts";

interface Account {
  loggedIn: boolean;
  buckets: string[];
  secrets: Record<string, string>;
  /** Commands that fail, with what they say. */
  failing: Record<string, string>;
}

/** Stands in for wrangler and npm: keeps the account in a file, as Cloudflare keeps it. */
const RECORDER = `#!${process.execPath}
const fs = require("node:fs");
const [, program, ...args] = process.argv;
const file = process.env.ACCOUNT;
const account = JSON.parse(fs.readFileSync(file));
const name = require("node:path").basename(program);
const command = [name, ...args].join(" ");
fs.appendFileSync(file + ".log", command + "\\n");
const problem = Object.entries(account.failing).find(([start]) => command.startsWith(start));
if (problem) { console.error(problem[1]); process.exit(1); }
if (command.startsWith("wrangler whoami")) process.exit(account.loggedIn ? 0 : 1);
if (command.startsWith("wrangler r2 bucket list")) {
  console.log("Listing buckets...\\n" + account.buckets.map((n) => "name:           " + n + "\\ncreation_date:  2026-11-01T00:00:00.000Z").join("\\n\\n"));
}
if (command.startsWith("wrangler r2 bucket create")) account.buckets.push(args[3]);
if (command.startsWith("wrangler deploy") && process.env.WRANGLER_OUTPUT_FILE_PATH) {
  const entries = [{ type: "wrangler-session", version: 1 }, { type: "deploy", version: 1, targets: [process.env.TARGET] }];
  fs.writeFileSync(process.env.WRANGLER_OUTPUT_FILE_PATH, entries.map((e) => JSON.stringify(e) + "\\n").join(""));
}
if (command.startsWith("wrangler secret list")) console.log(JSON.stringify(Object.keys(account.secrets).map((name) => ({ name, type: "secret_text" }))));
if (command.startsWith("wrangler secret put")) account.secrets[args[2]] = fs.readFileSync(0, "utf8");
fs.writeFileSync(file, JSON.stringify(account));
`;

const folder = temporaryFolder();
const accountFile = join(folder, "account.json");
const programs = join(folder, "bin");
let health: Server;

beforeAll(async () => {
  mkdirSync(programs);
  for (const name of ["wrangler", "npm"]) {
    writeFileSync(join(programs, name), RECORDER);
    chmodSync(join(programs, name), 0o755);
  }
  writeFileSync(join(programs, "package.json"), '{ "type": "commonjs" }');
  health = createServer((_, response) => {
    response.end(JSON.stringify({ returncode: 0, message: "success", requestid: "1", status: "ok", version: "0.1.0" }));
  });
  await new Promise<void>((resolve) => health.listen(0, "127.0.0.1", resolve));
});

afterAll(() => {
  health.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  rmSync(`${accountFile}.log`, { force: true });
  keep({ loggedIn: true, buckets: ["another"], secrets: {}, failing: {} });
});

function keep(account: Account): void {
  writeFileSync(accountFile, JSON.stringify(account));
}

const account = (): Account => JSON.parse(readFileSync(accountFile, "utf8"));
const commands = () => readFileSync(`${accountFile}.log`, "utf8").trim().split("\n");
const origin = () => `http://127.0.0.1:${(health.address() as AddressInfo).port}`;

function deploy(args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const PATH = [programs, process.env.PATH].join(delimiter);
  const own = { PATH, HOME: folder, ACCOUNT: accountFile, TARGET: origin() };
  return start(process.execPath, [join(root, "scripts/deploy.ts"), ...args], { ...own, ...environment }).outcome;
}

describe("npm run deploy", () => {
  it("makes what is missing, deploys, and prints address and admin token; run again, it changes nothing else", async () => {
    const first = await deploy();
    expect(first).toMatchObject({ exitCode: 0, stderr: "" });
    expect(commands()).toEqual([
      "wrangler whoami --json",
      "wrangler r2 bucket list --env=",
      "wrangler r2 bucket create lookmark --env=",
      "npm run build",
      "wrangler deploy --env=",
      "wrangler secret list --format json --env=",
      "wrangler secret put ADMIN_TOKEN --env=",
    ]);
    const { ADMIN_TOKEN = "" } = account().secrets;
    expect(ADMIN_TOKEN).toMatch(/^[0-9a-f]{48}$/);
    expect(first.stdout).toContain("and answers.");
    expect(first.stdout).toMatch(new RegExp(`Page +${origin()}\n +Admin token +${ADMIN_TOKEN}\n`));

    const before = account();
    const second = await deploy();
    expect(second).toMatchObject({ exitCode: 0, stderr: "" });
    expect(account()).toEqual(before);
    expect(second.stdout).not.toContain(ADMIN_TOKEN);
    expect(second.stdout).toMatch(/Admin token +as it was/);
    expect(commands().filter((command) => / create | put /.test(command))).toHaveLength(2);
  });

  it("deploys the preview with storage of its own", async () => {
    expect(await deploy(["--env", "preview"])).toMatchObject({ exitCode: 0 });
    expect(account().buckets).toEqual(["another", "lookmark-preview"]);
    expect(commands().filter((command) => command.startsWith("wrangler") && !command.includes("whoami"))).toEqual(
      expect.arrayContaining([expect.stringMatching(/--env=preview$/)]),
    );
  });

  it.each<[string, readonly string[], Partial<Account>, RegExp]>([
    ["nobody is logged in", [], { loggedIn: false }, /npx wrangler login/],
    [
      "R2 is not enabled",
      [],
      { failing: { "wrangler r2 bucket create": "code: 10042" } },
      /R2 must be enabled.*\n.*10042/,
    ],
    ["the build fails", [], { failing: { "npm run build": "no" } }, /npm run failed/],
    ["the upload fails", [], { failing: { "wrangler deploy": "no" } }, /wrangler deploy failed/],
    ["the environment is not known", ["--env", "staging"], {}, /production or preview, not "staging"/],
    ["an option is not known", ["--prod"], {}, /Usage: npm run deploy/],
  ])("says what to do where %s", async (_, args, problem, message) => {
    keep({ ...account(), ...problem });
    const { exitCode, stderr } = await deploy(args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(" at "); // no stack
    expect(account().secrets).toEqual({});
  });

  it("takes a bucket that the list did not show as made", async () => {
    keep({
      ...account(),
      failing: { "wrangler r2 bucket create": "The bucket you tried to create already exists, and you own it" },
    });
    expect(await deploy()).toMatchObject({ exitCode: 0 });
  });

  it("rehearses: prints the very commands, and the real wrangler checks the bundle", async () => {
    const env = "preview";
    await deploy(["--env", env]);
    const real = commands();
    rmSync(`${accountFile}.log`);
    // The real wrangler, as npm finds it; the build has run before the tests.
    const own = join(folder, `npm.${env}`);
    mkdirSync(own);
    writeFileSync(join(own, "npm"), "#!/bin/sh\n");
    chmodSync(join(own, "npm"), 0o755);
    const PATH = [own, join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);
    const rehearsed = await deploy(["--env", env, "--dry-run"], { PATH, WRANGLER_SEND_METRICS: "false" });
    expect(rehearsed).toMatchObject({ exitCode: 0 });
    const [, listed = ""] = /Would run:\n\n((?: {2}.*\n)+)/.exec(rehearsed.stdout) ?? [];
    expect(
      listed
        .trimEnd()
        .split("\n")
        .map((line) => line.replace(/ {3}#.*/, "").trim()),
    ).toEqual(real);
    expect(rehearsed.stdout).toContain("(lookmark-preview)");
    expect(rehearsed.stdout).toContain("--dry-run: exiting now.");
  });
});

describe("wrangler.toml", () => {
  const config = (env: string) => readConfig({ config: join(root, "wrangler.toml"), env });
  const [production, preview] = [config(""), config("preview")];

  it("gives the preview the same bindings, vars and migrations, under names of its own", () => {
    for (const part of [
      "durable_objects",
      "migrations",
      "vars",
      "kv_namespaces",
      "assets",
      "rules",
      "compatibility_date",
    ] as const) {
      expect({ [part]: preview[part] }).toEqual({ [part]: production[part] });
    }
    const bindings = ({ r2_buckets, ratelimits }: typeof production) => [
      r2_buckets.map((bucket: { binding: string }) => bucket.binding),
      ratelimits.map(({ name, simple }: { name: string; simple: object }) => ({ name, simple })),
    ];
    expect(bindings(preview)).toEqual(bindings(production));
    expect(preview.name).not.toBe(production.name);
    expect(preview.r2_buckets[0]?.bucket_name).not.toBe(production.r2_buckets[0]?.bucket_name);
    const namespaces = [preview, production].flatMap(({ ratelimits }) =>
      ratelimits.map(({ namespace_id }: { namespace_id: string }) => namespace_id),
    );
    expect(new Set(namespaces).size).toBe(4);
  });
});
