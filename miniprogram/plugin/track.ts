/**
 * Hand-off to the phone's own tracker: VisionKit learns the found picture as a marker. One that does not lock in time vetoes the
 * match. Markers are local files only, and a session tracks one (VKSession.addMarker).
 */

/** The part of a VKSession with `track: { marker: true }` that is used; the host makes, starts and destroys it. */
export interface MarkerSession {
  addMarker(path: string): number;
  removeMarker(markerId: number): void;
  on(event: "addAnchors" | "updateAnchors", listener: (anchors: readonly { markerId?: number }[]) => void): void;
  off(event: "addAnchors" | "updateAnchors", listener: (anchors: readonly { markerId?: number }[]) => void): void;
}

export type Tracked =
  | { readonly locked: true; readonly markerId: number }
  | { readonly locked: false; readonly errMsg: string };

/** A steady hand locks within a second; whoever has just been told "found" waits no longer than this. */
const LOCK_WITHIN_MS = 4000;
const EVENTS = ["addAnchors", "updateAnchors"] as const;

/** `url` is `track.url` of a `found` event. */
export async function trackOnDevice(
  session: MarkerSession,
  url: string,
  lockWithinMs = LOCK_WITHIN_MS,
): Promise<Tracked> {
  const path = await download(url).catch((error: Error) => error);
  if (path instanceof Error) return { locked: false, errMsg: path.message };
  const markerId = session.addMarker(path);
  const locked = await locks(session, markerId, lockWithinMs);
  if (locked) return { locked, markerId };
  session.removeMarker(markerId);
  return { locked: false, errMsg: `the tracker did not lock within ${lockWithinMs} ms` };
}

/** Its name must end as a picture's does. */
function download(url: string): Promise<string> {
  const filePath = `${wx.env.USER_DATA_PATH}/lookmark-marker.jpg`;
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url,
      filePath,
      success: ({ statusCode }) => {
        if (statusCode === 200) resolve(filePath);
        else reject(new Error(`the tracking image answered HTTP ${statusCode}`));
      },
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    });
  });
}

function locks(session: MarkerSession, markerId: number, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (locked: boolean) => {
      clearTimeout(timer);
      for (const event of EVENTS) session.off(event, listen);
      resolve(locked);
    };
    const listen = (anchors: readonly { markerId?: number }[]) => {
      if (anchors.some((anchor) => anchor.markerId === markerId)) settle(true);
    };
    const timer = setTimeout(() => settle(false), withinMs);
    for (const event of EVENTS) session.on(event, listen);
  });
}
