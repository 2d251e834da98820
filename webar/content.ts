/** Shows on the picture what its metadata asks for; mini-programs show the same (miniprogram/plugin/ar-content). */

import type { Content } from "../shared/content.ts";
import { make } from "./dom.ts";

/** `open` is the word on a link. */
export function contentElement(content: Content, open: string): HTMLElement {
  switch (content.kind) {
    case "image":
      return make("img", { src: content.url, alt: content.title || content.text });
    case "video":
      return make("video", { src: content.url, autoplay: true, loop: true, muted: true, playsInline: true });
    case "link": {
      const button = make("em", { textContent: open });
      return make(
        "a",
        { className: "card", href: content.url, target: "_blank", rel: "noopener" },
        ...wordsOf(content),
        button,
      );
    }
    default: // a model or a Kivicube scene needs a player of the page's own: `found` has its metadata
      return make("div", { className: "card" }, ...wordsOf(content));
  }
}

function wordsOf({ title, text }: Content): HTMLElement[] {
  const words = [title && make("strong", { textContent: title }), text && make("span", { textContent: text })];
  return words.filter((word) => word !== "");
}
