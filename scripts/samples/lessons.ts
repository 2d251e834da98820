/** The pictures of the guide to good pictures (docs/good-pictures.md): what each level below the best looks like. */

import { circle, type Picture, path, place, polygon, type Random, random, rect, star, text, times } from "./draw.ts";

const width = 600;
const height = 800;

export const lessons: Picture[] = [
  { ...lesson("wrapping_paper", "The same everywhere"), draw: wrappingPaper },
  { ...lesson("leaf_mark", "One smooth shape"), draw: leafMark },
  { ...lesson("thin_mark", "Thin and pale"), draw: thinMark },
  { ...lesson("sail", "Few large shapes"), draw: sail },
  { ...lesson("harbor_street", "Detail in one half"), draw: harborStreet },
];

function lesson(name: string, title: string) {
  return { identifier: `lesson.${name}`, title, width, height, metadata: { title } };
}

const ground = (color: string) => rect(0, 0, width, height, `fill:${color}`);

function wrappingPaper() {
  const tile = (i: number) =>
    place(
      50 + 100 * (i % 6),
      50 + 100 * Math.floor(i / 6),
      circle(0, 0, 36, "fill:#f2c14e") + polygon(star(0, 0, 30, 12, 5), "fill:#b5179e"),
    );
  return ground("#3a0ca3") + times(48, tile);
}

function leafMark() {
  return (
    ground("#f4f1de") +
    path("M180 560C140 360 260 220 460 200C470 400 380 560 180 560Z", "fill:#2a9d8f") +
    path("M180 560C220 505 255 460 290 415", "fill:none;stroke:#f4f1de;stroke-width:8")
  );
}

function thinMark() {
  return (
    ground("#f4f1de") +
    path("M220 400C190 250 280 150 420 140C430 290 360 400 220 400Z", "fill:none;stroke:#2a9d8f;stroke-width:4") +
    text(300, 560, "leaf & co", "font:300 44px 'Inter';fill:#264653;text-anchor:middle")
  );
}

function sail() {
  return (
    ground("#a8dadc") +
    rect(0, 560, width, 240, "fill:#457b9d") +
    polygon("280,110 280,530 540,530", "fill:#f1faee") +
    path("M70 560H540L470 690H150Z", "fill:#1d3557")
  );
}

function harborStreet() {
  const dice = random(16);
  const wave = (i: number) =>
    path(`M${dice.between(0, 500)} ${640 + i * 11}q30 -12 60 0t60 0`, "fill:none;stroke:#62b6cb;stroke-width:4");
  return (
    ground("#bfd7ea") +
    times(8, (i) => house(dice, 75 * i)) +
    rect(0, 620, width, 180, "fill:#1b4965") +
    times(14, wave)
  );
}

/** On the quay, with a gable and two columns of windows, some of them dark. */
function house(dice: Random, x: number) {
  const tall = dice.between(150, 330);
  const roof = 620 - tall;
  const wall = `fill:hsl(${dice.between(0, 360)} 45% ${dice.between(40, 72)}%)`;
  const gable = `${x},${roof} ${x + 37},${roof - dice.between(20, 60)} ${x + 75},${roof}`;
  const pane = (i: number) =>
    dice.chance(0.8)
      ? rect(
          x + 12 + 32 * (i % 2),
          roof + 16 + 56 * Math.floor(i / 2),
          20,
          dice.between(20, 34),
          `fill:${dice.pick(["#fff3b0", "#22333b", "#e0e1dd"])}`,
        )
      : "";
  return rect(x, roof, 75, tall, wall) + polygon(gable, "fill:#7f4f24") + times(2 * Math.floor(tall / 60), pane);
}
