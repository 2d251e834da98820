/** The scene that a picture's metadata names: `{"sceneId": "…"}`, or Kivicube's own `{"data": {"sceneId": "…"}}`. */

Page({
  data: { sceneId: "", license: "" },

  onLoad({ sceneId }) {
    this.setData({ sceneId });
  },

  onError({ detail }) {
    wx.showToast({ title: detail.errMsg || "Kivicube", icon: "none" });
  },
});
