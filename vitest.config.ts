import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "forks",
    // Most integration tests wait for processes and polls.
    maxWorkers: 2,
    // A test that passes only at the second try is a broken test.
    retry: 0,
    sequence: { concurrent: false },
    setupFiles: ["test/support/no-leaks.ts"],
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
          // Limits only catch a hang: the machine may be busy with other work.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
