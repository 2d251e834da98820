/**
 * Measures on this phone what no desk can: which sources of frames work in a plugin, their size and rate, round trips, and whether the
 * phone's tracker locks on a found picture. One source at a time; the report has them all.
 */

Page({
  data: { report: "{}", sources: ["auto", "camera", "vk", "photo"], source: "auto", shown: true },

  onLoad() {
    const { platform, model, system } = wx.getDeviceInfo();
    const { SDKVersion, version } = wx.getAppBaseInfo();
    const visionKit = wx.isVKSupport ? wx.isVKSupport("v1") : false;
    this.facts = { platform, model, system, SDKVersion, version, visionKit };
  },

  measure({ currentTarget: { dataset } }) {
    this.setData({ shown: false }, () => this.setData({ shown: true, source: dataset.source }));
  },

  onReady({ detail: { source, frameWidth, frameHeight, maxZoom, api } }) {
    this.api = api;
    this.add({ source, frameWidth, frameHeight, maxZoom });
  },

  onStats({ detail }) {
    this.add({ stats: detail, encodeMs: this.api ? this.api.getStats().encodeMs : 0 });
  },

  async onFound({ detail: { identifier, elapsed } }) {
    this.add({ identifier, elapsed });
    if (this.data.source !== "vk") return;
    const start = Date.now();
    const { locked, errMsg } = await this.api.track();
    this.add({ tracker: { locked, errMsg, ms: Date.now() - start } });
  },

  onError({ detail }) {
    this.add({ error: { errCode: detail.errCode, errMsg: detail.errMsg } });
  },

  add(facts) {
    const { source } = this.data;
    this.facts[source] = { ...this.facts[source], ...facts };
    this.setData({ report: JSON.stringify(this.facts, null, 2) });
  },

  copy() {
    wx.setClipboardData({ data: this.data.report });
  },
});
