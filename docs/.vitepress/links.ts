/**
 * Links between the repository's files, as GitHub shows them, made into links of the site. A file that is no page is linked in
 * the repository on the web where DOCS_REPOSITORY names it (https://github.com/…), and is named without a link elsewhere.
 */

import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { MarkdownEnv, MarkdownRenderer } from "vitepress";
import { pageOf } from "./pages.ts";

type Token = ReturnType<MarkdownRenderer["parse"]>[number];

const root = fileURLToPath(new URL("../..", import.meta.url));
const repository = process.env.DOCS_REPOSITORY?.replace(/\/$/, "");
/** Another site, a place on the same page, or a page's address that the site itself made. */
const NOT_A_FILE = /^([a-z]+:|#|\/)/;

export function linkFiles(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
    const { realPath, path } = env as MarkdownEnv;
    for (const { children } of tokens) if (children) linkAll(children, realPath ?? path);
  });
}

function linkAll(tokens: Token[], page: string): void {
  const unlinked: boolean[] = [];
  for (const token of tokens) {
    if (token.type === "link_open") unlinked.push(!link(token, page));
    const isPlain = token.type === "link_open" ? unlinked.at(-1) : token.type === "link_close" && unlinked.pop();
    if (isPlain) Object.assign(token, { type: "text", content: "" });
  }
}

/** Whether there is something to link to. */
function link(token: Token, page: string): boolean {
  const address = String(token.attrGet("href"));
  if (NOT_A_FILE.test(address)) return true;
  const [name = "", place] = address.split("#");
  const target = resolve(page, "..", decodeURI(name));
  const file = relative(root, target);
  if (!existsSync(target)) throw new Error(`${relative(root, page)} links to ${file}, which is not there`);
  const shown = pageOf(file);
  const found = shown ? `/${shown}` : repository && `${repository}/blob/HEAD/${file}`;
  if (found) token.attrSet("href", place === undefined ? found : `${found}#${place}`);
  return Boolean(found);
}

/** Throws where a built page names a page, a place on one, or a file that the site does not have. */
export function checkBuilt(folder: string, pages: ReadonlyMap<string, string>): void {
  const places = new Map([...pages].map(([name, html]) => [name, new Set(idsOf(html))]));
  const dead = [...pages].flatMap(([name, html]) =>
    linksOf(html).flatMap((address) => {
      const { pathname, hash } = new URL(address, `http://site/${name}`);
      const target = pathname.endsWith("/") ? `${pathname.slice(1)}index.html` : pathname.slice(1);
      const ids = places.get(target);
      const isThere = ids ? !hash || ids.has(decodeURIComponent(hash.slice(1))) : existsSync(join(folder, target));
      return isThere ? [] : [`${name}: ${address}`];
    }),
  );
  if (dead.length) throw new Error(`dead links:\n${dead.join("\n")}`);
}

const idsOf = (html: string) => [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = ""]) => id);
const linksOf = (html: string) =>
  [...html.matchAll(/\s(?:href|src)="([^"]+)"/g)]
    .map(([, address = ""]) => address.replaceAll("&amp;", "&"))
    .filter((address) => !/^[a-z]+:/.test(address));
