/**
 * The camera simulator of bench:conditions: views of a picture in known perspective, each condition in rising strength.
 *
 * Every view starts from the same easy one (`easyView`) and is made worse in one respect. In the order of a camera:
 * occluder on the picture → pose → clutter behind it → blur → motion blur → glare → exposure and noise → JPEG.
 */

import jpeg from "jpeg-js";
import { applyHomography, type Homography, invert } from "../../shared/homography.ts";
import { between, type Random } from "../../shared/random.ts";
import { type Exposure, frameFromPicture, type Pose, type Size } from "../../worker/core/camera.ts";
import type { Core, GrayImage } from "../../worker/core/core.ts";

export const FRAME: Size = { width: 640, height: 480 };

/** All that a view can vary in. */
export interface View {
  /** The picture's long side over the frame's short side, when it is seen straight on. */
  share: number;
  tiltDegrees: number;
  turnDegrees: number;
  /** Share of the picture's area inside the frame; less than 1 pushes it over an edge. */
  visible: number;
  /** Share of the picture's area behind a rectangle that is cut from another picture. */
  occluded: number;
  /** Share of the background's cells that show parts of other pictures; the others are plain gray. */
  clutter: number;
  /** Standard deviation of the blur is the root of it, px. */
  blurPasses: number;
  /** Length of the path of the camera during the exposure, px. */
  motionPx: number;
  /** Diameter of the part that is burnt out, over the picture's long side in the frame. */
  glare: number;
  gain: number;
  offset: number;
  /** Standard deviation, gray levels. */
  noise: number;
  jpegQuality: number;
}

export interface Condition {
  readonly name: string;
  /** What the numbers are, for people. */
  readonly unit: string;
  /** From easy to hard. */
  readonly strengths: readonly number[];
  apply(view: View, strength: number): void;
}

export interface Rendered {
  /** What the camera sends. */
  readonly file: Uint8Array;
  readonly frameFromPicture: Homography;
}

const DIM_GRAY = 110;
const NOISE = 2;
/** Noise that remains when light goes: a sensor's, amplified. */
const DARK_NOISE = 6;

/** A picture that is looked at from a little aside. */
function easyView(random: Random): View {
  return {
    share: 0.6,
    tiltDegrees: 15,
    turnDegrees: between(random, -15, 15),
    visible: 1,
    occluded: 0,
    clutter: 0,
    blurPasses: 1,
    motionPx: 0,
    glare: 0,
    gain: 0.9,
    offset: 8,
    noise: NOISE,
    jpegQuality: 90,
  };
}

export const CONDITIONS: readonly Condition[] = [
  {
    name: "scale",
    unit: "long side / frame's short side",
    strengths: [1, 0.8, 0.6, 0.4, 0.3, 0.2],
    apply: (view, share) => Object.assign(view, { share }),
  },
  {
    name: "tilt",
    unit: "degrees",
    strengths: [0, 15, 30, 45, 55, 60],
    apply: (view, tiltDegrees) => Object.assign(view, { tiltDegrees }),
  },
  {
    name: "in-plane rotation",
    unit: "degrees",
    strengths: [0, 30, 60, 90, 135, 180],
    apply: (view, turnDegrees) => Object.assign(view, { turnDegrees }),
  },
  {
    name: "blur",
    unit: "standard deviation, px",
    strengths: [0, 1, 2, 3, 4, 5],
    apply: (view, sigma) => Object.assign(view, { blurPasses: sigma ** 2 }),
  },
  {
    name: "motion blur",
    unit: "px",
    strengths: [0, 4, 8, 12, 16, 24],
    apply: (view, motionPx) => Object.assign(view, { motionPx }),
  },
  {
    name: "noise",
    unit: "standard deviation, gray levels",
    strengths: [0, 5, 10, 20, 30, 40],
    apply: (view, noise) => Object.assign(view, { noise }),
  },
  {
    name: "low light",
    unit: "light left, with noise",
    strengths: [1, 0.5, 0.3, 0.2, 0.1, 0.05],
    apply: (view, gain) => Object.assign(view, { gain, offset: 0, noise: NOISE + DARK_NOISE * (1 - gain) }),
  },
  {
    name: "low contrast",
    unit: "contrast left",
    strengths: [1, 0.5, 0.3, 0.2, 0.1, 0.05],
    apply: (view, gain) => Object.assign(view, { gain, offset: DIM_GRAY * (1 - gain) }),
  },
  {
    name: "glare",
    unit: "burnt diameter / long side",
    strengths: [0, 0.2, 0.4, 0.6, 0.8, 1],
    apply: (view, glare) => Object.assign(view, { glare }),
  },
  {
    name: "partial view",
    unit: "area inside the frame",
    strengths: [1, 0.8, 0.7, 0.6, 0.5, 0.4],
    apply: (view, visible) => Object.assign(view, { visible }),
  },
  {
    name: "occlusion",
    unit: "area covered",
    strengths: [0, 0.2, 0.35, 0.5, 0.65, 0.8],
    apply: (view, occluded) => Object.assign(view, { occluded }),
  },
  {
    name: "JPEG quality",
    unit: "quality",
    strengths: [90, 70, 50, 30, 20, 10],
    apply: (view, jpegQuality) => Object.assign(view, { jpegQuality }),
  },
  {
    name: "clutter",
    unit: "background filled, at scale 0.4",
    strengths: [0, 0.2, 0.4, 0.6, 0.8, 1],
    apply: (view, clutter) => Object.assign(view, { clutter, share: 0.4 }),
  },
];

