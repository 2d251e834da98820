/** What this phone has found, newest first. */

Page({
  data: { history: [] },

  onShow() {
    this.setData({ history: wx.getStorageSync("history") || [] });
  },
});
