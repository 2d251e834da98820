/** The host page of the simulator: an <ar-scan> as the address asks for, whose events go to the log. */

const events = ["ready", "statechange", "found", "lost", "miss", "hint", "stats", "error", "open"];

Component({
  data: { ...wx.simulator.options },
  pageLifetimes: {
    show() {
      wx.simulator.api = this.selectComponent("#scan");
      wx.simulator.api.useToken(wx.simulator.renewToken);
    },
  },
  methods: {
    ...Object.fromEntries(events.map((name) => [`on_${name}`, ({ detail }) => wx.simulator.log(name, detail)])),
  },
});
