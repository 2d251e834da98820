/** The sample book covers: a novel, a cookbook, a children's book, a textbook, poetry, a detective story and an atlas. */

import {
  above,
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

const width = 683;
const height = 1024;

export const covers: Picture[] = [
  {
    identifier: "cover.salt_clock",
    title: "The Salt Clock 盐钟",
    width,
    height,
    metadata: { title: "The Salt Clock", type: "link", url: "https://example.com/books/salt-clock" },
    draw: saltClock,
  },
  {
    identifier: "cover.four_seasons_pot",
    title: "One Pot, Four Seasons 一锅四季",
    width,
    height,
    metadata: { title: "Recipe of the day", type: "text", text: "Noodles with shrimp: 25 minutes, serves two." },
    draw: fourSeasonsPot,
  },
  {
    identifier: "cover.moon_whale",
    title: "The Whale Who Went to the Moon 小鲸鱼去月亮",
    width,
    height,
    metadata: { title: "小鲸鱼去月亮", type: "video", url: "https://example.com/moon-whale/read-aloud.mp4" },
    draw: moonWhale,
  },
  {
    identifier: "cover.ripples_and_fields",
    title: "Ripples & Fields 涟漪与场",
    width,
    height,
    metadata: { title: "Chapter 4, two sources", type: "link", url: "https://example.com/ripples/simulation" },
    draw: ripplesAndFields,
  },
  {
    identifier: "cover.slow_ferry",
    title: "Slow Ferry 慢渡",
    width,
    height,
    metadata: { title: "慢渡", type: "text", text: "第三首：雨停了，船还没有回来。" },
    draw: slowFerry,
  },
  {
    identifier: "cover.seven_doors",
    title: "Seven Doors on Copper Lane 铜巷七扇门",
    width,
    height,
    metadata: { title: "Behind door 7", type: "image", url: "https://example.com/seven-doors/clue.jpg" },
    draw: sevenDoors,
  },
  {
    identifier: "cover.drifting_atlas",
    title: "Atlas of Drifting Islands 漂岛图志",
    width,
    height,
    metadata: { title: "Drifting Islands", type: "link", url: "https://example.com/atlas/sheet-12" },
    draw: driftingAtlas,
  },
];

// The Salt Clock: an engraving of a lighthouse, the sea and a moon that is a clock.

const saltInk = "#14262b";
const saltPaper = "#f3e9d2";

function saltClock() {
  return (
    rect(0, 0, width, height, `fill:${saltPaper}`) +
    engravedSky() +
    clockMoon() +
    place(512, 330, lighthouse()) +
    rocks() +
    engravedWaves() +
    saltTitle()
  );
}

function engravedSky() {
  const [cloud, drift] = [noise(3), noise(12)];
  const beam = (x: number, y: number) => {
    const angle = (Math.atan2(y - 312, x - 512) * 180) / Math.PI;
    return Math.abs(Math.abs(angle) - 168) < 9 || Math.abs(angle + 24) < 7;
  };
  const stroke = (y: number) => {
    const points = along(90, (part) => {
      const x = part * 700 - 8;
      return [x, y + 30 * drift(x / 150, y / 110) - 15] as Point;
    });
    const weight = ([x, y]: Point) => (beam(x, y) ? 0.6 : 1 + 8.5 * Math.max(0, cloud(x / 130, y / 70) - 0.18));
    return path(
      ribbon(points, (part) => weight(points[Math.round(part * 90)] as Point)),
      `fill:${saltInk}`,
    );
  };
  return times(60, (i) => stroke(186 + i * 11.5));
}

function clockMoon() {
  const numerals = ["XII", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"];
  const numeral = (label: string, i: number) =>
    place(
      ...polar(0, 0, 136, i * 30 - 90),
      text(0, 11, label, `font:700 31px 'Old Standard TT';fill:${saltInk};text-anchor:middle`),
      i * 30,
    );
  const tick = (i: number) =>
    path(
      edges([polar(0, 0, 162, i * 6), polar(0, 0, i % 5 ? 168 : 176, i * 6)]),
      `stroke:${saltInk};stroke-width:${i % 5 ? 2 : 5}`,
    );
  const hand = (turn: number, length: number, half: number) =>
    place(
      0,
      0,
      polygon(`0,${-length} ${half},${-length * 0.55} 4,22 -4,22 ${-half},${-length * 0.55}`, "fill:#d2452d"),
      turn,
    );
  const craters = pointsOf("-40,-30 36,44 -18,62 52,-36 -70,20 10,-66");
  return place(
    236,
    410,
    circle(0, 0, 186, `fill:${saltPaper};stroke:${saltInk};stroke-width:5`) +
      circle(0, 0, 178, `fill:none;stroke:${saltInk};stroke-width:2`) +
      circle(0, 0, 108, `fill:none;stroke:${saltInk};stroke-width:3`) +
      each(
        craters,
        ([x, y], i) =>
          circle(x, y, 7 + (i % 3) * 4, `fill:none;stroke:${saltInk};stroke-width:2`) +
          path(`M${x - 4} ${y + 5}a8 8 0 0 0 9-9`, `fill:none;stroke:${saltInk};stroke-width:4`),
      ) +
      times(60, tick) +
      each(numerals, numeral) +
      hand(-62, 92, 13) +
      hand(118, 128, 9) +
      circle(0, 0, 14, `fill:${saltInk}`) +
      circle(0, 0, 6, "fill:#d2452d"),
  );
}

function lighthouse() {
  const half = (y: number) => 44 + y * 0.085;
  const band = (from: number, to: number) =>
    polygon(`${-half(from)},${from} ${half(from)},${from} ${half(to)},${to} ${-half(to)},${to}`, "fill:#d2452d");
  const hatch = (i: number) => {
    const y = 22 + i * 7.2;
    return line(half(y) - 16 - ((i * 29) % 34), y, half(y) - 2, y + 2, `stroke:${saltInk};stroke-width:3.2`);
  };
  return (
    polygon(
      `${-half(0)},0 ${half(0)},0 ${half(480)},480 ${-half(480)},480`,
      `fill:${saltPaper};stroke:${saltInk};stroke-width:7`,
    ) +
    band(54, 128) +
    band(206, 288) +
    band(366, 440) +
    times(60, hatch) +
    each(
      [84, 168, 250, 330],
      (y, i) =>
        path(`M${-20 + i * 3} ${y + 36}v-24a12 12 0 0 1 24 0v24Z`, `fill:${saltInk}`) +
        rect(-10 + i * 3, y + 8, 4, 26, `fill:${saltPaper}`),
    ) +
    rect(-64, -12, 128, 16, `fill:${saltInk}`) +
    times(9, (i) => line(-60 + i * 15, -12, -60 + i * 15, -38, `stroke:${saltInk};stroke-width:4`)) +
    line(-64, -38, 64, -38, `stroke:${saltInk};stroke-width:5`) +
    rect(-34, -78, 68, 66, `fill:#ffd25e;stroke:${saltInk};stroke-width:6`) +
    path("M-12-78V-12M12-78V-12M-34-45H34", `stroke:${saltInk};stroke-width:4`) +
    circle(0, -45, 13, "fill:#fffbe6") +
    path("M-44-78Q-36-124 0-132Q36-124 44-78Z", `fill:#d2452d;stroke:${saltInk};stroke-width:6`) +
    path("M0-132V-168M-14-154H20", `stroke:${saltInk};stroke-width:5`)
  );
}

function rocks() {
  const chance = random(41);
  const chip = () => {
    const [x, y] = [chance.between(360, 680), chance.between(752, 836)];
    return path(
      `M${x} ${y}l${chance.between(10, 34)} ${chance.between(-12, 4)}l-6 ${chance.between(6, 14)}Z`,
      `fill:${saltPaper}`,
    );
  };
  return (
    polygon(
      "310,870 350,812 382,818 404,768 440,776 462,742 560,738 590,770 640,756 690,800 690,880",
      `fill:${saltInk}`,
    ) + times(52, chip)
  );
}

function engravedWaves() {
  const chance = random(29);
  const wave = (x: number, y: number, size: number) => {
    const lines = times(6, (i) =>
      path(
        `M${-78 + i * 9} ${20 + i * 5}Q${-40 + i * 9} ${-34 + i * 8} ${4 + i * 6} ${-32 + i * 7}`,
        `fill:none;stroke:${saltPaper};stroke-width:${4 - i * 0.4}`,
      ),
    );
    const foam = times(5, () =>
      circle(
        chance.between(10, 66),
        chance.between(-46, -18),
        chance.between(2, 5),
        `fill:${saltPaper};stroke:${saltInk};stroke-width:1.5`,
      ),
    );
    return place(
      x,
      y,
      path(
        "M-110 60C-80 10-50-44 8-46C52-46 70-10 44 6C30 12 18 2 26-8C4-10 0 14 22 26C48 38 84 30 110 60Z",
        `fill:#1f5961;stroke:${saltInk};stroke-width:6`,
      ) +
        lines +
        foam,
      chance.between(-8, 8),
      size,
    );
  };
  const row = (y: number, count: number, shift: number) =>
    times(count, (i) =>
      wave(
        shift + i * (760 / count) + chance.between(-14, 14),
        y + chance.between(-10, 10),
        4.6 / count + chance.between(-0.1, 0.14),
      ),
    );
  return (
    rect(0, 880, width, 90, "fill:#1f5961") +
    row(846, 6, -30) +
    row(890, 5, 40) +
    row(944, 4, -20) +
    rect(0, 960, width, 64, "fill:#1f5961")
  );
}

const saltTitle = () =>
  rect(0, 0, width, 178, `fill:${saltPaper}`) +
  path("M30 168H653M30 176H653", `stroke:${saltInk};stroke-width:3`) +
  fitted(34, 92, 615, "THE SALT CLOCK", `font:700 88px 'Old Standard TT';fill:${saltInk}`) +
  text(36, 144, "a novel by Ines Harrow", `font:italic 36px 'Old Standard TT';fill:${saltInk}`) +
  text(648, 146, "盐钟", "font:900 42px 'Noto Serif CJK SC';fill:#d2452d;text-anchor:end") +
  rect(0, 968, width, 56, `fill:${saltInk}`) +
  text(
    342,
    1005,
    "“Every tide is an hour somebody lost.”",
    `font:italic 29px 'Old Standard TT';fill:${saltPaper};text-anchor:middle`,
  );

// One Pot, Four Seasons: a bowl of noodles seen from above among its ingredients.

function fourSeasonsPot() {
  const chance = random(52);
  return (
    rect(0, 0, width, height, "fill:#e9b23c") +
    tablecloth() +
    pantry(chance) +
    place(342, 640, noodleBowl(chance)) +
    place(556, 560, chopsticks(), 24) +
    cookbookTitle()
  );
}

const tablecloth = () =>
  times(9, (i) => rect(i * 84 - 30, 0, 34, height, "fill:#d99a26;opacity:.6")) +
  times(13, (i) => rect(0, i * 84 - 10, width, 34, "fill:#f3ca68;opacity:.6")) +
  times(9, (i) => times(13, (j) => rect(i * 84 - 17, j * 84 + 3, 8, 8, "fill:#fff3cf", 2)));

function noodleBowl(chance: Random) {
  const dash = (i: number) =>
    place(
      ...polar(0, 0, 262, i * 15),
      path("M-16 0C-8-14 8-14 16 0C8 8-8 8-16 0Z", `fill:${i % 3 ? "#2a5ca8" : "#d6402f"}`) +
        circle(0, -1, 4, "fill:#fff"),
      i * 15 + 90,
    );
  return (
    ellipse(10, 20, 298, 296, "fill:#8a5a12;opacity:.45") +
    circle(0, 0, 290, "fill:#f7f3ea;stroke:#1f3b6e;stroke-width:7") +
    times(24, dash) +
    circle(0, 0, 232, "fill:#1f3b6e") +
    clip("soup", circle(0, 0, 224, ""), circle(0, 0, 230, "fill:#c8651b") + noodles(chance) + soupLeaves()) +
    place(-92, -92, eggHalf(), -20) +
    place(-14, -130, eggHalf(), 30, 0.86) +
    place(110, -84, shrimp(), 20) +
    place(134, 30, shrimp(), 84, 0.86) +
    place(-120, 62, mushroom(), -12) +
    place(-58, 120, mushroom(), 24, 0.84) +
    place(52, 120, fishCake(), 10) +
    scallions(chance)
  );
}

function noodles(chance: Random) {
  const strand = () => {
    const [x, y, turn] = [chance.between(-170, 170), chance.between(-170, 170), chance.between(0, 360)];
    const points = along(6, (part) =>
      polar(x + part * 90 - 45, y, 60 + 50 * part, turn + part * chance.between(120, 200)),
    );
    return (
      path(curve(points), "fill:none;stroke:#a54f12;stroke-width:12") +
      path(curve(points), `fill:none;stroke:${chance.pick(["#ffdf8e", "#f7cd6d", "#ffe9ae"])};stroke-width:8`)
    );
  };
  return times(64, strand);
}

const soupLeaves = () =>
  each(rowsOf("-190 -20 -80, -180 -70 -40, 176 120 120, 120 176 160, 196 70 95"), ([x, y, turn], i) =>
    place(
      x,
      y,
      path("M0 30C-6 4-50-6-44-50C-20-86 20-86 44-50C50-6 6 4 0 30Z", `fill:${i % 2 ? "#3f8f3a" : "#2f7535"}`) +
        path("M0 60V-50M0-10L-24-40M0-10L24-40M0-30L-14-60M0-30L14-60", "fill:none;stroke:#cfe8a2;stroke-width:6"),
      turn,
    ),
  );

const eggHalf = () =>
  ellipse(0, 0, 46, 58, "fill:#fffdf5;stroke:#c58a3a;stroke-width:4") +
  circle(0, 8, 27, "fill:#f6921e") +
  circle(-6, 2, 14, "fill:#ffc04d") +
  path("M12 18q10-6 8-16", "fill:none;stroke:#fff0c0;stroke-width:5");

const shrimp = () =>
  path(
    ribbon(
      along(10, (part) => polar(0, 0, 52, 150 + part * 230)),
      (part) => 48 - part * 30,
    ),
    "fill:#f4845f;stroke:#b8432f;stroke-width:4",
  ) +
  times(5, (i) =>
    path(
      edges([polar(0, 0, 34 + i * 2, 178 + i * 36), polar(0, 0, 72 - i * 3, 182 + i * 36)]),
      "stroke:#fff0e0;stroke-width:6",
    ),
  ) +
  place(...polar(0, 0, 52, 28), path("M0 0L30 6L20 20L28 38L2 22Z", "fill:#d6402f")) +
  path("M-46 20C-70 50-60 80-30 90M-46 20C-90 40-90 70-70 96", "fill:none;stroke:#b8432f;stroke-width:3");

const mushroom = () =>
  circle(0, 0, 44, "fill:#5b3a21;stroke:#3a2312;stroke-width:4") +
  circle(-4, -5, 35, "fill:#7a5030") +
  each([0, 60, 120], (turn) => place(0, 0, path("M-28 0Q0-9 28 0Q0 9-28 0Z", "fill:#f3dfbf"), turn));

const fishCake = () =>
  polygon(star(0, 0, 48, 40, 12), "fill:#fffaf2;stroke:#d88a9a;stroke-width:4") +
  path(
    curve(along(22, (part) => polar(0, 0, 5 + part * 26, part * 700))),
    "fill:none;stroke:#ee5a84;stroke-width:8;stroke-linecap:round",
  );

function scallions(chance: Random) {
  const ring = () => {
    const [x, y] = polar(0, 0, chance.between(20, 205), chance.between(0, 360));
    return ellipse(
      x,
      y,
      chance.between(8, 13),
      chance.between(6, 11),
      `fill:none;stroke:${chance.pick(["#4fa33f", "#86c84a", "#2f7535"])};stroke-width:5`,
    );
  };
  const pepper = () =>
    place(
      ...polar(0, 0, chance.between(10, 200), chance.between(0, 360)),
      path("M-9-6Q0-12 9-6L7 7Q0 2-7 7Z", "fill:#d6231f"),
      chance.between(0, 360),
    );
  return times(30, ring) + times(16, pepper);
}

const chopsticks = () =>
  polygon("-18,-420 -2,-420 -9,330 -14,330", "fill:#7c1f1a;stroke:#3f0c0a;stroke-width:3") +
  polygon("18,-420 34,-420 15,336 10,336", "fill:#7c1f1a;stroke:#3f0c0a;stroke-width:3") +
  each(
    [-400, -384, -352, -336],
    (y, i) => rect(-18, y, 16, i % 2 ? 5 : 9, "fill:#e9b23c") + rect(17, y + 5, 16, i % 2 ? 9 : 5, "fill:#e9b23c"),
  );

function pantry(chance: Random) {
  const items: [(chance: Random) => string, number, number, number, number][] = [
    [lotusRoot, 78, 330, 12, 1],
    [starAnise, 176, 296, 30, 1],
    [chili, 430, 282, 10, 0.9],
    [garlic, 86, 940, -14, 1],
    [lotusRoot, 616, 944, 40, 0.9],
    [carrot, 40, 480, 5, 0.9],
    [starAnise, 26, 800, 8, 0.8],
    [chili, 190, 985, -10, 0.9],
    [carrot, 664, 800, 160, 0.8],
    [garlic, 580, 306, 22, 0.8],
    [starAnise, 330, 312, 50, 0.7],
    [starAnise, 480, 982, 80, 0.9],
    [carrot, 340, 1000, 100, 0.7],
  ];
  return each(items, ([draw, x, y, turn, scale]) => place(x, y, draw(chance), turn, scale));
}

const lotusRoot = (chance: Random) =>
  circle(0, 0, 62, "fill:#f6e3c8;stroke:#a8744a;stroke-width:6") +
  circle(0, 0, 10, "fill:#a8744a") +
  times(8, (i) =>
    ellipse(
      ...polar(0, 0, 36, i * 45 + chance.between(-4, 4)),
      chance.between(9, 13),
      chance.between(8, 12),
      "fill:#a8744a",
    ),
  );

const starAnise = (chance: Random) =>
  times(8, (i) =>
    place(
      0,
      0,
      path(
        `M0 0C-12-14-14-30 0-${chance.between(44, 54)}C14-30 12-14 0 0Z`,
        "fill:#6b3414;stroke:#3a1a08;stroke-width:3",
      ) + ellipse(0, -24, 4, 8, "fill:#d98a3a"),
      i * 45,
    ),
  ) + circle(0, 0, 6, "fill:#3a1a08");

const chili = () =>
  path("M-60 0C-40-26 20-22 78 14C30 22-40 30-60 0Z", "fill:#d6231f;stroke:#7c1010;stroke-width:4") +
  path("M-40-4C-20-12 10-10 30-2", "fill:none;stroke:#ff8a70;stroke-width:5;stroke-linecap:round") +
  path("M-56 0C-74-14-84-6-96-22", "fill:none;stroke:#3f8f3a;stroke-width:9;stroke-linecap:round");

const garlic = () =>
  path(
    "M0-74C4-50 20-40 42-16C62 10 44 48 0 50C-44 48-62 10-42-16C-20-40-4-50 0-74Z",
    "fill:#f8f0e6;stroke:#9a7c8c;stroke-width:5",
  ) +
  path(
    "M0-60C-16-20-24 10-14 46M0-60C16-20 24 10 14 46M-4-54C-36-10-40 20-34 40",
    "fill:none;stroke:#b898a8;stroke-width:4",
  );

const carrot = (chance: Random) =>
  polygon(star(0, 0, 54, 46, 14), "fill:#ef7a22;stroke:#a8450c;stroke-width:4") +
  circle(0, 0, 22, "fill:#f9a04a") +
  times(12, (i) =>
    path(
      edges([polar(0, 0, 26, i * 30), polar(0, 0, chance.between(34, 42), i * 30)]),
      "stroke:#f9c27a;stroke-width:4",
    ),
  );

const cookbookTitle = () =>
  path(`M0 0H683V206Q640 236 598 206T512 206T427 206T342 206T256 206T171 206T85 206T0 206Z`, "fill:#b3261e") +
  text(40, 134, "一锅四季", "font:900 106px 'Noto Serif CJK SC';fill:#fff3cf") +
  path("M496 40V176", "stroke:#e9b23c;stroke-width:4") +
  each(["One Pot,", "Four", "Seasons"], (word, i) =>
    text(514, 72 + i * 44, word, "font:37px 'Leckerli One';fill:#e9b23c"),
  ) +
  text(44, 184, "84 道家常汤面与炖菜 · 梅小满 著", "font:700 25px 'Noto Sans CJK SC';fill:#fff3cf");

// The Whale Who Went to the Moon: a whale with a village on its back in a starry sky.

function moonWhale() {
  const chance = random(77);
  return (
    gradient("dusk", ["#1a1650", "#3a2a86", "#7b4bb0", "#f08fb0", "#ffd0a8"]) +
    rect(0, 0, width, height, "fill:url(#dusk)") +
    milkyStars(chance) +
    place(520, 250, sleepyMoon()) +
    dreamClouds(chance) +
    whaleVillage(chance) +
    whaleBody(chance) +
    nightSea(chance) +
    whaleTitle()
  );
}

function milkyStars(chance: Random) {
  const one = () => {
    const [x, y, size] = [chance.between(0, width), chance.between(0, 620), chance.between(2, 11)];
    return polygon(
      star(x, y, size, size * 0.4, chance.pick([4, 5, 6]), chance.between(0, 90)),
      `fill:${chance.pick(["#fff6c9", "#ffe08a", "#cfe6ff"])}`,
    );
  };
  return times(110, one);
}

const sleepyMoon = () =>
  circle(0, 0, 148, "fill:#fff6c9;opacity:.25") +
  circle(0, 0, 122, "fill:#ffedb0") +
  each(
    rowsOf("-60 -50 20, 40 -70 13, 76 20 17, -80 30 11, 10 84 22, -30 60 8"),
    ([x, y, r]) => circle(x, y, r, "fill:#f2cf7c") + circle(x + 3, y + 3, r * 0.65, "fill:#e8bc62"),
  ) +
  path(
    "M-52-4q18 18 36 0M22-4q18 18 36 0M-14 34q18 20 36 0",
    "fill:none;stroke:#6b4a2a;stroke-width:6;stroke-linecap:round",
  ) +
  circle(-56, 26, 13, "fill:#ff9e9e") +
  circle(62, 28, 13, "fill:#ff9e9e") +
  path("M-104-66C-80-150 40-180 96-90L150-40C120-60 104-62 98-70C50-110-50-110-104-66Z", "fill:#e0527a") +
  circle(140, -34, 15, "fill:#fff") +
  each(rowsOf("-60 -104 9, -10 -122 8, 46 -108 9, 84 -78 6"), ([x, y, r]) =>
    polygon(star(x, y, r, r / 2, 5), "fill:#ffe08a"),
  );

function dreamClouds(chance: Random) {
  const puff = (x: number, y: number, size: number, color: string) =>
    times(7, (i) =>
      circle(
        x + (i - 3) * size * 0.5,
        y + chance.between(-0.1, 0.1) * size,
        size * (0.66 - Math.abs(i - 3) * 0.12),
        `fill:${color}`,
      ),
    ) +
    times(4, (i) =>
      path(
        `M${x - size + i * size * 0.5} ${y + (i % 2) * 8}a${size * 0.22} ${size * 0.22} 0 1 1 ${size * 0.3} ${size * 0.12}`,
        "fill:none;stroke:#fff;stroke-width:4;opacity:.8",
      ),
    );
  return (
    puff(96, 330, 70, "#8d6cc4") +
    puff(600, 470, 74, "#c98ac6") +
    puff(40, 760, 90, "#f6b3c0") +
    puff(630, 800, 80, "#ffd9c4") +
    puff(330, 800, 60, "#fbc4bd")
  );
}

function whaleVillage(chance: Random) {
  const roofs = ["#e0527a", "#ffb84d", "#3fb8a5", "#f26b4e", "#8fd14f", "#ff8fb1"];
  const house = (i: number) => {
    const [x, tall, across] = [166 + i * 52, chance.between(46, 92), chance.between(38, 48)];
    const base = 452 - 46 * Math.sin(((i + 1) / 7) * Math.PI) + i * 4;
    const window = (j: number) =>
      rect(
        x + 6 + (j % 2) * 17,
        base - tall + 10 + (j >> 1) * 22,
        11,
        13,
        `fill:${chance.chance(0.7) ? "#fff1a8" : "#3a2a6b"};stroke:#2a1d52;stroke-width:2`,
      );
    return (
      rect(
        x,
        base - tall,
        across,
        tall + 50,
        `fill:${chance.pick(["#fff4e0", "#ffd9c4", "#d7c6f5"])};stroke:#2a1d52;stroke-width:4`,
      ) +
      polygon(
        `${x - 7},${base - tall} ${x + across / 2},${base - tall - chance.between(26, 52)} ${x + across + 7},${base - tall}`,
        `fill:${roofs[i]};stroke:#2a1d52;stroke-width:4`,
      ) +
      times(tall > 66 ? 4 : 2, window)
    );
  };
  const balloon = place(
    118,
    322,
    path("M0-66C44-66 56-20 34 10L12 38H-12L-34 10C-56-20-44-66 0-66Z", "fill:#f26b4e;stroke:#2a1d52;stroke-width:4") +
      path("M0-66C-24-40-24 10-8 38H8C24 10 24-40 0-66Z", "fill:#ffe08a") +
      path("M-12 38L-9 58M12 38L9 58", "stroke:#2a1d52;stroke-width:3") +
      rect(-13, 58, 26, 20, "fill:#a8693a;stroke:#2a1d52;stroke-width:3", 4),
    8,
  );
  return balloon + times(6, house);
}

function whaleBody(chance: Random) {
  const body =
    "M48 590C44 470 170 400 310 404C430 408 500 486 560 482C592 478 600 450 594 420C566 412 544 384 548 346C584 352 606 370 618 396C626 364 648 346 680 342C686 384 664 416 634 426C640 496 606 580 536 634C456 692 330 732 214 716C112 700 50 668 48 590Z";
  const spot = () => {
    const [x, y] = [chance.between(110, 560), chance.between(420, 600)];
    return chance.chance(0.5)
      ? circle(x, y, chance.between(3, 9), "fill:#8fd3f0;opacity:.8")
      : polygon(star(x, y, chance.between(7, 14), 4, 5, chance.between(0, 70)), "fill:#bfe8ff;opacity:.85");
  };
  const belly = "M40 596C150 640 330 650 470 588C500 640 380 740 200 730C80 716 44 660 40 596Z";
  return (
    clip(
      "whale",
      path(body, ""),
      rect(0, 300, width, 460, "fill:#2f6fc0") +
        path("M40 470C200 380 420 420 600 520L700 300H0Z", "fill:#3d86d6") +
        times(46, spot) +
        path(belly, "fill:#eaf4ff") +
        times(6, (i) =>
          path(
            `M${52 + i * 12} ${622 + i * 13}C${140 + i * 12} ${664 + i * 10} ${300 - i * 4} ${670 + i * 8} ${440 - i * 26} ${622 + i * 12}`,
            "fill:none;stroke:#8fb6dc;stroke-width:4",
          ),
        ),
    ) +
    path(body, "fill:none;stroke:#2a1d52;stroke-width:6;stroke-linejoin:round") +
    path(
      "M50 600C120 628 170 634 214 622C226 618 232 606 228 596",
      "fill:none;stroke:#2a1d52;stroke-width:6;stroke-linecap:round",
    ) +
    circle(196, 566, 20, "fill:#fff") +
    circle(191, 568, 13, "fill:#2a1d52") +
    circle(186, 562, 5, "fill:#fff") +
    circle(236, 592, 16, "fill:#ff9e9e;opacity:.8") +
    path(
      "M298 640C290 694 320 760 390 776C400 724 382 672 354 640Q324 610 298 640Z",
      "fill:#2c62ad;stroke:#2a1d52;stroke-width:6",
    ) +
    path("M322 660C326 700 344 736 372 752M342 656C348 690 362 716 380 728", "fill:none;stroke:#8fd3f0;stroke-width:4")
  );
}

function nightSea(chance: Random) {
  const tones = ["#d9719f", "#a457a6", "#6a43a0", "#432f86", "#2a2068"];
  const swell = (i: number) => {
    const y = 868 + i * 32;
    const top = along(16, (part) => [part * 700 - 8, y + 13 * Math.sin(part * 14 + i * 1.9)] as Point);
    const glints = times(i < 3 ? 14 : 0, () =>
      path(
        `M${chance.between(0, 660)} ${y + chance.between(12, 34)}h${chance.between(14, 44)}`,
        "stroke:#ffe9c9;stroke-width:4;stroke-linecap:round;opacity:.75",
      ),
    );
    return path(`${curve(top)}V1024H-8Z`, `fill:${tones[i]}`) + glints;
  };
  const boat = place(
    520,
    846,
    path("M-50 0H50L34 26H-36Z", "fill:#a8693a;stroke:#2a1d52;stroke-width:4") +
      path("M0-4V-76L44-14ZM-6-4V-58L-34-12Z", "fill:#fff4e0;stroke:#2a1d52;stroke-width:4"),
    -5,
  );
  return boat + times(5, swell);
}

function whaleTitle() {
  const letters = [..."小鲸鱼去月亮"];
  const lettering = "font:900 76px 'Noto Sans CJK SC';text-anchor:middle;";
  return (
    each(letters, (letter, i) =>
      place(
        66 + i * 66,
        118 + 18 * Math.sin(i * 1.5),
        text(0, 0, letter, `${lettering}fill:none;stroke:#2a1d52;stroke-width:16;stroke-linejoin:round`) +
          text(0, 0, letter, `${lettering}fill:${["#ffe08a", "#8fe3d0", "#ffb0c4"][i % 3]}`),
        Math.sin(i * 2) * 8,
        i % 2 ? 0.9 : 1.04,
      ),
    ) +
    text(36, 196, "The Whale Who", "font:40px 'Cherry Bomb';fill:#fff") +
    text(36, 240, "Went to the Moon", "font:40px 'Cherry Bomb';fill:#fff") +
    text(
      342,
      1000,
      "文 / 图  海小豆   ·   Story & pictures by Pip Arden",
      "font:700 24px 'Noto Sans CJK SC';fill:#fff;text-anchor:middle",
    )
  );
}

// Ripples & Fields: interference of two sources, field arrows and particle tracks.

function ripplesAndFields() {
  return (
    rect(0, 0, width, height, "fill:#0d1024") + interference() + fieldArrows() + particleTracks() + textbookTitle()
  );
}

function interference() {
  const wave = (x: number, y: number) => {
    const [near, far] = [Math.hypot(x - 210, y - 250), Math.hypot(x - 520, y - 470)];
    return Math.cos(near / 8.6) / (1 + near / 420) + Math.cos(far / 10.4) / (1 + far / 420);
  };
  const tones: [number, string][] = [
    [-0.5, "#2b1a5e"],
    [0.15, "#7a1f7d"],
    [0.7, "#f0503c"],
    [1.15, "#ffc23c"],
  ];
  return each(tones, ([level, color]) => path(above(wave, level, width, 720, 6), `fill:${color}`));
}

function fieldArrows() {
  const field = (x: number, y: number): Point => {
    const pull = (cx: number, cy: number, sign: number): Point => [
      (sign * (x - cx)) / Math.hypot(x - cx, y - cy) ** 2,
      (sign * (y - cy)) / Math.hypot(x - cx, y - cy) ** 2,
    ];
    const [push, draw] = [pull(210, 250, 1), pull(520, 470, -1)];
    return [push[0] + draw[0], push[1] + draw[1]];
  };
  const arrow = (x: number, y: number) => {
    const [dx, dy] = field(x, y);
    const turn = (Math.atan2(dy, dx) * 180) / Math.PI;
    return place(
      x,
      y,
      path("M-15-2.5H4V-8L17 0L4 8V2.5H-15Z", "fill:#e9f7ff;stroke:#0d1024;stroke-width:1.5"),
      turn,
      Math.min(1.2, 0.62 + Math.hypot(dx, dy) * 36),
    );
  };
  const charge = (x: number, y: number, sign: string, color: string) =>
    circle(x, y, 36, `fill:${color};stroke:#0d1024;stroke-width:7`) +
    text(x, y + 20, sign, "font:900 60px 'Inter';fill:#0d1024;text-anchor:middle");
  return (
    times(10, (row) => times(10, (column) => arrow(34 + column * 68 + (row % 2) * 12, 36 + row * 70))) +
    charge(210, 250, "+", "#ffd95c") +
    charge(520, 470, "−", "#7fe3ff")
  );
}

function particleTracks() {
  const chance = random(90);
  const spiral = (x: number, y: number, size: number, sign: number, color: string) => {
    const points = along(70, (part) =>
      polar(x + sign * 40 * part, y - 60 * part, size * (1 - part) ** 1.4, 90 + sign * part * 1500),
    );
    return path(curve(points), `fill:none;stroke:${color};stroke-width:4`);
  };
  const colors = ["#f0503c", "#1f7fd1", "#0d1024", "#9a2fa0"];
  const stray = () =>
    path(
      `M${chance.between(0, 700)} 716Q${chance.between(100, 600)} ${chance.between(780, 900)} ${chance.between(0, 700)} 1030`,
      `fill:none;stroke:${chance.pick(colors)};stroke-width:2;stroke-dasharray:${chance.pick(["none", "2 5", "9 4"])}`,
    );
  return (
    rect(0, 716, width, 308, "fill:#f4f1e8") +
    times(12, stray) +
    spiral(560, 800, 92, 1, "#f0503c") +
    spiral(448, 890, 60, -1, "#1f7fd1") +
    spiral(620, 950, 52, -1, "#9a2fa0") +
    spiral(412, 786, 34, 1, "#0d1024")
  );
}

const textbookTitle = () =>
  rect(0, 728, 352, 296, "fill:#f4f1e8") +
  line(352, 740, 352, 1004, "stroke:#0d1024;stroke-width:4") +
  text(34, 806, "Ripples", "font:900 82px 'Inter';fill:#0d1024;letter-spacing:-3px") +
  text(34, 880, "& Fields", "font:900 76px 'Inter';fill:#f0503c;letter-spacing:-3px") +
  text(36, 938, "涟漪与场", "font:900 46px 'Noto Sans CJK SC';fill:#0d1024") +
  text(236, 934, "第三版", "font:700 24px 'Noto Sans CJK SC';fill:#7a1f7d") +
  text(36, 992, "Kesi Odwar · 苏以恒", "font:600 24px 'Inter','Noto Sans CJK SC';fill:#0d1024") +
  rect(0, 708, width, 14, "fill:#ffc23c") +
  rect(0, 708, 210, 14, "fill:#f0503c");

// Slow Ferry: the plain one, an ink boat, its ripples and a few reeds.

function slowFerry() {
  const ink = "#22302f";
  const ripple = (i: number) =>
    path(
      `M${330 - i * 34} ${668 + i * 15}Q${430 + i * 4} ${676 + i * 19} ${540 + i * 22} ${664 + i * 15}`,
      `fill:none;stroke:${ink};stroke-width:${3.4 - i * 0.5};opacity:${0.85 - i * 0.12}`,
    );
  return (
    rect(0, 0, width, height, "fill:#dfe5dc") +
    ferryMountain() +
    place(438, 640, ferryBoat(ink)) +
    times(6, ripple) +
    ferryReeds(ink) +
    ferryTitle(ink)
  );
}

const ferryMountain = () =>
  gradient("wash", ["#93a8a3", "#dfe5dc"]) +
  path(
    "M-10 470C60 430 90 372 150 358C190 350 214 392 260 404C310 416 330 380 372 384C430 390 470 450 690 476V560H-10Z",
    "fill:url(#wash)",
  ) +
  path(
    ribbon(pointsOf("-10,470 60,432 100,384 150,358 196,366 232,396"), (part) => 3 + 9 * Math.sin(part * 3)),
    "fill:#5f7672;opacity:.7",
  );

const ferryBoat = (ink: string) =>
  path("M-120-14C-70 20 60 22 128-26C100 26 60 36 0 36C-60 36-100 20-120-14Z", `fill:${ink}`) +
  path("M-40 4C-36-40 36-44 46 0Z", "fill:#8c7a55") +
  times(5, (i) =>
    path(
      `M${-26 + i * 14} 4C${-24 + i * 14}-${22 + i} ${-18 + i * 14}-${30 - (i % 2) * 3} ${-14 + i * 13}-${31 - Math.abs(i - 2) * 3}`,
      `fill:none;stroke:${ink};stroke-width:2.5`,
    ),
  ) +
  line(96, 30, 150, -120, `stroke:${ink};stroke-width:4`) +
  path("M78-22C72-50 88-62 98-58C108-52 104-30 102-14Z", `fill:${ink}`) +
  path("M70-58L94-80L118-56Z", "fill:#8c7a55");

function ferryReeds(ink: string) {
  const reeds = rowsOf("60 250 -26, 84 330 14, 104 210 40, 130 280 66");
  return each(reeds, ([x, rise, lean]) => {
    const stem: Point[] = [
      [x, 1024],
      [x + lean * 0.3, 1024 - rise * 0.6],
      [x + lean, 1024 - rise],
    ];
    return (
      path(
        ribbon(stem, (part) => 7 - part * 5),
        `fill:${ink}`,
      ) + place(x + lean, 1024 - rise, path("M0-34C9-26 9 26 0 34C-9 26-9-26 0-34Z", "fill:#8c5a3a"), lean / 3)
    );
  });
}

const ferryTitle = (ink: string) =>
  text(560, 190, "慢", `font:118px 'LXGW WenKai';fill:${ink};text-anchor:middle`) +
  text(560, 326, "渡", `font:118px 'LXGW WenKai';fill:${ink};text-anchor:middle`) +
  rect(536, 360, 48, 48, "fill:#b5362b", 6) +
  text(560, 397, "林", "font:700 36px 'LXGW WenKai';fill:#dfe5dc;text-anchor:middle") +
  text(60, 120, "Slow Ferry", `font:italic 54px 'EB Garamond';fill:${ink}`) +
  text(62, 164, "forty poems", `font:italic 30px 'EB Garamond';fill:#5f7672`) +
  each(["渡口没有名字", "雨停在午后三点", "我把桨放回水里"], (verse, i) =>
    text(640, 820 + i * 36, verse, "font:24px 'LXGW WenKai';fill:#5f7672;text-anchor:end"),
  ) +
  text(640, 976, "林见溪 诗集", `font:30px 'LXGW WenKai';fill:${ink};text-anchor:end`);

// Seven Doors on Copper Lane: a brick wall with seven doors, one of them open.

function sevenDoors() {
  const doors: [number, number, string, () => string][] = [
    [40, 60, "1", () => gothicDoor("#8e2f3c")],
    [208, 60, "2", () => shopDoor("#2d7f78")],
    [376, 60, "3", () => ironDoor("#4a5568")],
    [544, 60, "4", () => plankDoor("#a06a2c")],
    [40, 690, "5", () => moonDoor("#5b3b8c")],
    [544, 690, "6", () => panelDoor("#c9922b")],
  ];
  return (
    rect(0, 0, width, height, "fill:#141a30") +
    bricks() +
    each(doors, ([x, y, number, draw]) => place(x, y, doorway(draw(), number))) +
    openDoor() +
    lampPost() +
    doorsTitle()
  );
}

function bricks() {
  const chance = random(66);
  const tones = ["#222b4a", "#283357", "#1d2541", "#313d66", "#2b2f57"];
  const row = (j: number) => {
    let [x, content] = [chance.between(-50, 0), ""];
    while (x < width) {
      const across = chance.between(30, 66);
      content += rect(x, j * 22, across - 3, 19, `fill:${chance.pick(tones)}`, 2);
      x += across;
    }
    return content;
  };
  return times(47, row);
}

const doorway = (door: string, number: string) =>
  polygon("-14,236 114,236 124,258 -24,258", "fill:#8791b5") +
  polygon("-24,258 124,258 124,270 -24,270", "fill:#4d5780") +
  door +
  circle(50, -26, 19, "fill:#f3d27a;stroke:#0c1020;stroke-width:4") +
  text(50, -16, number, "font:800 28px 'Roboto Slab';fill:#0c1020;text-anchor:middle");

const doorEdge = "stroke:#0c1020;stroke-width:5";

const gothicDoor = (color: string) =>
  path("M0 236V80Q4 20 50 0Q96 20 100 80V236Z", `fill:${color};${doorEdge}`) +
  path("M50 4V236M10 90H90M10 160H90", doorEdge) +
  path("M16 84Q20 40 46 24V84ZM84 84Q80 40 54 24V84Z", "fill:#f3b04a;stroke:#0c1020;stroke-width:3") +
  each([100, 172], (y) => path(`M4 ${y}q24-10 38 6M96 ${y}q-24-10-38 6`, "fill:none;stroke:#0c1020;stroke-width:4")) +
  circle(60, 150, 5, "fill:#f3d27a");

const shopDoor = (color: string) =>
  rect(0, 20, 100, 216, `fill:${color};${doorEdge}`) +
  rect(14, 36, 72, 110, "fill:#cfe8dd;stroke:#0c1020;stroke-width:4") +
  path("M14 96L60 36M30 146L86 70", "stroke:#fff;stroke-width:8") +
  path("M-16 20H116L100-4H0Z", "fill:#e5574a;stroke:#0c1020;stroke-width:4") +
  times(4, (i) => path(`M${i * 30 - 8} 20l6-22h14l2 22Z`, "fill:#f5ead0")) +
  rect(22, 164, 56, 52, "fill:none;stroke:#0c1020;stroke-width:4") +
  place(
    50,
    70,
    rect(-24, -11, 48, 22, "fill:#fff;stroke:#0c1020;stroke-width:3") +
      text(0, 7, "SHUT", "font:700 15px 'Roboto Slab';fill:#c0392b;text-anchor:middle"),
    -8,
  );

const ironDoor = (color: string) =>
  rect(0, 8, 100, 228, `fill:${color};${doorEdge}`) +
  times(5, (row) => times(2, (column) => circle(12 + column * 76, 24 + row * 49, 5, "fill:#a8b3c7"))) +
  rect(24, 40, 52, 26, "fill:#0c1020") +
  each([34, 44, 54, 64], (x) => line(x, 40, x, 66, "stroke:#a8b3c7;stroke-width:4")) +
  circle(50, 132, 28, "fill:none;stroke:#a8b3c7;stroke-width:7") +
  times(3, (i) =>
    path(edges([polar(50, 132, 38, i * 60), polar(50, 132, 38, i * 60 + 180)]), "stroke:#a8b3c7;stroke-width:5"),
  ) +
  path("M4 190H96", "stroke:#2d3748;stroke-width:10");

const plankDoor = (color: string) =>
  path("M0 236V40Q50 0 100 40V236Z", `fill:${color};${doorEdge}`) +
  each([20, 42, 61, 80], (x) => line(x, 22, x, 236, "stroke:#5a3a14;stroke-width:4")) +
  polygon("0,70 100,58 100,80 0,92", "fill:#6e4518") +
  polygon("0,180 100,196 100,216 0,200", "fill:#6e4518") +
  each(rowsOf("10 80, 30 78, 52 75, 90 70, 12 192, 50 198, 88 204"), ([x, y]) => circle(x, y, 3.5, "fill:#0c1020")) +
  path("M64 128h18v24h-18ZM68 128v-8a5 5 0 0 1 10 0v8", "fill:#f3d27a;stroke:#0c1020;stroke-width:3");

const moonDoor = (color: string) =>
  rect(-4, 4, 108, 232, `fill:#cfc4e8;${doorEdge}`) +
  circle(50, 110, 48, `fill:${color};stroke:#0c1020;stroke-width:4`) +
  path("M50 62V158M4 110H96", "stroke:#0c1020;stroke-width:4") +
  circle(40, 110, 5, "fill:#f3d27a") +
  circle(60, 110, 5, "fill:#f3d27a") +
  path("M-4 236V190Q20 176 50 190T104 186V236Z", `fill:${color}`) +
  each(rowsOf("10 30, 84 36, 14 176, 88 172"), ([x, y], i) => polygon(star(x, y, 15, 6, 4 + i), `fill:${color}`));

const panelDoor = (color: string) =>
  rect(0, 0, 100, 236, `fill:${color};${doorEdge}`) +
  path("M8 40A42 34 0 0 1 92 40Z", "fill:#7fb7d6;stroke:#0c1020;stroke-width:4") +
  path("M50 40V8M50 40L20 18M50 40L80 18", "stroke:#0c1020;stroke-width:3") +
  each(
    rowsOf("12 52 32 70, 56 52 32 70, 12 136 32 88, 56 136 32 88"),
    ([x, y, across, down]) =>
      rect(x, y, across, down, "fill:#a87416;stroke:#0c1020;stroke-width:3") +
      rect(x + 7, y + 8, across - 14, down - 16, "fill:#e0ae4c"),
  ) +
  path("M50 100q-10 14 0 22q10-8 0-22", "fill:none;stroke:#0c1020;stroke-width:5");

const openDoor = () =>
  polygon("286,926 396,926 560,1024 196,1024", "fill:#ffd45e") +
  polygon("250,930 250,640 430,640 430,930", "fill:#0c1020") +
  rect(276, 662, 128, 268, "fill:#ffd45e") +
  polygon("404,662 470,640 470,962 404,930", "fill:#b5342c;stroke:#0c1020;stroke-width:5") +
  polygon("416,684 458,672 458,780 416,780", "fill:#d9534a") +
  polygon("416,800 458,806 458,920 416,900", "fill:#d9534a") +
  path("M322 708Q340 688 358 708L362 728Q384 730 388 738Q340 752 292 738Q296 730 318 728Z", "fill:#0c1020") +
  path("M322 736H358V764H322Z", "fill:#0c1020") +
  path(
    "M328 760L304 774L290 850L304 856L314 820L308 896H372L366 820L376 852L390 846L376 774L352 760L340 782Z",
    "fill:#0c1020",
  ) +
  path("M318 890H336L334 930H316ZM344 890H362L364 930H346Z", "fill:#0c1020") +
  path("M378 846h34v26h-34ZM388 846v-8h14v8", "fill:#7a3a1c;stroke:#0c1020;stroke-width:4") +
  path("M330 930L250 1024H304L344 950L380 1024H440L366 930Z", "fill:#8f6a12;opacity:.55") +
  text(340, 632, "7", "font:800 44px 'Roboto Slab';fill:#ffd45e;text-anchor:middle") +
  each(rowsOf("232 1004 20, 262 984 -30, 470 1000 16, 506 984 -20"), ([x, y, turn]) =>
    place(x, y, ellipse(0, 0, 7, 13, "fill:#b5342c") + circle(0, 18, 6, "fill:#b5342c"), turn),
  );

const lampPost = () =>
  glow("lamp", ["#ffe9a0aa", "#ffe9a000"]) +
  circle(202, 640, 120, "fill:url(#lamp)") +
  path("M196 950L200 680H206L210 950Z", "fill:#0c1020") +
  path("M180 956H226L220 916H186Z", "fill:#0c1020") +
  polygon("182,616 222,616 214,676 190,676", "fill:#ffe9a0;stroke:#0c1020;stroke-width:5") +
  polygon("174,616 202,588 230,616", "fill:#0c1020") +
  path("M202 616V676M178 700H228", "stroke:#0c1020;stroke-width:4");

const doorsTitle = () =>
  polygon("0,388 683,358 683,548 0,578", "fill:#f5ead0") +
  polygon("0,578 683,548 683,560 0,590", "fill:#b5342c") +
  place(30, 478, fitted(0, 0, 620, "SEVEN DOORS", "font:800 96px 'Le Murmure';fill:#b5342c"), -2.5) +
  place(34, 540, text(0, 0, "on Copper Lane", "font:700 44px 'Roboto Slab';fill:#141a30"), -2.5) +
  place(656, 512, text(0, 0, "铜巷七扇门", "font:900 48px 'Noto Serif CJK SC';fill:#141a30;text-anchor:end"), -2.5) +
  text(24, 1008, "ABEL QUOY", "font:800 34px 'Roboto Slab';fill:#f5ead0") +
  text(660, 1008, "a mystery", "font:italic 30px 'Old Standard TT';fill:#f5ead0;text-anchor:end");

// Atlas of Drifting Islands: a map with contours, a compass rose and a ship's course.

function driftingAtlas() {
  return (
    rect(0, 0, width, height, "fill:#7fb9c4") +
    islands() +
    graticule() +
    place(560, 190, compassRose(), 6, 0.84) +
    shipCourse() +
    placeNames() +
    seaCreature() +
    atlasCartouche()
  );
}

function islands() {
  const [coarse, fine] = [noise(24), noise(318)];
  const land = (x: number, y: number) =>
    coarse(x / 120, y / 120) * 0.7 + fine(x / 62, y / 62) * 0.24 + coarse(x / 28 + 40, y / 28) * 0.06;
  const levels: [number, string, string][] = [
    [0.44, "#94c9cf", "none"],
    [0.5, "#b2dad8", "none"],
    [0.555, "#f2e3b6", "#3f5f5c"],
    [0.59, "#b9cf8a", "#7f9a5a"],
    [0.625, "#d9d48a", "#a89a52"],
    [0.66, "#e0b56a", "#a87a3a"],
    [0.7, "#c98a4e", "#8a5228"],
    [0.74, "#f6efe2", "#8a5228"],
  ];
  return each(levels, ([level, fill, edge]) => {
    const d = above(land, level, width, height, 8);
    return path(d, `fill:none;stroke:${edge};stroke-width:3`) + path(d, `fill:${fill};stroke:${fill};stroke-width:.6`);
  });
}

const graticule = () =>
  times(8, (i) =>
    path(
      `M${i * 98 - 4} 0Q${i * 98 + 18} 512 ${i * 98 - 4} 1024`,
      "fill:none;stroke:#1d4a5a;stroke-width:1.2;opacity:.6",
    ),
  ) +
  times(11, (i) =>
    path(
      `M0 ${i * 98 + 30}Q342 ${i * 98 + 56} 683 ${i * 98 + 30}`,
      "fill:none;stroke:#1d4a5a;stroke-width:1.2;opacity:.6",
    ),
  ) +
  times(
    34,
    (i) =>
      rect(0, i * 31, 14, 31, `fill:${i % 2 ? "#1d2f3a" : "#f2e3b6"}`) +
      rect(669, i * 31 - 12, 14, 31, `fill:${i % 2 ? "#1d2f3a" : "#f2e3b6"}`),
  );

function compassRose() {
  const point = (turn: number, length: number, color: string) =>
    place(
      0,
      0,
      polygon(`0,0 0,${-length} ${length * 0.16},${-length * 0.16}`, `fill:${color};stroke:#1d2f3a;stroke-width:2`) +
        polygon(`0,0 0,${-length} ${-length * 0.16},${-length * 0.16}`, "fill:#f2e3b6;stroke:#1d2f3a;stroke-width:2"),
      turn,
    );
  return (
    circle(0, 0, 74, "fill:#f2e3b6;opacity:.75;stroke:#1d2f3a;stroke-width:3") +
    times(36, (i) =>
      path(edges([polar(0, 0, 66, i * 10), polar(0, 0, i % 3 ? 72 : 80, i * 10)]), "stroke:#1d2f3a;stroke-width:2"),
    ) +
    each([22.5, 67.5, 112.5, 157.5, 202.5, 247.5, 292.5, 337.5], (turn) => point(turn, 44, "#3f7f8a")) +
    each([45, 135, 225, 315], (turn) => point(turn, 66, "#1d2f3a")) +
    each([0, 90, 180, 270], (turn) => point(turn, 98, "#c2412f")) +
    each(["北", "东", "南", "西"], (letter, i) =>
      text(
        ...(polar(0, 10, 112, i * 90 - 90) as [number, number]),
        letter,
        "font:900 27px 'Noto Serif CJK SC';fill:#1d2f3a;text-anchor:middle",
      ),
    )
  );
}

function shipCourse() {
  const stops = pointsOf("384,1004 356,880 246,816 206,704 256,604 400,560 530,566 616,500 640,330");
  const ship =
    path("M-34 0H36L24 20H-24Z", "fill:#7a4a22;stroke:#1d2f3a;stroke-width:3") +
    path("M0 0V-56M-4-50C-30-40-30-16-4-6ZM4-50C34-42 34-14 4-4Z", "fill:#fff8e6;stroke:#1d2f3a;stroke-width:3") +
    path("M0-56l18 5-18 6", "fill:#c2412f");
  return (
    path(curve(stops), "fill:none;stroke:#c2412f;stroke-width:5;stroke-dasharray:14 9") +
    each(stops.slice(1), ([x, y]) => circle(x, y, 7, "fill:#f2e3b6;stroke:#c2412f;stroke-width:4")) +
    place(404, 548, ship)
  );
}

function placeNames() {
  const names: [number, number, string, number][] = [
    [94, 860, "Low Candle", -12],
    [352, 640, "雾角", 0],
    [480, 452, "Ambermouth", 10],
    [120, 776, "Hush", 0],
    [600, 768, "三更礁", -6],
    [240, 530, "Wren Peak", 5],
    [600, 410, "Tin Bay", -20],
    [200, 990, "Last Bell", 4],
  ];
  return each(names, ([x, y, name, turn]) =>
    place(
      x,
      y,
      text(
        0,
        0,
        name,
        "font:italic 700 27px 'EB Garamond','LXGW WenKai';fill:#fff8e6;stroke:#fff8e6;stroke-width:5;text-anchor:middle",
      ) + text(0, 0, name, "font:italic 700 27px 'EB Garamond','LXGW WenKai';fill:#1d2f3a;text-anchor:middle"),
      turn,
    ),
  );
}

const seaCreature = () =>
  place(
    126,
    636,
    path(
      "M-80 30C-76-20-40-20-36 30ZM-24 30C-20-34 26-34 30 30ZM44 30C46-50 90-76 104-40C108-30 96-22 84-28C74-30 72 0 80 30Z",
      "fill:#2f7a6a;stroke:#1d2f3a;stroke-width:4",
    ) +
      circle(92, -40, 4, "fill:#fff") +
      each(rowsOf("-58 -10, 2 -20, 66 -26"), ([x, y]) => path(`M${x - 8} ${y}l8-14l8 12Z`, "fill:#c2412f")) +
      path("M-96 34q12-8 24 0t24 0t24 0t24 0t24 0t24 0t24 0t24 0", "fill:none;stroke:#1d4a5a;stroke-width:4"),
  );

const atlasCartouche = () =>
  path(
    "M60 52H408C420 52 424 66 436 66V300C424 300 420 314 408 314H60C48 314 44 300 32 300V66C44 66 48 52 60 52Z",
    "fill:#f7eed6;stroke:#1d2f3a;stroke-width:5",
  ) +
  path(
    "M62 66H404C412 66 412 78 422 80V286C412 288 412 300 402 300H66C58 300 56 288 46 286V80C56 78 56 66 66 66Z",
    "fill:none;stroke:#c2412f;stroke-width:2.5",
  ) +
  text(66, 124, "Atlas of", "font:italic 40px 'EB Garamond';fill:#1d2f3a") +
  fitted(64, 178, 340, "DRIFTING", "font:700 58px 'GFS Didot';fill:#1d2f3a") +
  fitted(64, 230, 340, "ISLANDS", "font:700 58px 'GFS Didot';fill:#c2412f") +
  text(66, 282, "漂岛图志", "font:900 38px 'Noto Serif CJK SC';fill:#1d2f3a") +
  text(404, 280, "64 charts", "font:italic 28px 'EB Garamond';fill:#1d2f3a;text-anchor:end") +
  rect(14, 0, 655, 16, "fill:#1d2f3a") +
  rect(14, 1008, 655, 16, "fill:#1d2f3a");
