/** The sample cards: two playing cards, a greeting, a tarot card, a membership card, a postcard and a ticket. */

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

export const cards: Picture[] = [
  {
    identifier: "card.ember_drake",
    title: "Ember Drake 焰羽龙",
    width: 733,
    height: 1024,
    metadata: { title: "Ember Drake", type: "video", url: "https://example.com/cards/ember-drake.mp4" },
    draw: emberDrake,
  },
  {
    identifier: "card.sun_and_moon",
    title: "King of Suns, Queen of Moons",
    width: 683,
    height: 1024,
    metadata: { title: "Sun or Moon?", type: "text", text: "Turn the card: whoever is upright wins the trick." },
    draw: sunAndMoon,
  },
  {
    identifier: "card.spring_festival",
    title: "Spring Festival 春到",
    width: 724,
    height: 1024,
    metadata: { title: "新春快乐", type: "video", url: "https://example.com/greetings/spring.mp4" },
    draw: springFestival,
  },
  {
    identifier: "card.stargazer",
    title: "IX The Stargazer 观星者",
    width: 614,
    height: 1024,
    metadata: { title: "The Stargazer", type: "text", text: "Patience. The answer is already in the sky." },
    draw: stargazer,
  },
  {
    identifier: "card.pixel_pier",
    title: "Pixel Pier Arcade Club",
    width: 1024,
    height: 646,
    metadata: { title: "Pixel Pier", type: "link", url: "https://example.com/pixel-pier/member" },
    draw: pixelPier,
  },
  {
    identifier: "card.port_solera",
    title: "Greetings from Port Solera",
    width: 1024,
    height: 683,
    metadata: { title: "Port Solera", type: "image", url: "https://example.com/solera/harbor.jpg" },
    draw: portSolera,
  },
  {
    identifier: "card.clay_ticket",
    title: "Museum of Clay, admission 陶土博物馆",
    width: 1024,
    height: 440,
    metadata: { title: "Museum of Clay", type: "text", text: "Admit one. Start at the kiln, ground floor." },
    draw: clayTicket,
  },
];

// Ember Drake: a trading card with a dragon over a volcano.

function emberDrake() {
  const chance = random(101);
  return (
    rect(0, 0, 733, 1024, "fill:#1a1014") +
    scaleFrame(chance) +
    clip("drake", rect(50, 116, 633, 520, "", 18), volcano(chance) + drake()) +
    rect(50, 116, 633, 520, "fill:none;stroke:#e8a33a;stroke-width:7", 18) +
    drakeHeader() +
    drakeRules() +
    drakeStats()
  );
}

function scaleFrame(chance: Random) {
  const tones = ["#3a1a1c", "#4d1f1e", "#2c1418", "#5e2a20", "#712f1f"];
  const scale = (i: number) => {
    const [row, column] = [Math.floor(i / 17), i % 17];
    const [x, y] = [column * 46 + (row % 2) * 23 - 6, row * 25];
    return path(
      `M${x - 23} ${y}Q${x - 22} ${y + 26} ${x} ${y + 37}Q${x + 22} ${y + 26} ${x + 23} ${y}Z`,
      `fill:${chance.pick(tones)};stroke:#120a0c;stroke-width:3`,
    );
  };
  return times(17 * 43, (i) => scale(17 * 43 - 1 - i));
}

function volcano(chance: Random) {
  const spark = () => {
    const [x, y, size] = [chance.between(50, 690), chance.between(120, 560), chance.between(2, 8)];
    return polygon(
      `${x},${y - size * 1.8} ${x + size},${y} ${x},${y + size} ${x - size},${y}`,
      `fill:${chance.pick(["#ffe08a", "#ffb03a", "#ff7a2e"])}`,
    );
  };
  const smoke = (x: number, y: number, r: number, color: string) =>
    circle(x, y, r, `fill:${color}`) +
    path(
      `M${x - r * 0.6} ${y}a${r * 0.6} ${r * 0.6} 0 0 1 ${r} -${r * 0.3}`,
      "fill:none;stroke:#8a5a7a;stroke-width:4",
    );
  return (
    gradient("ash", ["#27163d", "#6b1f4c", "#c93a34", "#ff9a3a"]) +
    rect(50, 116, 633, 520, "fill:url(#ash)") +
    each(rowsOf("180 180 66, 250 150 54, 110 230 50, 330 200 44, 60 160 70, 290 250 30"), ([x, y, r], i) =>
      smoke(x, y, r, i % 2 ? "#3d2350" : "#4d2a5c"),
    ) +
    polygon(
      "50,560 150,500 206,380 236,352 262,366 290,348 318,360 420,520 520,560 683,500 683,640 50,640",
      "fill:#2a1626",
    ) +
    polygon(
      "236,352 262,366 290,348 318,360 330,400 312,440 320,500 290,460 276,520 262,440 240,470 236,400",
      "fill:#ff8a2e",
    ) +
    polygon("256,366 290,354 300,400 284,440 274,420 262,450", "fill:#ffe08a") +
    each(rowsOf("90 580, 180 540, 360 560, 470 580, 580 560, 640 530"), ([x, y], i) =>
      path(`M${x} ${y}l${14 + i * 3} 22l-9 8l20 34`, "fill:none;stroke:#ff7a2e;stroke-width:5"),
    ) +
    times(90, spark)
  );
}

function drake() {
  const ink = "#1a0a14";
  const angle = (part: number) => 168 - 240 * part;
  const reach = (part: number) => 180 + 14 * Math.sin(part * 8);
  const thick = (part: number) => 6 + 76 * Math.sin(Math.PI * Math.min(1, part * 0.8 + 0.02));
  const across = (part: number, offset: number): Point =>
    polar(330, 410, reach(part) + offset * thick(part), angle(part));
  const spike = (i: number) => {
    const part = 0.06 + i * 0.042;
    return polygon(
      [
        across(part - 0.018, 0.45),
        polar(330, 410, reach(part) + thick(part) / 2 + 14 + (i % 3) * 6, angle(part) + 2),
        across(part + 0.018, 0.45),
      ],
      `fill:#ffb03a;stroke:${ink};stroke-width:4`,
    );
  };
  const belly = (i: number) =>
    path(edges([across(0.1 + i * 0.03, -0.44), across(0.105 + i * 0.03, -0.16)]), "stroke:#ffd27a;stroke-width:11");
  const scale = (i: number) => {
    const [x, y] = across(0.14 + i * 0.014, (i % 3) * 0.16);
    return place(x, y, path("M-7-3q7 11 14 0", "fill:none;stroke:#8f1f2a;stroke-width:3.5"), i * 7);
  };
  return (
    place(496, 486, wing("#7a1a3a", "#b53a48"), 62, 0.86) +
    times(22, spike) +
    path(
      ribbon(
        along(40, (part) => across(part, 0)),
        thick,
      ),
      `fill:#d6402f;stroke:${ink};stroke-width:7`,
    ) +
    times(28, belly) +
    times(58, scale) +
    place(506, 396, wing("#b02a3a", "#ff8a4a"), 6) +
    place(380, 226, drakeHead(ink), 4, 0.86)
  );
}

const wing = (skin: string, light: string) =>
  path(
    "M0 0C-30-90 20-190 120-230L128-252L142-226C180-210 214-180 232-120C200-136 180-120 176-84C150-104 126-92 118-52C94-76 66-64 58-24C40-36 20-24 0 0Z",
    `fill:${skin};stroke:#1a0a14;stroke-width:7;stroke-linejoin:round`,
  ) +
  path(
    "M132-224C160-190 174-140 176-84M128-222C136-160 130-100 118-52M122-220C100-150 74-80 58-24",
    `fill:none;stroke:${light};stroke-width:7`,
  ) +
  path("M0 0C-20-90 30-180 128-226", `fill:none;stroke:${light};stroke-width:12;stroke-linecap:round`) +
  times(9, (i) =>
    path(`M${30 + i * 16}-${60 + i * 14}q10-12 18-4`, "fill:none;stroke:#1a0a14;stroke-width:3;opacity:.55"),
  );

