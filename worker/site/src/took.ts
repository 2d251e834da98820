/** Where the time went: the server's stages and the network, as one bar and as numbers. */

import { byId, make } from "./dom.ts";
import { text } from "./i18n.ts";
import type { Reply } from "./scan.ts";

const STAGES = ["decode", "extract", "search", "verify", "network"] as const;
type Stage = (typeof STAGES)[number];

const holder = byId("took", HTMLElement);
const bar = byId("took-bar", HTMLElement);
const numbers = byId("took-stages", HTMLElement);

export function showTook(reply: Reply | undefined): void {
  const took = reply?.answer.took;
  holder.hidden = !took;
  if (!reply || !took) return;
  const stages = { ...took, network: Math.max(0, reply.roundTripMs - took.total) };
  byId("round-trip", HTMLElement).textContent = milliseconds(reply.roundTripMs);
  bar.replaceChildren(...STAGES.map((stage) => segment(stage, stages[stage] / reply.roundTripMs)));
  numbers.replaceChildren(
    ...STAGES.map((stage) => number(stage, text(stage), stages[stage])),
    number("total", text("total"), took.total),
  );
}

function segment(stage: Stage, share: number): HTMLElement {
  const element = make("i", { className: stage });
  element.style.setProperty("--share", `${100 * share}%`);
  return element;
}

function number(name: string, label: string, ms: number): HTMLElement {
  return make("div", { className: name }, make("dt", {}, label), make("dd", {}, milliseconds(ms)));
}

function milliseconds(ms: number): string {
  return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
}
