/** What is kept of a target's feature: fourteen bytes. */

import { FEATURE_BYTES, POSITION_UNITS } from "./features";
import { DESCRIPTOR_SIZE } from "./model";
import { PROJECTION_BYTES, project, signatureOf } from "./signature";
import { nearestWord } from "./words";

/** Signature (u64), place (u32), word (u16). */
export const TARGET_FEATURE_BYTES: i32 = 14;

/**
 * A place packs x and y in quarter px (11 bits each, so a target image is at most 511 px long), the pyramid level
 * (3 bits) and the direction in 1/128 turns (7 bits).
 */
const PLACE_UNITS: f32 = 4;

const projection = memory.data(PROJECTION_BYTES, 16);

/** Encodes `count` extracted features as target features. */
export function encodeTarget(features: usize, count: i32, target: usize): void {
  for (let i = 0; i < count; i++) {
    const feature = features + i * FEATURE_BYTES,
      out = target + i * TARGET_FEATURE_BYTES;
    const descriptor = feature + FEATURE_BYTES - DESCRIPTOR_SIZE;
    const word = nearestWord(descriptor);
    project(descriptor, projection);
    store<u64>(out, signatureOf(projection, word));
    store<u32>(out, packPlace(feature), 8);
    store<u16>(out, word, 12);
  }
}

function packPlace(feature: usize): u32 {
  const x = <u32>Mathf.round(<f32>load<u16>(feature) * (PLACE_UNITS / POSITION_UNITS));
  const y = <u32>Mathf.round(<f32>load<u16>(feature, 2) * (PLACE_UNITS / POSITION_UNITS));
  return x | (y << 11) | ((<u32>load<u8>(feature, 4)) << 22) | ((<u32>(load<u8>(feature, 5) >> 1)) << 25);
}

export function placeX(place: u32): f32 {
  return <f32>(place & 2047) / PLACE_UNITS;
}

export function placeY(place: u32): f32 {
  return <f32>((place >> 11) & 2047) / PLACE_UNITS;
}

export function placeLevel(place: u32): i32 {
  return (place >> 22) & 7;
}

/** Direction in turns; the middle of its step. */
export function placeTurns(place: u32): f32 {
  return (<f32>(place >> 25) + 0.25) / 128;
}
