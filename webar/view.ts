/** What stands in the element's shadow: camera, overlay, outline, hints, and the panel that speaks where no scan runs. */

import type { Placement } from "../miniprogram/scanner/overlay.ts";
import type { Size } from "../miniprogram/scanner/quad.ts";
import type { Content } from "../shared/content.ts";
import { contentElement } from "./content.ts";
import { make } from "./dom.ts";
import css from "./style.css";
import type { Message } from "./words.ts";

const SVG = "http://www.w3.org/2000/svg";

/** A style sheet of its own, and no <style>: pages with a strict content security policy refuse those. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

export class View {
  /** Never hidden, only covered: Safari hands out no frames of a video that is not displayed. */
  readonly camera = make("video", { className: "camera", muted: true, playsInline: true });
  private readonly outline = document.createElementNS(SVG, "svg");
  private readonly polygon = document.createElementNS(SVG, "polygon");
  private readonly content = make("div", { className: "content" });
  private readonly target = make("div", { className: "target", hidden: true }, this.content, slot("overlay"));
  private readonly frame = make("div", { className: "frame", hidden: true });
  private readonly hint = make("p", { className: "hint", hidden: true });
  private readonly title = make("h2");
  private readonly text = make("p");
  private readonly button = make("button", { type: "button" });
  private readonly panel = make("div", { className: "panel" });

  /** `act` is called where the user presses the panel's button. */
  constructor(root: ShadowRoot, act: () => void) {
    root.adoptedStyleSheets = [sheet];
    this.outline.setAttribute("class", "outline");
    this.outline.setAttribute("part", "outline");
    this.outline.setAttribute("aria-hidden", "true");
    this.outline.append(this.polygon);
    this.frame.part.add("frame");
    this.hint.part.add("hint");
    this.hint.setAttribute("role", "status");
    this.panel.part.add("panel");
    this.button.part.add("button");
    this.button.addEventListener("click", act);
    const prompt = slot("prompt");
    prompt.append(this.title, this.text);
    this.panel.append(prompt, this.button);
    this.panel.setAttribute("role", "status");
    root.append(this.camera, this.target, this.outline, this.frame, this.hint, make("slot"), this.panel);
  }

  showScanning(hint: string): void {
    this.panel.hidden = true;
    this.frame.hidden = false;
    this.hint.hidden = false;
    if (this.hint.textContent !== hint) this.hint.textContent = hint;
  }

  /** The camera and what was found, and nothing besides. */
  showPlain(): void {
    this.panel.hidden = true;
    this.frame.hidden = true;
    this.hint.hidden = true;
  }

  /** Without a button where there is nothing for the user to do. */
  showPanel({ title, text }: Message, button?: string): void {
    this.showPlain();
    this.panel.hidden = false;
    this.title.textContent = title;
    this.text.textContent = text;
    this.button.hidden = button === undefined;
    this.button.textContent = button ?? "";
  }

  /** Undefined takes it away. */
  showContent(content: Content | undefined, open: string): void {
    this.content.replaceChildren(...(content ? [contentElement(content, open)] : []));
  }

  /** Lays the box of this size on the picture; undefined where there is none. */
  place(placement: Placement | undefined, box: Size): void {
    this.target.hidden = placement === undefined;
    this.polygon.setAttribute("points", placement ? placement.quad.map((corner) => corner.join()).join(" ") : "");
    if (!placement) return;
    const { transform, opacity } = placement;
    Object.assign(this.target.style, {
      width: `${box.width}px`,
      height: `${box.height}px`,
      transform,
      opacity: opacity.toFixed(2),
    });
    this.polygon.style.opacity = opacity.toFixed(2);
  }
}

function slot(name: string): HTMLSlotElement {
  return make("slot", { name });
}
