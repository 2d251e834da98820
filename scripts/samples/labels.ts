/** The sample labels: tea, jam, lemonade, cereal, coffee, soap and chocolate. */

import {
  along,
  circle,
  clip,
  curve,
  each,
  edges,
  ellipse,
  fitted,
  glow,
  gradient,
  type Picture,
  type Point,
  path,
  place,
  pointsOf,
  polar,
  polygon,
  type Random,
  random,
  rect,
  ribbon,
  rowsOf,
  star,
  text,
  textAlong,
  times,
} from "./draw.ts";

export const labels: Picture[] = [
  {
    identifier: "label.crane_tea",
    title: "Crane Rest White Tea 鹤眠白茶",
    width: 720,
    height: 1024,
    metadata: { title: "鹤眠白茶", type: "text", text: "85 °C，三分钟，可冲五泡。" },
    draw: craneTea,
  },
  {
    identifier: "label.bramble_jam",
    title: "Bramble & Fig Jam",
    width: 1024,
    height: 768,
    metadata: { title: "Bramble & Fig", type: "link", url: "https://example.com/bramble/scones" },
    draw: brambleJam,
  },
  {
    identifier: "label.captain_zest",
    title: "Captain Zest Lemonade 船长柠檬汽水",
    width: 1024,
    height: 640,
    metadata: { title: "Captain Zest", type: "video", url: "https://example.com/zest/octopus.mp4" },
    draw: captainZest,
  },
  {
    identifier: "label.comet_crunch",
    title: "Comet Crunch 彗星脆脆",
    width: 724,
    height: 1024,
    metadata: { title: "Comet Crunch", type: "link", url: "https://example.com/comet/game" },
    draw: cometCrunch,
  },
  {
    identifier: "label.longtail_coffee",
    title: "Longtail Coffee 长尾鸟咖啡",
    width: 640,
    height: 1024,
    metadata: { title: "Longtail, lot 18", type: "text", text: "Red plum, cane sugar, cedar. Roasted on Tuesday." },
    draw: longtailCoffee,
  },
  {
    identifier: "label.salt_moon_soap",
    title: "Salt Moon Soap 盐月皂",
    width: 1024,
    height: 600,
    metadata: { title: "Salt Moon", type: "image", url: "https://example.com/salt-moon/ingredients.png" },
    draw: saltMoonSoap,
  },
  {
    identifier: "label.gilded_cacao",
    title: "Gilded Cacao 72%",
    width: 460,
    height: 1024,
    metadata: { title: "Gilded Cacao 72%", type: "link", url: "https://example.com/gilded/tasting" },
    draw: gildedCacao,
  },
];

// Crane Rest White Tea: a crane over clouds and pines, gold on jade green.

const teaGold = "#e3b959";

function craneTea() {
  return (
    gradient("jade", ["#0f4a43", "#17695a", "#0d3b39"]) +
    rect(0, 0, 720, 1024, "fill:url(#jade)") +
    teaClouds() +
    circle(400, 400, 262, "fill:#f5e9cf") +
    circle(400, 400, 276, `fill:none;stroke:${teaGold};stroke-width:4`) +
    clip("teamoon", circle(400, 400, 262, ""), teaPeaks()) +
    teaPine() +
    place(440, 372, flyingCrane(), -8, 1.08) +
    teaTitle()
  );
}

function teaClouds() {
  const chance = random(11);
  const cloud = (x: number, y: number, size: number) => {
    const rings = (dx: number, dy: number, r: number) =>
      each([1, 0.7, 0.4], (part, i) =>
        circle(dx, dy, r * part, `fill:${i ? "none" : "#135a4f"};stroke:${teaGold};stroke-width:2.6`),
      );
    return place(
      x,
      y,
      rings(-42, 6, 26) +
        rings(40, 8, 24) +
        rings(0, -8, 34) +
        path("M-70 30H-20M4 34H86M-100 44H30", `stroke:${teaGold};stroke-width:2.6;stroke-linecap:round`),
      0,
      size,
    );
  };
  return times(26, (i) =>
    cloud(
      (i % 5) * 176 + chance.between(-40, 60),
      Math.floor(i / 5) * 190 + chance.between(-20, 70),
      chance.between(0.6, 1.15),
    ),
  );
}

function teaPeaks() {
  const peak = (points: Point[], color: string, id: string) =>
    gradient(id, [color, "#f5e9cf"]) + path(`${curve(points)}V720H100Z`, `fill:url(#${id})`);
  const terrace = (i: number) =>
    path(
      curve(along(14, (part) => [120 + part * 560, 560 + i * 17 + 16 * Math.sin(part * 8 + i * 0.7)])),
      `fill:none;stroke:#2f7a5c;stroke-width:${4 + i};stroke-dasharray:${9 + i * 2} 5`,
    );
  return (
    peak(pointsOf("100,500 190,420 250,330 300,400 370,440 450,470 700,520"), "#8fb7a4", "far") +
    peak(pointsOf("100,560 260,520 400,490 480,380 530,350 580,420 700,470"), "#4f927c", "near") +
    path("M100 560C260 530 420 580 700 530V720H100Z", "fill:#9cc48f") +
    times(7, terrace)
  );
}

function teaPine() {
  const chance = random(23);
  const fan = (x: number, y: number, size: number) =>
    place(
      x,
      y,
      path("M-60 0A60 52 0 0 1 60 0Z", `fill:#0b3330;stroke:${teaGold};stroke-width:2.5`) +
        times(15, (i) =>
          path(
            edges([[0, 0], polar(0, 0, i % 2 ? 50 : 42, 188 + i * 11.7)]),
            `stroke:${i % 3 ? "#4fa37f" : teaGold};stroke-width:2.6`,
          ),
        ),
      chance.between(-12, 12),
      size,
    );
  const trunk = pointsOf("-20,800 60,740 90,650 160,620 190,560 270,560");
  const bark = (i: number) =>
    path(`M${10 + i * 22} ${770 - i * 25}q12-12 20-2`, "fill:none;stroke:#d9a066;stroke-width:3");
  return (
    path(
      ribbon(trunk, (part) => 46 - part * 36),
      "fill:#5a3421;stroke:#2a160d;stroke-width:4",
    ) +
    path("M92 660C60 620 40 560 0 540M150 622C200 640 240 650 290 640", "fill:none;stroke:#5a3421;stroke-width:12") +
    times(6, bark) +
    each(
      rowsOf("40 548 0.9, 110 600 1.05, 200 560 0.95, 280 556 0.9, 300 640 0.85, 24 700 1.1, 150 690 0.8, -10 610 0.8"),
      ([x, y, size]) => fan(x, y, size),
    )
  );
}

