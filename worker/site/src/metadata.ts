/** A target's metadata: the customer's own JSON; the common fields are shown as a card, all of it as it came. */

import { byId, make } from "./dom.ts";
import { text, textOr } from "./i18n.ts";

const holder = byId("metadata", HTMLElement);
let shown = "";

/** Rebuilt only when it changes: an opened <details> stays open while frames come in. */
export function showMetadata(metadata: string): void {
  const version = document.documentElement.lang + metadata;
  if (version === shown) return;
  shown = version;
  holder.hidden = metadata === "";
  holder.replaceChildren(...cardOf(metadata), rawOf(metadata));
}

function cardOf(metadata: string): Node[] {
  const fields = parse(metadata);
  const { title, type, text: words, url } = fields;
  const card: Node[] = [];
  if (typeof type === "string") card.push(make("p", { className: "kind" }, typeName(type)));
  if (typeof title === "string") card.push(make("h3", {}, title));
  if (typeof words === "string") card.push(make("p", {}, words));
  const link = typeof url === "string" ? linkTo(url) : undefined;
  if (link) card.push(link);
  return card;
}

function typeName(type: string): string {
  return textOr(`type${type.charAt(0).toUpperCase()}${type.slice(1)}`, type);
}

/** Only web addresses: metadata must not smuggle a script into the page. */
function linkTo(address: string): Node | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  return make("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, url.host + url.pathname);
}

function rawOf(metadata: string): Node {
  return make("details", {}, make("summary", {}, text("rawMetadata")), make("pre", {}, prettyPrinted(metadata)));
}

function prettyPrinted(metadata: string): string {
  try {
    return JSON.stringify(JSON.parse(metadata), null, 2);
  } catch {
    return metadata;
  }
}

function parse(metadata: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(metadata);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
