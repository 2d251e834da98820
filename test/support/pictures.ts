/** Real pictures, and the damage that uploads come with. */

import pixelPierUrl from "../../worker/site/public/samples/card.pixel_pier.jpg?inline";
import stargazerUrl from "../../worker/site/public/samples/card.stargazer.jpg?inline";
import moonWhaleUrl from "../../worker/site/public/samples/cover.moon_whale.jpg?inline";
import captainZestUrl from "../../worker/site/public/samples/label.captain_zest.jpg?inline";
import scienceFairUrl from "../../worker/site/public/samples/poster.science_fair.jpg?inline";
import circusUrl from "../fixtures/circus.jpg?inline";

/** 240 × 320 px: quick to add and to find. */
export const circus = pictureFrom(circusUrl);
export const circusSize = { width: 240, height: 320 };

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
