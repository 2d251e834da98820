/** The 3D model that a picture's metadata names, on that picture: `{"type": "model", "url": "https://….glb"}`. */

Page({
  data: { url: "", marker: "", width: 0, height: 0 },

  onLoad({ url, marker }) {
    const { windowWidth, windowHeight, pixelRatio } = wx.getWindowInfo();
    this.setData({
      url: decodeURIComponent(url),
      marker: decodeURIComponent(marker),
      width: windowWidth * pixelRatio,
      height: windowHeight * pixelRatio,
    });
  },

  onVeto() {
    wx.showToast({ title: "没有认出图片 The picture is not there", icon: "none" });
    wx.navigateBack();
  },
});
