/**
 * Shows what metadata asks for on the picture; what needs another page is told to the host by `open`. A host that replaces it by
 * `generic:overlay` is given the same properties.
 */

Component({
  properties: { content: { type: Object, value: {} }, result: { type: Object, value: {} } },
  methods: {
    open() {
      this.triggerEvent("open", this.properties.content);
    },
  },
});