function flyingCrane() {
  const ink = "#1c2a2a";
  const feather = (x: number, y: number, reach: number, turn: number, tip: boolean) =>
    place(
      x,
      y,
      path(
        `M0-7C${reach * 0.5}-15 ${reach * 0.9}-9 ${reach} 0C${reach * 0.9} 8 ${reach * 0.5} 9 0 7Z`,
        `fill:#fffdf6;stroke:${ink};stroke-width:2.5`,
      ) +
        (tip
          ? path(
              `M${reach * 0.78}-9C${reach * 0.92}-7 ${reach} 0 ${reach} 0C${reach * 0.92} 6 ${reach * 0.78} 7 ${reach * 0.74} 6Z`,
              `fill:${ink}`,
            )
          : ""),
      turn,
    );
  const wing = (count: number, sign: number) =>
    times(count, (i) => feather((10 - i) * 7 * sign, -10, 200 - i * 10, sign > 0 ? -26 - i * 9 : -154 + i * 9, i < 8)) +
    times(count - 2, (i) =>
      feather((10 - i) * 6 * sign, -4, 104 - i * 4, sign > 0 ? -22 - i * 11 : -158 + i * 11, false),
    );
  const neck = pointsOf("-70,6 -110,-6 -140,-40 -176,-56 -206,-48");
  return (
    place(26, -14, wing(11, 1)) +
    times(5, (i) => feather(110, 16 + i * 4, 92 - i * 6, 14 + i * 9, true)) +
    path("M150 30L262 62M148 38L256 78", "stroke:#a8843a;stroke-width:6") +
    path("M-90 4C-50-34 60-30 130 20C90 50-40 60-90 4Z", `fill:#fffdf6;stroke:${ink};stroke-width:3`) +
    place(-20, -12, wing(11, -1)) +
    path(
      ribbon(neck, (part) => 30 - part * 14),
      `fill:${ink}`,
    ) +
    path("M-90 8C-60-16-30-14 0-8", "fill:none;stroke:#c9c2ae;stroke-width:4") +
    ellipse(-208, -48, 17, 12, "fill:#fffdf6") +
    path("M-222-52L-276-38L-220-42Z", `fill:#8a7a3a;stroke:${ink};stroke-width:2`) +
    path("M-218-58Q-206-70-192-58Z", "fill:#d9342b") +
    circle(-212, -49, 3, `fill:${ink}`)
  );
}

const teaTitle = () =>
  rect(40, 56, 108, 424, `fill:#f5e9cf;stroke:${teaGold};stroke-width:5`, 6) +
  each([..."鹤眠白茶"], (letter, i) =>
    text(94, 148 + i * 98, letter, "font:900 84px 'Noto Serif CJK SC';fill:#0d3b39;text-anchor:middle"),
  ) +
  rect(0, 770, 720, 254, "fill:#f5e9cf") +
  path("M0 782H720M0 1008H720", "stroke:#17695a;stroke-width:6") +
  times(31, (i) => path(`M${i * 24 - 10} 806v-14h14v9h-7`, "fill:none;stroke:#d9573c;stroke-width:3")) +
  fitted(44, 884, 632, "CRANE REST", "font:700 84px 'GFS Didot';fill:#0d3b39") +
  text(46, 936, "White tea, spring buds", "font:italic 38px 'EB Garamond';fill:#d9573c") +
  text(676, 934, "净含量 75 克", "font:700 27px 'Noto Serif CJK SC';fill:#0d3b39;text-anchor:end") +
  text(46, 984, "头采 · 日晒 · 慢火  —  picked before the rain", "font:25px 'LXGW WenKai';fill:#17695a") +
  rect(620, 944, 54, 54, "fill:#d9342b", 5) +
  text(647, 966, "鹤眠", "font:900 21px 'Noto Serif CJK SC';fill:#f5e9cf;text-anchor:middle") +
  text(647, 990, "茶印", "font:900 21px 'Noto Serif CJK SC';fill:#f5e9cf;text-anchor:middle");

// Bramble & Fig: botanical drawings around an oval on gingham.

function brambleJam() {
  return (
    rect(0, 0, 1024, 768, "fill:#fbf3e6") +
    gingham() +
    jamOval() +
    place(150, 420, bramble(random(4)), -8) +
    place(880, 400, figBranch(), 6) +
    jamType()
  );
}

const gingham = () =>
  times(20, (i) => rect(i * 56, 0, 28, 768, "fill:#7a2a5a;opacity:.5")) +
  times(15, (i) => rect(0, i * 56, 1024, 28, "fill:#7a2a5a;opacity:.5"));

function jamOval() {
  const scallop = (i: number) => {
    const angle = (i * 2 * Math.PI) / 44;
    return circle(
      512 + 440 * Math.cos(angle),
      384 + 322 * Math.sin(angle),
      33,
      "fill:#fbf3e6;stroke:#4a1636;stroke-width:4",
    );
  };
  return (
    times(44, scallop) +
    ellipse(512, 384, 444, 326, "fill:#fbf3e6") +
    ellipse(512, 384, 424, 306, "fill:none;stroke:#7a2a5a;stroke-width:5") +
    ellipse(512, 384, 412, 294, "fill:none;stroke:#7a2a5a;stroke-width:2;stroke-dasharray:3 7")
  );
}

function brambleLeaf(length: number, half: number, color: string, vein: string) {
  const rib = (i: number) =>
    path(
      `M0-${length * (0.16 + i * 0.15)}L${half * 0.72 * Math.sin((i + 1.4) / 2)}-${length * (0.3 + i * 0.15)}M0-${length * (0.16 + i * 0.15)}L-${half * 0.72 * Math.sin((i + 1.4) / 2)}-${length * (0.3 + i * 0.15)}`,
      `stroke:${vein};stroke-width:2.2`,
    );
  const tooth = (sign: number) =>
    times(
      7,
      (i) =>
        `L${(sign * half * Math.sin(((i + 1) / 8) * Math.PI) + sign * 5).toFixed(1)} ${(-length * ((i + 0.6) / 8)).toFixed(1)}L${(sign * half * Math.sin(((i + 1) / 8) * Math.PI) - sign * 2).toFixed(1)} ${(-length * ((i + 1) / 8)).toFixed(1)}`,
    );
  return (
    path(
      `M0 0${tooth(1)}L0-${length}M0 0${tooth(-1)}L0-${length}`,
      `fill:${color};stroke:${vein};stroke-width:2.5;stroke-linejoin:round`,
    ) +
    path(`M0 8V-${length * 0.94}`, `stroke:${vein};stroke-width:3`) +
    times(5, rib)
  );
}

function blackberry(chance: Random, colors: readonly string[]) {
  const sepal = (turn: number) =>
    place(0, -34, path("M0 0C-8-14-4-24 0-30C4-24 8-14 0 0Z", "fill:#5f8a3f;stroke:#2c4a1c;stroke-width:2"), turn);
  const drupe = (i: number) => {
    const [row, column] = [Math.floor(i / 5), i % 5];
    const x = (column - 2) * 15 * Math.sin(((row + 1.6) / 6.6) * Math.PI) + chance.between(-1.5, 1.5);
    const y = row * 14 - 26;
    return (
      circle(x, y, 10, `fill:${chance.pick(colors)};stroke:#1e0820;stroke-width:1.6`) +
      circle(x - 3, y - 3, 2.6, "fill:#fff;opacity:.85")
    );
  };
  return each([-60, -25, 10, 45], sepal) + times(30, drupe);
}

function brambleFlower() {
  const petal = (i: number) =>
    place(
      0,
      0,
      path("M0 0C-22-14-18-44 0-46C18-44 22-14 0 0Z", "fill:#fff;stroke:#b8668a;stroke-width:2.5") +
        path("M0-10V-32", "stroke:#e6b3c8;stroke-width:2"),
      i * 72 + 10,
    );
  const stamen = (i: number) =>
    path(edges([polar(0, 0, 5, i * 30), polar(0, 0, 15, i * 30)]), "stroke:#c9a03a;stroke-width:2") +
    circle(...polar(0, 0, 16, i * 30), 2.4, "fill:#c9a03a");
  return times(5, petal) + times(12, stamen) + circle(0, 0, 6, "fill:#8aa84a");
}

