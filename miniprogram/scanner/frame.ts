/** What a source delivers, and how it becomes the small gray picture that is sent. */

/** One look of the camera, upright. The scanner reads it during the call and keeps no reference. */
export interface Frame {
  readonly format: "rgba" | "gray";
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next: some phones pad their rows. */
  readonly stride: number;
}

export interface Gray {
  readonly width: number;
  readonly height: number;
  /** Row by row without padding; may be longer than width × height. */
  readonly pixels: Uint8Array;
}

/** Part of a frame in 0–1 of its sides. */
export type Region = readonly [x: number, y: number, width: number, height: number];

export const WHOLE: Region = [0, 0, 1, 1];

/** Of a picture's middle, in each direction. */
const MIDDLE_SHARE = 0.7;

/** The middle of a region. */
export function middleOf([x, y, width, height]: Region): Region {
  const margin = (1 - MIDDLE_SHARE) / 2;
  return [x + margin * width, y + margin * height, MIDDLE_SHARE * width, MIDDLE_SHARE * height];
}

/** BT.601 luma in 256ths. */
const RED = 77;
const GREEN = 150;
const BLUE = 29;

/** Phones report sizes that their rows do not have; undefined where the bytes make no rows of this width. */
export function frameOf(buffer: ArrayBuffer, width: number, height: number): Frame | undefined {
  const stride = buffer.byteLength / height;
  const rowBytes = 4 * width;
  if (!(width > 0 && height > 0) || !Number.isInteger(stride) || stride < rowBytes) return undefined;
  return { format: "rgba", data: new Uint8Array(buffer), width, height, stride };
}

/** The region's size with `longSidePx` as its long side, and never enlarged. */
export function shrunkSize(
  frame: Frame,
  longSidePx: number,
  region: Region = WHOLE,
): { width: number; height: number } {
  const width = Math.max(1, Math.floor(frame.width * region[2]));
  const height = Math.max(1, Math.floor(frame.height * region[3]));
  const scale = Math.min(1, longSidePx / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Averages boxes of whole pixels into luma: one pass, no allocation while `buffer` is large enough. */
export function shrinkToGray(frame: Frame, longSidePx: number, region: Region = WHOLE, buffer?: Uint8Array): Gray {
  const { width, height } = shrunkSize(frame, longSidePx, region);
  const pixels = buffer && buffer.length >= width * height ? buffer : new Uint8Array(width * height);
  const columns = boxEdges(frame.width, region[0], region[2], width);
  const rows = boxEdges(frame.height, region[1], region[3], height);
  const averageColor = halves(columns) && halves(rows) ? halveRgba : averageRgba;
  const average = frame.format === "rgba" ? averageColor : averageGray;
  for (let y = 0; y < height; y++) {
    average(frame, rows[y] as number, rows[y + 1] as number, columns, pixels, y * width);
  }
  return { width, height, pixels };
}

/** Where the boxes of `count` outputs begin along a side, and where the last one ends. */
function boxEdges(sidePx: number, start: number, share: number, count: number): Int32Array {
  const first = Math.floor(sidePx * start);
  const length = Math.min(sidePx - first, Math.max(1, Math.floor(sidePx * share)));
  return Int32Array.from({ length: count + 1 }, (_, i) => first + Math.floor((i * length) / count));
}

function averageRgba(
  { data, stride }: Frame,
  top: number,
  bottom: number,
  columns: Int32Array,
  pixels: Uint8Array,
  at: number,
): void {
  const count = columns.length - 1;
  for (let x = 0; x < count; x++) {
    const left = columns[x] as number;
    const right = columns[x + 1] as number;
    let sum = 0;
    for (let y = top; y < bottom; y++) {
      const end = y * stride + 4 * right;
      for (let i = y * stride + 4 * left; i < end; i += 4) {
        sum += RED * (data[i] as number) + GREEN * (data[i + 1] as number) + BLUE * (data[i + 2] as number);
      }
    }
    const boxed = 256 * (right - left) * (bottom - top);
    pixels[at + x] = ((sum + (boxed >> 1)) / boxed) | 0;
  }
}

/**
 * The usual case, 480 × 640 to 240 × 320, without inner loops, and with red and blue of one diagonal:
 * four times as fast where there is no JIT.
 */
function halveRgba(
  { data, stride }: Frame,
  top: number,
  _bottom: number,
  columns: Int32Array,
  pixels: Uint8Array,
  at: number,
): void {
  const end = at + columns.length - 1;
  let i = top * stride + 4 * (columns[0] as number);
  for (let to = at; to < end; to++, i += 8) {
    const j = i + stride;
    const red = (data[i] as number) + (data[j + 4] as number);
    const green = (data[i + 1] as number) + (data[i + 5] as number) + (data[j + 1] as number) + (data[j + 5] as number);
    const blue = (data[i + 2] as number) + (data[j + 6] as number);
    pixels[to] = (2 * (RED * red + BLUE * blue) + GREEN * green + 512) >> 10;
  }
}

function halves(edges: Int32Array): boolean {
  const count = edges.length - 1;
  return (edges[count] as number) - (edges[0] as number) === 2 * count;
}

function averageGray(
  { data, stride }: Frame,
  top: number,
  bottom: number,
  columns: Int32Array,
  pixels: Uint8Array,
  at: number,
): void {
  const count = columns.length - 1;
  for (let x = 0; x < count; x++) {
    const left = columns[x] as number;
    const right = columns[x + 1] as number;
    let sum = 0;
    for (let y = top; y < bottom; y++) {
      for (let i = y * stride + left; i < y * stride + right; i++) sum += data[i] as number;
    }
    const boxed = (right - left) * (bottom - top);
    pixels[at + x] = ((sum + (boxed >> 1)) / boxed) | 0;
  }
}
