/** A model on the first plane that xr-frame finds; trackers may be made only after ar-ready. */

Component({
  properties: { url: { type: String, value: "" } },
  data: { arReady: false },
  methods: {
    onArReady() {
      this.setData({ arReady: true });
    },
  },
});