function brambleStem() {
  return (
    path(
      ribbon(pointsOf("40,330 -10,220 20,90 -20,-40 30,-170 90,-280"), (part) => 11 - part * 6),
      "fill:#6b7f3a;stroke:#3a4a1c;stroke-width:2",
    ) +
    each(rowsOf("0 240 -70, 14 170 60, 10 60 -60, -14 -10 70, 0 -100 -60, 50 -220 60"), ([x, y, turn]) =>
      place(x, y, path("M-5 0L0-16L5 0Z", "fill:#7a4a2e"), turn),
    ) +
    path(
      "M16 100C60 80 90 90 110 110M-16-30C-60-50-80-40-90-20M20-150C70-150 90-130 100-110M-4 200C-50 190-70 210-80 230",
      "fill:none;stroke:#6b7f3a;stroke-width:5",
    )
  );
}

function bramble(chance: Random) {
  const ripe = ["#3a1240", "#4d1a52", "#2a0c30"];
  const unripe = ["#c2334d", "#d9566a", "#a8243f"];
  return (
    brambleStem() +
    place(-6, 150, brambleLeaf(120, 38, "#7fa650", "#2f5224"), -76) +
    place(10, 40, brambleLeaf(130, 42, "#6a9446", "#2f5224"), 64) +
    place(-10, -70, brambleLeaf(120, 40, "#8fb35c", "#2f5224"), -58) +
    place(30, -180, brambleLeaf(104, 34, "#7fa650", "#2f5224"), 70) +
    place(60, -240, brambleLeaf(90, 30, "#6a9446", "#2f5224"), -30) +
    place(116, 140, blackberry(chance, ripe), 8, 1.1) +
    place(-92, 16, blackberry(chance, ripe), -6, 0.95) +
    place(106, -76, blackberry(chance, unripe), 4, 0.8) +
    place(-84, 262, blackberry(chance, ripe), -12, 0.85) +
    place(94, -292, brambleFlower()) +
    place(52, 270, brambleFlower(), 33)
  );
}

const fig = () =>
  path(
    "M0-70C10-50 18-40 40-14C64 18 44 62 0 62C-44 62-64 18-40-14C-18-40-10-50 0-70Z",
    "fill:#5b2a5e;stroke:#2a0c30;stroke-width:3.5",
  ) +
  each([-28, -14, 2, 18, 32], (x) =>
    path(`M${x * 0.2}-56Q${x * 1.5} 0 ${x * 0.5} 58`, "fill:none;stroke:#9a6a9e;stroke-width:2.5"),
  ) +
  path("M-6 60q6 8 12 0", "fill:none;stroke:#f0d9a0;stroke-width:3");

const figHalf = () =>
  path(
    "M0-76C10-54 20-42 44-14C70 20 48 68 0 68C-48 68-70 20-44-14C-20-42-10-54 0-76Z",
    "fill:#5b2a5e;stroke:#2a0c30;stroke-width:3.5",
  ) +
  path("M0-56C10-38 18-30 36-6C56 22 40 56 0 56C-40 56-56 22-36-6C-18-30-10-38 0-56Z", "fill:#f6e3c4") +
  path("M0-30C8-18 14-12 26 4C40 24 28 46 0 46C-28 46-40 24-26 4C-14-12-8-18 0-30Z", "fill:#d9566a") +
  times(26, (i) =>
    ellipse(...polar(0, 14, 8 + (i % 3) * 8, i * 47), 3, 4.4, "fill:#fbe0a0;stroke:#a8243f;stroke-width:1.2"),
  );

const figLeaf = (color: string) =>
  path(
    "M0 0C-20-10-60 6-70-24C-40-24-36-40-48-60C-70-84-60-100-40-96C-26-92-22-110-30-136C-20-160 20-160 30-136C22-110 26-92 40-96C60-100 70-84 48-60C36-40 40-24 70-24C60 6 20-10 0 0Z",
    `fill:${color};stroke:#2f5224;stroke-width:3`,
  ) +
  path(
    "M0 20V-130M0-20L-50-20M0-20L50-20M0-40L-40-80M0-40L40-80M0-80L-16-110M0-80L16-110",
    "fill:none;stroke:#dbe8b8;stroke-width:2.5",
  );

const figBranch = () =>
  path(
    ribbon(pointsOf("30,330 0,200 24,60 -10,-80 20,-230 -20,-300"), (part) => 15 - part * 8),
    "fill:#8a6a4a;stroke:#4a3420;stroke-width:2.5",
  ) +
  place(16, 60, figLeaf("#7fa650"), -70, 0.9) +
  place(4, -60, figLeaf("#5f8f48"), 62, 0.86) +
  place(0, -170, figLeaf("#8fb35c"), -60, 0.8) +
  place(14, -220, figLeaf("#6a9446"), 40, 0.7) +
  place(20, 240, figLeaf("#7fa650"), 56, 0.8) +
  place(-60, -40, fig(), 16, 0.9) +
  place(64, 120, fig(), -12) +
  place(-56, -262, fig(), 24, 0.7) +
  place(-60, 200, figHalf(), -24, 1.05);

const jamType = () =>
  textAlong(
    "jamtop",
    "M262 252A300 150 0 0 1 762 252",
    "SMALL COPPER POTS · 小铜锅慢熬",
    "font:700 25px 'Old Standard TT','Noto Serif CJK SC';fill:#4a1636;letter-spacing:2px",
  ) +
  text(512, 338, "Bramble", "font:italic 700 128px 'Lobster Two';fill:#7a2a5a;text-anchor:middle") +
  text(512, 452, "& Fig", "font:italic 700 116px 'Lobster Two';fill:#3f7a3a;text-anchor:middle") +
  path("M330 486H694M350 494H674", "stroke:#4a1636;stroke-width:3") +
  text(512, 540, "黑莓无花果果酱", "font:900 42px 'Noto Serif CJK SC';fill:#4a1636;text-anchor:middle") +
  text(512, 584, "55 % fruit, no hurry", "font:italic 32px 'Old Standard TT';fill:#7a2a5a;text-anchor:middle") +
  textAlong(
    "jambase",
    "M282 592A300 130 0 0 0 742 592",
    "340 g · Hobnail Farm · batch 29",
    "font:700 25px 'Old Standard TT';fill:#4a1636;letter-spacing:1px",
  ) +
  path(
    "M512 94C496 116 470 116 464 136C490 142 506 132 512 116C518 132 534 142 560 136C554 116 528 116 512 94Z",
    "fill:#3f7a3a",
  ) +
  circle(512, 144, 7, "fill:#7a2a5a");

// Captain Zest: an octopus captain among lemons on a lemonade label.

function captainZest() {
  return (
    rect(0, 0, 1024, 640, "fill:#ffd83d") +
    zestSunburst() +
    zestWaves() +
    zestLemons() +
    place(512, 330, octopus()) +
    zestType()
  );
}

const zestSunburst = () =>
  times(40, (i) =>
    polygon(
      [[512, 300], polar(512, 300, 760, i * 9), polar(512, 300, 760, i * 9 + 2 + (i % 4))],
      `fill:${["#ffb81f", "#fff0a0", "#ffc832"][i % 3]}`,
    ),
  );

function zestWaves() {
  const tones = ["#1fa3b8", "#137f9c", "#0d5f80"];
  const row = (i: number) => {
    const crest = times(19, (j) => `q${16 + ((i + j) % 3) * 3}-${34 - i * 4} 32-${(j % 3) * 4}t32 ${(j % 3) * 4}`);
    return (
      path(`M${-30 - i * 22} ${440 + i * 42}${crest}V660H-60Z`, `fill:${tones[i]};stroke:#083a54;stroke-width:5`) +
      times(14, (j) =>
        path(
          `M${j * 78 + i * 30 - 20} ${462 + i * 40 + (j % 3) * 6}q16-14 32 0`,
          "fill:none;stroke:#c9f2f0;stroke-width:4;stroke-linecap:round",
        ),
      )
    );
  };
  return times(3, row);
}

