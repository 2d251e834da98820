/** The sample posters: a concert, a festival, a journey, a fair, a circus, a race and an exhibition. */

import {
  along,
  circle,
  clip,
  curve,
  each,
  edges,
  ellipse,
  fitted,
  gradient,
  group,
  line,
  noise,
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
  times,
} from "./draw.ts";

const width = 768;
const height = 1024;

export const posters: Picture[] = [
  {
    identifier: "poster.night_jazz",
    title: "Night Jazz 夜爵士",
    width,
    height,
    metadata: { title: "Night Jazz", type: "text", text: "Doors 20:00. Tap for tickets." },
    draw: nightJazz,
  },
  {
    identifier: "poster.film_festival",
    title: "Egret Film Festival 白鹭国际电影节",
    width,
    height,
    metadata: { title: "Egret Film Festival", type: "video", url: "https://example.com/egret/trailer.mp4" },
    draw: filmFestival,
  },
  {
    identifier: "poster.cloud_ridge",
    title: "Yunji by Rail 云脊",
    width,
    height,
    metadata: { title: "Yunji by Rail", type: "link", url: "https://example.com/yunji/timetable" },
    draw: cloudRidge,
  },
  {
    identifier: "poster.science_fair",
    title: "Curiosity Science Fair 好奇心科学博览会",
    width,
    height,
    metadata: { title: "Curiosity Science Fair", type: "text", text: "Hall 6, 220 experiments you may touch." },
    draw: scienceFair,
  },
  {
    identifier: "poster.circus",
    title: "Circo Mirabella 米拉贝拉大马戏",
    width,
    height,
    metadata: { title: "Circo Mirabella", type: "video", url: "https://example.com/mirabella/parade.mp4" },
    draw: circus,
  },
  {
    identifier: "poster.marathon",
    title: "Bayhook Marathon 钩湾马拉松",
    width,
    height,
    metadata: { title: "Bayhook Marathon", type: "link", url: "https://example.com/bayhook/route" },
    draw: marathon,
  },
  {
    identifier: "poster.faces_and_forms",
    title: "Faces & Forms 面孔与形状",
    width,
    height,
    metadata: { title: "Faces & Forms", type: "text", text: "Audio guide: room 3, the paper portrait." },
    draw: facesAndForms,
  },
];

// Night Jazz: paper cut-outs of a double bass, a trumpet and jumping letters.

function nightJazz() {
  const chance = random(11);
  return (
    rect(0, 0, width, height, "fill:#1d1b3a") +
    jazzPanels() +
    jazzScribbles(chance) +
    jazzKeys(chance) +
    place(560, 610, doubleBass(), 11) +
    place(236, 612, trumpet(), -24) +
    jazzLetters() +
    jazzSmallPrint()
  );
}

function jazzPanels() {
  const panels: [string, Point[]][] = [
    ["#17768a", pointsOf("0,0 330,0 262,400 0,452")],
    ["#e4572e", pointsOf("352,0 768,0 768,300 300,372")],
    ["#f2b632", pointsOf("300,392 560,350 500,1024 318,1024")],
    ["#efe2c4", pointsOf("0,476 286,420 300,760 0,812")],
    ["#8e3b73", pointsOf("584,346 768,318 768,800 536,840")],
    ["#2b9c7e", pointsOf("0,836 302,784 300,1024 0,1024")],
  ];
  return each(panels, ([color, points]) => polygon(points, `fill:${color}`));
}

function jazzScribbles(chance: Random) {
  const loop = (x: number, y: number) =>
    along(14, (part) => polar(x + part * 70, y, chance.between(8, 30), part * 1500 + chance.between(0, 40)));
  const spots = pointsOf("560,300 690,420 30,440 350,940 40,980 676,700 330,430 680,200");
  const tones = ["#f6ead2", "#1d1b3a", "#f2b632"];
  return each(spots, ([x, y], i) =>
    path(curve(loop(x, y)), `fill:none;stroke:${tones[i % 3]};stroke-width:${2 + (i % 3)}`),
  );
}

function jazzKeys(chance: Random) {
  const top = (x: number) => 806 + 34 * Math.sin(x / 95);
  const white = times(15, (i) => {
    const x = i * 52 - 6;
    return polygon(
      `${x},${top(x)} ${x + 49},${top(x + 49)} ${x + 43 + chance.between(-6, 6)},${top(x) + 138} ${x - 6},${top(x) + 146}`,
      "fill:#f6ead2",
    );
  });
  const black = each([0, 1, 3, 4, 5, 7, 8, 10, 11, 12, 14], (i) => {
    const x = i * 52 + 32;
    return polygon(
      `${x},${top(x) - 3} ${x + 27},${top(x + 27) - 3} ${x + 22},${top(x) + chance.between(76, 92)} ${x - 3},${top(x) + 84}`,
      "fill:#1d1b3a",
    );
  });
  return (
    path(edges(along(40, (part) => [part * 768, top(part * 768) + 10])), "fill:none;stroke:#1d1b3a;stroke-width:28") +
    white +
    black
  );
}

function doubleBass() {
  const body =
    "M0-150C60-156 92-118 84-70C78-34 66-22 70 8C76 44 126 70 122 146C118 214 60 240 0 240C-60 240-118 214-122 146C-126 70-76 44-70 8C-66-22-78-34-84-70C-92-118-60-156 0-150Z";
  const hole = "M0-40C-18-46-20-20-4-4C14 12 14 40-6 42";
  return (
    path(body, "fill:#1d1b3a;stroke:#1d1b3a;stroke-width:22;stroke-linejoin:round") +
    path(body, "fill:#c9472b") +
    path("M0-150C60-156 92-118 84-70C78-34 66-22 70 8C76 44 126 70 122 146C118 214 60 240 0 240Z", "fill:#e98a3c") +
    times(9, (i) =>
      path(
        `M${-100 + i * 3} ${110 + i * 12}q40-${20 + i * 3} ${64 + i * 3} ${6 - i}`,
        "fill:none;stroke:#8d2c1c;stroke-width:3",
      ),
    ) +
    times(8, (i) =>
      path(`M${36 + i * 2} ${-126 + i * 15}q26 8 ${34 - i * 4} 2`, "fill:none;stroke:#c9472b;stroke-width:3"),
    ) +
    place(-44, 74, path(hole, "fill:none;stroke:#1d1b3a;stroke-width:9;stroke-linecap:round")) +
    place(44, 74, path(hole, "fill:none;stroke:#1d1b3a;stroke-width:9;stroke-linecap:round"), 0, -1, 1) +
    polygon("-14,-420 14,-420 20,30 -20,30", "fill:#1d1b3a") +
    path("M-18-420C-30-470 20-492 26-458C28-440 8-438 8-450", "fill:#1d1b3a;stroke:#f6ead2;stroke-width:5") +
    each([-408, -386, -398, -376], (y, i) => rect(i % 2 ? 12 : -42, y, 30, 9, "fill:#f2b632", 4)) +
    polygon("-40,96 -30,82 30,82 40,96", "fill:#f6ead2") +
    polygon("-16,200 16,200 9,140 -9,140", "fill:#1d1b3a") +
    each([-9, -3, 3, 9], (x) => line(x, -416, x * 1.7, 150, "stroke:#f6ead2;stroke-width:2"))
  );
}

