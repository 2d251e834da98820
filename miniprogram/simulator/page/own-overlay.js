/** Texts in the host's own dress, with what the answer says of them; the rest as the plugin shows it. */

Component({
  properties: { content: { type: Object, value: {} }, result: { type: Object, value: {} } },
  methods: {
    open() {
      this.triggerEvent("open", this.properties.content);
    },
  },
});