function zestLemons() {
  const slice = (x: number, y: number, r: number, turn: number) =>
    place(
      x,
      y,
      circle(0, 0, r, "fill:#f2b705;stroke:#083a54;stroke-width:5") +
        circle(0, 0, r * 0.84, "fill:#fffbe0") +
        times(8, (i) =>
          place(
            0,
            0,
            path(`M0-${r * 0.1}L${r * 0.26}-${r * 0.66}Q0-${r * 0.9}-${r * 0.26}-${r * 0.66}Z`, "fill:#ffe04a"),
            i * 45,
          ),
        ),
      turn,
    );
  const lemon = (x: number, y: number, turn: number, size: number) =>
    place(
      x,
      y,
      path("M-56 0C-40-46 34-48 50-8L66 0L52 10C34 46-40 46-56 0Z", "fill:#ffe04a;stroke:#083a54;stroke-width:5") +
        path("M-36-8C-24-26 4-30 20-24", "fill:none;stroke:#fff9cf;stroke-width:7;stroke-linecap:round") +
        path("M-56-2C-90-40-60-64-30-46C-34-28-44-12-56-2Z", "fill:#3f9a4a;stroke:#083a54;stroke-width:4"),
      turn,
      size,
    );
  return (
    slice(92, 96, 66, 10) +
    slice(936, 470, 56, 30) +
    slice(300, 66, 40, 0) +
    lemon(940, 96, 24, 1) +
    lemon(84, 460, -20, 0.95) +
    lemon(730, 70, -30, 0.7) +
    slice(60, 300, 36, 20) +
    slice(972, 290, 40, 5)
  );
}

function octopus() {
  const [skin, dark, ink] = ["#e8543f", "#b8322f", "#2a0f1c"];
  const arms: Point[][] = [
    pointsOf("-60,60 -150,110 -220,60 -250,-20 -330,-40 -350,20"),
    pointsOf("-40,90 -110,180 -210,170 -290,110 -380,130 -400,190"),
    pointsOf("60,60 150,110 224,50 244,-40 320,-80 370,-40"),
    pointsOf("40,90 120,180 220,160 300,110 390,120 420,170"),
    pointsOf("-20,100 -50,190 -120,230 -190,240"),
    pointsOf("20,100 60,190 130,232 200,244"),
  ];
  const arm = (points: Point[]) => {
    const suckers = each(points.slice(1, -1), ([x, y], i) =>
      circle(x + 4, y + 9 - i, 9 - i * 1.3, `fill:#ffc9a8;stroke:${dark};stroke-width:3`),
    );
    return (
      path(
        ribbon(points, (part) => 62 - part * 46),
        `fill:${skin};stroke:${ink};stroke-width:6;stroke-linejoin:round`,
      ) + suckers
    );
  };
  return (
    each(arms, arm) +
    place(-352, 8, lemonadeGlass(ink), -8) +
    place(372, -66, spyglass(ink), -20) +
    path(
      "M-120 40C-150-60-120-170 0-176C120-170 150-60 120 40C110 120-110 120-120 40Z",
      `fill:${skin};stroke:${ink};stroke-width:7`,
    ) +
    each(rowsOf("-90 -60 12, -98 -20 8, 92 -70 13, 100 -30 8, 70 -100 7, -70 -98 7"), ([x, y, r]) =>
      circle(x, y, r, `fill:${dark}`),
    ) +
    captainHat(ink) +
    circle(-46, -20, 32, `fill:#fff;stroke:${ink};stroke-width:6`) +
    circle(-40, -16, 15, `fill:${ink}`) +
    circle(-34, -22, 5, "fill:#fff") +
    circle(50, -20, 32, `fill:${ink}`) +
    path("M20-44L124-76M78-6L120 30", `stroke:${ink};stroke-width:7`) +
    path("M-40 44Q4 84 52 40Q30 92-2 88Q-30 84-40 44Z", `fill:${ink}`) +
    path("M-14 78Q4 66 22 76Q4 90-14 78Z", "fill:#ffc9a8") +
    path("M-70 18q-12 10-4 22M84 20q10 8 4 20", `fill:none;stroke:${dark};stroke-width:6`)
  );
}

const captainHat = (ink: string) =>
  path(
    "M-128-120C-150-200-70-250 0-236C70-250 150-200 128-120C60-150-60-150-128-120Z",
    `fill:#fffbe8;stroke:${ink};stroke-width:7`,
  ) +
  path("M-132-118C-60-152 60-152 132-118L126-92C60-124-60-124-126-92Z", `fill:#12456b;stroke:${ink};stroke-width:6`) +
  path("M-70-108C-40-76 40-76 70-108C30-122-30-122-70-108Z", `fill:${ink}`) +
  circle(0, -178, 27, `fill:#ffe04a;stroke:${ink};stroke-width:5`) +
  times(8, (i) =>
    path(edges([polar(0, -178, 5, i * 45), polar(0, -178, 21, i * 45)]), "stroke:#f2a900;stroke-width:5"),
  );

const lemonadeGlass = (ink: string) =>
  polygon("-40,-60 40,-60 30,56 -30,56", `fill:#dff6f2;stroke:${ink};stroke-width:6`) +
  polygon("-36,-30 36,-30 29,51 -29,51", "fill:#ffe97a") +
  path("M10-100L-6 40", "stroke:#e8543f;stroke-width:10") +
  each(rowsOf("-16 -6 12, 12 14 -16"), ([x, y, turn]) =>
    place(x, y, rect(-11, -11, 22, 22, "fill:#fff;opacity:.85;stroke:#9ad0c8;stroke-width:3", 4), turn),
  ) +
  circle(36, -62, 20, `fill:#ffe04a;stroke:${ink};stroke-width:5`) +
  path("M36-80V-44M18-62H54", "stroke:#fffbe0;stroke-width:4");

const spyglass = (ink: string) =>
  rect(-60, -16, 60, 32, `fill:#a8693a;stroke:${ink};stroke-width:5`) +
  rect(-4, -21, 56, 42, `fill:#d6963a;stroke:${ink};stroke-width:5`) +
  rect(48, -26, 18, 52, `fill:#ffe04a;stroke:${ink};stroke-width:5`) +
  path("M-44-16V16M14-21V21", `stroke:${ink};stroke-width:4`);

const zestType = () =>
  rect(0, 540, 1024, 100, "fill:#083a54") +
  fitted(36, 616, 500, "CAPTAIN ZEST", "font:76px 'Cherry Bomb';fill:#ffe04a") +
  text(988, 588, "船长柠檬汽水", "font:900 40px 'Noto Sans CJK SC';fill:#fff;text-anchor:end") +
  text(988, 624, "Cloudy lemonade · 330 ml · 微气泡", "font:700 23px 'Noto Sans CJK SC';fill:#7fe0e0;text-anchor:end") +
  path("M0 540H1024", "stroke:#ffe04a;stroke-width:8;stroke-dasharray:26 10") +
  place(
    240,
    186,
    polygon(star(0, 0, 70, 58, 16), "fill:#e8543f;stroke:#2a0f1c;stroke-width:5") +
      text(0, -8, "EXTRA", "font:900 27px 'Sora';fill:#fff;text-anchor:middle") +
      text(0, 26, "SOUR!", "font:900 32px 'Sora';fill:#ffe04a;text-anchor:middle"),
    -14,
  );