function trumpet() {
  const pipe = "fill:none;stroke-linecap:round;";
  const tube = "M-250 30H120M-190 30C-236 30-236 92-190 92H60C112 92 112 30 60 30";
  return (
    path(tube, `${pipe}stroke:#1d1b3a;stroke-width:34`) +
    path("M80 14C170 14 214-6 252-70L252 130C214 66 170 46 80 46Z", "fill:#f2b632;stroke:#1d1b3a;stroke-width:9") +
    path(tube, `${pipe}stroke:#f2b632;stroke-width:17`) +
    path("M-226 25H96M-180 88H58", `${pipe}stroke:#fff3c4;stroke-width:4`) +
    ellipse(252, 30, 25, 100, "fill:#8a5a12;stroke:#1d1b3a;stroke-width:9") +
    ellipse(250, 30, 10, 56, "fill:#1d1b3a") +
    polygon("-276,12 -246,22 -246,38 -276,48", "fill:#f6ead2;stroke:#1d1b3a;stroke-width:6") +
    each([-90, -44, 2], (x, i) => {
      const lift = [12, 0, 26][i] as number;
      return (
        rect(x - 15, -10, 30, 116, "fill:#f6ead2;stroke:#1d1b3a;stroke-width:7", 8) +
        rect(x - 5, -36 + lift, 10, 32, "fill:#1d1b3a") +
        ellipse(x, -38 + lift, 18, 8, "fill:#e4572e;stroke:#1d1b3a;stroke-width:5")
      );
    }) +
    each(rowsOf("-60 -116 1.5, -146 -140 1.1, -214 -84 1.3"), ([x, y, scale]) => place(x, y, eighthNote(), 24, scale))
  );
}

const eighthNote = () =>
  ellipse(0, 0, 13, 10, "fill:#1d1b3a") +
  path("M10 0V-52C26-42 34-30 26-12", "fill:none;stroke:#1d1b3a;stroke-width:6");

function jazzLetters() {
  const letters: [string, number, number, number, number, string, string][] = [
    ["N", 88, 190, 150, -7, "#f6ead2", "#e4572e"],
    ["i", 178, 168, 136, 5, "#f2b632", "#1d1b3a"],
    ["G", 262, 208, 146, -3, "#1d1b3a", "#f2b632"],
    ["h", 374, 180, 150, 8, "#17768a", "#f6ead2"],
    ["T", 470, 206, 140, -5, "#f6ead2", "#8e3b73"],
    ["J", 100, 386, 210, 6, "#e4572e", "#f6ead2"],
    ["a", 232, 366, 196, -8, "#1d1b3a", "#2b9c7e"],
    ["Z", 372, 392, 206, 4, "#f2b632", "#1d1b3a"],
    ["z", 492, 360, 190, -6, "#8e3b73", "#f2b632"],
  ];
  const tile = (size: number, color: string) =>
    polygon(
      `${-size * 0.36},${-size * 0.8} ${size * 0.33},${-size * 0.86} ${size * 0.38},${size * 0.16} ${-size * 0.32},${size * 0.12}`,
      `fill:${color}`,
    );
  return each(letters, ([letter, x, y, size, turn, paper, ink]) =>
    place(
      x,
      y,
      tile(size, paper) +
        text(0, 0, letter, `font:900 ${size * 0.92}px 'League Spartan';fill:${ink};text-anchor:middle`),
      turn,
    ),
  );
}

function jazzSmallPrint() {
  const cream = "fill:#f6ead2;font-family:'Noto Sans CJK SC'";
  return (
    rect(0, 978, width, 46, "fill:#1d1b3a") +
    text(24, 1010, "夜爵士 · 跨年音乐会", `${cream};font-size:25px;font-weight:900`) +
    text(744, 1009, "12.31  20:00  COPPER HALL  铜厅", `${cream};font-size:21px;font-weight:700;text-anchor:end`) +
    each(["LENA OKARI TRIO", "THE BLUE STOVES", "MR SUNDAY & SONS"], (name, i) =>
      text(
        748,
        44 + i * 31,
        name,
        `font:700 30px 'Bebas Neue';fill:${i % 2 ? "#f6ead2" : "#1d1b3a"};letter-spacing:1px;text-anchor:end`,
      ),
    ) +
    each(rowsOf("226 492 34, 40 680 26, 730 520 26, 690 600 18"), ([x, y, size], i) =>
      polygon(star(x, y, size, size / 7, 6 + i), `fill:${["#e4572e", "#17768a", "#f2b632", "#f6ead2"][i]}`),
    )
  );
}

// Egret Film Festival: a halftone eye with an egret in its pupil, and a strip of film.

function filmFestival() {
  const ink = "font-family:'Noto Serif CJK SC';font-weight:900";
  return (
    rect(0, 0, width, height, "fill:#f7b9a4") +
    halftoneEye() +
    eyeLashes() +
    circle(384, 432, 66, "fill:#101d4a") +
    place(384, 438, egret("#fff6e9"), 0, 0.62) +
    place(-30, 690, filmStrip(), -7) +
    text(40, 92, "白鹭", `${ink};font-size:92px;fill:#101d4a`) +
    text(236, 62, "第九届国际电影节", `${ink};font-size:33px;fill:#d22f3c`) +
    text(238, 94, "9TH EGRET FILM FESTIVAL", "font:700 29px 'Bebas Neue';fill:#101d4a;letter-spacing:3px") +
    rect(0, 868, width, 156, "fill:#101d4a") +
    fitted(40, 962, 430, "EGRET", "font:700 118px 'Bebas Neue';fill:#f7b9a4") +
    text(40, 1002, "看见第一束光  See the first light", "font:700 25px 'Noto Sans CJK SC';fill:#fff6e9") +
    each(["10.08 — 10.17", "沙洲影院 1–6 厅", "73 films / 31 countries"], (row, i) =>
      text(
        728,
        912 + i * 40,
        row,
        `font:700 ${i ? 24 : 34}px 'Noto Sans CJK SC';fill:${i ? "#fff6e9" : "#ff6f61"};text-anchor:end`,
      ),
    )
  );
}

function halftoneEye() {
  const grain = noise(5);
  const [across, down] = [polar(0, 0, 15, 24), polar(0, 0, 15, 114)];
  const dot = (column: number, row: number) => {
    const [x, y] = [360 + across[0] * column + down[0] * row, across[1] * column + down[1] * row - 40];
    const inIris = Math.hypot(x - 384, y - 432) < 134;
    const size = 9.6 * eyeShade(x - 384, y - 440, grain(x / 60, y / 60));
    return x < -8 || x > 776 || y < 122 || y > 880 ? "" : circle(x, y, size, `fill:${inIris ? "#d22f3c" : "#1c2f78"}`);
  };
  return path(eyeShape(), "fill:#fff6e9") + times(90, (row) => times(90, (column) => dot(column - 30, row)));
}

const upperLid = (x: number) => -160 * Math.max(0, 1 - (x / 350) ** 2) ** 0.75;

const lowerLid = (x: number) => 124 * Math.max(0, 1 - (x / 350) ** 2);

function eyeShape() {
  const lid = (height: (x: number) => number) =>
    along(40, (part): Point => [34 + part * 700, 440 + height(part * 700 - 350)]);
  return edges([...lid(upperLid), ...lid(lowerLid).reverse()], true);
}

