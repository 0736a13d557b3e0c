import { existsSync } from "node:fs";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
} from "playwright-core";
import { afterAll, beforeAll, onTestFinished } from "vitest";

const CHROMIUM = "/usr/bin/chromium";
/** Less than a test's own limit: an element that does not appear is named then. */
const PATIENCE_MS = 200_000;

/**
 * A real Chromium for all tests of a file.
 * @returns opens a fresh profile, which is closed at the end of the test
 */
export function useBrowser(): (options?: BrowserContextOptions) => Promise<BrowserContext> {
  let browser: Browser;
  beforeAll(async () => {
    if (!existsSync(CHROMIUM)) {
      throw new Error(`${CHROMIUM} is missing: run scripts/debian-packages.sh`);
    }
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
    });
  });
  afterAll(() => browser?.close());
  return async (options = {}) => {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(PATIENCE_MS);
    onTestFinished(() => context.close());
    return context;
  };
}