const drakeHead = (ink: string) =>
  path(
    "M14-34C30-80 70-100 110-92C84-80 70-60 62-30M-6-30C0-76 26-104 60-112C40-92 34-66 32-40",
    `fill:#ffd27a;stroke:${ink};stroke-width:5`,
  ) +
  path(
    "M70-10C60-50 10-64-30-44L-110-20C-128-14-128 6-110 8L-96 12L-20 20L-100 34C-108 44-96 52-80 50L-10 52C40 54 80 30 70-10Z",
    `fill:#e5512f;stroke:${ink};stroke-width:7;stroke-linejoin:round`,
  ) +
  each(
    [-92, -74, -56, -38],
    (x, i) =>
      polygon(`${x},${12 + i * 2} ${x + 7},${28 + i} ${x + 13},${13 + i * 2}`, "fill:#fff6df") +
      polygon(`${x + 4},34 ${x + 10},${20 + i} ${x + 17},34`, "fill:#fff6df"),
  ) +
  path("M-30-26Q-8-40 14-24Q-8-10-30-26Z", `fill:#ffe84a;stroke:${ink};stroke-width:4`) +
  ellipse(-8, -25, 4, 9, `fill:${ink}`) +
  path("M-40-38L18-44L22-34Z", `fill:${ink}`) +
  circle(-106, -6, 5, `fill:${ink}`) +
  each(rowsOf("34 -8, 48 8, 24 14, 40 30, 14 34"), ([x, y]) =>
    path(`M${x - 9} ${y}q9 11 18 0`, "fill:none;stroke:#8f1f2a;stroke-width:4"),
  ) +
  path(
    "M-120 22C-180 0-210 40-270 20C-240 46-290 60-310 54C-260 84-220 66-200 76C-170 70-150 56-118 40Z",
    "fill:#ffb03a",
  ) +
  path("M-120 26C-160 22-190 44-240 44C-200 60-150 54-118 38Z", "fill:#fff0b0");

const drakeHeader = () =>
  path("M40 36H640L690 68L640 102H40L26 68Z", "fill:#f0c565;stroke:#1a1014;stroke-width:6") +
  text(60, 86, "焰羽龙", "font:900 46px 'Noto Serif CJK SC';fill:#3a1014") +
  text(220, 85, "Ember Drake", "font:700 44px 'Old Standard TT';fill:#3a1014") +
  each(
    [520, 566, 612],
    (x, i) =>
      polygon(
        star(x, 69, 21, 18, 3, 30),
        `fill:${["#d6402f", "#d6402f", "#5b3b8c"][i]};stroke:#3a1014;stroke-width:4`,
      ) + circle(x - 5, 63, 5, "fill:#fff;opacity:.8"),
  );

const drakeRules = () =>
  rect(50, 656, 633, 250, "fill:#f6e7c4;stroke:#e8a33a;stroke-width:6", 14) +
  path("M70 708H663", "stroke:#a8742a;stroke-width:2.5") +
  text(72, 696, "Legend · Fire · Wyrm", "font:700 27px 'Old Standard TT';fill:#7c2a1a") +
  text(660, 696, "传奇 / 火", "font:700 25px 'Noto Serif CJK SC';fill:#7c2a1a;text-anchor:end") +
  each(
    [
      "When Ember Drake takes wing, light every",
      "torch you own. Each torch deals 2 damage.",
      "起飞：点燃你的所有火把，每支造成 2 点伤害。",
    ],
    (row, i) => text(72, 750 + i * 38, row, "font:28px 'Old Standard TT','Noto Serif CJK SC';fill:#2c1418"),
  ) +
  text(
    72,
    882,
    "“It does not land. It merely forgives the ground.”",
    "font:italic 26px 'Old Standard TT';fill:#7c4a2a",
  );

const drakeStats = () =>
  text(60, 980, "047 / 210  Cinder Coast", "font:700 26px 'Dosis';fill:#f0c565") +
  each(
    [
      [520, "7", "#d6402f"],
      [624, "5", "#2d6f9e"],
    ] as const,
    ([x, value, color]) =>
      polygon(star(x, 958, 56, 49, 4, 22), `fill:${color};stroke:#f0c565;stroke-width:6`) +
      text(x, 978, value, "font:800 60px 'Roboto Slab';fill:#fff;text-anchor:middle"),
  ) +
  text(572, 974, "/", "font:800 50px 'Roboto Slab';fill:#f0c565;text-anchor:middle");

// King of Suns, Queen of Moons: a court card whose two halves differ.

function sunAndMoon() {
  return (
    rect(0, 0, 683, 1024, "fill:#fbf6ea") +
    clip(
      "court",
      rect(86, 60, 511, 904, "", 8),
      rect(86, 60, 511, 904, "fill:#f7d470") +
        sunRays() +
        place(296, 290, sunKing(), 0, 1.1) +
        clip(
          "night",
          polygon("86,600 597,424 597,964 86,964", ""),
          rect(86, 400, 511, 564, "fill:#26386f") + nightSpecks() + place(336, 734, moonQueen(), 180, 1.1),
        ) +
        polygon("80,594 600,415 600,435 80,614", "fill:#fbf6ea") +
        courtSash(),
    ) +
    rect(86, 60, 511, 904, "fill:none;stroke:#1e1a2e;stroke-width:4", 8) +
    courtIndex("K", "#c2372b", sunPip("#c2372b"), 0) +
    courtIndex("Q", "#26386f", moonPip("#26386f"), 180)
  );
}

const sunPip = (color: string) => polygon(star(0, 0, 24, 13, 9), `fill:${color}`) + circle(0, 0, 9, "fill:#fbf6ea");

const moonPip = (color: string) => path("M8-24A25 25 0 1 0 8 24A19 19 0 1 1 8-24Z", `fill:${color}`);

const courtIndex = (letter: string, color: string, pip: string, turn: number) =>
  place(
    341.5,
    512,
    place(
      -298,
      -410,
      text(0, 0, letter, `font:800 72px 'Roboto Slab';fill:${color};text-anchor:middle`) + place(0, 44, pip),
    ),
    turn,
  );

const sunRays = () =>
  times(15, (i) =>
    polygon(
      [[330, 270], polar(330, 270, 620, i * 24 + (i % 3) * 3), polar(330, 270, 620, i * 24 + 9)],
      `fill:${i % 2 ? "#f2b33d" : "#fbe7a6"}`,
    ),
  );

function nightSpecks() {
  const chance = random(133);
  const speck = () => {
    const x = chance.between(90, 590);
    const y = chance.between(625 - (x - 86) * 0.34, 955);
    return chance.chance(0.4)
      ? polygon(star(x, y, chance.between(5, 13), 3, 4), "fill:#f7d470")
      : circle(x, y, chance.between(1.5, 4), "fill:#cfd8f2");
  };
  return times(90, speck);
}

function sunKing() {
  const ink = "stroke:#1e1a2e;stroke-width:5;stroke-linejoin:round";
  const robe = (i: number) =>
    polygon(
      `${-190 + i * 38},330 ${-110 + i * 22},120 ${-88 + i * 22},120 ${-152 + i * 38},330`,
      `fill:${["#c2372b", "#f2f0e2", "#1f7a6b", "#f2b33d"][i % 4]};stroke:#1e1a2e;stroke-width:3`,
    );
  const curl = (x: number, y: number, r: number) =>
    path(
      curve(along(12, (part) => polar(x, y, r * (1 - part * 0.8), part * 560))),
      "fill:none;stroke:#7a3a16;stroke-width:7;stroke-linecap:round",
    );
  return (
    times(10, robe) +
    path("M-70 60C-90 150-40 210 0 216C44 208 92 150 70 60Z", `fill:#a8561f;${ink}`) +
    each(rowsOf("-40 110 22, 0 140 24, 42 108 22, -22 176 18, 24 180 17, 0 96 14"), ([x, y, r]) => curl(x, y, r)) +
    path("M-72-50H72V50C72 92 34 116 0 116C-34 116-72 92-72 50Z", `fill:#f6cfa0;${ink}`) +
    path("M0-20L-16 42H10", "fill:none;stroke:#1e1a2e;stroke-width:5") +
    path("M-54-6Q-34-22-14-6Q-34 8-54-6ZM18-6Q38-22 58-6Q38 8 18-6Z", `fill:#fff;${ink}`) +
    circle(-34, -6, 7, "fill:#1e1a2e") +
    circle(38, -6, 7, "fill:#1e1a2e") +
    path("M-60-26Q-36-42-10-28M14-28Q38-42 62-26", "fill:none;stroke:#7a3a16;stroke-width:9") +
    path("M-52 66C-20 46 20 46 52 66C30 78 10 72 0 64C-10 72-30 78-52 66Z", `fill:#7a3a16;${ink}`) +
    path("M-20 84Q0 94 20 84", "fill:none;stroke:#c2372b;stroke-width:8") +
    circle(-52, 38, 12, "fill:#e88a6a") +
    circle(56, 38, 12, "fill:#e88a6a") +
    path("M-84-50L-104-150L-60-104L-44-176L0-112L44-176L60-104L104-150L84-50Z", `fill:#f2b33d;${ink}`) +
    rect(-86, -66, 172, 24, `fill:#c2372b;${ink}`) +
    each([-64, -32, 0, 32, 64], (x, i) =>
      i % 2 ? circle(x, -54, 8, "fill:#f7f0d8") : rect(x - 8, -62, 16, 16, "fill:#1f7a6b"),
    ) +
    each(rowsOf("-104 -150, -44 -178, 44 -178, 104 -150"), ([x, y]) => circle(x, y, 11, `fill:#c2372b;${ink}`)) +
    place(0, -112, sunPip("#c2372b"), 0, 0.9) +
    place(176, 120, sunScepter(ink), 14)
  );
}

