/** The host page of the simulator: an <ar-scan> as the address asks for, whose events go to the log. */

const events = ["statechange", "found", "lost", "miss", "hint", "stats", "error", "open"];

Component({
  data: { ...wx.simulator.options },
  methods: {
    ...Object.fromEntries(events.map((name) => [`on_${name}`, ({ detail }) => wx.simulator.log(name, detail)])),
    on_ready({ detail }) {
      detail.api.useToken(wx.simulator.renewToken);
      wx.simulator.api = detail.api;
      wx.simulator.log("ready", detail);
    },
  },
});
