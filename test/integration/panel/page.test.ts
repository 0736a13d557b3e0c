import { writeFileSync } from "node:fs";
import axe from "axe-core";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { safeReference, safeText } from "../../../src/domain/history/safe-text.ts";
import {
  type Outcome,
  type SummaryOptions,
  summarise,
} from "../../../src/domain/summary/summarise.ts";
import { after, epochMs } from "../../../src/domain/time.ts";
import { startPanelServer } from "../../../src/sandbox/environment/panel-server.ts";
import {
  type GenesysSimulator,
  startGenesys,
} from "../../../src/sandbox/simulators/genesys-cloud/server.ts";
import { useBrowser } from "../../support/browser.ts";

/** The docs' images. `WRITE_IMAGES=1 npx vitest run test/integration/panel` renews them. */
const IMAGES = new URL("../../../docs/images/", import.meta.url).pathname;
const AT = epochMs(Date.parse("2026-03-12T09:30:00Z"));
const OPTIONS: SummaryOptions = {
  prefix: "oracle_",
  includeCustomerName: true,
  language: "en",
  panelLabels: undefined,
  caseUrlTemplate: "https://crm.example.com/case/{caseNumber}",
};

const text = (value: string) => safeText(value, 2_000);
const found = (subject: string, name = "Ada Example"): Outcome => ({
  match: "found",
  rank: "exact",
  matchedBy: "phone:exact",
  customer: {
    id: text("CUST-1001"),
    name: text(name),
    account: text("Analytical Engines Ltd"),
  },
  openCases: { count: 2, exact: true },
  cases: [
    {
      reference: safeReference("260312-000042"),
      subject: text(subject),
      status: text("active"),
      updatedAt: after(AT, -7_200_000),
    },
    {
      reference: safeReference("260228-000017"),
      subject: text("Toner never arrived"),
      status: text("open"),
      updatedAt: undefined,
    },
  ],
});

const openBrowser = useBrowser();

interface Setting {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly genesys: GenesysSimulator;
  /** Opens the panel of the conversation, with more in its address. */
  open(more?: Readonly<Record<string, string>>): Promise<void>;
  write(outcome: Outcome): void;
}

