/** Measures on this phone what no desk can: which source of frames works in a plugin, their size and rate, round trips. */

Page({
  data: { report: "{}" },
  facts: {},

  onLoad() {
    const { platform, model, system } = wx.getDeviceInfo();
    const { SDKVersion, version } = wx.getAppBaseInfo();
    this.add({
      platform,
      model,
      system,
      SDKVersion,
      version,
      visionKit: wx.isVKSupport ? wx.isVKSupport("v1") : false,
    });
  },

  onReady({ detail: { source, frameWidth, frameHeight, maxZoom, api } }) {
    this.api = api;
    this.add({ source, frameWidth, frameHeight, maxZoom });
  },

  onStats({ detail }) {
    this.add({ stats: detail, encodeMs: this.api ? this.api.getStats().encodeMs : 0 });
  },

  onError({ detail }) {
    this.add({ error: { errCode: detail.errCode, errMsg: detail.errMsg } });
  },

  add(facts) {
    Object.assign(this.facts, facts);
    this.setData({ report: JSON.stringify(this.facts, null, 2) });
  },

  copy() {
    wx.setClipboardData({ data: this.data.report });
  },
});