// Comet Crunch: a rabbit astronaut surfing a spoon out of a cereal bowl.

function cometCrunch() {
  const chance = random(31);
  return (
    glow("galaxy", ["#7b3ff2", "#4a1fb8", "#1d0d5e"]) +
    rect(0, 0, 724, 1024, "fill:url(#galaxy)") +
    cerealSky(chance) +
    cometTrail() +
    place(362, 790, cerealBowl(chance), 0, 0.96) +
    cerealTitle() +
    place(402, 504, spaceRabbit(), 8) +
    cerealPrint()
  );
}

function cerealSky(chance: Random) {
  const speck = () =>
    polygon(
      star(chance.between(0, 724), chance.between(60, 900), chance.between(3, 11), 2.4, chance.pick([4, 5])),
      `fill:${chance.pick(["#fff", "#ffe45c", "#7ff0ff"])}`,
    );
  const planet = (x: number, y: number, r: number, color: string, ring: string) =>
    place(
      x,
      y,
      circle(0, 0, r, `fill:${color};stroke:#140a3a;stroke-width:5`) +
        path(
          `M-${r * 0.8}-${r * 0.3}Q0 ${r * 0.1} ${r * 0.9}-${r * 0.3}M-${r * 0.9} ${r * 0.2}Q0 ${r * 0.6} ${r * 0.8} ${r * 0.4}`,
          `fill:none;stroke:${ring};stroke-width:7`,
        ) +
        path(
          `M-${r * 1.5} ${r * 0.4}C-${r * 0.6} ${r * 0.9} ${r * 0.9} ${r * 0.3} ${r * 1.5}-${r * 0.4}`,
          `fill:none;stroke:${ring};stroke-width:10;stroke-linecap:round`,
        ),
      -8,
    );
  return (
    times(90, speck) +
    planet(96, 430, 46, "#ff7ab8", "#ffd1e6") +
    planet(640, 380, 34, "#3fe0c5", "#fff") +
    planet(62, 880, 24, "#ffb03a", "#a85a00")
  );
}

const cometTrail = () =>
  each(
    [
      ["#ff5c8a", 150],
      ["#ff9a3d", 112],
      ["#ffe45c", 74],
      ["#fff7c4", 36],
    ] as const,
    ([color, size], i) =>
      path(
        ribbon(
          [
            [-80, 520 + i * 12],
            [60, 600 + i * 10],
            [220, 668],
            [420, 690],
          ],
          (part) => size * (1 - part * 0.55),
        ),
        `fill:${color}`,
      ),
  );

function cerealBowl(chance: Random) {
  const tints = ["#ff9a3d", "#ffd23f", "#ff5c8a", "#3fe0c5", "#8ff06a"];
  const ring = (x: number, y: number) =>
    circle(x, y, 17, `fill:none;stroke:#140a3a;stroke-width:17`) +
    circle(x, y, 17, `fill:none;stroke:${chance.pick(tints)};stroke-width:11`);
  const starlet = (x: number, y: number) =>
    polygon(
      star(x, y, 28, 15, 5, chance.between(0, 70)),
      `fill:${chance.pick(tints)};stroke:#140a3a;stroke-width:4;stroke-linejoin:round`,
    ) + circle(x - 5, y - 6, 4, "fill:#fff");
  const piece = () => {
    const [x, y] = [chance.between(-240, 240), chance.between(-56, 20)];
    return chance.chance(0.5) ? ring(x, y) : starlet(x, y);
  };
  const drop = (x: number, y: number, size: number) =>
    place(
      x,
      y,
      path("M0-30C16-8 20 2 20 12A20 20 0 0 1-20 12C-20 2-16-8 0-30Z", "fill:#fff;stroke:#140a3a;stroke-width:4"),
      x / 8,
      size,
    );
  return (
    path(
      "M-260-20C-280-90-210-60-200-110C-190-150-150-130-150-90C-110-140-90-80-40-110C0-190 60-130 50-90C90-130 130-130 140-90C170-150 220-130 210-80C250-100 280-60 260-20Z",
      "fill:#fff;stroke:#140a3a;stroke-width:6",
    ) +
    times(34, piece) +
    path(
      "M-300-14C-290 120-180 200 0 200C180 200 290 120 300-14C180 44-180 44-300-14Z",
      "fill:#ff3d77;stroke:#140a3a;stroke-width:7",
    ) +
    path("M-290 30C-180 90 180 90 290 30L282 66C180 124-180 124-282 66Z", "fill:#ffe45c") +
    each(rowsOf("-210 78 20, -130 96 14, -40 102 22, 60 100 15, 150 92 20, 226 72 13"), ([x, y, size], i) =>
      polygon(star(x, y, size, size * 0.45, 5 + (i % 2), i * 20), "fill:#7b3ff2"),
    ) +
    each(rowsOf("-250 -130 0.8, -60 -190 1, 120 -180 0.7, 260 -120 1"), ([x, y, size]) => drop(x, y, size)) +
    starlet(-290, -90) +
    ring(300, -70) +
    starlet(210, -190)
  );
}

function spaceRabbit() {
  const ink = "stroke:#140a3a;stroke-width:6;stroke-linejoin:round";
  const ear = (turn: number) =>
    place(
      0,
      -120,
      path("M-22 0C-40-60-30-120 0-128C30-120 40-60 22 0Z", `fill:#fff4e6;${ink}`) +
        path("M-9-10C-18-56-12-94 0-100C12-94 18-56 9-10Z", "fill:#ff9ab8"),
      turn,
    );
  return (
    place(
      -10,
      150,
      ellipse(150, -28, 84, 44, `fill:#c9d3e6;${ink}`) +
        ellipse(150, -34, 62, 26, "fill:#8fa0bf") +
        path("M80-16C0 10-120 30-250 96L-240 118C-110 60 10 44 92 14Z", `fill:#c9d3e6;${ink}`),
      -8,
    ) +
    ear(-22) +
    ear(18) +
    path("M-70 20C-90 70-70 130-40 150H44C74 130 92 70 70 20Z", `fill:#ff7a2e;${ink}`) +
    path(
      "M-66 40C-110 30-140 0-170-30L-150-52C-120-30-90-10-60 0ZM66 40C110 40 140 20 176-20L154-44C130-20 100-4 60 0Z",
      `fill:#ff7a2e;${ink}`,
    ) +
    circle(-164, -44, 19, `fill:#fff;${ink}`) +
    circle(170, -36, 19, `fill:#fff;${ink}`) +
    path("M-44 140L-70 176H-16L-8 148ZM12 148L22 176H78L46 138Z", `fill:#fff;${ink}`) +
    rect(-34, 56, 68, 48, `fill:#fff;${ink}`, 8) +
    each([-18, 2, 20], (x, i) => circle(x, 72, 7, `fill:${["#ff3d77", "#3fe0c5", "#ffd23f"][i]}`)) +
    path("M-22 92H22", "stroke:#140a3a;stroke-width:5") +
    circle(0, -56, 96, `fill:#bff4ff;opacity:.55`) +
    path("M-74-40C-74-110 74-110 74-40C74 10 40 22 0 22C-40 22-74 10-74-40Z", `fill:#fff4e6;${ink}`) +
    ellipse(-30, -52, 13, 18, "fill:#140a3a") +
    ellipse(32, -52, 13, 18, "fill:#140a3a") +
    circle(-26, -59, 5, "fill:#fff") +
    circle(36, -59, 5, "fill:#fff") +
    ellipse(-52, -26, 13, 8, "fill:#ff9ab8") +
    ellipse(54, -26, 13, 8, "fill:#ff9ab8") +
    path("M-10-32L10-32L0-22Z", "fill:#ff5c8a") +
    path("M-30-14Q0 26 30-14Z", `fill:#8f1f4a;stroke:#140a3a;stroke-width:5`) +
    rect(-10, -13, 20, 14, "fill:#fff;stroke:#140a3a;stroke-width:3") +
    circle(0, -56, 96, `fill:none;${ink}`) +
    path("M-66-98Q-40-132-6-136", "fill:none;stroke:#fff;stroke-width:9;stroke-linecap:round")
  );
}

