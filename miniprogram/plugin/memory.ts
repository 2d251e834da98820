/** What this phone remembers from scan to scan: how large the picture was that was found. */

const KEY = "lookmark.edge";

/** Px; 0 where nothing is remembered. */
export function recallEdge(): number {
  return Number(wx.getStorageSync(KEY)) || 0;
}

/** A full storage costs the next scan a few questions, and this one nothing. */
export function keepEdge(edgePx: number): void {
  if (edgePx > 0 && edgePx !== recallEdge()) wx.setStorage({ key: KEY, data: edgePx, fail: () => {} });
}
