/** Real pictures, and the damage that uploads come with. */

import pixelPierUrl from "../../worker/site/public/samples/card.pixel_pier.jpg?inline";
import stargazerUrl from "../../worker/site/public/samples/card.stargazer.jpg?inline";
import moonWhaleUrl from "../../worker/site/public/samples/cover.moon_whale.jpg?inline";
import captainZestUrl from "../../worker/site/public/samples/label.captain_zest.jpg?inline";
import scienceFairUrl from "../../worker/site/public/samples/poster.science_fair.jpg?inline";
import cmykUrl from "../fixtures/circus.cmyk.jpg?inline";
import exif1Url from "../fixtures/circus.exif1.jpg?inline";
import exif2Url from "../fixtures/circus.exif2.jpg?inline";
import exif3Url from "../fixtures/circus.exif3.jpg?inline";
import exif4Url from "../fixtures/circus.exif4.jpg?inline";
import exif5Url from "../fixtures/circus.exif5.jpg?inline";
import exif6Url from "../fixtures/circus.exif6.jpg?inline";
import exif7Url from "../fixtures/circus.exif7.jpg?inline";
import exif8Url from "../fixtures/circus.exif8.jpg?inline";
import grayUrl from "../fixtures/circus.gray.jpg?inline";
import circusUrl from "../fixtures/circus.jpg?inline";
import paletteUrl from "../fixtures/circus.palette.png?inline";
import progressiveUrl from "../fixtures/circus.progressive.jpg?inline";
import restartUrl from "../fixtures/circus.restart.jpg?inline";
import ycckUrl from "../fixtures/circus.ycck.jpg?inline";
import bits12Url from "../fixtures/odd/12_bits.jpg?inline";
import arithmeticUrl from "../fixtures/odd/arithmetic.jpg?inline";
import arithmeticProgressiveUrl from "../fixtures/odd/arithmetic_progressive.jpg?inline";
import heightLastUrl from "../fixtures/odd/height_last.jpg?inline";
import hierarchicalUrl from "../fixtures/odd/hierarchical.jpg?inline";
import losslessUrl from "../fixtures/odd/lossless.jpg?inline";

/** 240 × 320 px: quick to add and to find. */
export const circus = pictureFrom(circusUrl);
export const circusSize = { width: 240, height: 320 };

/** The same picture in the forms in which phones, cameras and print shops save it (fixtures/README.md). */
export const pictures = {
  progressive: pictureFrom(progressiveUrl),
  restart: pictureFrom(restartUrl),
  gray: pictureFrom(grayUrl),
  cmyk: pictureFrom(cmykUrl),
  ycck: pictureFrom(ycckUrl),
  palette: pictureFrom(paletteUrl),
  exif1: pictureFrom(exif1Url),
  exif2: pictureFrom(exif2Url),
  exif3: pictureFrom(exif3Url),
  exif4: pictureFrom(exif4Url),
  exif5: pictureFrom(exif5Url),
  exif6: pictureFrom(exif6Url),
  exif7: pictureFrom(exif7Url),
  exif8: pictureFrom(exif8Url),
};

/** Whole files of coders that hardly anybody uses. */
export const oddJpegs = {
  bits12: pictureFrom(bits12Url),
  arithmetic: pictureFrom(arithmeticUrl),
  arithmeticProgressive: pictureFrom(arithmeticProgressiveUrl),
  hierarchical: pictureFrom(hierarchicalUrl),
  lossless: pictureFrom(losslessUrl),
  heightLast: pictureFrom(heightLastUrl),
};

/** Whole sample pictures by their identifiers. */
export const samples = {
  "card.pixel_pier": pictureFrom(pixelPierUrl),
  "card.stargazer": pictureFrom(stargazerUrl),
  "cover.moon_whale": pictureFrom(moonWhaleUrl),
  "label.captain_zest": pictureFrom(captainZestUrl),
  "poster.science_fair": pictureFrom(scienceFairUrl),
};

export function pictureFrom(dataUrl: string): Blob {
  const [type, base64] = dataUrl.slice("data:".length).split(";base64,") as [string, string];
  return new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], { type });
}

export async function bytesOf(picture: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await picture.arrayBuffer());
}

/** The same picture as another file: decoders stop at the end marker. */
export function withTail(picture: Blob, tail: string): Blob {
  return new Blob([picture, tail]);
}

/** A copy with `replacement` written over it. */
export function overwrite(bytes: Uint8Array, at: number, replacement: readonly number[]): Blob {
  const copy = new Uint8Array(bytes);
  copy.set(replacement, at);
  return new Blob([copy]);
}
