import AxeBuilder from "axe-core";
import type { Page } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { startPanelServer } from "../../../src/sandbox/environment/panel-server.ts";
import { startLivePage } from "../../../src/sandbox/page/live.ts";
import type { PagePanel } from "../../../src/sandbox/page/server.ts";
import { useBrowser } from "../../support/browser.ts";
import { startEnvironment, startRedis, startWorker } from "../../support/environment.ts";

const openBrowser = useBrowser();

async function openPage(): Promise<Page> {
  const sandbox = await startEnvironment({
    oracleLatencyMs: () => 50,
    genesysLatencyMs: () => 10,
  });
  const redis = await startRedis();
  const errors: unknown[] = [];
  const failed = (error: unknown) => void errors.push(error);
  const panelOfPage: PagePanel = {
    addressOf: (id) => panel.addressOf(id),
    origins: () => panel.origins(),
  };
  const live = await startLivePage({ sandbox, redis, failed, panel: panelOfPage });
  const panel = await startPanelServer({ genesys: sandbox.genesys, framedBy: [live.url] });
  const environment = { HTTP_PORT: "0", REDIS_URL: redis.url, LOG_LEVEL: "debug" };
  const worker = startWorker({ ...sandbox.environment, ...environment }, { onLine: live.line });
  onTestFinished(async () => {
    await live.close();
    await panel.close();
    expect(errors).toEqual([]);
  });
  await worker.line(({ fact }) => fact === "worker.started");
  const context = await openBrowser();
  const page = await context.newPage();
  page.on("pageerror", failed);
  page.on("console", (message) => {
    if (message.type() === "error") failed(message.text());
  });
  await page.goto(live.url);
  await page.getByText("Connected").waitFor();
  return page;
}

const row = (page: Page, state: string) => page.locator(`tr[data-state="${state}"]`).first();

it("shows unavailable while Oracle is down, and the histories once it is up again", async () => {
  const page = await openPage();
  const oracle = page.getByRole("button", { name: "Oracle is down" });
  const call = page.getByRole("button", { name: "One call" });
  await call.click();
  await row(page, "found").getByRole("button").click();
  const panel = page.frameLocator("#panel");
  await panel.getByText("2 open cases").waitFor();

  await oracle.click();
  await page.locator('[data-break="oracle"][aria-pressed="true"]').waitFor();
  for (let calls = 0; calls < 3; calls += 1) await call.click();
  await row(page, "unavailable").waitFor();

  await oracle.click();
  await page.locator('[data-break="oracle"][aria-pressed="false"]').waitFor();
  await row(page, "not_found").waitFor();
  await expect.poll(() => page.locator('tr[data-state="unavailable"]').count()).toBe(0);
});

it("lists a conversation that Genesys does not know as a dead letter, and replays it once it is known", async () => {
  const page = await openPage();
  const unknown = page.getByRole("button", { name: "Genesys does not know the conversations" });
  await unknown.click();
  await page.locator('[data-break="conversations"][aria-pressed="true"]').waitFor();
  await page.getByRole("button", { name: "One call" }).click();
  const deadLetter = page.locator('li[data-code="conversation_not_found"]');
  await deadLetter.waitFor();
  await unknown.click();
  await page.locator('[data-break="conversations"][aria-pressed="false"]').waitFor();
  await deadLetter.getByRole("button", { name: "Replay" }).click();
  await row(page, "found").waitFor();
  await page.getByText("1 replayed").waitFor();
  expect(await page.locator('tr[data-state="found"]').count()).toBe(1);
});

it("writes histories while Redis is down", async () => {
  const page = await openPage();
  const redis = page.getByRole("button", { name: "Redis is down" });
  await redis.click();
  await page.locator('[data-break="redis"][aria-pressed="true"]').waitFor();
  await page.getByRole("button", { name: "One call" }).click();
  await row(page, "found").waitFor();
  await redis.click();
  await page.locator('[data-break="redis"][aria-pressed="false"]').waitFor();
  expect(await page.locator('tr[data-state="unavailable"]').count()).toBe(0);
});

it.each(["light", "dark"] as const)("has no accessibility violations (%s)", async (colorScheme) => {
  const page = await openPage();
  await page.emulateMedia({ colorScheme });
  await page.getByRole("button", { name: "One call" }).click();
  await row(page, "found").waitFor();
  // The page's policy blocks foreign scripts, so this one is evaluated by the browser driver.
  const found = await page.evaluate(`${AxeBuilder.source}; axe.run()`);
  expect(found).toMatchObject({ violations: [] });
});

it("refuses requests that are not commands of the page", async () => {
  const page = await openPage();
  const answer = (body: string, type = "application/json") =>
    page.request.post(new URL("/start", page.url()).href, {
      data: body,
      headers: { "content-type": type },
    });
  expect((await answer('{"count":5000}')).status()).toBe(400);
  expect((await answer('{"count":1,"more":1}')).status()).toBe(400);
  expect((await answer("count=1", "application/x-www-form-urlencoded")).status()).toBe(415);
});
