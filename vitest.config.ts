import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Tests that start processes or measure pixels need longer than the usual five seconds on a small machine. */
const SLOW_MS = 60_000;
/** `npm start` builds before it starts. */
const BUILD_MS = 120_000;

/** One gives a module other constants, one compares all that is stored: they need a workerd to themselves. */
const ALONE = ["test/worker/catalog/model.test.ts", "test/worker/routes/kept.test.ts"];

export default defineConfig({
  test: {
    maxWorkers: "100%", // one core less, as is the default, would be one of two
    // The Worker logs every call (worker/routes/log.ts).
    onConsoleLog: (text) => !text.startsWith('{"event":'),
    coverage: {
      provider: "istanbul",
      include: ["worker/**/*.ts", "shared/**/*.ts", "miniprogram/scanner/**/*.ts"],
      exclude: ["worker/core/assembly/**", "worker/site/**", "worker/**/*.d.ts"],
      reporter: ["text"],
      reportOnFailure: true,
    },
    projects: [
      {
        plugins: [workerd()],
        // One workerd for all files: each would load the Worker anew. No two tests name the same users, channels or addresses.
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.ts"],
          exclude: ALONE,
          testTimeout: SLOW_MS,
          isolate: false,
        },
      },
      {
        plugins: [workerd()],
        test: { name: "worker-alone", include: ALONE, testTimeout: SLOW_MS },
      },
      {
        test: {
          name: "core",
          include: ["test/{core,fuzz,image,index,recognition,shared,site}/**/*.test.ts"],
          testTimeout: SLOW_MS,
          hookTimeout: SLOW_MS,
        },
      },
      {
        test: {
          name: "miniprogram",
          include: ["test/miniprogram/{scanner,plugin}/**/*.test.ts"],
          globalSetup: ["test/miniprogram/build.ts"],
          testTimeout: SLOW_MS,
        },
      },
      {
        test: { name: "docs", include: ["test/docs/**/*.test.ts"], testTimeout: SLOW_MS, hookTimeout: SLOW_MS },
      },
      ...["page", "cli", "simulator", "webar", "deploy", "examples"].map((name, i) => alone(name, SLOW_MS, i + 1)),
      alone("reliability", BUILD_MS, 7),
      alone("start", BUILD_MS, 8), // last: `npm start` builds anew what the other tests read
    ],
  },
});

/** Tests run in the Worker's own runtime. */
function workerd() {
  return cloudflareTest({
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: { bindings: { ADMIN_TOKEN: "test-admin-token", WECHAT_PLUGIN_TOKEN: "plugin.token.for.tests" } },
  });
}

/** Tests that start whole processes: one file at a time, after the groups of lower order. */
function alone(name: string, timeoutMs: number, groupOrder: number) {
  const include = [`test/${name}/**/*.test.ts`];
  return {
    test: {
      name,
      include,
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      fileParallelism: false,
      sequence: { groupOrder },
    },
  };
}
