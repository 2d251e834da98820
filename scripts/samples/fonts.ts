/** The fonts in which the sample pictures are set, with the Debian packages that bring them. */

import { execFileSync } from "node:child_process";

const packages: Record<string, string> = {
  "Bebas Neue": "fonts-bebas-neue",
  "Cherry Bomb": "fonts-cherrybomb",
  Dosis: "fonts-dosis",
  DotGothic16: "fonts-dotgothic16",
  "EB Garamond": "fonts-ebgaramond",
  "GFS Didot": "fonts-gfs-didot",
  Inter: "fonts-inter",
  "LXGW WenKai": "fonts-lxgw-wenkai",
  Lato: "fonts-lato",
  "Le Murmure": "fonts-le-murmure",
  "League Spartan": "fonts-league-spartan",
  "Leckerli One": "fonts-leckerli-one",
  "Lobster Two": "fonts-lobstertwo",
  Millimetre: "fonts-millimetre",
  "Noto Sans CJK SC": "fonts-noto-cjk",
  "Noto Sans CJK SC Black": "fonts-noto-cjk-extra",
  "Old Standard TT": "fonts-oldstandard",
  "Roboto Slab": "fonts-roboto-slab",
  "Smiley Sans": "fonts-smiley-sans",
  "Solide Mirage": "fonts-solide-mirage",
  Sora: "fonts-sora",
};

/** The packages whose fonts are not installed; without them the pictures would look different. */
export function missingFontPackages() {
  const installed = new Set(execFileSync("fc-list", [":", "family"], { encoding: "utf8" }).split(/[\n,]/));
  return Object.keys(packages)
    .filter((family) => !installed.has(family))
    .map((family) => packages[family]);
}