function cerealTitle() {
  const word = (content: string, x: number, y: number, size: number, turn: number) =>
    each(
      [
        ["#140a3a", 30],
        ["#fff", 16],
        ["none", 0],
      ] as const,
      ([color, thick]) =>
        place(
          x,
          y,
          text(
            0,
            0,
            content,
            `font:${size}px 'Cherry Bomb';text-anchor:middle;fill:#ffd23f;stroke:${color};stroke-width:${thick};stroke-linejoin:round`,
          ),
          turn,
        ),
    );
  return word("COMET", 350, 192, 156, -5) + word("CRUNCH", 372, 316, 134, -5);
}

const cerealPrint = () =>
  place(
    618,
    640,
    polygon(star(0, 0, 92, 72, 13), "fill:#8ff06a;stroke:#140a3a;stroke-width:6") +
      text(0, -12, "贴纸", "font:900 50px 'Noto Sans CJK SC';fill:#140a3a;text-anchor:middle") +
      text(0, 32, "INSIDE!", "font:32px 'Cherry Bomb';fill:#e0226a;text-anchor:middle"),
    12,
  ) +
  rect(0, 962, 724, 62, "fill:#140a3a") +
  path("M0 962H724", "stroke:#ffd23f;stroke-width:7") +
  text(
    362,
    1004,
    "彗星脆脆  Oat rings & honey stars  375 g",
    "font:900 29px 'Noto Sans CJK SC';fill:#fff;text-anchor:middle",
  ) +
  text(28, 44, "TOASTED IN ORBIT", "font:800 28px 'Sora';fill:#7ff0ff") +
  text(696, 44, "麦麦圈工坊", "font:900 27px 'Noto Sans CJK SC';fill:#7ff0ff;text-anchor:end");

// Longtail Coffee: a long-tailed bird among coffee cherries, between woven bands.

function longtailCoffee() {
  return (
    rect(0, 0, 640, 1024, "fill:#d9b98c") +
    kraftFibers() +
    wovenBand(0, 51, [wovenCross, wovenSteps, wovenDiamond, wovenPeak]) +
    wovenBand(862, 77, [wovenPeak, wovenCross, wovenSteps, wovenDiamond]) +
    coffeeBranches() +
    place(330, 330, longtail()) +
    coffeeType()
  );
}

function kraftFibers() {
  const chance = random(61);
  return times(320, () =>
    path(
      `M${chance.between(0, 640)} ${chance.between(150, 870)}q${chance.between(-8, 8)} ${chance.between(-6, 6)} ${chance.between(-18, 18)} ${chance.between(-8, 8)}`,
      `fill:none;stroke:${chance.pick(["#c49f6c", "#ecd3a8", "#b88f5a"])};stroke-width:1.8`,
    ),
  );
}

/** A woven band: a row of each motif, in colors that wander. */
function wovenBand(top: number, seed: number, motifs: readonly WovenMotif[]) {
  const chance = random(seed);
  const dyes = ["#b3262b", "#1f8a7b", "#e8a12d", "#d9573c", "#a8408f", "#4a8fc0"];
  const dye = () => `fill:${chance.pick(dyes)}`;
  const row = (motif: WovenMotif, j: number) =>
    rect(0, top + j * 41, 640, 41, `fill:${j % 2 ? "#f3e6c8" : "#2a1b3d"}`) +
    times(16, (i) => motif(i * 40, top + j * 41, dye));
  return each(motifs, row);
}

type WovenMotif = (x: number, y: number, dye: () => string) => string;

const wovenPeak: WovenMotif = (x, y, dye) =>
  path(`M${x} ${y + 40}l20-40l20 40Z`, dye()) + path(`M${x + 11} ${y + 40}l9-20l9 20Z`, dye());

const wovenDiamond: WovenMotif = (x, y, dye) =>
  path(`M${x} ${y + 20}l20-20l20 20l-20 20Z`, dye()) + path(`M${x + 12} ${y + 20}l8-8l8 8l-8 8Z`, dye());

const wovenSteps: WovenMotif = (x, y, dye) => times(4, (i) => rect(x + i * 5, y + i * 10, 40 - i * 10, 10, dye()));

const wovenCross: WovenMotif = (x, y, dye) =>
  path(`M${x + 14} ${y + 4}h12v10h10v12h-10v10h-12v-10h-10v-12h10Z`, dye()) + rect(x + 16, y + 16, 8, 8, dye());

function coffeeBranches() {
  const chance = random(93);
  const cherry = (x: number, y: number) =>
    circle(
      x,
      y,
      15,
      `fill:${chance.pick(["#c2272d", "#d9442f", "#a81f2b", "#e8a12d"])};stroke:#3a1410;stroke-width:3.5`,
    ) +
    circle(x - 5, y - 5, 4, "fill:#fff;opacity:.8") +
    circle(x + 2, y + 11, 2.5, "fill:#3a1410");
  const foliage = (x: number, y: number, turn: number, size: number) =>
    place(
      x,
      y,
      path(
        "M0 0C-34-30-30-90 0-130C30-90 34-30 0 0Z",
        `fill:${chance.pick(["#1f5f4a", "#2c7a58", "#17493f"])};stroke:#0d2a24;stroke-width:3.5`,
      ) +
        path(
          "M0 0V-116M0-26L-18-48M0-26L18-48M0-50L-20-74M0-50L20-74M0-76L-14-96M0-76L14-96",
          "fill:none;stroke:#9ccf9a;stroke-width:2.5",
        ),
      turn,
      size,
    );
  const left = pointsOf("-20,700 70,620 90,500 60,380 90,260 60,190");
  const right = pointsOf("660,640 580,560 590,440 560,330 590,220 570,180");
  const sprigs = rowsOf(
    "64 630 -70 1, 90 540 60 0.9, 74 430 -50 1, 76 330 56 0.85, 86 250 -40 0.9, 70 200 24 0.8, 590 580 60 1, 584 500 -58 0.85, 582 400 62 0.95, 564 340 -50 0.8, 584 240 50 0.85, 574 196 -20 0.8",
  );
  const clusters = pointsOf("92,590 78,470 70,372 92,290 580,548 594,450 566,356 586,268");
  return (
    each([left, right], (branch) =>
      path(
        ribbon(branch, (part) => 13 - part * 7),
        "fill:#6b4226;stroke:#3a1410;stroke-width:3",
      ),
    ) +
    each(sprigs, ([x, y, turn, size]) => foliage(x, y, turn, size)) +
    each(clusters, ([x, y]) => times(3, (i) => cherry(x + 14 * Math.cos(i * 2.1), y + 14 * Math.sin(i * 2.1))))
  );
}

