/** Short messages that pass: seen at the foot of the page, and read out by screen readers. */

import { signal } from "@preact/signals";

const SHOWN_MS = 6000;

const message = signal("");
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  message.value = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    message.value = "";
  }, SHOWN_MS);
}

export function Announcer() {
  return (
    <div class="announcer" role="status" data-testid="announcer">
      {message.value && <p>{message.value}</p>}
    </div>
  );
}
