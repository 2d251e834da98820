/** The documentation as a site: it is built from the repository's Markdown, whole, and no link in it leads nowhere. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMarkdownRenderer, type MarkdownRenderer } from "vitepress";
import { beforeAll, describe, expect, it } from "vitest";
import { checkBuilt, linkFiles } from "../../docs/.vitepress/links.ts";
import { pageOf } from "../../docs/.vitepress/pages.ts";
import { openApiDocument } from "../../shared/openapi.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const site = join(root, "docs/dist");
const pageText = (name: string) => readFileSync(join(site, name), "utf8").replace(/<[^>]+>/g, "");

describe("npm run docs", () => {
  beforeAll(() => {
    execFileSync("npm", ["run", "--silent", "docs"], { cwd: root, stdio: "pipe" });
  });

  it("makes a page of every document, and of each Chinese one beside its English one", () => {
    const names = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
    const documents = names.filter((name) => /^(zh\/)?[a-z-]+\.md$/.test(name)).map((name) => `docs/${name}`);
    const pages = [...documents, "README.md", "webar/README.md", "miniprogram/doc/README.md"].map(pageOf);
    expect(pages.length).toBeGreaterThan(15);
    for (const page of pages) expect(existsSync(join(site, String(page).replace(/md$/, "html"))), page).toBe(true);
    const chinese = pages.filter((page) => page?.startsWith("zh/"));
    expect(chinese.length).toBeGreaterThan(2);
    for (const page of chinese) expect(pages).toContain(page?.replace("zh/", ""));
  });

  it("has each call of the API in its reference, with each field and each part of the answer", () => {
    const reference = pageText("api/reference.html");
    const { paths, components } = openApiDocument("0", "");
    expect(Object.keys(paths).filter((path) => !reference.includes(` ${path}`))).toEqual([]);
    const types = Object.values(components.schemas) as { properties?: object }[];
    const names = new Set(types.flatMap(({ properties = {} }) => Object.keys(properties)));
    expect(names.size).toBeGreaterThan(30);
    expect([...names].filter((name) => !reference.includes(name))).toEqual([]);
  });
});

describe("a link", () => {
  let markdown: MarkdownRenderer;
  const render = (text: string) => {
    const path = join(root, "docs/console.md");
    return markdown.render(text, { path, realPath: path, relativePath: "console.md", cleanUrls: false });
  };

  beforeAll(async () => {
    markdown = await createMarkdownRenderer(root, { config: linkFiles });
  });

  it("to another document becomes one to its page, with the place on it", () => {
    expect(render("[a](../webar/README.md#events)")).toContain('href="/webar.html#events"');
    expect(render("[a](benchmark.md)")).toContain('href="/benchmark.html"');
  });

  it("to a file that is no page is its name alone", () => {
    expect(render("see [the settings](../wrangler.toml) there")).toContain("<p>see the settings there</p>");
  });

  it("to a file that is not there fails the build", () => {
    expect(() => render("[a](nowhere.md)")).toThrow("docs/console.md links to docs/nowhere.md, which is not there");
  });

  it("to a place that is not on its page, or a picture that was not built, fails the build", () => {
    const folder = mkdtempSync(join(tmpdir(), "lookmark-docs-"));
    try {
      writeFileSync(join(folder, "logo.svg"), "");
      const page = '<h2 id="here"><a href="#here"></a><img src="/logo.svg">';
      const check = (more: string) => checkBuilt(folder, new Map([["zh/a.html", page + more]]));
      expect(() => check('<a href="/zh/a.html#here"></a><a href="https://elsewhere.example"></a>')).not.toThrow();
      expect(() => check('<a href="#there"></a>')).toThrow("zh/a.html: #there");
      expect(() => check('<a href="./b.html"></a>')).toThrow("zh/a.html: ./b.html");
      expect(() => check('<img src="/gone.jpg">')).toThrow("zh/a.html: /gone.jpg");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
