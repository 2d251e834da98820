/** The hand-off to VisionKit: what is asked of the platform, and what becomes of a match that the tracker does not confirm. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type MarkerSession, trackOnDevice } from "../../../miniprogram/plugin/track.ts";

type Listener = (anchors: readonly { markerId?: number }[]) => void;

const URL = "https://ar.test/poster.jpg";
const MARKER = 7;
let statusCode: number;
let listeners: Map<string, Listener>;
let markers: string[];

const session: MarkerSession = {
  addMarker: (path) => {
    markers.push(path);
    return MARKER;
  },
  removeMarker: (markerId) => {
    if (markerId === MARKER) markers.pop();
  },
  on: (event, listener) => listeners.set(event, listener),
  off: (event) => listeners.delete(event),
};

beforeEach(() => {
  vi.useFakeTimers();
  [statusCode, listeners, markers] = [200, new Map(), []];
  vi.stubGlobal("wx", {
    env: { USER_DATA_PATH: "wxfile://usr" },
    downloadFile: ({ success }: { success(answer: { statusCode: number }): void }) => success({ statusCode }),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("locks when the tracker sees the marker, and no other", async () => {
  const tracked = trackOnDevice(session, URL);
  await vi.advanceTimersByTimeAsync(100);
  listeners.get("addAnchors")?.([{ markerId: 3 }]);
  expect(listeners.size).toBe(2);
  listeners.get("updateAnchors")?.([{ markerId: MARKER }]);
  expect(await tracked).toEqual({ locked: true, markerId: MARKER });
  expect([markers, listeners.size, vi.getTimerCount()]).toEqual([["wxfile://usr/lookmark-marker.jpg"], 0, 0]);
});

it("vetoes the match where the tracker does not lock in time, and forgets the marker", async () => {
  const tracked = trackOnDevice(session, URL, 2000);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await tracked).toEqual({ locked: false, errMsg: "the tracker did not lock within 2000 ms" });
  expect([markers, listeners.size]).toEqual([[], 0]);
});

it("says so where the picture cannot be had", async () => {
  statusCode = 404;
  expect(await trackOnDevice(session, URL)).toEqual({ locked: false, errMsg: "the tracking image answered HTTP 404" });
});
