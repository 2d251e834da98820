/** The JPEG decoder of the core: against jpeg-js, at all four sizes; and files that are cut, broken or hostile. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomFrom } from "../../shared/random.ts";
import type { GrayImage, Reduction } from "../../worker/core/core.ts";
import { loadCore } from "../../worker/core/node.ts";
import { decodeJpeg } from "../../worker/image/jpeg.ts";
import { boxMeans, difference, grayByJpegJs } from "../support/oracle.ts";

const folder = new URL("../fixtures/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".jpg"));
/** Small enough to be cut at every byte. */
const small = names.filter((name) => name.startsWith("crop."));
const reductions: readonly Reduction[] = [1, 2, 4, 8];
const core = loadCore();

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

function decoded(file: Uint8Array, reduction: Reduction = 1): GrayImage {
  const result = decodeJpeg(core, file, reduction);
  if (!result.ok) throw new Error(result.reason.message);
  return result.value;
}

function refusal(file: Uint8Array): string {
  const result = decodeJpeg(core, file, 1);
  if (result.ok) throw new Error("it was decoded");
  expect(result.reason.returncode).toBe(20007);
  return result.reason.message;
}

/** Where a segment with this marker begins. */
function segment(file: Uint8Array, marker: number): number {
  return file.findIndex((byte, i) => byte === 0xff && file[i + 1] === marker);
}

function patched(file: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  const copy = file.slice();
  copy.set(bytes, at);
  return copy;
}

function inserted(file: Uint8Array, at: number, bytes: readonly number[]): Uint8Array {
  return Uint8Array.from([...file.subarray(0, at), ...bytes, ...file.subarray(at)]);
}

const adobe = (transform: number) => [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform];

describe("a whole file", () => {
  /** Ours takes Y as it is; jpeg-js goes through RGB, where colors are clipped: few pixels, by much. */
  it.each(names)("is the gray of jpeg-js: %s", (name) => {
    const ours = decoded(fixture(name));
    const slow = grayByJpegJs(fixture(name));
    expect([ours.width, ours.height]).toEqual([slow.width, slow.height]);
    const { mean, most } = difference(ours, slow);
    expect(mean).toBeLessThan(name.includes("ycck") ? 2.6 : 1.2);
    expect(most).toBeLessThan(50);
  });

  it("is within one gray level of jpeg-js where there is no color to clip", () => {
    expect(difference(decoded(fixture("circus.gray.jpg")), grayByJpegJs(fixture("circus.gray.jpg"))).most).toBe(1);
  });

  it("is RGB where Adobe's segment or the names of the components say so", () => {
    const file = fixture("crop.444.jpg");
    const slow = grayByJpegJs(file, true);
    expect(difference(decoded(inserted(file, 2, adobe(0))), slow).most).toBeLessThan(4);
    const frame = segment(file, 0xc0);
    const scan = segment(file, 0xda);
    const rgb = [..."RGB"].map((letter) => letter.charCodeAt(0)) as [number, number, number];
    let named = file.slice(segment(file, 0xdb)); // without the JFIF segment
    named = Uint8Array.from([0xff, 0xd8, ...named]);
    const moved = file.length - named.length;
    for (const [i, letter] of rgb.entries()) {
      named[frame - moved + 10 + 3 * i] = letter;
      named[scan - moved + 5 + 2 * i] = letter;
    }
    expect(difference(decoded(named), slow).most).toBeLessThan(4);
    expect(difference(decoded(inserted(file, 2, adobe(1))), decoded(file)).most).toBe(0);
  });

  it("may have fill bytes before markers, segments of any kind, and anything after its end", () => {
    const file = fixture("crop.420.jpg");
    const comment = [0xff, 0xff, 0xff, 0xfe, 0, 5, 1, 2, 3];
    const odd = inserted(inserted(file, segment(file, 0xda), comment), 2, comment);
    expect(decoded(Uint8Array.from([...odd, 0xff, 0xd8, 1, 2, 3]))).toEqual(decoded(file));
  });

  it("is the same in one scan and in the many of a progressive file, at every size", () => {
    for (const reduction of reductions) {
      expect(decoded(fixture("circus.progressive.jpg"), reduction)).toEqual(decoded(fixture("circus.jpg"), reduction));
    }
  });
});

