/** The examples as their readers run them, against a real local Worker; those whose language is not installed are skipped. */

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccount, type Local, startLocal } from "../../scripts/local.ts";
import { LookmarkClient } from "../../shared/client.ts";
import { freePort, root, start, temporaryFolder } from "../processes.ts";

const ACCOUNT = { username: "examples", secretkey: "examples.secret" };
const PICTURE = "test/fixtures/circus.jpg";

const examples = [
  { language: "curl", program: "sh", needs: "curl", file: "add-and-find.sh" },
  { language: "python", program: "python3", needs: "python3", file: "add_and_find.py" },
  { language: "javascript", program: process.execPath, needs: process.execPath, file: "add-and-find.js" },
  { language: "java", program: "java", needs: "javac", file: "AddAndFind.java" },
  { language: "swift", program: "swift", needs: "swift", file: "AddAndFind.swift" },
];

const folder = temporaryFolder();
let local: Local;

beforeAll(async () => {
  local = await startLocal({ port: await freePort(), stateDir: join(folder, "state") });
});

afterAll(async () => {
  await local?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it("stand in the README, all of them", () => {
  const text = readFileSync(join(root, "examples/README.md"), "utf8");
  for (const file of readdirSync(join(root, "examples"))) if (file !== "README.md") expect(text).toContain(file);
});

it("webar.html is the page that the document of <lookmark-scan> shows", () => {
  expect(readFileSync(join(root, "webar/README.md"), "utf8")).toContain(
    readFileSync(join(root, "examples/webar.html"), "utf8").trim(),
  );
});

describe.each(examples)("the $language example", ({ language, program, needs, file }) => {
  const installed = spawnSync(needs, ["--version"]).status === 0;
  if (!installed) console.warn(`The ${language} example is not run: ${needs} is not installed`);
  const channel = `channel.${language}`;

  /** In a channel of its own, so that no other example's picture is found. */
  function run(more: NodeJS.ProcessEnv = {}) {
    const settings = { LOOKMARK_USERNAME: ACCOUNT.username, LOOKMARK_SECRETKEY: ACCOUNT.secretkey };
    const environment = {
      ...process.env,
      LOOKMARK_HOST: local.origin,
      LOOKMARK_CHANNEL: channel,
      ...settings,
      ...more,
    };
    return start(program, [join("examples", file), PICTURE], environment).outcome;
  }

  it.skipIf(!installed)("adds a picture, finds it by a query token, and fails where it is refused", async () => {
    await createAccount(local, ACCOUNT.username, ACCOUNT.secretkey, channel);
    const identifier = `example.${language}`;
    const { exitCode, stdout, stderr } = await run();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`(found |"identifier":")${identifier.replace(".", "\\.")}\\b`));
    const client = new LookmarkClient(local.origin, ACCOUNT);
    const { metadata = "" } = await client.getImage({ channel, identifier });
    expect(JSON.parse(metadata)).toEqual({ title: "My first" });
    const refused = await run({ LOOKMARK_SECRETKEY: "wrong" });
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout + refused.stderr).toContain("20001");
  });
});
