/** docs/security.md and SECURITY.md claim nothing without a test: those that they name are there. */

import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

it("every test and command that docs/security.md names is there, and every attack names one", () => {
  const text = read("docs/security.md");
  const tests = [...text.matchAll(/`(?:test\/)?([\w/-]+\.test\.ts)`/g)].map(([, path]) => `test/${path}`);
  expect(tests.length).toBeGreaterThan(20);
  for (const path of tests) expect([path, existsSync(new URL(path, root))]).toEqual([path, true]);
  const { scripts } = JSON.parse(read("package.json"));
  for (const [, name = ""] of text.matchAll(/`npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty([name]);
  const attacks =
    text
      .split("## Attacks")[1]
      ?.split("###")[0]
      ?.split("\n")
      .filter((line) => line.startsWith("| "))
      .slice(2) ?? [];
  expect(attacks.length).toBeGreaterThan(20);
  for (const attack of attacks) expect(attack).toContain(".test.ts`");
});
