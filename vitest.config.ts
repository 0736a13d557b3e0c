import { defineConfig } from "vitest/config";

/** Limits only catch a hang: the machine may be busy with other work. */
const HANG_MS = 120_000;

export default defineConfig({
  test: {
    pool: "forks",
    // Most integration tests wait for processes and polls.
    maxWorkers: 2,
    // A test that passes only at the second try is a broken test.
    retry: 0,
    sequence: { concurrent: false },
    setupFiles: ["test/support/no-leaks.ts"],
    testTimeout: HANG_MS,
    hookTimeout: HANG_MS,
    // A test that asserts nothing but that it ends says nothing when it does not.
    expect: { requireAssertions: true, poll: { timeout: HANG_MS / 2 } },
    projects: [
      {
        extends: true,
        // No process, no socket: the whole project in seconds.
        test: { name: "unit", include: ["test/unit/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          globalSetup: ["test/support/bundle.ts"],
        },
      },
    ],
  },
});
