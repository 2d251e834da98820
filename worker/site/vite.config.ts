/** Builds scan page and console into dist: external scripts and styles only, so that they run under `default-src 'self'`. */

import { defineConfig } from "vite";

export default defineConfig({
  build: {
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2022",
    rolldownOptions: { input: ["index.html", "console/index.html"] },
  },
});