describe("a smaller size", () => {
  const dct = (block: readonly number[], u: number, v: number, side: number) => {
    let sum = 0;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const wave =
          Math.cos(((2 * x + 1) * u * Math.PI) / (2 * side)) * Math.cos(((2 * y + 1) * v * Math.PI) / (2 * side));
        sum += (block[y * side + x] as number) * wave;
      }
    }
    return sum * (u ? Math.SQRT2 : 1) * (v ? Math.SQRT2 : 1);
  };

  /** What is left of each 8 × 8 block when only its lowest frequencies are kept. */
  function slowReduced({ width, height, pixels }: GrayImage, reduction: Reduction): GrayImage {
    const side = 8 / reduction;
    const reduced = { width: width / reduction, height: height / reduction, pixels: new Uint8Array(pixels.length) };
    for (let top = 0; top < height; top += 8) {
      for (let left = 0; left < width; left += 8) {
        const block = Array.from({ length: 64 }, (_, i) => pixels[(top + (i >> 3)) * width + left + (i & 7)] as number);
        const low = Array.from({ length: side * side }, (_, i) => dct(block, i % side, Math.floor(i / side), 8) / 64);
        for (let i = 0; i < side * side; i++) {
          const [x, y] = [i % side, Math.floor(i / side)];
          let gray = 0;
          for (let v = 0; v < side; v++) {
            for (let u = 0; u < side; u++) {
              const wave =
                Math.cos(((2 * x + 1) * u * Math.PI) / (2 * side)) * Math.cos(((2 * y + 1) * v * Math.PI) / (2 * side));
              gray += (low[v * side + u] as number) * wave * (u ? Math.SQRT2 : 1) * (v ? Math.SQRT2 : 1);
            }
          }
          const at = (top / reduction + y) * reduced.width + left / reduction + x;
          reduced.pixels[at] = Math.round(Math.max(0, Math.min(255, gray)));
        }
      }
    }
    return { ...reduced, pixels: reduced.pixels.slice(0, reduced.width * reduced.height) };
  }

  it.each([2, 4, 8] as const)("is what the lowest frequencies leave of each block, at 1/%i", (reduction) => {
    const slow = slowReduced(grayByJpegJs(fixture("circus.gray.jpg")), reduction);
    const { mean, most } = difference(decoded(fixture("circus.gray.jpg"), reduction), slow);
    expect(mean).toBeLessThan(0.3);
    expect(most).toBeLessThan(10); // where jpeg-js clipped to black or white first
  });

  /** A reduced transform is sharper than the mean of the area: on line art by 6 of 255 gray levels, in the mean. */
  it.each(names.filter((name) => !name.includes("small_luma")))(
    "is near the mean of the area, rounded up: %s",
    (name) => {
      const full = grayByJpegJs(fixture(name));
      for (const reduction of reductions) {
        const ours = decoded(fixture(name), reduction);
        const slow = boxMeans(full, reduction);
        expect([ours.width, ours.height]).toEqual([slow.width, slow.height]);
        expect([reduction, difference(ours, slow).mean < 8]).toEqual([reduction, true]);
      }
    },
  );
});

