/** The 3D model that a picture's metadata names: `{"type": "model", "url": "https://….glb"}`. */

Page({
  data: { url: "", width: 0, height: 0 },

  onLoad({ url }) {
    const { windowWidth, windowHeight, pixelRatio } = wx.getWindowInfo();
    this.setData({ url: decodeURIComponent(url), width: windowWidth * pixelRatio, height: windowHeight * pixelRatio });
  },
});