const sunScepter = (ink: string) =>
  rect(-9, -150, 18, 330, `fill:#1f7a6b;${ink}`) +
  times(7, (i) =>
    polygon(`-9,${-110 + i * 42} 9,${-124 + i * 42} 9,${-110 + i * 42} -9,${-96 + i * 42}`, "fill:#f7f0d8"),
  ) +
  polygon(star(0, -176, 52, 30, 12), `fill:#c2372b;${ink}`) +
  circle(0, -176, 24, `fill:#f2b33d;${ink}`) +
  path("M-9-180a4 4 0 0 1 8 0M4-180a4 4 0 0 1 8 0M-8-168q8 8 16 0", "fill:none;stroke:#1e1a2e;stroke-width:3") +
  path("M-34 40C-50 20-20 6 0 10C26 4 40 28 26 44C20 60-24 62-34 40Z", `fill:#f6cfa0;${ink}`);

function moonQueen() {
  const ink = "stroke:#0f1630;stroke-width:5;stroke-linejoin:round";
  const scallop = (i: number) => {
    const [row, column] = [Math.floor(i / 9), i % 9];
    return path(
      `M${-190 + column * 46 - (row % 2) * 23} ${140 + row * 36}a24 30 0 0 0 48 0Z`,
      `fill:${["#7d8fd0", "#e9ecf7", "#4b5fae", "#b8579a"][(row * 2 + column) % 4]};stroke:#0f1630;stroke-width:3`,
    );
  };
  return (
    path("M-200 330L-120 126H120L210 330Z", "fill:#4b5fae") +
    clip("gown", path("M-200 330L-120 126H120L210 330Z", ""), times(54, scallop)) +
    path(
      "M-96-40C-150 40-110 150-130 210C-80 220-40 190-50 120H50C40 190 80 220 130 210C110 150 150 40 96-40Z",
      `fill:#16122b;${ink}`,
    ) +
    times(5, (i) =>
      path(
        `M${-92 + i * 9} ${-10 + i * 10}C${-124 + i * 10} 60 ${-96 + i * 8} 130 ${-112 + i * 10} 196M${92 - i * 9} ${-10 + i * 10}C${124 - i * 10} 60 ${96 - i * 8} 130 ${112 - i * 10} 196`,
        "fill:none;stroke:#5a4f9a;stroke-width:3",
      ),
    ) +
    path("M-22 90V150Q0 174 22 150V90Z", `fill:#e8d4cf;${ink}`) +
    path("M-66-40C-70 60-30 120 0 122C30 120 70 60 66-40Z", `fill:#f5e4df;${ink}`) +
    path("M-50 4Q-30-12-10 4M10 4Q30-12 50 4", "fill:none;stroke:#0f1630;stroke-width:6") +
    each([-44, -30, -16, 16, 30, 44], (x) => line(x, 0, x * 1.1, 12, "stroke:#0f1630;stroke-width:4")) +
    path("M4 8C10 30 14 44 2 50H-8", "fill:none;stroke:#0f1630;stroke-width:4") +
    path("M-20 78Q-8 68 0 74Q8 68 20 78Q0 96-20 78Z", `fill:#b8579a;stroke:#0f1630;stroke-width:3`) +
    path("M-80-30C-70-90 70-90 80-30C40-54-40-54-80-30Z", `fill:#16122b;${ink}`) +
    path("M-92-44C-60-110 60-110 92-44L78-34C50-76-50-76-78-34Z", `fill:#e9ecf7;${ink}`) +
    each([-60, -30, 0, 30, 60], (x, i) =>
      circle(
        x,
        -84 + Math.abs(x) * 0.34,
        i % 2 ? 6 : 9,
        `fill:${i % 2 ? "#f7d470" : "#b8579a"};stroke:#0f1630;stroke-width:3`,
      ),
    ) +
    place(0, -140, path("M34-48A56 56 0 1 1-34-48A44 44 0 1 0 34-48Z", `fill:#f7d470;${ink}`)) +
    polygon(star(0, -160, 18, 7, 5), "fill:#e9ecf7") +
    times(9, (i) =>
      circle(-48 + i * 12, 146 + 22 * Math.sin((i / 8) * Math.PI), 6, "fill:#fff;stroke:#0f1630;stroke-width:2.5"),
    ) +
    place(-176, 130, moonMirror(ink), -12)
  );
}

const moonMirror = (ink: string) =>
  rect(-8, -30, 16, 170, `fill:#b8579a;${ink}`) +
  ellipse(0, -90, 50, 64, `fill:#f7d470;${ink}`) +
  ellipse(0, -90, 36, 49, `fill:#cfe0f7;${ink}`) +
  path("M-20-110L6-130M-24-80L22-118", "stroke:#fff;stroke-width:7;stroke-linecap:round") +
  path("M-28 30C-44 10-10-6 10 2C34 0 36 26 24 36C14 50-20 48-28 30Z", `fill:#f5e4df;${ink}`);

const courtSash = () =>
  times(24, (i) => circle(96 + i * 22, 598 - i * 7.6, i % 3 ? 3 : 5.5, `fill:${i % 2 ? "#c2372b" : "#26386f"}`));

// Spring Festival: a paper-cut medallion of two fish, plum blossom and a lotus.

const paperRed = "#c4161c";
const paperCream = "#fcf0d8";

function springFestival() {
  return (
    rect(0, 0, 724, 1024, `fill:${paperCream}`) +
    cloudLattice() +
    place(362, 440, medallion()) +
    lantern(92, 40, 1, "福") +
    lantern(640, 84, 0.8, "喜") +
    springGreeting()
  );
}

function cloudLattice() {
  const chance = random(88);
  const swirl = (x: number, y: number, size: number) =>
    place(
      x,
      y,
      path(
        curve(along(14, (part) => polar(0, 0, size * (1 - part * 0.75), part * 640))),
        "fill:none;stroke:#e9b84a;stroke-width:5;stroke-linecap:round",
      ) + path(`M${size} 0h${size * 1.6}`, "stroke:#e9b84a;stroke-width:5;stroke-linecap:round"),
      chance.between(-20, 20),
      chance.chance(0.5) ? 1 : -1,
      1,
    );
  return times(42, (i) =>
    swirl(
      (i % 6) * 134 + chance.between(0, 50),
      Math.floor(i / 6) * 132 + chance.between(0, 50) + 20,
      chance.between(14, 28),
    ),
  );
}

function medallion() {
  const tooth = (i: number) => {
    const [x, y] = polar(0, 0, 312, i * 7.5);
    return place(x, y, polygon(`-17,6 0,${-22 - (i % 2) * 8} 17,6`, `fill:${paperRed}`), i * 7.5 + 90);
  };
  return (
    times(48, tooth) +
    circle(0, 0, 314, `fill:${paperRed}`) +
    circle(0, 0, 290, `fill:${paperCream}`) +
    circle(0, 0, 276, "fill:none;stroke:#c4161c;stroke-width:5") +
    plumBranch() +
    place(-122, 30, carp(), -64, 1.14) +
    place(134, 0, goldfish(), 112, 1.12) +
    cutLotus() +
    cutWaves() +
    place(
      0,
      -20,
      polygon("0,-92 92,0 0,92 -92,0", `fill:${paperCream}`) +
        polygon("0,-80 80,0 0,80 -80,0", `fill:${paperRed}`) +
        text(0, 34, "春", `font:900 94px 'Noto Serif CJK SC';fill:${paperCream};text-anchor:middle`),
    )
  );
}

const sickle = (x: number, y: number, size: number, turn: number) =>
  place(x, y, path("M-10-4Q0 12 10-4Q0 4-10-4Z", `fill:${paperCream}`), turn, size);

const carp = () =>
  path(
    "M-130 0C-100-54-20-64 50-30L92-64C100-40 96-20 84 0C98 22 100 44 92 66L50 32C-20 62-100 52-130 0Z",
    `fill:${paperRed}`,
  ) +
  path("M-40-52C-20-92 20-92 46-70L30-38ZM-30 48C-20 80 10 84 30 72L16 40Z", `fill:${paperRed}`) +
  circle(-96, -10, 12, `fill:${paperCream}`) +
  circle(-96, -10, 5, `fill:${paperRed}`) +
  path("M-72-34Q-54 0-72 34", `fill:none;stroke:${paperCream};stroke-width:7`) +
  times(16, (i) =>
    sickle(
      -46 + Math.floor(i / 4) * 26,
      -24 + (i % 4) * 17 + (Math.floor(i / 4) % 2) * 7,
      0.95 - Math.floor(i / 4) * 0.1,
      -90,
    ),
  ) +
  each([-40, -24, -8, 24, 40], (y, i) =>
    path(`M62 ${y * 0.4}L${86 - (i % 2) * 4} ${y}`, `stroke:${paperCream};stroke-width:5`),
  ) +
  path("M-20-58L8-78M-4-54L26-74M-10 54L6 70M4 50L20 66", `stroke:${paperCream};stroke-width:5`) +
  path("M-130 0Q-150 8-146 26M-128-4Q-148-14-144-30", `fill:none;stroke:${paperRed};stroke-width:5`);