/** How dark the eye is at a place relative to its middle, 0 … 1. */
function eyeShade(x: number, y: number, grain: number) {
  const [upper, lower] = [upperLid(x), lowerLid(x)];
  const brow = Math.exp(-(((y + 262 - (x / 30) ** 2 * 0.45) / (34 - x / 30)) ** 4)) * (0.35 + grain * 0.8);
  if (y < upper || y > lower) return Math.min(1, 0.1 + 0.38 * grain + brow + Math.max(0, x / 1500));
  const shadow = 0.7 * Math.exp((upper - y) / 30);
  const [angle, reach] = [Math.atan2(y + 8, x), Math.hypot(x, y + 8)];
  if (reach > 134) return shadow;
  const rays = 0.5 + 0.3 * Math.sin(angle * 19 + 2 * Math.sin(angle * 7));
  return Math.min(1, shadow + (reach > 112 ? 0.95 : rays + 0.3 * grain));
}

function eyeLashes() {
  const lash = (x: number, y: number, reach: number) => {
    const tip: Point = [x + (x / 260) * Math.abs(reach), y - reach];
    return path(
      ribbon([[x, y], [x + (tip[0] - x) * 0.35, y + (tip[1] - y) * 0.5], tip], (part) => 11 * (1 - part) + 1),
      "fill:#101d4a",
    );
  };
  const at = (i: number, count: number) => -310 + (620 * i) / (count - 1);
  const upper = times(17, (i) => lash(at(i, 17), upperLid(at(i, 17)), 34 + 14 * Math.sin(i * 2.4)));
  const lower = times(12, (i) => lash(at(i, 12), lowerLid(at(i, 12)), -34 - 9 * Math.sin(i * 1.7)));
  const lid = along(40, (part) => [-345 + part * 690, upperLid(part * 690 - 345)]);
  return place(
    384,
    440,
    upper +
      lower +
      path(
        ribbon(lid, (part) => 4 + 22 * Math.sin(part * Math.PI)),
        "fill:#101d4a",
      ),
  );
}

function egret(color: string) {
  const neck = pointsOf("-6,-66 16,-82 24,-60 6,-36 -8,-14 2,6");
  return (
    path(
      ribbon(neck, (t) => 11 + 10 * t),
      `fill:${color}`,
    ) +
    path("M-70 44C-40 20-16-6 10-6C34-4 34 26 8 40C-20 54-50 48-70 44Z", `fill:${color}`) +
    path("M-2-70L-58-62L-2-60Z", "fill:#ffb52e") +
    path("M14-78C34-80 48-70 56-56", `fill:none;stroke:${color};stroke-width:4`) +
    circle(2, -70, 3, "fill:#101d4a") +
    path("M-8 44L-14 92L-28 94M8 38L22 66L10 92L-4 94", "fill:none;stroke:#ffb52e;stroke-width:5")
  );
}

function filmStrip() {
  const scenes = [filmSea, filmCity, filmFace, filmPeaks, filmCat, filmTrain];
  const holes = (y: number) => times(29, (i) => rect(6 + i * 29, y, 15, 13, "fill:#f7b9a4", 4));
  const frame = (x: number, scene: () => string, i: number) =>
    place(x, 33, clip(`frame${i}`, rect(0, 0, 126, 112, "", 5), scene()));
  return (
    rect(-10, 0, 850, 178, "fill:#101d4a") +
    holes(10) +
    holes(155) +
    each(scenes, (scene, i) => frame(14 + i * 138, scene, i))
  );
}

const filmSea = () =>
  rect(0, 0, 126, 112, "fill:#ffb52e") +
  circle(74, 56, 27, "fill:#fff6e9") +
  times(6, (i) =>
    path(`M0 ${62 + i * 9}q16-${9 - i} 32 0t32 0t32 0t32 0V120H0Z`, `fill:${i % 2 ? "#1c2f78" : "#2f7f9e"}`),
  ) +
  polygon("30,62 30,28 52,60", "fill:#d22f3c");

function filmCity() {
  const chance = random(8);
  const tower = (x: number) => {
    const top = chance.between(18, 64);
    const window = (j: number) =>
      rect(x + 4 + (j % 2) * 8, top + 6 + (j >> 1) * 12, 4, 6, `fill:${chance.chance(0.6) ? "#ffb52e" : "#101d4a"}`);
    return rect(x, top, 19, 100, "fill:#3a2a6b") + times(14, window);
  };
  return rect(0, 0, 126, 112, "fill:#d95d8a") + times(6, (i) => tower(i * 21 + 1)) + circle(100, 16, 8, "fill:#fff6e9");
}

const filmFace = () =>
  rect(0, 0, 126, 112, "fill:#fff6e9") +
  path("M126 0H60C50 16 50 26 40 44L30 60L42 64L38 74L44 78L42 90C52 98 66 92 72 112H126Z", "fill:#d22f3c") +
  path("M126 0H62C80 14 100 20 96 50C92 76 108 96 126 100Z", "fill:#101d4a") +
  ellipse(60, 44, 7, 3, "fill:#101d4a");

const filmPeaks = () =>
  rect(0, 0, 126, 112, "fill:#9fd6d2") +
  polygon("0,100 44,22 92,100", "fill:#101d4a") +
  polygon("44,22 28,50 40,44 48,54 60,48", "fill:#fff6e9") +
  polygon("50,112 96,40 140,112", "fill:#2f6f5e") +
  polygon("96,40 84,60 94,58 104,64 108,58", "fill:#fff6e9");

const filmCat = () =>
  rect(0, 0, 126, 112, "fill:#26366f") +
  circle(82, 46, 33, "fill:#fff1b8") +
  path("M40 112C36 70 46 56 52 46L50 24L62 36H74L86 24L84 46C92 60 98 84 94 112Z", "fill:#101d4a") +
  path("M92 106C118 104 116 78 104 74", "fill:none;stroke:#101d4a;stroke-width:8;stroke-linecap:round") +
  circle(61, 50, 3.5, "fill:#ffb52e") +
  circle(76, 50, 3.5, "fill:#ffb52e") +
  each(rowsOf("16 18, 30 40, 14 70, 116 12"), ([x, y]) => polygon(star(x, y, 6, 2, 4), "fill:#fff6e9"));

const filmTrain = () =>
  rect(0, 0, 126, 112, "fill:#e8d3a2") +
  polygon("63,40 150,112 -24,112", "fill:#7c5a3a") +
  times(5, (i) => rect(58 - i * 11, 52 + i * 13, 10 + i * 22, 4 + i, "fill:#3a2a1c")) +
  rect(38, 16, 50, 58, "fill:#d22f3c", 8) +
  rect(45, 24, 36, 18, "fill:#fff6e9") +
  circle(63, 58, 8, "fill:#ffb52e");

// Yunji by Rail: a train on a viaduct through layered hills.

