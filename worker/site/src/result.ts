/** What was found, in words: the hit with its facts, or why there is none and what to do. */

import type { FindImageAnswer } from "../../../shared/protocol.ts";
import { byId, byTestId } from "./dom.ts";
import { text } from "./i18n.ts";
import { showMetadata } from "./metadata.ts";
import type { Finding, Scan } from "./scan.ts";
import { showTook } from "./took.ts";

const result = byId("result", HTMLElement);
const steps = byId("steps", HTMLElement);
const hit = byId("hit", HTMLElement);
const notice = byId("notice", HTMLElement);
const hint = byId("hint", HTMLElement);
const retry = byId("retry", HTMLButtonElement);

interface Notice {
  readonly title: string;
  readonly text?: string;
  readonly request?: string;
  readonly retry?: boolean;
}

export function showResult(scan: Scan): void {
  const { finding } = scan;
  result.dataset.kind = finding.kind;
  result.classList.toggle("lost", scan.lost !== undefined);
  steps.hidden = finding.kind !== "idle";
  hit.hidden = finding.kind !== "hit";
  if (finding.kind === "hit") showHit(finding.reply.answer);
  showNotice(noticeOf(finding));
  showTook("reply" in finding ? finding.reply : undefined);
  showHint(finding);
}

function showHit(answer: FindImageAnswer): void {
  byTestId("identifier").textContent = answer.identifier ?? "";
  byTestId("channel").textContent = answer.channel ?? "–";
  const score = answer.score ?? 0;
  byTestId("score").textContent = String(Math.round(score));
  byId("score-bar", HTMLElement).style.setProperty("--share", `${score}%`);
  const level = byId("level", HTMLElement);
  level.ariaLabel = text("levelOf", { level: answer.level ?? 0 });
  level.dataset.level = String(answer.level ?? 0);
  showMetadata(answer.metadata ?? "");
}

function showNotice(shown: Notice | undefined): void {
  notice.hidden = !shown;
  byId("notice-title", HTMLElement).textContent = shown?.title ?? "";
  byId("notice-text", HTMLElement).textContent = shown?.text ?? "";
  byId("notice-request", HTMLElement).textContent = shown?.request ?? "";
  retry.hidden = !shown?.retry;
}

function noticeOf(finding: Finding): Notice | undefined {
  switch (finding.kind) {
    case "idle":
    case "hit":
      return undefined;
    case "looking":
      return { title: text("looking") };
    case "nothing":
      return { title: text("nothing"), text: text("nothingText") };
    case "poor":
      return { title: text("poor"), text: text("poorText") };
    case "busy":
    case "unreachable":
      return { title: text(finding.kind), text: text("retryIn", { seconds: finding.retryMs / 1000 }), retry: true };
    case "refused": {
      const { returncode, message, requestid } = finding.reply.answer;
      return {
        title: text("refused", { code: returncode }),
        text: message,
        request: text("request", { requestid }),
        retry: true,
      };
    }
    case "failed":
      return { title: text(finding.trouble), text: text(`${finding.trouble}Text`) };
  }
}

/** One line over the picture, also what a screen reader says: set only when it changes, so that it is not repeated. */
function showHint(finding: Finding): void {
  const line = hintOf(finding);
  if (hint.textContent !== line) hint.textContent = line;
}

function hintOf(finding: Finding): string {
  if (finding.kind === "hit") return text("recognized", { identifier: finding.reply.answer.identifier ?? "" });
  if (finding.kind === "poor") return text("poorText");
  return noticeOf(finding)?.title ?? "";
}