const goldfish = () =>
  path(
    "M-110 4C-96-46-30-56 10-26C40-70 110-80 128-52C104-48 92-34 88-20C112-14 124 4 122 24C100 10 86 14 78 24C92 44 92 66 76 82C62 56 36 40 10 32C-40 60-100 48-110 4Z",
    `fill:${paperRed}`,
  ) +
  path("M-50-44C-44-80-10-90 18-76C6-64 0-50-2-38Z", `fill:${paperRed}`) +
  circle(-82, -6, 15, `fill:${paperCream}`) +
  circle(-84, -6, 7, `fill:${paperRed}`) +
  path("M-58-30C-44-10-46 16-60 34", `fill:none;stroke:${paperCream};stroke-width:6`) +
  each(rowsOf("-34 -16, -36 8, -30 28, -14 -20, -12 2, -10 20, 8 -8, 8 12"), ([x, y]) =>
    circle(x, y, 6, `fill:${paperCream}`),
  ) +
  path(
    "M30-24Q70-56 108-54M34-10Q80-18 108 8M30 10Q60 24 74 60M44-2L84-4",
    `fill:none;stroke:${paperCream};stroke-width:5`,
  ) +
  path("M-36-52L-28-74M-20-50L-8-74M-6-50L8-68", `stroke:${paperCream};stroke-width:4`);

function plumBranch() {
  const blossom = (x: number, y: number, size: number) =>
    place(
      x,
      y,
      times(5, (i) => ellipse(...polar(0, 0, 20, i * 72), 16, 16, `fill:${paperRed}`)) +
        times(5, (i) => sickle(...polar(0, 0, 21, i * 72), 0.8, i * 72 - 90)) +
        circle(0, 0, 7, `fill:${paperCream}`) +
        times(5, (i) =>
          path(
            edges([polar(0, 0, 6, i * 72 + 36), polar(0, 0, 20, i * 72 + 36)]),
            `stroke:${paperCream};stroke-width:3`,
          ),
        ),
      x,
      size,
    );
  const branch = pointsOf("-230,-130 -150,-170 -60,-150 30,-190 120,-170 220,-140");
  return (
    path(
      ribbon(branch, (part) => 16 - part * 8),
      `fill:${paperRed}`,
    ) +
    path(
      "M-110-162Q-110-220-70-246M10-182Q40-230 80-236M150-162Q190-190 200-220M-180-158Q-210-190-190-216",
      `fill:none;stroke:${paperRed};stroke-width:8`,
    ) +
    each(
      rowsOf("-70 -236 1, 84 -228 1.1, 196 -196 0.9, -190 -200 0.9, 0 -196 1.15, -126 -176 0.8, 132 -160 0.85"),
      ([x, y, size]) => blossom(x, y, size),
    ) +
    each(
      rowsOf("-20 -252, 40 -256, 150 -214, -134 -230, 236 -130"),
      ([x, y]) => circle(x, y, 9, `fill:${paperRed}`) + path(`M${x} ${y + 6}v12`, `stroke:${paperRed};stroke-width:4`),
    )
  );
}

const cutLotus = () =>
  place(
    0,
    160,
    each([-78, -52, -26, 26, 52, 78, 0], (turn) =>
      place(
        0,
        60,
        path("M0 0C-30-40-22-86 0-112C22-86 30-40 0 0Z", `fill:${paperRed};stroke:${paperCream};stroke-width:5`) +
          path("M0-18V-84M-8-40L-4-70M8-40L4-70", `stroke:${paperCream};stroke-width:3.5`),
        turn,
        1 - Math.abs(turn) / 400,
      ),
    ),
  );

const cutWaves = () =>
  each(rowsOf("-190 190 0.9, -116 226 1, 124 222 1.05, 196 180 0.9, -40 252 0.8, 48 252 0.85"), ([x, y, size]) =>
    place(
      x,
      y,
      each([44, 32, 20, 8], (r, i) =>
        path(`M${-r} 20A${r} ${r} 0 0 1 ${r} 20Z`, `fill:${i % 2 ? paperCream : paperRed}`),
      ),
      x / 12,
      size,
    ),
  );

function lantern(x: number, y: number, size: number, letter: string) {
  const gold = "fill:#e9b84a";
  return place(
    x,
    y,
    path("M0-120V0", "stroke:#7a0d12;stroke-width:4") +
      rect(-26, -4, 52, 16, gold, 4) +
      path("M-28 12H28C78 30 78 118 28 136H-28C-78 118-78 30-28 12Z", `fill:${paperRed}`) +
      path(
        "M0 12V136M-14 12C-50 40-50 108-14 136M14 12C50 40 50 108 14 136",
        "fill:none;stroke:#e9b84a;stroke-width:3",
      ) +
      circle(0, 74, 30, gold) +
      text(0, 90, letter, `font:900 44px 'Noto Serif CJK SC';fill:#7a0d12;text-anchor:middle`) +
      rect(-26, 134, 52, 16, gold, 4) +
      each([-16, -8, 0, 8, 16], (tassel, i) =>
        path(`M${tassel} 150V${196 + (i % 2) * 10}`, "stroke:#c4161c;stroke-width:4"),
      ),
    0,
    size,
  );
}

const springGreeting = () =>
  path("M0 812Q90 786 181 812T362 812T543 812T724 812V1024H0Z", `fill:${paperRed}`) +
  path("M0 832Q90 806 181 832T362 832T543 832T724 832", "fill:none;stroke:#e9b84a;stroke-width:4") +
  text(44, 944, "春到人间", `font:900 92px 'Noto Serif CJK SC';fill:${paperCream}`) +
  text(440, 906, "Happy", "font:48px 'Leckerli One';fill:#e9b84a") +
  text(440, 954, "Spring Festival", "font:36px 'Leckerli One';fill:#e9b84a") +
  text(46, 996, "愿你的新年，灯火可亲，万事可喜。", `font:25px 'LXGW WenKai';fill:${paperCream}`);

// IX The Stargazer: gold lines on midnight blue, constellations over an observatory hill.

const starGold = "#f0c96b";
const goldLine = `fill:none;stroke:${starGold};stroke-linecap:round;stroke-linejoin:round;`;

function stargazer() {
  return (
    gradient("midnight", ["#0b1030", "#182060", "#3a2a78"]) +
    rect(0, 0, 614, 1024, "fill:#f3e3bd") +
    runeBorder() +
    rect(48, 48, 518, 928, "fill:url(#midnight)", 10) +
    starField() +
    moonPhases() +
    constellations() +
    observatoryHill() +
    place(330, 690, gazer()) +
    gazerTitle()
  );
}

function runeBorder() {
  const chance = random(202);
  const rune = () =>
    times(3, () =>
      path(
        `M${chance.pick([-9, 0, 9])} ${chance.pick([-13, 0])}L${chance.pick([-9, 0, 9])} ${chance.pick([0, 13])}`,
        "stroke:#182060;stroke-width:3.5;stroke-linecap:round",
      ),
    ) + path("M0-13V13", "stroke:#182060;stroke-width:3.5;stroke-linecap:round");
  const side = (x: number) => times(25, (i) => place(x, 36 + i * 39.6, rune()));
  return side(24) + side(590) + times(13, (i) => place(64 + i * 40.5, 24, rune()) + place(64 + i * 40.5, 1000, rune()));
}

function moonPhases() {
  const phase = (i: number) => {
    const [x, y] = polar(307, 400, 300, 228 + i * 14);
    const bulge = [24, 12, -8, -24, -8, 12, 24][i] as number;
    const lit =
      i === 3
        ? circle(0, 0, 24, `fill:${starGold}`)
        : path(
            `M0-24A24 24 0 0 ${i < 3 ? 1 : 0} 0 24A${Math.abs(bulge)} 24 0 0 ${(i < 3) === bulge > 0 ? 0 : 1} 0-24Z`,
            `fill:${starGold}`,
          );
    return place(x, y, circle(0, 0, 24, `${goldLine}stroke-width:2.5`) + lit);
  };
  return path("M70 214A300 300 0 0 1 544 214", `${goldLine}stroke-width:2;stroke-dasharray:3 8`) + times(7, phase);
}

function starField() {
  const chance = random(303);
  const one = () => {
    const [x, y] = [chance.between(58, 556), chance.between(56, 700)];
    return chance.chance(0.3)
      ? polygon(star(x, y, chance.between(4, 9), 1.6, 4, chance.pick([-90, -45])), "fill:#fff5d6")
      : circle(x, y, chance.between(0.8, 2.4), "fill:#cdd4ff");
  };
  return times(190, one);
}