function longtail() {
  const ink = "stroke:#0d2a24;stroke-width:5;stroke-linejoin:round";
  const plume = (points: Point[], color: string, size: number) =>
    path(
      ribbon(points, (part) => size * (1.1 - part * 0.7)),
      `fill:${color};${ink}`,
    );
  const barb = (i: number) =>
    path(`M${-8 - i * 3} ${150 + i * 24}l-12 12M${8 - i * 3} ${150 + i * 24}l10 14`, "stroke:#bfe8c0;stroke-width:3");
  const feather = (x: number, y: number, turn: number, color: string) =>
    place(
      x,
      y,
      path("M0 0C-16 12-16 40 0 54C16 40 16 12 0 0Z", `fill:${color};stroke:#0d2a24;stroke-width:3`) +
        path("M0 8V44", "stroke:#fff;stroke-width:2;opacity:.7"),
      turn,
    );
  return (
    plume(pointsOf("10,80 30,180 10,300 60,400 40,470"), "#2fae7a", 34) +
    plume(pointsOf("0,80 -10,190 -40,290 -20,400 -80,460"), "#1f8a6b", 34) +
    times(11, barb) +
    path(
      "M-160 116C-60 96 60 100 170 130L168 150C60 122-60 118-160 138Z",
      "fill:#6b4226;stroke:#3a1410;stroke-width:4",
    ) +
    path(
      "M-30-120C40-140 84-70 70 10C60 80 30 110 0 112C-40 104-66 50-60-10C-58-60-60-100-30-120Z",
      `fill:#1f8a6b;${ink}`,
    ) +
    path(
      "M-46-20C-50 40-36 90 0 108C24 100 40 60 38 0C20-20-20-30-46-20Z",
      `fill:#c2272d;stroke:#0d2a24;stroke-width:4`,
    ) +
    times(12, (i) =>
      path(
        `M${-34 + (i % 4) * 20} ${4 + Math.floor(i / 4) * 26}q8 10 16 0`,
        "fill:none;stroke:#7a0f1c;stroke-width:3.5",
      ),
    ) +
    each(rowsOf("44 -60 -12, 62 -34 -20, 44 -16 -8, 66 4 -24, 50 26 -10, 70 44 -26"), ([x, y, turn], i) =>
      feather(x, y, turn, ["#2fae7a", "#e8a12d", "#1f6f9a"][i % 3] as string),
    ) +
    path("M-36-110C-60-150-40-196 0-196C44-194 60-150 36-112C10-96-16-98-36-110Z", `fill:#2fae7a;${ink}`) +
    each([-64, -40, -16, 8, 32], (turn) =>
      place(0, -186, path("M0 0C-9-16-6-40 0-50C6-40 9-16 0 0Z", "fill:#e8a12d;stroke:#0d2a24;stroke-width:3"), turn),
    ) +
    path("M-38-152L-84-140C-80-128-60-124-36-132Z", `fill:#f3c64a;${ink}`) +
    circle(-14, -156, 14, `fill:#fff;stroke:#0d2a24;stroke-width:4`) +
    circle(-16, -156, 7, "fill:#0d2a24") +
    path("M-24 108v24M-10 110v24M16 110v24M30 106v24", "stroke:#3a1410;stroke-width:7;stroke-linecap:round")
  );
}

const coffeeType = () =>
  polygon("96,668 544,668 572,756 544,846 96,846 68,756", "fill:#f3e6c8;stroke:#3a1410;stroke-width:6") +
  fitted(116, 742, 408, "LONGTAIL", "font:900 76px 'Millimetre';fill:#3a1410") +
  text(116, 788, "长尾鸟咖啡", "font:900 38px 'Noto Sans CJK SC';fill:#b3262b") +
  text(524, 786, "中烘 250 g", "font:700 25px 'Noto Sans CJK SC';fill:#3a1410;text-anchor:end") +
  text(320, 828, "washed · 1 860 m · lot 18 · Serra Ninha", "font:600 25px 'Dosis';fill:#1f6f6b;text-anchor:middle");

// Salt Moon Soap: half a mandala, blue on blush, beside the name.

function saltMoonSoap() {
  return rect(0, 0, 1024, 600, "fill:#f6d9d2") + soapTexture() + place(330, 300, mandala()) + soapType();
}

function soapTexture() {
  const chance = random(71);
  const bubble = () => {
    const [x, y, r] = [chance.between(0, 1024), chance.between(0, 600), chance.between(6, 26)];
    return (
      circle(x, y, r, "fill:none;stroke:#e8b3aa;stroke-width:3") +
      path(
        `M${x - r * 0.5} ${y - r * 0.2}a${r * 0.6} ${r * 0.6} 0 0 1 ${r * 0.4}-${r * 0.4}`,
        "fill:none;stroke:#fff;stroke-width:3",
      )
    );
  };
  return times(110, bubble);
}

/** Rings of petals, no two rings with the same count, so that no turn repeats the whole. */
function mandala() {
  const [navy, blue, sky, coral, cream] = ["#1d2f6b", "#2f5fb3", "#8fc0e8", "#e8654f", "#fff6ec"];
  const ringOf = (count: number, draw: (i: number) => string) =>
    times(count, (i) => place(0, 0, draw(i), (i * 360) / count));
  return (
    ringOf(
      37,
      (i) => path("M-24-268Q0-330 24-268Z", `fill:${i % 2 ? coral : navy}`) + circle(0, -282, 5, `fill:${cream}`),
    ) +
    circle(0, 0, 272, `fill:${navy}`) +
    ringOf(
      29,
      (i) =>
        path("M-26-226C-20-262 20-262 26-226L0-206Z", `fill:${[sky, cream, blue][i % 3]}`) +
        path("M0-214V-244M-9-222L-7-238M9-222L7-238", `stroke:${navy};stroke-width:3.5`),
    ) +
    circle(0, 0, 210, `fill:${cream}`) +
    ringOf(
      23,
      (i) =>
        polygon("-20,-168 0,-206 20,-168 0,-152", `fill:${i % 2 ? blue : coral}`) + circle(0, -178, 6, `fill:${cream}`),
    ) +
    circle(0, 0, 158, `fill:${blue};stroke:${navy};stroke-width:5`) +
    ringOf(
      17,
      (i) =>
        path(
          "M-22-108C-26-146 0-156 0-156C0-156 26-146 22-108L0-92Z",
          `fill:${i % 2 ? cream : sky};stroke:${navy};stroke-width:3`,
        ) +
        path("M0-100V-138", `stroke:${coral};stroke-width:4`) +
        circle(0, -142, 4, `fill:${coral}`),
    ) +
    circle(0, 0, 100, `fill:${navy}`) +
    ringOf(
      13,
      (i) => ellipse(0, -76, 12, 19, `fill:${[coral, cream, sky][i % 3]}`) + circle(0, -76, 4, `fill:${navy}`),
    ) +
    circle(0, 0, 54, `fill:${coral}`) +
    path("M16-42A44 44 0 1 0 40 18A36 36 0 1 1 16-42Z", `fill:${cream}`) +
    each(rowsOf("14 -8 13, -4 18 8, 28 18 6"), ([x, y, size]) =>
      polygon(star(x, y, size, size / 3, 4), `fill:${cream}`),
    )
  );
}

