/**
 * The scene that a picture's metadata names: `{"sceneId": "…"}`, or Kivicube's own `{"data": {"sceneId": "…"}}`; else the
 * collection, `{"collectionId": "…"}`.
 */

Page({
  data: { sceneId: "", collectionId: "", license: "" },

  onLoad({ sceneId, collectionId }) {
    this.setData({ sceneId, collectionId });
  },

  onError({ detail }) {
    wx.showToast({ title: detail.errMsg || "Kivicube", icon: "none" });
  },
});