function constellations() {
  const figures: [Point[], Point[]][] = [
    [pointsOf("96,300 150,262 206,290 196,350 130,366 96,300"), pointsOf("206,290 262,262 300,286")],
    [pointsOf("360,250 404,300 462,292 520,330 484,380 462,292"), pointsOf("404,300 384,360")],
    [pointsOf("110,470 170,430 230,466 282,440 330,470"), pointsOf("170,430 186,380 230,466 214,530")],
    [pointsOf("400,450 456,424 520,470 500,540 430,530 400,450"), pointsOf("456,424 430,530 520,470")],
    [pointsOf("84,590 130,560 150,620 200,600"), pointsOf("130,560 120,510")],
  ];
  const names: [number, number, string][] = [
    [84, 240, "THE KETTLE"],
    [420, 236, "THE KITE"],
    [238, 512, "长桥"],
    [440, 408, "THE HIVE"],
    [206, 644, "锚"],
  ];
  return (
    each(
      figures.flat(),
      (points) =>
        path(edges(points), `${goldLine}stroke-width:2.2`) +
        each(points, ([x, y], i) => polygon(star(x, y, 9 + (i % 3) * 3, 3.5, i % 2 ? 4 : 6), "fill:#fff5d6")),
    ) +
    each(names, ([x, y, name]) =>
      text(x, y, name, `font:600 17px 'EB Garamond','LXGW WenKai';fill:${starGold};letter-spacing:3px`),
    )
  );
}

function observatoryHill() {
  const grass = random(404);
  const blade = () => {
    const x = grass.between(52, 560);
    const y = 800 + 36 * Math.cos((x - 300) / 150) * -1 + grass.between(6, 150);
    return path(
      `M${x} ${y}q${grass.between(-8, 8)}-14 ${grass.between(-10, 10)}-${grass.between(16, 30)}`,
      `${goldLine}stroke-width:2;opacity:.75`,
    );
  };
  return (
    clip(
      "hill",
      rect(48, 48, 518, 928, "", 10),
      path("M40 830C140 760 240 748 340 766C440 784 500 800 580 770V980H40Z", "fill:#0d1236") +
        path("M40 830C140 760 240 748 340 766C440 784 500 800 580 770", `${goldLine}stroke-width:4`),
    ) +
    times(90, blade) +
    path(
      "M96 800V716H186V778M90 716C90 650 192 650 192 716ZM128 660L116 600L134 596L150 656",
      `${goldLine}stroke-width:4`,
    ) +
    rect(122, 744, 24, 34, `fill:${starGold}`) +
    times(6, (i) =>
      path(
        `M${102 + i * 16} 716v-8M${100 + (i % 3) * 30} ${732 + Math.floor(i / 3) * 22}h14`,
        `${goldLine}stroke-width:3`,
      ),
    )
  );
}

const gazer = () =>
  path(
    "M-40 130C-60 40-40-40 0-66C40-50 66 30 70 128Q14 150-40 130Z",
    `fill:#6b2f7a;stroke:${starGold};stroke-width:4`,
  ) +
  path("M-20 130C-34 60-24 0 0-40M20 134C24 70 20 10 4-40M46 130C44 80 30 20 12-30", `${goldLine}stroke-width:2.5`) +
  each(rowsOf("-14 70, 6 30, 34 90, 10 100, 28 50, -22 110"), ([x, y], i) =>
    polygon(star(x, y, 9, 3, 4 + (i % 2)), `fill:${starGold}`),
  ) +
  path(
    "M-26-60C-30-110 24-124 34-78C36-60 20-48 0-50C-14-48-24-52-26-60Z",
    `fill:#6b2f7a;stroke:${starGold};stroke-width:4`,
  ) +
  path("M-2-60C-8-92 24-98 28-74C26-60 12-54-2-60Z", "fill:#f3d9b1") +
  path("M20-72l5 3M14-60q6 3 9-1", "stroke:#3a1a40;stroke-width:3") +
  path("M10-30L74-60L80-48L22-6Z", `fill:#6b2f7a;stroke:${starGold};stroke-width:4`) +
  place(
    60,
    -84,
    rect(-34, -11, 64, 22, `fill:#b5742a;stroke:${starGold};stroke-width:3`) +
      rect(26, -15, 62, 30, `fill:#d6963a;stroke:${starGold};stroke-width:3`) +
      rect(84, -19, 14, 38, `fill:${starGold}`) +
      each([-10, 10, 46, 62], (x) => line(x, -13, x, 13, "stroke:#5a3414;stroke-width:4")),
    -34,
  ) +
  path("M66-60L50 128M66-60L110 124M66-60L84 130", `${goldLine}stroke-width:4`) +
  path(
    "M-56 132C-70 110-60 90-44 92L-36 76L-30 92C-20 100-22 124-30 134Z",
    `fill:#0d1236;stroke:${starGold};stroke-width:3.5`,
  ) +
  path("M-44 104h4M-34 104h4M-58 128q-22 4-24-20", `${goldLine}stroke-width:3`);

const gazerTitle = () =>
  rect(48, 872, 518, 104, "fill:#f3e3bd") +
  path("M48 872H566M48 880H566", "stroke:#182060;stroke-width:2.5") +
  text(307, 930, "THE STARGAZER", "font:700 46px 'GFS Didot';fill:#182060;text-anchor:middle;letter-spacing:2px") +
  text(307, 966, "观 星 者", "font:28px 'LXGW WenKai';fill:#6b2f7a;text-anchor:middle") +
  circle(307, 90, 32, "fill:#f3e3bd") +
  text(307, 101, "IX", "font:700 34px 'GFS Didot';fill:#182060;text-anchor:middle");

// Pixel Pier: a pixel-art seaside arcade on a membership card.

const pixel = 8;

const square = (x: number, y: number, color: string, across = 1, down = 1) =>
  rect(x * pixel, y * pixel, across * pixel, down * pixel, `fill:${color};shape-rendering:crispEdges`);

/** Draws rows of letters as pixels, each letter a color of the palette and a dot nothing. */
function sprite(x: number, y: number, palette: Record<string, string>, rows: string[]) {
  return each(rows, (row, j) =>
    each([...row], (letter, i) => (letter === "." ? "" : square(x + i, y + j, palette[letter] as string))),
  );
}

function pixelPier() {
  const chance = random(505);
  return (
    pixelSky(chance) +
    ferrisWheel() +
    pixelTown(chance) +
    pixelSea(chance) +
    pixelDeck(chance) +
    pixelSprites() +
    pixelText()
  );
}

function pixelSky(chance: Random) {
  const bands = ["#22144a", "#3d1c66", "#6b2380", "#a42f86", "#dc4a7a", "#f9786b", "#fda65f", "#ffd26e"];
  const band = (i: number) =>
    square(0, i * 6, bands[i] as string, 128, 6) +
    times(64, (x) => (i < 7 && (x + i) % 2 ? square(x * 2, i * 6 + 5, bands[i + 1] as string) : ""));
  const disc = times(20, (j) => {
    const half = Math.round(Math.sqrt(100 - (j - 9.5) ** 2));
    return j > 11 && j % 3 === 0 ? "" : square(44 - half, 26 + j, j < 8 ? "#fff3a8" : "#ffe06e", half * 2);
  });
  return (
    times(8, band) +
    disc +
    times(50, () =>
      square(
        Math.floor(chance.between(0, 128)),
        Math.floor(chance.between(0, 26)),
        chance.pick(["#ffffff", "#ffd26e", "#c9a8ff"]),
      ),
    )
  );
}

function ferrisWheel() {
  const [cx, cy] = [98, 28];
  const dot = (radius: number, degrees: number, color: string) => {
    const [x, y] = polar(cx, cy, radius, degrees);
    return square(Math.round(x), Math.round(y), color);
  };
  const cabins = ["#ff5470", "#3fe0c5", "#ffd23f", "#6ea8ff", "#ff9a3d", "#c57dff", "#8ff06a", "#ff7ab8"];
  const cabin = (color: string, i: number) => {
    const [x, y] = polar(cx, cy, 20, i * 45 + 12);
    return (
      square(Math.round(x) - 2, Math.round(y), color, 4, 4) +
      square(Math.round(x) - 1, Math.round(y) + 1, "#1b1038", 2, 1)
    );
  };
  return (
    times(
      24,
      (i) =>
        square(cx - Math.round(i * 0.42), cy + i, "#1b1038", 2) +
        square(cx + Math.round(i * 0.42), cy + i, "#1b1038", 2),
    ) +
    times(120, (i) => dot(20, i * 3, "#f4e9ff")) +
    times(8, (i) => times(19, (r) => dot(r + 1, i * 45 + 12, r % 2 ? "#b79ae0" : "#8a6cc0"))) +
    each(cabins, cabin) +
    square(cx - 2, cy - 2, "#ffd23f", 4, 4)
  );
}

