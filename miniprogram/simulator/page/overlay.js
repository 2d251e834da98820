/** A host that shows texts by an overlay of its own, and leaves the rest to the plugin's. */

Component({
  data: { ...wx.simulator.options },
  pageLifetimes: {
    show() {
      wx.simulator.api = this.selectComponent("#scan");
      wx.simulator.api.useToken(wx.simulator.renewToken);
    },
  },
  methods: {
    onFound({ detail }) {
      wx.simulator.log("found", detail);
    },
    onOpen({ detail }) {
      wx.simulator.log("open", detail);
    },
  },
});
