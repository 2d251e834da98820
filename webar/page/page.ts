/**
 * The full-screen page /webar/?channel=…#token=…, as a QR code opens it. The token stands in the fragment, which browsers send to
 * no server and which is taken out of the address at once.
 */

import { contentOf } from "../../shared/content.ts";
import type { HealthAnswer, IssueTokenAnswer } from "../../shared/protocol.ts";
import "../lookmark-scan.ts";
import type { ScanFound } from "../api.ts";

const TOKEN_KEY = "lookmark.webar.token";

const chinese = navigator.language.toLowerCase().startsWith("zh");
document.documentElement.lang = chinese ? "zh-CN" : "en";

const scan = element("scan", HTMLElement) as HTMLElementTagNameMap["lookmark-scan"];
const sheet = element("found", HTMLElement);
const [title, text] = [element("title", HTMLElement), element("text", HTMLElement)];
const link = element("link", HTMLAnchorElement);
link.textContent = chinese ? "打开" : "Open";

const fields = new URLSearchParams(location.hash.slice(1));
scan.channel = new URLSearchParams(location.search).get("channel") ?? "";
// Kept for this tab: phones load a page anew when the user comes back from the settings.
const token = fields.get("token") ?? sessionStorage.getItem(TOKEN_KEY);
if (token) scan.token = token;
else scan.renewToken = demoToken;
if (token) sessionStorage.setItem(TOKEN_KEY, token);
if (location.hash) history.replaceState(null, "", location.pathname + location.search);

scan.addEventListener("found", ({ detail }) => show(detail));
scan.addEventListener("lost", () => {
  sheet.hidden = true;
});

/** What stands on the picture may be small or steep: here it can be read and pressed. */
function show({ identifier, metadata }: ScanFound): void {
  const content = contentOf(metadata);
  title.textContent = content?.title || identifier;
  text.textContent = content?.text ?? "";
  link.hidden = content?.kind !== "link";
  link.href = content?.url ?? "";
  sheet.hidden = false;
}

/** The local start has an account for everybody; no deployment has, and then the question says that a token is missing. */
async function demoToken(): Promise<string> {
  const { demo } = (await (await fetch("/health")).json()) as HealthAnswer;
  if (!demo) return "";
  const response = await fetch("/IssueToken", { method: "POST", body: new URLSearchParams(demo) });
  return ((await response.json()) as IssueTokenAnswer).token ?? "";
}

function element<Type extends HTMLElement>(id: string, type: { new (): Type }): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no #${id}`);
  return found;
}
