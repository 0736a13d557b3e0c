import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/no-leaks.ts"],
    pool: "forks",
    // Most tests wait for processes and long polls.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // A test that passes only at the second try is a broken test.
    retry: 0,
    sequence: { concurrent: false },
  },
});
