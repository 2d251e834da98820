/** A film of a picture that moves in perspective, with each frame's number written into its lowest rows as black and white. */

import { writeFileSync } from "node:fs";
import { applyHomography, cornersOf, invert, type Point } from "../../shared/homography.ts";
import { frameFromPicture } from "../../worker/core/camera.ts";
import type { Core, GrayImage } from "../../worker/core/core.ts";

export const FILM = { width: 480, height: 640 };
const FRAME_COUNT = 60;
const FRAMES_PER_SECOND = 15;
export const MARK_BITS = 6;
const MARK_ROWS_PX = 16;
const EXPOSURE = { blurPasses: 1, gain: 0.9, gamma: 1, offset: 8, noise: 3 };

/** Writes YUV4MPEG2 in a seamless loop; where the picture's corners are in each frame, px. */
export function writeMovingFilm(file: string, core: Core, picture: GrayImage): (readonly Point[])[] {
  const background = { ...FILM, pixels: new Uint8Array(FILM.width * FILM.height).fill(110) };
  const colorless = new Uint8Array((FILM.width * FILM.height) / 2).fill(128);
  const parts = [Buffer.from(`YUV4MPEG2 W${FILM.width} H${FILM.height} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`)];
  const truth = Array.from({ length: FRAME_COUNT }, (_, i) => {
    const turn = (2 * Math.PI * i) / FRAME_COUNT;
    const inFrame = frameFromPicture(picture, FILM, {
      scale: (0.6 * FILM.height) / Math.max(picture.width, picture.height),
      rotation: 0.12,
      tilt: 0.45 + 0.03 * Math.sin(turn),
      tiltAxis: 0.7,
      center: [FILM.width / 2 + 24 * Math.cos(turn), FILM.height / 2 + 24 * Math.sin(turn)],
    });
    const { pixels } = core.drawView(picture, invert(inFrame), background, EXPOSURE, i + 1);
    const numbered = pixels.slice();
    writeNumber(numbered, i);
    parts.push(Buffer.from("FRAME\n"), Buffer.from(numbered), Buffer.from(colorless));
    return cornersOf(picture.width, picture.height).map((corner) => applyHomography(inFrame, corner));
  });
  writeFileSync(file, Buffer.concat(parts));
  return truth;
}

function writeNumber(pixels: Uint8Array, index: number): void {
  for (let y = FILM.height - MARK_ROWS_PX; y < FILM.height; y++) {
    for (let x = 0; x < FILM.width; x++) {
      const bit = Math.floor((x * MARK_BITS) / FILM.width);
      pixels[y * FILM.width + x] = (index >> bit) & 1 ? 235 : 20;
    }
  }
}
