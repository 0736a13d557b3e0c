import { expect, test } from "vitest";
import { caseUrl } from "../../../../src/domain/summary/case-url.ts";

const values = { customerId: "CUST 1/2", caseNumber: "260101-000007" };

test.each([
  ["https://crm.example/{caseNumber}", "https://crm.example/260101-000007"],
  ["http://crm.example/?c={customerId}", "http://crm.example/?c=CUST%201%2F2"],
  ["https://crm.example/home", "https://crm.example/home"],
])("%s", (template, url) => {
  expect(caseUrl(template, values)).toBe(url);
});

test.each([
  "javascript:alert('{caseNumber}')",
  "ftp://crm.example/{caseNumber}",
  "crm.example/{caseNumber}",
  "https://crm.example/{phone}",
  "https://crm.example/{toString}",
  "https://crm.example/{caseNumber",
  `https://crm.example/${"a".repeat(250)}/{caseNumber}`,
  "",
])("no link: %s", (template) => {
  expect(caseUrl(template, values)).toBeUndefined();
});

test("without a case there is no link to a case", () => {
  const noCase = { customerId: "7", caseNumber: undefined };
  expect(caseUrl("https://crm.example/{caseNumber}", noCase)).toBeUndefined();
  expect(caseUrl("https://crm.example/{customerId}", noCase)).toBe("https://crm.example/7");
});
