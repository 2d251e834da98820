/**
 * A model on the found picture, which xr-frame tracks as a marker; on the first plane where there is no tracking image.
 * A tracker that does not lock in time vetoes the match. Trackers may be made only after ar-ready.
 */

const LOCK_WITHIN_MS = 8000;

Component({
  properties: { url: { type: String, value: "" }, marker: { type: String, value: "" } },
  data: { arReady: false },
  lifetimes: {
    detached() {
      clearTimeout(this.timer);
    },
  },
  methods: {
    onArReady() {
      this.setData({ arReady: true });
      if (this.data.marker) this.timer = setTimeout(() => this.triggerEvent("veto"), LOCK_WITHIN_MS);
    },
    onSwitch({ detail: { value } }) {
      if (value) clearTimeout(this.timer);
    },
  },
});
