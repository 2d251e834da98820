/** Where the overlay's box is laid on the screen, so that it covers the target that the camera shows. */

import type { Follow } from "./follow.ts";
import { fillView, matrix3d, type Quad, quadFromBox, type Size } from "./quad.ts";

/** The box that slots are laid out in, px wide; perspective takes it from there. */
const TARGET_WIDTH_PX = 300;

export interface Placement {
  /** The target's corners on the screen, px of the view. */
  readonly quad: Quad;
  /** For CSS, from the box's top left corner. */
  readonly transform: string;
  readonly opacity: number;
}

/** A box as wide as slots expect, with the proportions of a target of `size` px. */
export function boxOf([width, height]: readonly [number, number] = [1, 1]): Size {
  return { width: TARGET_WIDTH_PX, height: (TARGET_WIDTH_PX * height) / width };
}

export function placeBox(box: Size, { shown, opacity }: Follow, frame: Size, view: Size): Placement {
  const quad = fillView(shown, frame, view);
  return { quad, transform: matrix3d(quadFromBox(box, quad)), opacity };
}