function pixelTown(chance: Random) {
  const tower = (i: number) => {
    const [x, tall, across] = [i * 9, Math.floor(chance.between(5, 18)), Math.floor(chance.between(6, 10))];
    const windows = times(across * tall, (j) => {
      const [column, row] = [j % across, Math.floor(j / across)];
      return column % 2 && row % 2 && chance.chance(0.55)
        ? square(x + column, 49 - tall + row, chance.pick(["#ffd23f", "#ff7ab8", "#3fe0c5"]))
        : "";
    });
    return square(x, 48 - tall, chance.pick(["#2a1650", "#341b60", "#22124a"]), across, tall) + windows;
  };
  return times(9, tower);
}

function pixelSea(chance: Random) {
  const tones = ["#1f4fa8", "#2a6cc4", "#1a3f8f", "#3fa0d8", "#ffb37a", "#8fe0f0"];
  return (
    square(0, 48, "#1f4fa8", 128, 33) +
    times(260, () =>
      square(
        Math.floor(chance.between(0, 124)),
        48 + Math.floor(chance.between(0, 18)),
        chance.pick(tones),
        Math.floor(chance.between(2, 7)),
      ),
    )
  );
}

const pixelDeck = (chance: Random) =>
  square(0, 58, "#7a4a2e", 128, 23) +
  times(5, (row) =>
    times(12, () =>
      square(
        Math.floor(chance.between(0, 120)),
        59 + row * 3,
        chance.pick(["#8f5a38", "#6a3d25", "#a36b44"]),
        Math.floor(chance.between(4, 12)),
        2,
      ),
    ),
  ) +
  times(32, (i) => square(i * 4, 55, i % 8 ? "#e8dcc8" : "#ff5470", 1, 3)) +
  square(0, 54, "#fff7e6", 128);

const cabinet = [
  "..kkkkkkkk..",
  ".krrrrrrrrk.",
  ".kryyryyrrk.",
  ".krrrrrrrrk.",
  ".kkkkkkkkkk.",
  ".kbbbbbbbbk.",
  ".kbwbbbywbk.",
  ".kbbrrbbbbk.",
  ".kbwbbbybbk.",
  ".kbbbbbbbbk.",
  "kkkkkkkkkkkk",
  "krryrrwrbbrk",
  "kkkkkkkkkkkk",
  ".kppppppppk.",
  ".kpyypprrpk.",
  ".kpyypprrpk.",
  ".kppppppppk.",
  ".kppppppppk.",
  ".kkkkkkkkkk.",
];

const pixelSprites = () =>
  sprite(6, 48, { k: "#1b1038", r: "#ff5470", b: "#3fe0c5", y: "#ffd23f", w: "#ffffff", p: "#6b2380" }, cabinet) +
  sprite(20, 50, { k: "#1b1038", r: "#3fbf6a", b: "#2a1650", y: "#fff3a8", w: "#ff7ab8", p: "#1f4fa8" }, cabinet) +
  sprite(36, 57, { k: "#1b1038", o: "#ff9a3d", w: "#fff3df", n: "#ff7ab8" }, [
    "k.k.......",
    "kokkk.....",
    "kooook..kk",
    "kwokok.kok",
    "knoook.kok",
    "kooookkook",
    ".kwoooook.",
    ".koooooook",
    ".kowooowok",
    ".kok.k.kok",
    ".kk.kk.kk.",
  ]) +
  sprite(52, 62, { k: "#5a0f1c", r: "#ff5470", w: "#ffffff" }, [
    "kk.......kk",
    "krk.w.w.krk",
    "krk.k.k.krk",
    ".kkrrrrrkk.",
    "..krrrrrk..",
    "k.krrwrrk.k",
    ".k.k.k.k.k.",
  ]) +
  sprite(62, 43, { k: "#1b1038", w: "#fff7e6", r: "#ff5470", b: "#6a3d25", y: "#ffd23f" }, [
    "......k.......",
    "......kww.....",
    "...w..kwwww...",
    "..ww..krrrrr..",
    ".www..kwwww...",
    "wwww..krrr....",
    "......k.......",
    "bbbbbbkbbbbbb.",
    ".bybybybybyb..",
    "..bbbbbbbbb...",
  ]) +
  each(rowsOf("70 62, 77 59, 84 62"), ([x, y]) =>
    sprite(x, y, { k: "#8a5a00", y: "#ffd23f", w: "#fff7c4" }, [".kkk.", "kywyk", "kywyk", "kyyyk", ".kkk."]),
  ) +
  sprite(94, 58, { r: "#ff5470", w: "#fff7e6", k: "#1b1038" }, [
    "..rrww..",
    ".rrrwww.",
    "rrk..kww",
    "rr....ww",
    "ww....rr",
    "wwk..krr",
    ".wwwrrr.",
    "..wwrr..",
  ]) +
  sprite(110, 47, { k: "#1b1038", g: "#3fbf6a", b: "#b0683a", s: "#ffe0a0" }, [
    "...ggg.ggg..",
    ".ggggggg.gg.",
    "gg.gggggg..g",
    "g.ggbgg.gg..",
    "..g.bb...g..",
    "....kb......",
    "....bb......",
    "...bk.......",
    "...bb.......",
    "..kb........",
    "..bb........",
    "..bb........",
    "..kb........",
    "..bb........",
    ".ssssss.....",
    "ssssssss....",
  ]);

const pixelText = () =>
  each(["stroke:#1b1038;stroke-width:20", "stroke:#fff3a8;stroke-width:4"], (stroke) =>
    text(40, 96, "PIXEL PIER", `font:88px 'DotGothic16';fill:#fff3a8;letter-spacing:6px;${stroke}`),
  ) +
  text(
    44,
    142,
    "ARCADE CLUB ★ 像素码头",
    "font:34px 'DotGothic16';fill:#3fe0c5;stroke:#1b1038;stroke-width:8;paint-order:stroke",
  ) +
  rect(0, 568, 1024, 78, "fill:#1b1038") +
  text(40, 620, "MEMBER 00 451 873", "font:38px 'DotGothic16';fill:#ffd23f") +
  text(984, 620, "TOKENS ∞  LEVEL 12", "font:38px 'DotGothic16';fill:#ff7ab8;text-anchor:end");

// Port Solera: a postcard with scenes inside its large letters.

function portSolera() {
  return (
    gradient("noon", ["#58b9e0", "#a9e0ec", "#fdf1cf"]) +
    rect(0, 0, 1024, 683, "fill:url(#noon)") +
    soleraClouds() +
    hillHouses() +
    harbor() +
    soleraLetters() +
    soleraScript() +
    soleraStamp()
  );
}

const soleraClouds = () =>
  each(rowsOf("150 90 1, 480 60 0.8, 730 120 1.1, 330 150 0.6"), ([x, y, size]) =>
    place(
      x,
      y,
      path("M-90 20C-110-6-70-30-50-16C-40-56 20-56 30-20C60-40 100-10 84 20Z", "fill:#fff;opacity:.9"),
      0,
      size,
    ),
  );

function hillHouses() {
  const chance = random(606);
  const walls = ["#f6c667", "#ef8a6a", "#f3e3c3", "#e56b6f", "#88c9b0", "#f2a6b5", "#9db9e0", "#fff6e6"];
  const house = (x: number, y: number) => {
    const [across, tall] = [chance.between(34, 54), chance.between(40, 70)];
    const shutters = chance.pick(["#2f6f7a", "#7a3b2e", "#3f7a4a"]);
    const window = (i: number) =>
      rect(x + 7 + (i % 2) * (across / 2 - 2), y - tall + 10 + (i >> 1) * 22, 9, 13, `fill:${shutters}`);
    return (
      rect(x, y - tall, across, tall + 30, `fill:${chance.pick(walls)}`) +
      polygon(
        `${x - 4},${y - tall} ${x + across * 0.5},${y - tall - 16} ${x + across + 4},${y - tall}`,
        "fill:#c4572f",
      ) +
      times(tall > 54 ? 4 : 2, window)
    );
  };
  const hill = path(
    "M0 330C120 240 260 220 400 260C520 200 700 180 840 250C920 270 980 240 1024 230V480H0Z",
    "fill:#6fa35a",
  );
  const row = (y: number, shift: number) =>
    times(23, (i) => house(i * 46 + shift, y + 34 * Math.sin(i * 0.62 + y) - 20 * Math.sin(i * 0.2)));
  const tower =
    rect(664, 130, 42, 140, "fill:#fff6e6") +
    polygon("656,130 685,84 714,130", "fill:#c4572f") +
    circle(685, 160, 13, "fill:#2f6f7a") +
    path("M685 160v-9M685 160h7", "stroke:#fff;stroke-width:3") +
    path("M676 260v-30a9 9 0 0 1 18 0v30Z", "fill:#7a3b2e");
  const cypress = (x: number, y: number) =>
    path(
      `M${x} ${y}C${x - 16} ${y - 20} ${x - 10} ${y - 70} ${x} ${y - 92}C${x + 10} ${y - 70} ${x + 16} ${y - 20} ${x} ${y}Z`,
      "fill:#2f5f3f",
    );
  return (
    hill +
    tower +
    row(300, -20) +
    each([90, 250, 470, 700, 900], (x, i) => cypress(x, 330 - (i % 3) * 22)) +
    row(350, 4) +
    row(400, -12)
  );
}