function cloudRidge() {
  const chance = random(21);
  const hills: [number, number, string, string][] = [
    [356, 92, "#f0b48c", "#f7d3ad"],
    [430, 84, "#d98f7a", "#f2c2a0"],
    [506, 78, "#a96d78", "#dda58f"],
    [588, 70, "#5f5f7d", "#b08c93"],
  ];
  return (
    gradient("dawn", ["#f05d3b", "#f79a54", "#fcd08a", "#fdebc3"]) +
    rect(0, 0, width, 620, "fill:url(#dawn)") +
    circle(520, 236, 122, "fill:#fff4d6") +
    each(rowsOf("420 196 150, 486 262 190, 560 304 120, 60 250 170, -20 296 140"), ([x, y, size]) =>
      cloudBar(x, y, size),
    ) +
    each(
      hills,
      ([base, rise, low, mist], i) =>
        (i === 3 ? place(176, 528, pagoda(), 0, 0.95) : "") + hill(i, base, rise, [low, mist]),
    ) +
    viaduct() +
    terraces() +
    pines(chance) +
    cranes() +
    railTitle()
  );
}

const cloudBar = (x: number, y: number, size: number) =>
  path(
    `M${x} ${y}h${size}a11 11 0 0 1 0 22h-${size * 0.3}a9 9 0 0 0 0 18h${size * 0.1}a8 8 0 0 1 0 16h-${size * 0.6}a9 9 0 0 1 0-18h${size * 0.1}a8 8 0 0 0 0-16h-${size * 0.3}a11 11 0 0 1 0-22Z`,
    "fill:#fbb871",
  );

function ridge(seed: number, base: number, rise: number) {
  const [large, small] = [noise(seed), noise(seed + 50)];
  return along(64, (part) => {
    const x = part * 800 - 16;
    return [x, base - rise * 1.7 * large(x / 150, 0) - rise * 0.35 * small(x / 34, 0)];
  });
}

function hill(index: number, base: number, rise: number, colors: string[]) {
  const top = ridge(index * 13 + 4, base, rise);
  const treeline = each(top, ([x, y], i) =>
    index > 1 && i % 2
      ? polygon(`${x - 6},${y + 6} ${x},${y - 16 - (i % 3) * 5} ${x + 6},${y + 6}`, `fill:${colors[0]}`)
      : "",
  );
  const chance = random(index + 70);
  const fold = (x: number, y: number, size: number) =>
    polygon(
      `${x},${y} ${x + size * 0.2},${y + size} ${x - size * 0.1},${y + size * 0.7} ${x - size * 0.4},${y + size * 1.5} ${x - size * 0.5},${y + size * 0.6}`,
      "fill:#fff;opacity:.14",
    );
  const folds = each(top, ([x, y]) => (chance.chance(0.3) ? fold(x, y, chance.between(30, 90)) : ""));
  return (
    gradient(`hill${index}`, colors) +
    treeline +
    path(`${edges(top)}V${base + 240}H-20Z`, `fill:url(#hill${index})`) +
    folds
  );
}

function pagoda() {
  const storey = (i: number) => {
    const [half, y] = [62 - i * 9, -i * 46];
    return (
      rect(-half * 0.62, y - 26, half * 1.24, 30, "fill:#fbe3b6") +
      times(4, (j) => rect(-half * 0.5 + j * half * 0.28, y - 20, half * 0.14, 22, "fill:#7b2d26")) +
      path(
        `M${-half - 12} ${y - 22}Q${-half * 0.5} ${y - 30} ${-half * 0.4} ${y - 46}H${half * 0.4}Q${half * 0.5} ${y - 30} ${half + 12} ${y - 22}L${half - 6} ${y - 17}H${-half + 6}Z`,
        "fill:#3b2a3f",
      )
    );
  };
  return (
    polygon("-90,30 -60,4 60,4 90,30", "fill:#6b4a50") +
    times(5, storey) +
    path("M-4-226L0-282L4-226Z", "fill:#3b2a3f") +
    circle(0, -250, 7, "fill:#f2b632")
  );
}

function viaduct() {
  const arch = (i: number) => `M${i * 96 - 20} 760V690a36 40 0 0 1 72 0V760Z`;
  const stones = random(9);
  const stone = () =>
    rect(
      stones.between(0, 768),
      636 + 12 * Math.floor(stones.between(0, 2)),
      stones.between(10, 26),
      9,
      "fill:#8d7c82;opacity:.7",
    );
  return (
    path(`M-10 630H778V780H-10Z${times(9, arch)}`, "fill:#cdb8a8;fill-rule:evenodd") +
    times(60, stone) +
    times(9, (i) =>
      path(`M${i * 96 - 20} 690a36 40 0 0 1 72 0`, "fill:none;stroke:#7d6a72;stroke-width:7;stroke-dasharray:9 3"),
    ) +
    rect(-10, 618, 800, 14, "fill:#4a3a4c") +
    train()
  );
}

function train() {
  const car = (i: number) =>
    rect(60 + i * 148, 566, 142, 50, "fill:#1f6f6b", 7) +
    rect(60 + i * 148, 596, 142, 7, "fill:#f6d27a") +
    times(5, (j) => rect(70 + i * 148 + j * 26, 575, 18, 16, `fill:${(i * 5 + j) % 4 ? "#fff4d6" : "#f05d3b"}`, 3)) +
    each([84, 178], (x) => circle(x + i * 148 - 12, 616, 8, "fill:#2a2230"));
  return (
    times(4, car) +
    path("M652 566H700C736 570 752 592 758 616H652Z", "fill:#c93a2b") +
    path("M704 576C722 578 732 586 738 596H704Z", "fill:#fff4d6") +
    rect(652, 598, 96, 6, "fill:#f6d27a") +
    each([676, 722], (x) => circle(x, 616, 8, "fill:#2a2230"))
  );
}

function terraces() {
  const greens = ["#2f6b4f", "#3c8058", "#57965a", "#7cab57", "#a3bf5c", "#5a9a5f", "#34744f"];
  const wave = (y: number, i: number) =>
    along(30, (part): Point => [part * 788 - 10, y + 26 * Math.sin(part * 5 + i * 0.9) + 8 * Math.sin(part * 17 + i)]);
  const bushes = (points: Point[], i: number) =>
    each(points, ([x, y], j) =>
      (j + i) % 2 ? ellipse(x, y + 17 + (j % 3), 13, 7, `fill:${greens[(i + 3) % 7]}`) : "",
    );
  return each(greens, (color, i) => {
    const rim = wave(744 + i * 30, i);
    return (
      path(`${curve(rim)}V900H-10Z`, `fill:${color}`) +
      path(curve(rim), "fill:none;stroke:#e9d9a0;stroke-width:3") +
      bushes(rim, i)
    );
  });
}

function pines(chance: Random) {
  const pine = (x: number, y: number, size: number) =>
    place(
      x,
      y,
      rect(-4, -20, 8, 60, "fill:#2a2230") +
        times(5, (i) =>
          polygon(
            `${-44 + i * 7},${-i * 26} ${chance.between(-4, 4)},${-44 - i * 26} ${44 - i * 7},${-i * 26} 10,${-8 - i * 26}`,
            `fill:${i % 2 ? "#16463f" : "#1e584b"}`,
          ),
        ),
      0,
      size,
    );
  const spots = pointsOf("22,800 96,850 700,812 752,856 630,868 168,880");
  return each(spots, ([x, y], i) => pine(x, y, 0.9 + ((i * 37) % 50) / 100));
}

