/** Where in a picture the points lie that it is recognized by: a density over the picture, from blue over yellow to red. */

import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n.ts";

const SIDE_PX = 480;
/** How far a point reaches, as a share of the long side. */
const REACH = 0.07;
/** What one point adds, so that a handful in one place is hot. */
const WEIGHT = 0.2;

interface Props {
  readonly picture: string;
  readonly points: readonly (readonly number[])[];
  readonly shown: boolean;
}

export function HeatMap({ picture, points, shown }: Props) {
  const image = useRef<HTMLImageElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const draw = () => {
    if (image.current?.naturalWidth && canvas.current) drawHeat(canvas.current, image.current, points);
  };
  useEffect(draw, [points, shown]);
  return (
    <figure class="heat-map">
      <div>
        <img ref={image} src={picture} alt="" onLoad={draw} />
        {shown && <canvas ref={canvas} role="img" aria-label={t("heatMapOf", { count: points.length })} />}
      </div>
      {shown && (
        <figcaption class="fine">
          {t("fewPoints")} <span class="heat-scale" /> {t("manyPoints")}
        </figcaption>
      )}
    </figure>
  );
}

function drawHeat(
  canvas: HTMLCanvasElement,
  { naturalWidth, naturalHeight }: HTMLImageElement,
  points: Props["points"],
): void {
  const scale = SIDE_PX / Math.max(naturalWidth, naturalHeight);
  canvas.width = Math.round(naturalWidth * scale);
  canvas.height = Math.round(naturalHeight * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  const reach = REACH * SIDE_PX;
  for (const [x = 0, y = 0] of points) {
    const [left, top] = [x * canvas.width, y * canvas.height];
    const spot = context.createRadialGradient(left, top, 0, left, top, reach);
    spot.addColorStop(0, `rgb(0 0 0 / ${WEIGHT})`);
    spot.addColorStop(1, "rgb(0 0 0 / 0)");
    context.fillStyle = spot;
    context.fillRect(left - reach, top - reach, 2 * reach, 2 * reach);
  }
  const heat = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < heat.data.length; at += 4) heat.data.set(colorOf((heat.data[at + 3] as number) / 255), at);
  context.putImageData(heat, 0, 0);
}

/** Cold places are darkened, so that the picture's empty parts are seen as such. */
function colorOf(heat: number): [number, number, number, number] {
  const hue = 230 * (1 - Math.min(1, heat * 1.15)); // blue to red
  const brightness = 255 * Math.min(1, 0.2 + 4 * heat);
  const [r, g, b] = [0, 8, 4].map((n) => {
    const k = (n + hue / 30) % 12;
    return Math.round(brightness * (0.5 - 0.5 * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  }) as [number, number, number];
  return [r, g, b, Math.round(255 * (0.55 - 0.1 * heat))];
}