/** Draws `picture` under a condition; `others` are shown by clutter and occluders and must not be in the index. */
export function render(
  core: Core,
  picture: GrayImage,
  others: readonly GrayImage[],
  condition: Condition | undefined,
  strength: number,
  random: Random,
): Rendered {
  const view = easyView(random);
  condition?.apply(view, strength);
  const pose = placed(picture, view, random);
  const inFrame = frameFromPicture(picture, FRAME, pose);
  const blurOnly: Exposure = { blurPasses: view.blurPasses, gain: 1, gamma: 1, offset: 0, noise: 0 };
  const covered = occlude(picture, others, view.occluded, random);
  const scene = core.drawView(covered, invert(inFrame), background(others, view.clutter, random), blurOnly, 0);
  const moved = motionBlur(scene, view.motionPx, between(random, 0, Math.PI));
  const lit = addGlare(moved, view.glare * view.share * FRAME.height, glareCenter(picture, inFrame, random));
  return { file: encodeGray(expose(core, lit, view, random), view.jpegQuality), frameFromPicture: inFrame };
}

/** The pose in the middle of the frame, then pushed sideways until only the wanted share of the picture is inside. */
function placed(picture: Size, view: View, random: Random): Pose {
  const middle: Pose = {
    scale: (view.share * FRAME.height) / Math.max(picture.width, picture.height),
    rotation: radians(view.turnDegrees),
    tilt: radians(view.tiltDegrees),
    tiltAxis: between(random, 0, 2 * Math.PI),
    center: [FRAME.width / 2 + between(random, -15, 15), FRAME.height / 2 + between(random, -15, 15)],
  };
  const direction = between(random, 0, 2 * Math.PI);
  if (view.visible === 1) return middle;
  const pushed = (px: number): Pose => ({
    ...middle,
    center: [middle.center[0] + px * Math.cos(direction), middle.center[1] + px * Math.sin(direction)],
  });
  let [near, far] = [0, FRAME.width];
  for (let round = 0; round < 12; round++) {
    const half = (near + far) / 2;
    if (shareInside(picture, pushed(half)) > view.visible) near = half;
    else far = half;
  }
  return pushed(near);
}

/** Counted on a grid over the picture. */
function shareInside(picture: Size, pose: Pose): number {
  const STEPS = 40;
  const h = frameFromPicture(picture, FRAME, pose);
  let inside = 0;
  for (let i = 0; i < STEPS ** 2; i++) {
    const u = (((i % STEPS) + 0.5) / STEPS) * picture.width;
    const v = ((Math.floor(i / STEPS) + 0.5) / STEPS) * picture.height;
    const [x, y] = applyHomography(h, [u, v]);
    if (x >= 0 && y >= 0 && x < FRAME.width && y < FRAME.height) inside++;
  }
  return inside / STEPS ** 2;
}

/** A rectangle of the picture's shape, somewhere on it, that shows a part of another picture. */
function occlude(picture: GrayImage, others: readonly GrayImage[], share: number, random: Random): GrayImage {
  const [left, top] = [random(), random()];
  const other = oneOf(others, random);
  if (share === 0) return picture;
  const width = Math.round(picture.width * Math.sqrt(share));
  const height = Math.round(picture.height * Math.sqrt(share));
  const pixels = picture.pixels.slice();
  const [x0, y0] = [Math.floor(left * (picture.width - width)), Math.floor(top * (picture.height - height))];
  paste(other, [0, 0], { ...picture, pixels }, { x: x0, y: y0, width, height });
  return { ...picture, pixels };
}