const soapType = () =>
  rect(676, 70, 300, 460, "fill:#fff6ec;stroke:#1d2f6b;stroke-width:5", 150) +
  rect(690, 84, 272, 432, "fill:none;stroke:#e8654f;stroke-width:3", 136) +
  text(826, 226, "Salt", "font:76px 'Solide Mirage';fill:#1d2f6b;text-anchor:middle") +
  text(826, 290, "Moon", "font:76px 'Solide Mirage';fill:#1d2f6b;text-anchor:middle") +
  path("M736 312H796M856 312H916", "stroke:#e8654f;stroke-width:4") +
  polygon(star(826, 312, 17, 6, 6), "fill:#e8654f") +
  text(826, 374, "盐月皂", "font:900 50px 'Noto Serif CJK SC';fill:#e8654f;text-anchor:middle") +
  text(826, 416, "sea salt & bergamot", "font:italic 29px 'EB Garamond';fill:#1d2f6b;text-anchor:middle") +
  text(826, 452, "海盐 · 佛手柑 · 110 g", "font:21px 'LXGW WenKai';fill:#1d2f6b;text-anchor:middle") +
  path("M802 478q12-18 24 0t24 0", "fill:none;stroke:#2f5fb3;stroke-width:5") +
  path("M790 492q12-18 24 0t24 0t24 0", "fill:none;stroke:#8fc0e8;stroke-width:5") +
  text(826, 142, "No. 4", "font:italic 34px 'EB Garamond';fill:#e8654f;text-anchor:middle");

// Gilded Cacao: an art-deco tower of fans, steps and cacao pods.

const decoGold = "#e6bd5c";

function gildedCacao() {
  return rect(0, 0, 460, 1024, "fill:#0c2b2e") + decoFans() + decoTower() + place(230, 470, cacaoPod()) + decoType();
}

function decoFans() {
  const chance = random(81);
  const fan = (x: number, y: number) => {
    const fill = chance.pick(["#0f3f42", "#134e50", "#3a1d3f", "#0c2b2e"]);
    const rays = Math.floor(chance.between(3, 8));
    return (
      circle(x, y, 58, `fill:${fill};stroke:${decoGold};stroke-width:4`) +
      circle(x, y, 46, `fill:none;stroke:${decoGold};stroke-width:1.8`) +
      times(rays, (i) =>
        path(
          edges([polar(x, y, 14, 200 + (i * 140) / (rays - 1)), polar(x, y, 42, 200 + (i * 140) / (rays - 1))]),
          `stroke:${decoGold};stroke-width:3`,
        ),
      ) +
      circle(x, y, chance.between(6, 14), `fill:${chance.pick(["#e8654f", decoGold, "#f3e3c0"])}`)
    );
  };
  return times(19, (row) => times(5, (column) => fan(column * 116 + (row % 2) * 58 - 4, row * 58 + 10)));
}

function decoTower() {
  const steps: [number, number, string][] = [
    [212, 734, "#3a1d3f"],
    [176, 696, "#e8654f"],
    [138, 660, "#0f3f42"],
    [98, 630, "#f3e3c0"],
    [54, 600, "#0c2b2e"],
  ];
  const step = ([half, top, color]: [number, number, string], i: number) =>
    rect(230 - half, top, half * 2, 800 - top, `fill:${color};stroke:${decoGold};stroke-width:4`) +
    times(4 + i * 2, (j) => {
      const x = 230 - half + 8 + j * (5 + (i % 3));
      return path(
        `M${x} ${top + 6}V${790 - j * 12}M${460 - x} ${top + 6}V${790 - j * 9}`,
        `stroke:${i === 3 ? "#b5362f" : decoGold};stroke-width:2.4`,
      );
    });
  const ray = (i: number) =>
    path(
      edges([polar(230, 470, 128, i * 15), polar(230, 470, i % 2 ? 236 : 190, i * 15)]),
      `stroke:${decoGold};stroke-width:${i % 2 ? 3 : 8}`,
    );
  return (
    times(24, ray) +
    each(steps, step) +
    polygon(star(230, 470, 142, 124, 12), `fill:#0c2b2e;stroke:${decoGold};stroke-width:5`)
  );
}

function cacaoPod() {
  const ridge = (i: number) => path(`M0-112Q${-74 + i * 24.6} 0 0 104`, "fill:none;stroke:#6b1f24;stroke-width:4");
  const bump = random(19);
  return (
    place(
      -66,
      30,
      path("M0 90C-50 50-56-20-20-80C16-40 30 40 0 90Z", `fill:#2f7a5a;stroke:${decoGold};stroke-width:4`) +
        path(
          "M0 84C-14 30-18-20-20-70M-8 40l-22-16M-12 10l-22-16M-4 60l14-22M-10 20l18-22",
          `fill:none;stroke:${decoGold};stroke-width:2.5`,
        ),
      -24,
    ) +
    place(
      66,
      30,
      path("M0 90C50 50 56-20 20-80C-16-40-30 40 0 90Z", `fill:#1f5f6b;stroke:${decoGold};stroke-width:4`) +
        path("M0 84C14 30 18-20 20-70M8 40l22-16M12 10l22-16", `fill:none;stroke:${decoGold};stroke-width:2.5`),
      24,
    ) +
    path(
      "M0-112C50-90 74-30 60 30C50 76 24 100 0 108C-24 100-50 76-60 30C-74-30-50-90 0-112Z",
      `fill:#b5362f;stroke:${decoGold};stroke-width:5`,
    ) +
    times(7, ridge) +
    times(40, () => circle(bump.between(-48, 48), bump.between(-70, 76), bump.between(1.5, 3.5), "fill:#f0b08a")) +
    path("M8-40C48-30 48 50 6 66C-22 50-22-30 8-40Z", "fill:#f6e7c4;stroke:#6b1f24;stroke-width:4") +
    each(rowsOf("8 -18, -2 4, 18 6, 4 28, 20 30, 8 50"), ([x, y], i) =>
      place(
        x,
        y,
        ellipse(0, 0, 10, 8, "fill:#6b3420;stroke:#3a1a10;stroke-width:2.5") +
          path("M-6 0H6", "stroke:#c98a5a;stroke-width:2"),
        i * 31,
      ),
    ) +
    path("M0-112V-136M-12-134H12", `stroke:${decoGold};stroke-width:8`)
  );
}

const decoType = () =>
  rect(0, 790, 460, 234, "fill:#f3e3c0") +
  path("M0 796H460M0 808H460", `stroke:#0c2b2e;stroke-width:4`) +
  times(23, (i) =>
    polygon(
      `${i * 20},808 ${i * 20 + 10},${826 + (i % 4) * 3} ${i * 20 + 20},808`,
      `fill:${i % 2 ? "#e8654f" : "#0c2b2e"}`,
    ),
  ) +
  fitted(28, 896, 404, "GILDED", "font:700 70px 'Bebas Neue';fill:#0c2b2e") +
  fitted(28, 952, 404, "CACAO  72%", "font:300 62px 'Bebas Neue';fill:#b5362f") +
  text(30, 996, "鎏金黑巧克力", "font:900 31px 'Noto Serif CJK SC';fill:#0c2b2e") +
  text(430, 994, "80 g · bean to bar", "font:600 22px 'League Spartan';fill:#0c2b2e;text-anchor:end") +
  polygon("60,0 400,0 372,108 230,140 88,108", `fill:#0c2b2e;stroke:${decoGold};stroke-width:5`) +
  text(230, 52, "MAISON OUDE", "font:600 38px 'League Spartan';fill:#e6bd5c;text-anchor:middle") +
  text(230, 92, "暮色庄园风味", "font:700 25px 'Noto Serif CJK SC';fill:#f3e3c0;text-anchor:middle");
