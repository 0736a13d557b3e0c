import { defineConfig } from "vitest/config";

/** Limits only catch a hang: the machine may be busy with other work. */
const HANG_MS = 300_000;

export default defineConfig({
  test: {
    pool: "forks",
    // Files share what they import: nothing in it is changed by a test, and importing is most of the time.
    isolate: false,
    unstubEnvs: true,
    // Most integration tests wait for processes, polls and retries: three keep two cores busy.
    maxWorkers: 3,
    // A test that passes only at the second try is a broken test.
    retry: 0,
    sequence: { concurrent: false },
    setupFiles: ["test/support/no-leaks.ts"],
    testTimeout: HANG_MS,
    hookTimeout: HANG_MS,
    expect: { poll: { timeout: HANG_MS / 2 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          setupFiles: ["test/support/no-processes.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          globalSetup: ["test/support/bundle.ts"],
          // A test that only ends would only hang when something is wrong.
          expect: { requireAssertions: true },
        },
      },
    ],
  },
});