/** Plain gray, with parts of other pictures in a share of its cells. */
function background(others: readonly GrayImage[], share: number, random: Random): GrayImage {
  const CELL_PX = 160;
  const image = { ...FRAME, pixels: new Uint8Array(FRAME.width * FRAME.height).fill(DIM_GRAY) };
  for (let y = 0; y < FRAME.height; y += CELL_PX) {
    for (let x = 0; x < FRAME.width; x += CELL_PX) {
      const filled = random() < share;
      const other = oneOf(others, random);
      const from = [
        Math.floor(random() * Math.max(1, other.width - CELL_PX)),
        Math.floor(random() * Math.max(1, other.height - CELL_PX)),
      ] as const;
      if (filled) paste(other, from, image, { x, y, width: CELL_PX, height: CELL_PX });
    }
  }
  return image;
}

/** Copies a part of `source` into the rectangle `to`; a source that ends earlier begins again. */
function paste(
  source: GrayImage,
  [fromX, fromY]: readonly [number, number],
  image: GrayImage,
  to: Size & { readonly x: number; readonly y: number },
): void {
  for (let y = 0; y < to.height; y++) {
    const row = ((fromY + y) % source.height) * source.width;
    const out = (to.y + y) * image.width + to.x;
    for (let x = 0; x < to.width; x++) {
      image.pixels[out + x] = source.pixels[row + ((fromX + x) % source.width)] as number;
    }
  }
}

/** The mean along a straight path of `length` px through each pixel. */
export function motionBlur(image: GrayImage, length: number, angle: number): GrayImage {
  if (length === 0) return image;
  const { width, height, pixels } = image;
  const steps = Array.from({ length: length + 1 }, (_, i) => i - length / 2).map(
    (along) => [Math.round(along * Math.cos(angle)), Math.round(along * Math.sin(angle))] as const,
  );
  const out = new Uint8Array(pixels.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      let sum = 0;
      for (const [dx, dy] of steps) {
        const u = Math.min(width - 1, Math.max(0, x + dx));
        const v = Math.min(height - 1, Math.max(0, y + dy));
        sum += pixels[v * width + u] as number;
      }
      out[at] = Math.round(sum / steps.length);
    }
  }
  return { width, height, pixels: out };
}

function glareCenter(picture: Size, inFrame: Homography, random: Random) {
  return applyHomography(inFrame, [
    between(random, 0.3, 0.7) * picture.width,
    between(random, 0.3, 0.7) * picture.height,
  ]);
}

/** A lamp's reflection: light that falls off as a Gaussian and burns out a disk of this diameter. */
export function addGlare(image: GrayImage, diameter: number, [cx, cy]: readonly [number, number]): GrayImage {
  if (diameter === 0) return image;
  /** Twice what is needed to burn out black, so that the disk ends where half of it is left. */
  const PEAK = 510;
  const fallOff = (4 * Math.LN2) / diameter ** 2;
  const pixels = image.pixels.map((value, i) => {
    const squared = ((i % image.width) - cx) ** 2 + (Math.floor(i / image.width) - cy) ** 2;
    return Math.min(255, value + PEAK * Math.exp(-fallOff * squared));
  });
  return { ...image, pixels };
}

/** The core exposes what it draws: here the scene, one to one before itself. */
function expose(core: Core, scene: GrayImage, { gain, offset, noise }: View, random: Random): GrayImage {
  const seed = Math.floor(random() * 2 ** 31);
  return core.drawView(
    scene,
    [1, 0, 0, 0, 1, 0, 0, 0, 1],
    scene,
    { blurPasses: 0, gain, gamma: 1, offset, noise },
    seed,
  );
}

/** A gray picture as a JPEG file. */
export function encodeGray({ width, height, pixels }: GrayImage, quality: number): Uint8Array {
  const data = new Uint8Array(4 * pixels.length).fill(255);
  for (let i = 0; i < pixels.length; i++) {
    data[4 * i] = data[4 * i + 1] = data[4 * i + 2] = pixels[i] as number;
  }
  return new Uint8Array(jpeg.encode({ width, height, data }, quality).data);
}

function oneOf<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