function harbor() {
  const chance = random(707);
  const glint = () =>
    path(
      `M${chance.between(0, 1000)} ${chance.between(590, 676)}q12-7 24 0t24 0`,
      `fill:none;stroke:${chance.pick(["#fff", "#8fd8e0", "#0f5f7a"])};stroke-width:3.5`,
    );
  const boat = (x: number, y: number, color: string, sail: string) =>
    place(
      x,
      y,
      path("M-56 0H60L44 28H-40Z", `fill:${color};stroke:#16384a;stroke-width:4`) +
        path("M4-6V-104L62-14Z", `fill:${sail};stroke:#16384a;stroke-width:4`) +
        path("M-4-6V-84L-46-14Z", "fill:#fff6e6;stroke:#16384a;stroke-width:4") +
        path("M-50 11H54", "stroke:#fff6e6;stroke-width:4"),
      0,
      0.72,
    );
  return (
    rect(0, 412, 1024, 271, "fill:#1f8aa8") +
    rect(0, 404, 1024, 14, "fill:#d8c39a") +
    path("M0 600Q256 570 512 604T1024 590V683H0Z", "fill:#17708c") +
    times(70, glint) +
    boat(70, 640, "#e56b6f", "#f6c667") +
    boat(300, 654, "#f6c667", "#e56b6f") +
    boat(560, 642, "#fff6e6", "#88c9b0")
  );
}

function soleraLetters() {
  const scenes = [letterSun, letterFish, letterLemons, letterTiles, letterUmbrella, letterAnchor];
  const style = "font:900 262px 'League Spartan';text-anchor:middle";
  const letter = (content: string, i: number) => {
    const x = 108 + i * 162;
    const y = 560 - 14 * Math.sin((i / 5) * Math.PI);
    const outline =
      text(x + 7, y + 8, content, `${style};fill:#16384a;stroke:#16384a;stroke-width:18;stroke-linejoin:round`) +
      text(x, y, content, `${style};fill:#fff;stroke:#fff;stroke-width:14;stroke-linejoin:round`);
    return (
      outline + clip(`letter${i}`, text(x, y, content, style), place(x - 90, y - 200, (scenes[i] as () => string)()))
    );
  };
  return each([..."SOLERA"], letter);
}

const letterSun = () =>
  rect(0, 0, 180, 220, "fill:#ff9d3b") +
  circle(90, 110, 46, "fill:#ffe27a") +
  times(14, (i) =>
    path(
      edges([polar(90, 110, 56, i * 25.7), polar(90, 110, i % 2 ? 120 : 84, i * 25.7)]),
      "stroke:#e2432f;stroke-width:9",
    ),
  );

const letterFish = () =>
  rect(0, 0, 180, 220, "fill:#136f8f") +
  each(rowsOf("30 30 0, 110 60 20, 40 110 -16, 130 140 8, 60 186 0, 150 20 30"), ([x, y, turn], i) =>
    place(
      x,
      y,
      path(
        "M-34 0C-16-20 12-18 26 0L42-14V14L26 0C12 18-16 20-34 0Z",
        `fill:${["#ffd166", "#ef8a6a", "#9be3d3"][i % 3]}`,
      ) +
        circle(-18, -3, 3.5, "fill:#0c3344") +
        path("M-6-10q6 10 0 20", "fill:none;stroke:#0c3344;stroke-width:3"),
      turn,
    ),
  ) +
  times(12, (i) => circle((i * 53) % 180, (i * 79) % 220, 4 + (i % 3), "fill:none;stroke:#9be3d3;stroke-width:2.5"));

const letterLemons = () =>
  rect(0, 0, 180, 220, "fill:#3f8f5a") +
  each(rowsOf("40 40 20, 120 50 -30, 60 120 50, 140 150 10, 50 190 -10"), ([x, y, turn]) =>
    place(
      x,
      y,
      path("M-36 0C-24-30 24-30 34-4L42 0L34 6C24 30-24 30-36 0Z", "fill:#ffe04a;stroke:#a88a00;stroke-width:3") +
        path("M-40 0C-60-24-40-40-20-30Z", "fill:#1f5f3a"),
      turn,
    ),
  );

const letterTiles = () => {
  const tones = ["#2b59c3", "#fff6e6", "#f6c667", "#e56b6f"];
  return (
    times(30, (i) => rect((i % 5) * 36, Math.floor(i / 5) * 37, 36, 37, `fill:${tones[(i + Math.floor(i / 5)) % 4]}`)) +
    times(30, (i) =>
      polygon(
        star((i % 5) * 36 + 18, Math.floor(i / 5) * 37 + 18, 15, 6, 4 + (i % 3), i * 30),
        `fill:${tones[(i + 1 + (i % 2)) % 4]}`,
      ),
    )
  );
};

const letterUmbrella = () =>
  rect(0, 0, 180, 220, "fill:#f3dfae") +
  each(
    [
      [50, 60, "#e56b6f"],
      [130, 100, "#2b8fb0"],
      [60, 170, "#f2a93b"],
    ] as const,
    ([x, y, color]) =>
      times(10, (i) =>
        polygon([[x, y], polar(x, y, 50, i * 36), polar(x, y, 50, i * 36 + 36)], `fill:${i % 2 ? "#fff" : color}`),
      ),
  ) +
  each(rowsOf("120 24, 20 118, 140 180, 110 200"), ([x, y], i) =>
    place(
      x,
      y,
      rect(-14, -26, 28, 52, `fill:${["#88c9b0", "#e56b6f", "#2b59c3"][i % 3]}`, 4) +
        path("M-14-8H14M-14 10H14", "stroke:#fff;stroke-width:4"),
      i * 34,
    ),
  );

const letterAnchor = () =>
  rect(0, 0, 180, 220, "fill:#c2333b") +
  times(8, (i) => path(`M0 ${i * 30 + 10}q22-16 45 0t45 0t45 0t45 0`, "fill:none;stroke:#8f1f2c;stroke-width:6")) +
  place(
    90,
    110,
    path(
      "M0-70V66M-30-36H30M-60 20C-56 60-20 76 0 78C20 76 56 60 60 20M-60 20L-72 40M-60 20L-46 34M60 20L72 40M60 20L46 34",
      "fill:none;stroke:#fff6e6;stroke-width:13;stroke-linecap:round",
    ) + circle(0, -84, 15, "fill:none;stroke:#fff6e6;stroke-width:9"),
  );

const soleraScript = () =>
  place(
    36,
    180,
    text(
      0,
      0,
      "Greetings from Port",
      "font:italic 700 74px 'Lobster Two';fill:#fff6e6;stroke:#c2333b;stroke-width:14;paint-order:stroke;stroke-linejoin:round",
    ),
    -6,
  ) + text(984, 668, "太阳海港 · 明信片 No. 88", "font:700 24px 'Noto Sans CJK SC';fill:#fff6e6;text-anchor:end");

function soleraStamp() {
  const gull = "M-40-6C-24-20-8-12 0 0C8-12 26-20 44-10C28-10 12 0 2 12C-8 2-22-6-40-6Z";
  return (
    place(
      912,
      104,
      rect(-74, -86, 148, 172, "fill:#fffaf0") +
        times(9, (i) => each([-74, 74], (x) => circle(x, -80 + i * 20, 7, "fill:#fffaf0"))) +
        times(8, (i) => each([-86, 86], (y) => circle(-66 + i * 19, y, 7, "fill:#fffaf0"))) +
        rect(-60, -72, 120, 144, "fill:#2f6f7a") +
        circle(-14, -20, 30, "fill:#ffd166") +
        place(6, 4, path(gull, "fill:#fff"), -12) +
        place(24, -40, path(gull, "fill:#fff"), 10, 0.5) +
        path("M-60 44q15-12 30 0t30 0t30 0t30 0V72H-60Z", "fill:#123f4a") +
        text(54, -52, "1.20", "font:700 25px 'Bebas Neue';fill:#fff;text-anchor:end") +
        text(0, 66, "SOLERA POST", "font:700 19px 'Bebas Neue';fill:#fff;text-anchor:middle"),
      5,
    ) +
    group(
      "opacity:.75",
      place(
        830,
        128,
        circle(0, 0, 54, "fill:none;stroke:#1e2a44;stroke-width:4") +
          circle(0, 0, 36, "fill:none;stroke:#1e2a44;stroke-width:2.5") +
          text(0, -2, "14 JUL", "font:700 21px 'Bebas Neue';fill:#1e2a44;text-anchor:middle") +
          text(0, 18, "09:40", "font:700 18px 'Bebas Neue';fill:#1e2a44;text-anchor:middle") +
          times(4, (i) => path(`M-60 ${-24 + i * 16}q-16-10-32 0t-32 0`, "fill:none;stroke:#1e2a44;stroke-width:3.5")),
        -14,
      ),
    )
  );
}

