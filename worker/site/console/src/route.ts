/** Which page is open: kept in the address behind `#`, so that links, the back button and reloading work. */

import { computed, signal } from "@preact/signals";

export type Route =
  | { readonly page: "channels" | "keys" | "operator" }
  | { readonly page: "gallery"; readonly channel: string; readonly prefix: string }
  | { readonly page: "upload" | "statistics"; readonly channel: string }
  | { readonly page: "image"; readonly channel: string; readonly identifier: string };

const CHANNEL_PAGES = ["gallery", "upload", "statistics", "image"] as const;

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

export const route = computed(() => parse(hash.value));

export function addressOf(route: Route): string {
  if (!("channel" in route)) return `#/${route.page}`;
  const base = `#/c/${encodeURIComponent(route.channel)}/${route.page}`;
  if (route.page === "image") return `${base}/${encodeURIComponent(route.identifier)}`;
  return route.page === "gallery" && route.prefix ? `${base}?prefix=${encodeURIComponent(route.prefix)}` : base;
}

export function open(route: Route): void {
  location.hash = addressOf(route);
}

/** Changes the address without a new entry for the back button. */
export function reopen(route: Route): void {
  history.replaceState(null, "", addressOf(route));
  hash.value = location.hash;
}

function parse(address: string): Route {
  const [path = "", query = ""] = address.replace(/^#\/?/, "").split("?");
  const [first, channel, page, identifier] = path.split("/").map(decode);
  if (first === "keys" || first === "operator") return { page: first };
  if (first !== "c" || !channel) return { page: "channels" };
  const name = CHANNEL_PAGES.find((known) => known === page) ?? "gallery";
  if (name === "image") return { page: name, channel, identifier: identifier ?? "" };
  if (name === "gallery") return { page: name, channel, prefix: new URLSearchParams(query).get("prefix") ?? "" };
  return { page: name, channel };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
