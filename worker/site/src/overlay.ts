/** The outline over the picture: the viewfinder's corner marks, which glide onto the target when it is recognized and back when it is lost. */

import type { Point } from "../../../shared/homography.ts";
import type { Box } from "./stage.ts";

type Quad = readonly Point[];

export interface Target {
  /** In 0–1 of the frame, clockwise from the target's top left. */
  readonly corners: Quad;
  readonly label: string;
}

/** The time constant of the glide: settled in a quarter of a second, the interval between two frames. */
const GLIDE_MS = 70;
const SETTLED_PX = 0.3;
const REST_INSET_PX = 22;
const TICK_SHARE = 0.2;
const TICK_MAX_PX = 30;
const LABEL_HEIGHT_PX = 26;
const LABEL_PADDING_PX = 10;

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

export class Overlay {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #goal: Quad | undefined;
  #shown: Quad | undefined;
  #goalGrip = 0;
  /** 0: the marks rest at the frame's corners; 1: they hold the target. */
  #grip = 0;
  #label = "";
  #steppedAt = 0;
  #pending = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d") as CanvasRenderingContext2D;
  }

  /** Marks the target in the picture that stands in `box`, or its corners without one; nothing without a box. */
  aim(box: Box | undefined, target: Target | undefined): void {
    if (target) this.#canvas.dataset.corners = JSON.stringify(target.corners);
    else delete this.#canvas.dataset.corners;
    this.#fitCanvas();
    this.#goal = box && (target ? target.corners.map(([x, y]) => onBox(box, x, y)) : atRest(box));
    this.#goalGrip = target ? 1 : 0;
    if (target) this.#label = target.label;
    if (!box) {
      this.#shown = undefined;
      this.#grip = 0;
    } else this.#shown ??= atRest(box);
    if (!this.#pending) {
      this.#steppedAt = performance.now();
      this.#pending = requestAnimationFrame((now) => this.#step(now));
    }
  }

  #step(now: number): void {
    const pace = reducedMotion.matches ? 1 : 1 - Math.exp((this.#steppedAt - now) / GLIDE_MS);
    this.#steppedAt = now;
    this.#pending = 0;
    if (this.#goal && this.#shown) {
      const { settled, quad } = approach(this.#shown, this.#goal, pace);
      this.#shown = quad;
      this.#grip += (this.#goalGrip - this.#grip) * pace;
      if (!settled) this.#pending = requestAnimationFrame((next) => this.#step(next));
      else this.#grip = this.#goalGrip;
    }
    this.#draw();
  }

  #fitCanvas(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    const width = Math.round(clientWidth * devicePixelRatio);
    const height = Math.round(clientHeight * devicePixelRatio);
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
  }

  #draw(): void {
    const context = this.#context;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.#canvas.clientWidth, this.#canvas.clientHeight);
    if (!this.#shown) return;
    const color = getComputedStyle(this.#canvas).color;
    context.lineJoin = context.lineCap = "round";
    this.#drawQuad(this.#shown, color);
    this.#drawTicks(this.#shown, color);
    context.globalAlpha = this.#grip;
    this.#drawLabel(this.#shown[0] as Point, color);
    context.globalAlpha = 1;
  }

  #drawQuad(quad: Quad, color: string): void {
    const context = this.#context;
    context.beginPath();
    for (const [x, y] of quad) context.lineTo(x, y);
    context.closePath();
    context.fillStyle = color;
    context.globalAlpha = 0.1 * this.#grip;
    context.fill();
    context.globalAlpha = 0.9 * this.#grip;
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    context.stroke();
    context.globalAlpha = 1;
  }

  #drawTicks(quad: Quad, color: string): void {
    const context = this.#context;
    context.beginPath();
    quad.forEach((corner, i) => {
      const before = toward(corner, quad[(i + 3) % 4] as Point);
      const after = toward(corner, quad[(i + 1) % 4] as Point);
      context.moveTo(...before);
      context.lineTo(...corner);
      context.lineTo(...after);
    });
    // A dark rim keeps the marks visible on light pictures.
    context.strokeStyle = "rgb(0 0 0 / 38%)";
    context.lineWidth = 6;
    context.stroke();
    context.strokeStyle = color;
    context.lineWidth = 4;
    context.stroke();
  }

  #drawLabel([cornerX, cornerY]: Point, color: string): void {
    const context = this.#context;
    context.font = "600 13px ui-monospace, 'SF Mono', Menlo, Consolas, monospace";
    context.textBaseline = "middle";
    const width = context.measureText(this.#label).width + 2 * LABEL_PADDING_PX;
    const { clientWidth, clientHeight } = this.#canvas;
    const x = clamp(cornerX, 8, clientWidth - width - 8);
    const y = clamp(cornerY - LABEL_HEIGHT_PX - 10, 8, clientHeight - LABEL_HEIGHT_PX - 8);
    context.beginPath();
    context.roundRect(x, y, width, LABEL_HEIGHT_PX, 6);
    context.fillStyle = color;
    context.fill();
    context.fillStyle = "#14161b";
    context.fillText(this.#label, x + LABEL_PADDING_PX, y + LABEL_HEIGHT_PX / 2 + 0.5);
  }
}

function onBox(box: Box, x: number, y: number): Point {
  return [box.left + x * box.width, box.top + y * box.height];
}

function atRest(box: Box): Quad {
  const x = REST_INSET_PX / box.width;
  const y = REST_INSET_PX / box.height;
  return [onBox(box, x, y), onBox(box, 1 - x, y), onBox(box, 1 - x, 1 - y), onBox(box, x, 1 - y)];
}

function approach(quad: Quad, goal: Quad, pace: number): { quad: Quad; settled: boolean } {
  const distances = goal.map(([x, y], i) => {
    const [shownX, shownY] = quad[i] as Point;
    return Math.hypot(x - shownX, y - shownY);
  });
  if (Math.max(...distances) * (1 - pace) < SETTLED_PX) return { quad: goal, settled: true };
  const moved = goal.map(([x, y], i): Point => {
    const [shownX, shownY] = quad[i] as Point;
    return [shownX + (x - shownX) * pace, shownY + (y - shownY) * pace];
  });
  return { quad: moved, settled: false };
}

function toward([x, y]: Point, [otherX, otherY]: Point): Point {
  const length = Math.hypot(otherX - x, otherY - y);
  const share = length > 0 ? Math.min(TICK_SHARE * length, TICK_MAX_PX) / length : 0;
  return [x + (otherX - x) * share, y + (otherY - y) * share];
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