const cranes = () =>
  each(rowsOf("300 150 1.1 -8, 372 118 0.8 4, 250 214 0.7 -14, 330 226 0.55 0, 676 132 0.9 10"), ([x, y, size, turn]) =>
    place(
      x,
      y,
      path(
        "M-40-14C-20-22-8-10 0 2C10-16 30-26 48-20C30-14 18 0 8 12L36 10L6 18C0 20-6 16-6 10C-14-4-26-12-40-14Z",
        "fill:#2a2230",
      ),
      turn,
      size,
    ),
  );

const railTitle = () =>
  rect(0, 884, width, 140, "fill:#16343a") +
  text(36, 990, "云脊", "font:900 104px 'Noto Serif CJK SC';fill:#fdebc3") +
  fitted(276, 950, 304, "YUNJI", "font:900 70px 'Millimetre';fill:#f79a54") +
  text(278, 994, "坐火车去看云海", "font:29px 'LXGW WenKai';fill:#fdebc3") +
  text(732, 950, "by rail", "font:700 64px 'Bebas Neue';fill:#fcd08a;text-anchor:end") +
  text(732, 993, "62 tunnels · 81 bridges", "font:700 22px 'Dosis';fill:#fdebc3;text-anchor:end");

// Curiosity Science Fair: circuit-board traces that fill a light bulb.

const traceStep = 16;

function scienceFair() {
  const bright = ["#7df3c0", "#ffe066", "#ff8a5c", "#66d9ff"];
  return (
    rect(0, 0, width, height, "fill:#141b4d") +
    traces(31, ["#27357f", "#2f4496", "#1f6f8b"], (x, y) => !inBulb(x, y)) +
    path(bulbOutline, "fill:#1b2569;stroke:#ffe066;stroke-width:7") +
    traces(46, bright, inBulb) +
    bulbBase() +
    chip(384, 372, 150, 108, "想", "#0c1136") +
    chip(262, 250, 86, 60, "WHY", "#3b1d6e") +
    chip(500, 258, 76, 76, "H₂O", "#0d5d63") +
    chip(500, 492, 104, 56, "3.14159", "#7a2848") +
    chip(280, 500, 76, 64, "F=ma", "#22543d") +
    scienceTitle()
  );
}

const bulbOutline =
  "M300 700C300 640 250 600 196 540C150 488 120 430 120 362C120 214 238 96 384 96S648 214 648 362C648 430 618 488 572 540C518 600 468 640 468 700Z";

function inBulb(x: number, y: number) {
  const neck = y < 692 && Math.abs(x - 384) < 76 + Math.max(0, 690 - y) ** 1.35 / 9 && y > 480;
  return Math.hypot(x - 384, y - 360) < 252 || (neck && Math.hypot(x - 384, (y - 360) * 0.75) < 270);
}

/** Draws traces that wander over a grid inside the region without ever touching each other. */
function traces(seed: number, colors: readonly string[], inside: (x: number, y: number) => boolean) {
  const chance = random(seed);
  const taken = new Set<string>();
  const free = (column: number, row: number) =>
    !taken.has(`${column},${row}`) && inside(column * traceStep, row * traceStep) && row * traceStep < 820;
  return times(1500, () => {
    const start: Point = [Math.floor(chance.between(0, 49)), Math.floor(chance.between(0, 52))];
    const points = wander(chance, start, free, taken);
    return points.length > 2 ? trace(points, chance.pick(colors)) : "";
  });
}

function wander(chance: Random, start: Point, free: (column: number, row: number) => boolean, taken: Set<string>) {
  const turns = pointsOf("1,0 1,1 0,1 -1,1 -1,0 -1,-1 0,-1 1,-1");
  let [column, row] = start;
  let heading = Math.floor(chance.value() * 4) * 2;
  const points: Point[] = [];
  while (free(column, row) && points.length < 22) {
    taken.add(`${column},${row}`);
    points.push([column * traceStep, row * traceStep]);
    if (chance.chance(0.22)) heading = (heading + chance.pick([1, 7])) % 8;
    const [across, down] = turns[heading] as Point;
    column += across;
    row += down;
  }
  return points;
}

function trace(points: Point[], color: string) {
  const pad = ([x, y]: Point) => circle(x, y, 5.5, `fill:#141b4d;stroke:${color};stroke-width:4`);
  return (
    path(edges(points), `fill:none;stroke:${color};stroke-width:5;stroke-linejoin:round`) +
    pad(points[0] as Point) +
    pad(points.at(-1) as Point)
  );
}

function bulbBase() {
  const thread = (i: number) =>
    rect(292 + i * 5, 704 + i * 25, 184 - i * 10, 19, `fill:${["#ff8a5c", "#ffe066", "#7df3c0", "#66d9ff"][i]}`, 9);
  return (
    rect(304, 690, 160, 122, "fill:#0c1136") + times(4, thread) + path("M346 806H422L404 834H364Z", "fill:#ff8a5c")
  );
}

function chip(x: number, y: number, across: number, down: number, label: string, color: string) {
  const pins = (count: number, pin: (at: number) => string) => times(count, (i) => pin((i + 0.5) / count));
  const size = Math.min(down * 0.72, (across / label.length) * 1.12);
  return place(
    x - across / 2,
    y - down / 2,
    rect(-16, -16, across + 32, down + 32, "fill:#1b2569", 6) +
      pins(Math.round(across / 16), (at) => rect(at * across - 3, -12, 6, down + 24, "fill:#e8edff")) +
      pins(Math.round(down / 16), (at) => rect(-12, at * down - 3, across + 24, 6, "fill:#e8edff")) +
      rect(0, 0, across, down, `fill:${color};stroke:#e8edff;stroke-width:4`, 6) +
      circle(12, 12, 4, "fill:#ffe066") +
      text(
        across / 2,
        down / 2 + size * 0.36,
        label,
        `font:900 ${size}px 'Noto Sans CJK SC';fill:#fff;text-anchor:middle`,
      ),
  );
}

const scienceTitle = () =>
  rect(0, 836, width, 188, "fill:#ffe066") +
  path("M0 836H768M0 846H540L556 862H768M0 856H300L312 868H470", "fill:none;stroke:#141b4d;stroke-width:4") +
  text(36, 938, "好奇心", "font:900 82px 'Noto Sans CJK SC';fill:#141b4d") +
  text(304, 900, "少年科学博览会", "font:900 30px 'Noto Sans CJK SC';fill:#c2334d") +
  text(304, 938, "CURIOSITY SCIENCE FAIR", "font:900 30px 'Sora';fill:#141b4d") +
  text(38, 994, "220 experiments you may touch", "font:600 27px 'Sora';fill:#141b4d") +
  text(732, 994, "MAY 17–19  Hall 6", "font:800 27px 'Sora';fill:#c2334d;text-anchor:end");

// Circo Mirabella: wood type, rays, a tent and an elephant on a ball.

function circus() {
  return (
    rect(0, 0, width, height, "fill:#f4dfb8") +
    circusRays() +
    place(384, 318, bigTop()) +
    circusStars() +
    place(372, 800, circusDrum()) +
    place(372, 652, elephant()) +
    circusType()
  );
}

