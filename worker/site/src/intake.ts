/** Photos on their way in: picked from the file dialog, dropped anywhere on the page, or pasted. */

import { byId } from "./dom.ts";

const input = byId("file-input", HTMLInputElement);

export function onPhoto(take: (photo: File) => void): void {
  const takeFirst = (files: FileList | undefined | null) => {
    const file = files?.[0];
    if (file) take(file);
  };
  input.addEventListener("change", () => {
    takeFirst(input.files);
    // The same file chosen again is a change again.
    input.value = "";
  });
  document.addEventListener("paste", (event) => takeFirst(event.clipboardData?.files));
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    markDragging(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) markDragging(false);
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    markDragging(false);
    takeFirst(event.dataTransfer?.files);
  });
}

function markDragging(dragging: boolean): void {
  document.body.classList.toggle("dragging", dragging);
}
