/** The sample pictures: a wall to choose from, and one opened large to hold before a camera, print or scan. */

import { byId, make } from "./dom.ts";
import { textOr } from "./i18n.ts";

interface Sample {
  readonly identifier: string;
  readonly file: string;
  readonly title: string;
  readonly kind: string;
  readonly width: number;
  readonly height: number;
}

const wall = byId("samples", HTMLElement);
const dialog = byId("sample-dialog", HTMLDialogElement);
const picture = byId("sample-picture", HTMLImageElement);

let samples: readonly Sample[] = [];
let opened: Sample | undefined;

/** `scan` gets the file of the picture that the user wants scanned. */
export async function openGallery(scan: (photo: Blob) => void): Promise<void> {
  byId("sample-close", HTMLButtonElement).addEventListener("click", () => dialog.close());
  byId("sample-print", HTMLButtonElement).addEventListener("click", () => window.print());
  byId("sample-scan", HTMLButtonElement).addEventListener("click", async () => {
    dialog.close();
    const response = await fetch(picture.src);
    scan(await response.blob());
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  const response = await fetch("/samples/samples.json");
  samples = (await response.json()) as readonly Sample[];
  showSamples();
}

/** Also after a change of language. */
export function showSamples(): void {
  wall.replaceChildren(...samples.map((sample) => make("li", {}, tileOf(sample))));
  if (opened) showOpened(opened);
}

function tileOf(sample: Sample): HTMLElement {
  const { width, height } = sample;
  const tile = make(
    "button",
    { type: "button", className: "sample" },
    make(
      "span",
      { className: "sample-picture" },
      make("img", { loading: "lazy", width, height, src: `/${sample.file}`, alt: "" }),
    ),
    make("span", { className: "sample-title" }, sample.title),
    make("span", { className: "kind" }, kindOf(sample)),
  );
  tile.dataset.testid = "sample";
  tile.dataset.identifier = sample.identifier;
  tile.addEventListener("click", () => {
    showOpened(sample);
    dialog.showModal();
  });
  return tile;
}

function showOpened(sample: Sample): void {
  opened = sample;
  Object.assign(picture, { src: `/${sample.file}`, alt: sample.title, width: sample.width, height: sample.height });
  dialog.classList.toggle("wide", sample.width > sample.height);
  byId("sample-kind", HTMLElement).textContent = kindOf(sample);
  byId("sample-title", HTMLElement).textContent = sample.title;
  byId("sample-identifier", HTMLElement).textContent = sample.identifier;
  byId("sample-file", HTMLAnchorElement).href = `/${sample.file}`;
}

function kindOf(sample: Sample): string {
  return textOr(`kind_${sample.kind}`, sample.kind);
}