function circusRays() {
  const chance = random(17);
  const ray = (i: number) => {
    const [from, to] = [i * 10 + chance.between(-2, 2), i * 10 + 5 + chance.between(-2, 2)];
    return polygon(
      [[384, 560], polar(384, 560, 900, from), polar(384, 560, 900, to)],
      `fill:${["#c3272b", "#e2a12d", "#c3272b", "#1d6a6b"][i % 4]}`,
    );
  };
  return times(36, ray);
}

function bigTop() {
  const stripe = (i: number) => {
    const edge = (j: number): Point => [-250 + j * (500 / 9), 62 + 10 * Math.sin(j)];
    return (
      polygon([[0, -110], edge(i), edge(i + 1)], `fill:${i % 2 ? "#f4dfb8" : "#1d6a6b"}`) +
      path(`M${edge(i)}q28 ${30 + (i % 3) * 7} ${500 / 9} 0Z`, `fill:${i % 2 ? "#e2a12d" : "#8c1d22"}`)
    );
  };
  const flag = (x: number, y: number, color: string) =>
    line(x, y + 50, x, y, "stroke:#2b1512;stroke-width:5") +
    path(`M${x} ${y}q18-10 34 2t34 0l-10 14 8 12q-18 6-34-2t-32 2Z`, `fill:${color}`);
  return (
    polygon("0,-110 -258,66 258,66", "fill:none;stroke:#2b1512;stroke-width:10;stroke-linejoin:round") +
    times(9, stripe) +
    flag(0, -160, "#c3272b") +
    flag(-128, -60, "#e2a12d") +
    flag(128, -64, "#1d6a6b")
  );
}

function circusStars() {
  const spots = rowsOf(
    "62 340 36 5, 700 352 30 6, 110 470 22 4, 664 486 24 7, 52 610 26 8, 716 620 32 5, 90 760 30 6, 686 770 24 4",
  );
  return each(
    spots,
    ([x, y, size, tips]) =>
      polygon(star(x, y, size + 9, size * 0.6, tips), "fill:#2b1512") +
      polygon(star(x, y, size, size * 0.42, tips), "fill:#f4dfb8") +
      circle(x, y, size * 0.2, "fill:#c3272b"),
  );
}

function elephant() {
  const [skin, shade, ink] = ["#8fa3a8", "#6d848b", "#2b1512"];
  const outline = `stroke:${ink};stroke-width:7;stroke-linejoin:round`;
  const leg = (x: number, y: number, turn: number) =>
    place(
      x,
      y,
      path("M-30-20H30L28 96Q0 106-28 96Z", `fill:${skin};${outline}`) +
        times(3, (i) => path(`M${-20 + i * 16} 98a7 9 0 0 1 14 0Z`, "fill:#f4dfb8")),
      turn,
    );
  const trunk = pointsOf("148,-58 206,-40 236,-90 214,-150 238,-196");
  return (
    path("M-160-40C-196-20-190 20-206 44", `fill:none;stroke:${ink};stroke-width:10;stroke-linecap:round`) +
    leg(-110, 44, 14) +
    leg(70, 46, -12) +
    path(
      "M-170-20C-170-110-90-140-10-132C70-126 110-90 110-20C110 50 50 84-40 82C-120 80-170 50-170-20Z",
      `fill:${skin};${outline}`,
    ) +
    leg(-60, 60, -10) +
    leg(20, 62, 12) +
    saddle(ink) +
    path(
      ribbon(trunk, (part) => 66 - part * 40),
      `fill:${skin};${outline}`,
    ) +
    times(5, (i) => line(196 + i * 9, -56 - i * 15, 216 + i * 8, -44 - i * 22, `stroke:${shade};stroke-width:5`)) +
    path("M90-140C140-150 184-120 182-70C180-26 146-8 110-20C80-30 60-128 90-140Z", `fill:${skin};${outline}`) +
    path("M160-40C186-24 214-30 226-50C206-46 184-56 176-70Z", `fill:#fff6df;${outline}`) +
    path("M40-124C-10-116-24-60 6-10C26 10 74 4 92-40C100-90 84-130 40-124Z", `fill:${shade};${outline}`) +
    path("M46-100C22-92 10-58 24-28C40-24 62-34 70-56", `fill:none;stroke:${skin};stroke-width:6`) +
    circle(140, -84, 8, `fill:${ink}`) +
    path("M124-108q16-10 32 2", `fill:none;stroke:${ink};stroke-width:5`) +
    place(
      118,
      -146,
      path("M-26 0L0-62L26 0Z", `fill:#c3272b;${outline}`) +
        circle(0, -64, 10, "fill:#e2a12d") +
        circle(-4, -16, 6, "fill:#f4dfb8") +
        circle(8, -34, 5, "fill:#f4dfb8"),
      14,
    ) +
    place(-50, -130, acrobat(ink))
  );
}

function saddle(ink: string) {
  const tassel = (i: number) => {
    const x = -112 + i * 22;
    return (
      path(`M${x} ${40 - Math.abs(i - 3) * 4}v16`, "stroke:#e2a12d;stroke-width:9") +
      circle(x, 62 - Math.abs(i - 3) * 4, 7, "fill:#c3272b")
    );
  };
  return (
    path(
      "M-122-128Q-50-150 26-130Q36-40 20 28Q-48 52-118 28Q-132-40-122-128Z",
      `fill:#1d6a6b;stroke:${ink};stroke-width:6`,
    ) +
    path(
      "M-106-114Q-50-130 10-114Q18-40 6 14Q-48 34-104 14Q-114-40-106-114Z",
      "fill:none;stroke:#e2a12d;stroke-width:6",
    ) +
    each(rowsOf("-78 -84, -18 -88, -48 -46, -82 -14, -14 -12"), ([x, y], i) =>
      polygon(star(x, y, 17, 8, 4 + i), `fill:${i % 2 ? "#f4dfb8" : "#e2a12d"}`),
    ) +
    times(7, tassel)
  );
}

const acrobat = (ink: string) =>
  path("M-4 0C-10-30-8-50-2-74H14C20-50 20-30 16 0Z", `fill:#c3272b;stroke:${ink};stroke-width:5`) +
  path("M-2-30L-40-2L-18-6L-14 12L2-6L14 12L24-4L46 6L16-30Z", `fill:#f7c8c8;stroke:${ink};stroke-width:4`) +
  circle(6, -90, 15, `fill:#ffd9b0;stroke:${ink};stroke-width:5`) +
  path("M-9-92C-10-112 22-114 22-92C12-100 2-100-9-92Z", `fill:${ink}`) +
  path("M0-68L-44-84M14-68L52-108", "stroke:#ffd9b0;stroke-width:8;stroke-linecap:round") +
  line(52, -96, 66, -150, `stroke:${ink};stroke-width:5`) +
  path(
    "M18-146C24-186 60-204 86-190C108-178 116-160 114-142C100-150 92-150 84-142C76-152 62-152 54-144C44-152 30-154 18-146Z",
    `fill:#e2a12d;stroke:${ink};stroke-width:5`,
  ) +
  path("M54-144C50-170 60-190 72-194C84-180 88-160 84-142", `fill:#c3272b;stroke:${ink};stroke-width:4`);

