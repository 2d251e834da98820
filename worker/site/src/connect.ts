/** The connection: finds or asks for a session at the start, keeps it alive, and shows the form where there is none. */

import type { FindImageAnswer } from "../../../shared/protocol.ts";
import { byId } from "./dom.ts";
import { type TextKey, text } from "./i18n.ts";
import type { Session } from "./session.ts";
import * as sessions from "./session.ts";

const form = byId("connect-form", HTMLFormElement);
const trouble = byId("connect-error", HTMLElement);
const line = byId("session", HTMLElement);
const channelName = byId("session-channel", HTMLElement);
const disconnect = byId("disconnect", HTMLButtonElement);

let session: Session | undefined;
let changed: (connected: boolean) => void = () => {};

/** `onChange` hears each time the page gets or loses its session. */
export async function connect(onChange: (connected: boolean) => void): Promise<void> {
  changed = onChange;
  form.addEventListener("submit", submit);
  disconnect.addEventListener("click", () => use(undefined));
  const found = sessions.takeSessionFromAddress() ?? sessions.loadSession();
  if (found) use(found);
  else await openDemo();
}

/** Asks as the session; a demo session that ends is opened again, any other sends the user back to the form. */
export async function findImage(frame: Blob): Promise<FindImageAnswer> {
  if (session?.demo && sessions.endsSoon(session)) await openDemo();
  const answer = await ask(frame);
  if (!sessions.isTokenRefused(answer)) return answer;
  if (session?.demo) {
    await openDemo();
    return ask(frame);
  }
  use(undefined, "tokenEnded");
  return answer;
}

/** After a change of language. */
export function showSession(): void {
  channelName.textContent = session?.channel ?? text("allChannels");
}

export function focusForm(): void {
  form.querySelector("input")?.focus();
}

function ask(frame: Blob): Promise<FindImageAnswer> {
  if (!session) throw new Error("not connected");
  return sessions.findImage(session, frame);
}

async function openDemo(): Promise<void> {
  try {
    use(await sessions.openDemoSession());
  } catch {
    use(undefined, "connectUnanswered");
  }
}

async function submit(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const fields = new FormData(form);
  const issued = await sessions
    .issueSession({
      username: String(fields.get("username")).trim(),
      secretkey: String(fields.get("secretkey")).trim(),
      channel: String(fields.get("channel")).trim() || undefined,
    })
    .catch(() => undefined);
  if (!issued) showTrouble(text("connectUnanswered"));
  else if ("token" in issued) use(issued);
  else showTrouble(issued.returncode === 20001 ? text("wrongCredentials") : `${issued.message} (${issued.returncode})`);
}

function use(next: Session | undefined, reason?: TextKey): void {
  session = next;
  sessions.saveSession(next);
  form.reset();
  form.hidden = Boolean(next);
  line.hidden = !next;
  disconnect.hidden = Boolean(next?.demo);
  showTrouble(reason ? text(reason) : "");
  showSession();
  changed(Boolean(next));
}

function showTrouble(message: string): void {
  trouble.textContent = message;
  trouble.hidden = !message;
}