describe("a file that cannot be decoded", () => {
  it.each(small)("is refused wherever it is cut: %s", (name) => {
    const file = fixture(name);
    for (let length = 0; length < file.length; length++) {
      const result = decodeJpeg(core, file.subarray(0, length), reductions[length % 4] as Reduction);
      expect([length, result.ok]).toEqual([length, false]);
    }
  });

  it("is refused where it is cut at a marker and ends properly", () => {
    for (const name of ["crop.420.jpg", "circus.restart.jpg", "crop.ycck.progressive.jpg"]) {
      const file = fixture(name);
      for (let at = 2; at < file.length - 2; at++) {
        const isMarker = file[at] === 0xff && (file[at + 1] as number) >= 0xc0;
        if (!isMarker || at > segment(file, 0xda)) continue;
        expect(refusal(Uint8Array.from([...file.subarray(0, at), 0xff, 0xd9]))).toContain("missing");
      }
    }
    const file = fixture("circus.restart.jpg");
    const cut = Uint8Array.from([...file.subarray(0, segment(file, 0xd3)), 0xff, 0xd9]);
    expect(refusal(cut)).toContain("restart marker");
    const data = segment(file, 0xd3) + 2;
    const short = Uint8Array.from([...file.subarray(0, data + 4), ...file.subarray(segment(file, 0xd4))]);
    expect(refusal(short)).toContain("shorter than its picture");
  });

  it("is told what is wrong with it", () => {
    const file = fixture("crop.420.jpg");
    const frame = segment(file, 0xc0);
    const scan = segment(file, 0xda);
    const codes = segment(file, 0xc4);
    const steps = segment(file, 0xdb);
    const cases: [RegExp, Uint8Array][] = [
      [/lossless/, patched(file, frame + 1, 0xc3)],
      [/hierarchical/, patched(file, frame + 1, 0xc5)],
      [/arithmetic/, patched(file, frame + 1, 0xc9)],
      [/arithmetic/, patched(file, frame + 1, 0xca)],
      [/8 bits/, patched(file, frame + 4, 12)],
      [/color space/, patched(file, frame + 9, 2)],
      [/frame header/, patched(file, frame + 5, 0, 0)],
      [/frame header/, patched(file, frame + 11, 0x50)],
      [/frame header/, patched(file, frame + 12, 4)],
      [/frame header/, inserted(file, scan, [...file.subarray(frame, frame + 19)])],
      [/scan header/, patched(file, scan + 4, 0)],
      [/scan header/, patched(file, scan + 5, 99)],
      [/scan header/, patched(file, scan + 7, file[scan + 5] as number)],
      [/scan header/, patched(file, scan + 6, 0x22)],
      [/scan header/, patched(file, steps + 1, 0xfe)],
      [/table/, patched(file, steps + 4, 0x09)],
      [/table/, patched(file, codes + 5, 3)],
      [/table/, patched(file, codes + 4, 0x07)],
      [/markers/, patched(file, scan, 0)],
      [/markers/, inserted(file, 2, [0xff, 0x02, 0, 2])],
      [/markers/, inserted(file, 2, [0xff, 0xfe, 0, 1])],
      [/ends before/, inserted(file, 2, [0xff, 0xfe, 0xff, 0xff])],
      [/color space/, withoutAdobe(fixture("circus.ycck.jpg"))],
    ];
    for (const [words, broken] of cases) expect(refusal(broken)).toMatch(words);
  });

  function withoutAdobe(file: Uint8Array): Uint8Array {
    return patched(file, segment(file, 0xee) + 1, 0xed);
  }

  it("is refused after a hundred scans, so that a small file keeps nobody busy", () => {
    const file = fixture("circus.progressive.jpg");
    const scan = segment(file, 0xda);
    const data = scan + 2 + ((file[scan + 2] as number) << 8) + (file[scan + 3] as number);
    let next = data;
    while (file[next] !== 0xff || file[next + 1] === 0) next++;
    const again = [...file.subarray(scan, next)];
    expect(refusal(inserted(file, scan, Array.from({ length: 100 }, () => again).flat()))).toContain("hundred scans");
  });

  it("does not take memory that the core does not have", () => {
    const file = fixture("circus.progressive.jpg");
    const frame = segment(file, 0xc2);
    const claim = patched(file, frame + 5, 0xff, 0xff, 0xff, 0xff);
    expect(decodeJpeg(core, claim, 1)).toMatchObject({ ok: false, reason: { returncode: 20006 } });
    expect(decodeJpeg(core, new Uint8Array(64 * 2 ** 20), 1)).toMatchObject({
      ok: false,
      reason: { returncode: 20006 },
    });
    expect(core.memoryBytes).toBeLessThan(4 * 2 ** 20);
  });

  it("is an image or a reason, whatever bytes of it are changed", () => {
    const random = randomFrom(2000);
    const files = names.map(fixture);
    const results = Array.from({ length: 2000 }, (_, round) => {
      const file = (files[round % files.length] as Uint8Array).slice();
      const changes = 1 + Math.floor(8 * random() ** 2);
      for (let i = 0; i < changes; i++) {
        // Every other time in the headers, where a change does most.
        const end = round % 2 ? file.length : Math.min(file.length, 700);
        file[Math.floor(random() * end)] = 256 * random();
      }
      return decodeJpeg(core, file, reductions[round % 4] as Reduction).ok;
    });
    expect(results.filter((ok) => ok).length).toBeGreaterThan(100);
    expect(results.filter((ok) => !ok).length).toBeGreaterThan(500);
    expect(decoded(fixture("circus.jpg"))).toEqual(decoded(fixture("circus.progressive.jpg")));
  });
});