async function set(
  options: BrowserContextOptions = { viewport: { width: 360, height: 480 } },
): Promise<Setting> {
  const genesys = await startGenesys({ clientId: "worker", clientSecret: "s" });
  const panel = await startPanelServer({ genesys, framedBy: [] });
  const context = await openBrowser({ timezoneId: "Europe/Berlin", ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("dialog", (dialog) => errors.push(`a dialog: ${dialog.message()}`));
  page.on("console", (message) => {
    if (/content security policy|refused to/i.test(message.text())) errors.push(message.text());
  });
  onTestFinished(async () => {
    await panel.close();
    await genesys.close();
    expect(errors).toEqual([]);
  });
  const ids = { conversationId: "c1", participantId: "p1" };
  genesys.addConversation(ids);
  return {
    ...{ page, context, genesys },
    async open(more = {}) {
      const url = new URL(panel.addressOf("c1"));
      for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
      await page.goto(url.href);
    },
    write(outcome) {
      genesys.addConversation({ ...ids, attributes: summarise(outcome, OPTIONS, AT) });
    },
  };
}

const summary = (page: Page) => page.locator("#summary");

const outcomes = [
  ["found", found("Printer on fire")],
  ["not-found", { match: "not_found" }],
  ["ambiguous", { match: "ambiguous" }],
  ["unavailable", { match: "unavailable" }],
  ["long", found("A very long tale of a printer that was on fire ".repeat(20))],
] as const satisfies readonly (readonly [string, Outcome])[];

it.each(outcomes)(
  "%s: shows it after the agent's own sign-in, without a secret",
  async (name, outcome) => {
    const { page, open, write, genesys } = await set();
    write(outcome);
    await open();
    await page.locator(`#summary[data-state="${outcome.match}"]`).waitFor();
    expect(new URL(page.url()).searchParams.get("code")).toBeNull();
    expect(genesys.counts).toMatchObject({ token: 1, conversation: 1 });
    const width = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(width).toBeLessThanOrEqual(0);
    const image = await page.screenshot();
    expect(image.length).toBeGreaterThan(1_000);
    if (process.env.WRITE_IMAGES) writeFileSync(`${IMAGES}panel-${name}.png`, image);
  },
);

it("shows cases, account, a link, and the time in the agent's zone", async () => {
  const { page, open, write } = await set();
  write(found("Printer on fire"));
  await open({ pcLangTag: "de-DE" });
  await page.getByText("Printer on fire", { exact: true }).waitFor();
  const shown = await page.locator("main").innerText();
  for (const part of ["Ada Example", "Analytical Engines Ltd", "Offene Fälle", "10:30"]) {
    expect(shown).toContain(part);
  }
  const link = page.getByRole("link", { name: "In Oracle öffnen" });
  expect(await link.getAttribute("href")).toBe("https://crm.example.com/case/260312-000042");
  expect(await page.locator("html").getAttribute("lang")).toBe("de");
});

it("polls during the conversation, and at once after Refresh", async () => {
  const { page, open, write, genesys } = await set();
  await open();
  await page.getByText("Looking up the customer…").waitFor();
  write({ match: "unavailable" });
  await page.locator('#summary[data-state="unavailable"]').waitFor();
  write(found("Printer on fire"));
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Refresh" }).press("Enter");
  await page.locator('#summary[data-state="found"]').waitFor();
  genesys.endConversation("c1");
  expect(await summary(page).getAttribute("role")).toBe("status");
});

it.each([
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  '" onmouseover=alert(1) x="',
  "{{constructor.constructor('alert(1)')()}}",
])("shows a hostile subject as text: %s", async (subject) => {
  const { page, open, genesys } = await set();
  // Without the worker's masks, as other software could write it.
  const history = JSON.stringify([{ ref: subject, subject, status: subject, updated: subject }]);
  const attributes = {
    oracle_status: "found",
    oracle_summary: subject,
    oracle_customer_name: subject,
    oracle_history: history,
    oracle_case_url: "javascript:alert(1)",
  };
  genesys.addConversation({ conversationId: "c1", participantId: "p1", attributes });
  await open();
  await page.locator('#summary[data-state="found"]').waitFor();
  expect(await summary(page).innerText()).toBe(subject);
  expect(await page.locator("main img, main script, main a").count()).toBe(0);
});

it.each(["light", "dark"] as const)("has no accessibility violations (%s)", async (colorScheme) => {
  const { page, open, write } = await set({ colorScheme, bypassCSP: true });
  for (const [, outcome] of outcomes) {
    write(outcome);
    await open();
    await page.locator(`#summary[data-state="${outcome.match}"]`).waitFor();
    expect(await page.evaluate(`${axe.source}; axe.run()`)).toMatchObject({ violations: [] });
  }
});

it("isolates a name that is written from right to left", async () => {
  const { page, open, write } = await set();
  write(found("طلب متأخر (42)", "محمد مثال"));
  await open();
  await page.getByText("محمد مثال", { exact: true }).waitFor();
  const places = 'document.querySelectorAll("#summary bdi, #details dd bdi, #details li bdi")';
  const all = `[...${places}].map((place) => getComputedStyle(place).unicodeBidi)`;
  expect(new Set((await page.evaluate(all)) as string[])).toEqual(new Set(["isolate"]));
});

it.each([
  [{ gcHostOrigin: "https://evil.example" }, "gcHostOrigin"],
  [{ clientId: "<script>" }, "clientId"],
  [{ gcConversationId: "../../users/me" }, "gcConversationId"],
] as const)("requests no token with an invalid URL: %j", async (wrong, named) => {
  const { page, genesys } = await set();
  const panel = await startPanelServer({ genesys, framedBy: [] });
  onTestFinished(() => panel.close());
  const url = new URL(panel.addressOf("c1"));
  for (const [name, value] of Object.entries(wrong)) url.searchParams.set(name, value);
  await page.goto(url.href);
  await page.getByText(named).waitFor();
  expect(genesys.counts.token).toBe(0);
});

it("renews a refused token, and shows an unknown conversation and an unreachable Genesys", async () => {
  const { page, open, write, genesys } = await set();
  write({ match: "not_found" });
  await open();
  await page.locator('#summary[data-state="not_found"]').waitFor();
  genesys.revokeTokens();
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect.poll(() => genesys.counts.token).toBe(2);
  await open({ gcConversationId: "nobody" });
  await page.getByText("does not know this conversation").waitFor();
  genesys.faults.push({ kind: "empty", times: 3 });
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByText("does not answer").waitFor();
});

it("signs in through its own window if Genesys Cloud requires one", async () => {
  const { page, open, write, genesys } = await set();
  write({ match: "not_found" });
  await open({ pcUsePopupAuth: "true" });
  const signIn = page.getByRole("button", { name: "Sign in" });
  await signIn.waitFor();
  expect(genesys.counts.token).toBe(0);
  await signIn.click();
  await page.locator('#summary[data-state="not_found"]').waitFor();
  expect(genesys.counts.token).toBe(1);
});
