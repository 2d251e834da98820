/** Shows what metadata asks for on the picture; what needs another page is told to the host by `open`. */

Component({
  properties: { content: { type: Object, value: {} } },
  methods: {
    open() {
      this.triggerEvent("open", this.properties.content);
    },
  },
});