function circusDrum() {
  const diamond = (i: number) => {
    const x = -170 + i * 42.5;
    return polygon(
      `${x},${8 - 4 * Math.abs(i - 4)} ${x + 19},38 ${x},72 ${x - 19},38`,
      `fill:${["#f4dfb8", "#e2a12d", "#1d6a6b"][i % 3]};stroke:#2b1512;stroke-width:4`,
    );
  };
  const bulb = (i: number) =>
    circle(-188 + i * 15, -16 + 26 * Math.sqrt(1 - ((i - 12.5) / 12.6) ** 2), 4.5, "fill:#f4dfb8");
  return (
    path("M-196-12L-176 90H176L196-12Z", "fill:#c3272b;stroke:#2b1512;stroke-width:8") +
    times(9, diamond) +
    ellipse(0, -12, 200, 30, "fill:#2b1512") +
    ellipse(0, -16, 188, 24, "fill:#e2a12d") +
    times(26, bulb)
  );
}

function circusType() {
  const ink = "fill:#2b1512;";
  return (
    rect(0, 0, width, 150, "fill:#2b1512") +
    fitted(34, 122, 700, "MIRABELLA", "font:800 128px 'Roboto Slab';fill:#f4dfb8") +
    fitted(34, 122, 700, "MIRABELLA", "font:800 128px 'Roboto Slab';fill:none;stroke:#e2a12d;stroke-width:2.5") +
    rect(0, 884, width, 140, "fill:#f4dfb8") +
    path("M0 884H768M0 1010H768", "stroke:#2b1512;stroke-width:12") +
    fitted(30, 944, 232, "CIRCO", `font:700 58px 'Bebas Neue';${ink}`) +
    fitted(284, 942, 454, "米拉贝拉大马戏", "font:900 52px 'Noto Serif CJK SC';fill:#c3272b") +
    fitted(
      30,
      996,
      708,
      "One elephant, nine acrobats, no lions · TONIGHT at seven",
      `font:700 36px 'Old Standard TT';${ink}`,
    )
  );
}

// Bayhook Marathon: overlapping runners over a street map and an elevation profile.

function marathon() {
  return (
    rect(0, 0, width, height, "fill:#ffeccf") + streets() + marathonNumber() + runners() + marathonTitle() + elevation()
  );
}

/** City blocks, made by splitting a rectangle again and again. */
function streets() {
  const chance = random(63);
  const tints = ["#ff8f7a", "#ffb35c", "#ffc94d", "#ff6a6a", "#ff5c85", "#ffa06b", "#ffdc7a"];
  const split = (x: number, y: number, across: number, down: number): string => {
    if (Math.max(across, down) < 36 || (Math.max(across, down) < 110 && chance.chance(0.16))) {
      return rect(
        x + 3,
        y + 3,
        across - 6,
        down - 6,
        `fill:${chance.chance(0.07) ? "#7fc97a" : chance.pick(tints)}`,
        chance.pick([0, 0, 3, 8]),
      );
    }
    const share = chance.between(0.32, 0.68);
    return across > down
      ? split(x, y, across * share, down) + split(x + across * share, y, across * (1 - share), down)
      : split(x, y, across, down * share) + split(x, y + down * share, across, down * (1 - share));
  };
  const river = pointsOf("-160,420 120,360 330,470 560,400 780,520 1100,430");
  return place(
    -60,
    60,
    split(-200, -100, 1240, 1240) +
      path(
        ribbon(river, () => 46),
        "fill:#4fc3dc",
      ),
    -14,
  );
}

const marathonNumber = () => fitted(24, 800, 720, "42", "font:900 690px 'League Spartan';fill:#fff8e6");

function runners() {
  const poses: [number, number, number, string, number[]][] = [
    [136, 660, 0.95, "#00a5b5", [-18, 32, -62, 44, 66, 112, -30, 20]],
    [318, 560, 1.1, "#5f2eea", [-12, -44, 18, -58, 20, 96, 30, 78]],
    [476, 670, 1.05, "#e6005c", [-22, 48, -40, 40, -70, 30, 64, 118]],
    [622, 540, 0.92, "#0071e3", [-14, -30, 60, 26, 84, 60, 10, 104]],
  ];
  return each(poses, ([x, y, scale, color, angles], i) =>
    group("mix-blend-mode:multiply", place(x, y, runner(color, angles, i + 1), 0, scale)),
  );
}

/** A runner from angles: trunk lean, two thighs, two knees, two upper arms and the elbow bend. */
function runner(color: string, angles: number[], bib: number) {
  const [lean = 0, front = 0, back = 0, rise = 0] = angles;
  const limb = (from: Point, upper: number, lower: number, length: number, thick: number, foot: number) => {
    const joint = polar(from[0], from[1], length, 90 - upper);
    const end = polar(joint[0], joint[1], length, 90 - lower);
    const toe = polar(end[0], end[1], foot, -lower * 0.7);
    return (
      path(
        ribbon([from, joint, end], (part) => thick * (1.1 - 0.55 * part)),
        `fill:${color}`,
      ) + path(edges([end, toe]), `fill:none;stroke:${color};stroke-width:${thick * 0.5};stroke-linecap:round`)
    );
  };
  const hip: Point = [0, 0];
  const neck = polar(0, 0, 120, -90 - lean);
  const head = polar(neck[0], neck[1], 36, -90 - lean * 1.6);
  return (
    limb(hip, front, front - 46 - rise * 0.4, 92, 44, 26) +
    limb(hip, back, back - 52 + rise * 0.3, 92, 44, 26) +
    limb(neck, back * 0.9, back * 0.9 + 82, 58, 28, 8) +
    limb(neck, front * 0.9 - 8, front * 0.9 + 76, 58, 28, 8) +
    path(
      ribbon([hip, [neck[0] / 2 + 5, neck[1] / 2], neck], (part) => 58 + 18 * part),
      `fill:${color}`,
    ) +
    ellipse(head[0], head[1], 21, 26, `fill:${color}`) +
    place(
      neck[0] / 2,
      neck[1] / 2,
      rect(-22, -18, 44, 32, "fill:#fff") +
        text(0, 8, `${bib * 731}`.slice(0, 4), "font:700 24px 'Bebas Neue';fill:#222;text-anchor:middle"),
      -lean,
    )
  );
}

const marathonTitle = () =>
  polygon("0,0 768,0 768,192 0,220", "fill:#ffd23f") +
  fitted(30, 118, 708, "钩湾马拉松", "font:120px 'Smiley Sans';fill:#3a0f5c") +
  fitted(34, 178, 560, "BAYHOOK MARATHON", "font:italic 900 46px 'Lato';fill:#e6005c") +
  text(738, 178, "11·09", "font:italic 900 50px 'Lato';fill:#3a0f5c;text-anchor:end");

function elevation() {
  const heights = [12, 22, 18, 40, 64, 52, 30, 24, 46, 88, 70, 34, 20, 28, 60, 44, 22, 14, 30, 18, 10];
  const top: Point[] = heights.map((rise, i) => [i * 38.4, 952 - rise]);
  const towns: [number, string][] = [
    [1, "Pier 4"],
    [5, "钟楼 7K"],
    [9, "Fox Hill 18K"],
    [14, "大桥 30K"],
    [18, "Old Mint"],
  ];
  return (
    path(`${edges(top)}V1024H0Z`, "fill:#3a0f5c") +
    path(edges(top), "fill:none;stroke:#ffd23f;stroke-width:6") +
    each(top, ([x, y]) => line(x, y, x, 968, "stroke:#ff3d77;stroke-width:2")) +
    each(
      towns,
      ([at, name]) =>
        circle(at * 38.4, 952 - (heights[at] as number), 9, "fill:#fff;stroke:#3a0f5c;stroke-width:4") +
        text(at * 38.4, 996, name, "font:800 22px 'Noto Sans CJK SC';fill:#ffd23f;text-anchor:middle"),
    )
  );
}

