import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/no-leaks.ts"],
    pool: "forks",
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // A test that passes only at the second try is a broken test.
    retry: 0,
    sequence: { concurrent: false },
  },
});
