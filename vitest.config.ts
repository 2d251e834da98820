import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Tests that start processes or measure pixels need longer than the usual five seconds on a small machine. */
const SLOW_MS = 60_000;

export default defineConfig({
  test: {
    coverage: {
      provider: "istanbul",
      include: ["worker/**/*.ts", "shared/**/*.ts"],
      exclude: ["worker/core/assembly/**", "worker/site/**", "worker/**/*.d.ts"],
      reporter: ["text"],
    },
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: { ADMIN_TOKEN: "test-admin-token" } },
          }),
        ],
        test: { name: "worker", include: ["test/worker/**/*.test.ts"], testTimeout: SLOW_MS },
      },
      { test: { name: "core", include: ["test/{core,recognition,shared}/**/*.test.ts"], testTimeout: SLOW_MS } },
      { test: { name: "start", include: ["test/start/**/*.test.ts"], testTimeout: SLOW_MS, hookTimeout: SLOW_MS } },
      { test: { name: "cli", include: ["test/cli/**/*.test.ts"], testTimeout: SLOW_MS, hookTimeout: SLOW_MS } },
      { test: { name: "page", include: ["test/page/**/*.test.ts"], testTimeout: SLOW_MS, hookTimeout: SLOW_MS } },
    ],
  },
});
