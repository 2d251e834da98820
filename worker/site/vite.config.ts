/** Builds the scan page into dist: external scripts and styles only, so that the page runs under `default-src 'self'`. */

import { defineConfig } from "vite";

export default defineConfig({
  build: {
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2022",
  },
});