// Faces & Forms: a portrait composed of geometric shapes.

function facesAndForms() {
  const [cream, blue, red, pink, ochre, ink, green] = [
    "#f3ead8",
    "#2348b8",
    "#e23d28",
    "#f4a6b7",
    "#eda923",
    "#16161d",
    "#1f7a5c",
  ];
  return (
    rect(0, 0, width, height, `fill:${cream}`) +
    rect(0, 0, 300, 560, `fill:${ochre}`) +
    rect(300, 0, 468, 210, `fill:${blue}`) +
    rect(560, 210, 208, 500, `fill:${green}`) +
    facesBackdrop(cream, ink, red) +
    facesShoulders(ink, red, blue, cream) +
    facesHair(ink, red) +
    path("M384 210V760A170 240 0 0 1 214 520V380A170 170 0 0 1 384 210Z", `fill:${pink}`) +
    path("M384 210V760A176 230 0 0 0 560 530V380A176 170 0 0 0 384 210Z", `fill:${cream}`) +
    facesFeatures(ink, red, blue, ochre) +
    facesType(ink, cream, red)
  );
}

const facesBackdrop = (cream: string, ink: string, red: string) =>
  times(6, (row) =>
    times(6 - row, (column) => rect(24 + column * 30, 24 + row * 30, 15 + ((row + column) % 3) * 4, 15, `fill:${ink}`)),
  ) +
  circle(690, 96, 62, `fill:${red}`) +
  path("M690 34A62 62 0 0 1 690 158Z", `fill:${cream}`) +
  times(7, (i) => line(330 + i * 34, 20, 360 + i * 34 + i * 4, 150 - i * 9, `stroke:${cream};stroke-width:${3 + i}`)) +
  times(9, (i) =>
    path(
      `M600 ${270 + i * 44}q20-${26 - i * 2} 40 0t40 0t40 0t40 0`,
      `fill:none;stroke:${cream};stroke-width:${9 - i * 0.7}`,
    ),
  );

const facesShoulders = (ink: string, red: string, blue: string, cream: string) =>
  path("M60 940A260 220 0 0 1 320 720H384V940Z", `fill:${red}`) +
  path("M708 940A260 220 0 0 0 448 720H384V940Z", `fill:${blue}`) +
  times(7, (row) =>
    times(6, (column) =>
      (row + column) % 2
        ? rect(324 + column * 20, 690 + row * 20, 20, 20, `fill:${ink}`)
        : rect(324 + column * 20, 690 + row * 20, 20, 20, `fill:${cream}`),
    ),
  ) +
  polygon("324,830 384,930 444,830", `fill:${ink}`) +
  times(6, (i) =>
    path(
      `M${110 + i * 34} 940A${210 - i * 30} ${170 - i * 24} 0 0 1 ${320} ${770 + i * 24}`,
      `fill:none;stroke:${i % 2 ? cream : ink};stroke-width:7`,
    ),
  ) +
  each(rowsOf("500 800 26, 580 850 34, 500 890 18, 640 900 22"), ([x, y, r], i) =>
    circle(x, y, r, `fill:${i % 2 ? cream : "#eda923"};stroke:${ink};stroke-width:${5 + i}`),
  );

const facesHair = (ink: string, red: string) =>
  path("M170 600V370A214 214 0 0 1 384 156V330A140 120 0 0 0 244 450V600Z", `fill:${ink}`) +
  times(6, (i) =>
    path(
      `M${186 + i * 13} 600V${380 + i * 6}A${198 - i * 14} ${200 - i * 14} 0 0 1 384 ${172 + i * 17}`,
      `fill:none;stroke:${i % 3 ? "#6b5bd2" : red};stroke-width:4`,
    ),
  ) +
  path("M384 156A214 200 0 0 1 604 366L560 480A176 150 0 0 0 384 300Z", `fill:${red}`) +
  times(7, (i) =>
    polygon(
      `${400 + i * 27},${164 + i * i * 4.4} ${420 + i * 26},${170 + i * i * 4.8} ${404 + i * 19},${286 + i * i * 4}`,
      "fill:#16161d",
    ),
  );

function facesFeatures(ink: string, red: string, blue: string, ochre: string) {
  return (
    path("M236 432Q296 366 356 432Q296 486 236 432Z", `fill:#fff;stroke:${ink};stroke-width:6`) +
    circle(296, 430, 27, `fill:${blue}`) +
    circle(296, 430, 13, `fill:${ink}`) +
    circle(304, 420, 6, "fill:#fff") +
    each([52, 40, 29, 18, 8], (r, i) => circle(474, 430, r, `fill:${[ink, ochre, ink, "#fff", red][i]}`)) +
    times(8, (i) =>
      path(
        edges([polar(474, 430, 58, i * 22 - 168), polar(474, 430, 74 + (i % 3) * 8, i * 22 - 168)]),
        `stroke:${ink};stroke-width:6`,
      ),
    ) +
    path("M230 384L352 360L350 378L234 398Z", `fill:${ink}`) +
    polygon("384,380 384,584 318,584", `fill:${ochre}`) +
    polygon("384,380 384,584 424,566", `fill:${ink}`) +
    circle(350, 584, 13, `fill:${ink}`) +
    path("M316 652A34 34 0 0 1 384 652A34 34 0 0 1 452 652Z", `fill:${red}`) +
    path("M316 652A68 44 0 0 0 452 652Z", "fill:#8d1424") +
    line(306, 652, 462, 652, `stroke:${ink};stroke-width:5`) +
    circle(272, 560, 34, `fill:${red};opacity:.75`) +
    times(5, (i) => line(452 + i * 16, 540, 436 + i * 16, 598 - i * 6, `stroke:${ink};stroke-width:4`)) +
    polygon("206,590 236,690 176,690", `fill:${blue};stroke:${ink};stroke-width:5`) +
    circle(576, 590, 24, `fill:${ochre};stroke:${ink};stroke-width:6`) +
    rect(564, 616, 24, 74, `fill:${red};stroke:${ink};stroke-width:5`)
  );
}

const facesType = (ink: string, cream: string, red: string) =>
  rect(0, 928, width, 96, `fill:${ink}`) +
  fitted(26, 1000, 436, "Faces & Forms", `font:800 74px 'League Spartan';fill:${cream}`) +
  text(742, 968, "面孔与形状", `font:900 37px 'Noto Sans CJK SC';fill:${red};text-anchor:end`) +
  text(742, 1004, "03.22 – 06.30  Kiln Museum", `font:600 21px 'League Spartan';fill:${cream};text-anchor:end`) +
  each(["展", "览"], (letter, i) => text(34, 640 + i * 118, letter, `font:900 110px 'Noto Sans CJK SC';fill:${ink}`)) +
  each(["paper", "wood", "wire"], (word, i) =>
    text(34, 440 + i * 40, word, `font:700 38px 'League Spartan';fill:${ink}`),
  );
