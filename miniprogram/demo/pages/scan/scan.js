/** Scan → overlay on the picture; models and Kivicube scenes open a page of their own, once our camera is gone. */

const HISTORY_MAX = 50;

Page({
  data: { scanning: true, found: "" },

  onShow() {
    this.setData({ scanning: true });
  },

  onFound({ detail }) {
    this.setData({ found: detail.identifier });
    this.marker = detail.track ? detail.track.url : "";
    const history = wx.getStorageSync("history") || [];
    const entry = { identifier: detail.identifier, metadata: detail.metadataText, at: Date.now() };
    wx.setStorageSync("history", [entry, ...history].slice(0, HISTORY_MAX));
  },

  onOpen({ detail: { kind, sceneId, collectionId, url } }) {
    const ids = `sceneId=${encodeURIComponent(sceneId)}&collectionId=${encodeURIComponent(collectionId)}`;
    const pages = {
      kivicube: `/pages/kivicube/kivicube?${ids}`,
      model: `/pages/xr/xr?url=${encodeURIComponent(url)}&marker=${encodeURIComponent(this.marker)}`,
    };
    if (!pages[kind]) return wx.setClipboardData({ data: url });
    // A page, and a phone, has one camera: ours is unmounted before the next one starts.
    this.setData({ scanning: false }, () => wx.navigateTo({ url: pages[kind] }));
  },

  onError({ detail }) {
    if (!detail.recoverable) wx.showToast({ title: `${detail.errCode} ${detail.errMsg}`, icon: "none" });
  },

  again() {
    this.setData({ found: "" });
    this.selectComponent("#scan").scanAgain();
  },
});
