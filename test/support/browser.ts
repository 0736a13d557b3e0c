import { existsSync } from "node:fs";
import { type BrowserContext, chromium } from "playwright-core";
import { onTestFinished } from "vitest";

const CHROMIUM = "/usr/bin/chromium";
/** Less than a test's own limit: an element that does not appear is named then. */
const PATIENCE_MS = 60_000;

/** A real Chromium with a fresh profile, that ends with the test. @throws {Error} if it is missing */
export async function openBrowser(
  options: Parameters<Awaited<ReturnType<typeof chromium.launch>>["newContext"]>[0] = {},
): Promise<BrowserContext> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`${CHROMIUM} is missing: run scripts/debian-packages.sh`);
  }
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  onTestFinished(() => browser.close());
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}