// Museum of Clay: an admission ticket with a shelf of patterned vessels.

function clayTicket() {
  return (
    rect(0, 0, 1024, 440, "fill:#efe3d0") +
    rect(0, 0, 740, 440, "fill:#c65d34") +
    clayGrain() +
    each([amphora, gourdVase, tripod, jugWithBird, bowlStack], (draw, i) => place(94 + i * 138, 300, draw())) +
    rect(0, 300, 740, 16, "fill:#4a2113") +
    clayText() +
    clayStub()
  );
}

function clayGrain() {
  const chance = random(808);
  const fleck = () =>
    path(
      `M${chance.between(0, 706)} ${chance.between(0, 300)}l${chance.between(4, 26)} ${chance.between(-3, 3)}`,
      `stroke:${chance.pick(["#b04f29", "#d9764b", "#a54522"])};stroke-width:${chance.between(1.5, 4)}`,
    );
  return (
    times(240, fleck) +
    times(28, (i) =>
      polygon(
        `${i * 26},0 ${i * 26 + 13},${18 + (i % 3) * 7} ${i * 26 + 26},0`,
        `fill:${i % 2 ? "#4a2113" : "#f0d9b5"}`,
      ),
    )
  );
}

const clayInk = "stroke:#2c130b;stroke-width:5;stroke-linejoin:round";

const amphora = () =>
  path("M-26-196C-70-190-74-140-44-128M26-196C70-190 74-140 44-128", "fill:none;stroke:#2c130b;stroke-width:13") +
  path("M-24-214H24L20-160C60-130 62-60 20-16L26 0H-26L-20-16C-62-60-60-130-20-160Z", `fill:#e8a866;${clayInk}`) +
  path("M-42-120H42M-46-66H46M-34-40H34", "stroke:#2c130b;stroke-width:5") +
  path(
    "M-40-104h14v20h-8v-10M-20-104h14v20h-8v-10M0-104h14v20h-8v-10M20-104h14v20h-8v-10",
    "fill:none;stroke:#2c130b;stroke-width:4",
  ) +
  times(6, (i) => polygon(`${-38 + i * 13},-60 ${-31 + i * 13},-46 ${-25 + i * 13},-60`, "fill:#2c130b")) +
  times(4, (i) => path(`M${-14 + i * 9} -34V-20`, "stroke:#2c130b;stroke-width:5")) +
  rect(-30, -222, 60, 13, "fill:#2c130b", 4);

const gourdVase = () =>
  path(
    "M-14-206H14V-180C44-164 40-128 18-112C66-96 64-20 24 0H-24C-64-20-66-96-18-112C-40-128-44-164-14-180Z",
    `fill:#dfe9e6;${clayInk}`,
  ) +
  path("M-34-142H34M-18-112H18", "stroke:#23509a;stroke-width:5") +
  path(
    "M-40-50C-20-90 0-20 20-60C30-80 40-70 42-50M-30-30C-10-40 10-10 34-28",
    "fill:none;stroke:#23509a;stroke-width:5",
  ) +
  each(
    rowsOf("-26 -78, 10 -84, 30 -36, -6 -26"),
    ([x, y], i) =>
      times(5, (j) => ellipse(...polar(x, y, 8, j * 72 + i * 20), 5, 5, "fill:#23509a")) +
      circle(x, y, 3, "fill:#f0c24a"),
  ) +
  each(rowsOf("-14 -160, 12 -156, 0 -172"), ([x, y]) =>
    path(`M${x - 8} ${y}q8-9 16 0`, "fill:none;stroke:#23509a;stroke-width:4"),
  );

const tripod = () =>
  path("M-52-60L-58 0H-40L-32-50M52-60L58 0H40L32-50M-9-46L-7 0H7L9-46", `fill:#3f5f4f;${clayInk}`) +
  path("M-30-168V-136M30-168V-136", "stroke:#2c130b;stroke-width:12") +
  path("M-40-178h20v14h-20ZM20-178h20v14H20Z", "fill:#3f5f4f;stroke:#2c130b;stroke-width:5") +
  path("M-64-138H64C66-80 50-44 0-42C-50-44-66-80-64-138Z", `fill:#5f8a6f;${clayInk}`) +
  rect(-64, -128, 128, 22, "fill:#2c4a3b") +
  times(5, (i) => path(`M${-54 + i * 23}-112v-11h14v8h-7`, "fill:none;stroke:#bfe0c4;stroke-width:3.5")) +
  circle(-22, -78, 11, "fill:none;stroke:#bfe0c4;stroke-width:5") +
  circle(22, -78, 11, "fill:none;stroke:#bfe0c4;stroke-width:5") +
  path("M0-98V-56M-44-88q8-12 14-4M44-88q-8-12-14-4", "fill:none;stroke:#bfe0c4;stroke-width:5");

const jugWithBird = () =>
  path("M34-150C84-150 84-60 40-54", "fill:none;stroke:#2c130b;stroke-width:15") +
  path(
    "M-20-200L-44-214L-24-176C-30-150-62-130-62-76C-62-30-40 0-30 0H34C44 0 60-30 58-76C56-130 28-150 26-176L30-200Z",
    `fill:#f4e6c8;${clayInk}`,
  ) +
  path("M-34-60C-30-90 0-96 14-78L34-84L22-66C20-40-10-30-34-60Z", "fill:#b5342c;stroke:#2c130b;stroke-width:4") +
  path("M-24-60Q-8-78 6-62Q-8-48-24-60Z", "fill:#f0c24a") +
  circle(16, -74, 3, "fill:#2c130b") +
  path(
    "M-10-40V-22M0-42V-22M-56-110Q-30-130 0-116T54-112M-46-136Q-20-148 0-140T38-140",
    "fill:none;stroke:#2c130b;stroke-width:4",
  ) +
  times(5, (i) => circle(-42 + i * 20, -12, 4.5, "fill:#b5342c"));

const bowlStack = () =>
  path("M-60-66H60C56-20 30 0 22 0H-22C-30 0-56-20-60-66Z", `fill:#2a2f6b;${clayInk}`) +
  times(6, (i) => polygon(star(-42 + i * 17, -38 + (i % 2) * 14, 8, 3, 4), "fill:#f0d9b5")) +
  path("M-48-118H48C46-86 26-68 18-68H-18C-26-68-46-86-48-118Z", `fill:#f0c24a;${clayInk}`) +
  path("M-44-104l11 12 11-12 11 12 11-12 11 12 11-12 11 12 11-12", "fill:none;stroke:#2c130b;stroke-width:4") +
  path("M-38-162H38C36-138 20-120 14-120H-14C-20-120-36-138-38-162Z", `fill:#d97a8a;${clayInk}`) +
  times(4, (i) => path(`M${-24 + i * 16}-156q-6 14 2 28`, "fill:none;stroke:#fff;stroke-width:4")) +
  path("M-12-164C-30-190-12-214 0-226C12-214 30-190 12-164Z", `fill:#5f8a6f;${clayInk}`) +
  path("M0-170V-210M-8-180L0-190L8-180", "fill:none;stroke:#bfe0c4;stroke-width:4");

const clayText = () =>
  rect(0, 316, 740, 124, "fill:#f0d9b5") +
  text(32, 386, "Museum of Clay", "font:700 60px 'Roboto Slab';fill:#4a2113") +
  text(34, 424, "八千年陶土  Eight thousand years of pots", "font:700 23px 'Noto Sans CJK SC';fill:#c65d34") +
  text(712, 384, "陶", "font:900 62px 'Noto Serif CJK SC';fill:#c65d34;text-anchor:end") +
  text(712, 424, "ROOMS 1–14", "font:700 24px 'Roboto Slab';fill:#4a2113;text-anchor:end");

function clayStub() {
  const chance = random(909);
  const bar = (i: number) => rect(896, 40 + i * 10.4, 92, chance.between(2, 8), "fill:#2c130b");
  return (
    times(16, (i) => circle(740, 14 + i * 28, 7, "fill:#fffaf2")) +
    times(35, bar) +
    place(824, 404, fitted(0, 0, 368, "ADMIT ONE", "font:800 66px 'Roboto Slab';fill:#c65d34"), -90) +
    place(870, 404, text(0, 0, "成人票 · 一人一次 · 当日有效", "font:700 25px 'Noto Sans CJK SC';fill:#4a2113"), -90) +
    place(1014, 404, text(0, 0, "No. 0317 5542 9", "font:700 20px 'Roboto Slab';fill:#4a2113"), -90)
  );
}
