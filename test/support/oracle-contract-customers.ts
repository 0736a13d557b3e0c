import type {
  SandboxCase,
  SandboxCustomer,
} from "../../src/sandbox/simulators/oracle-cx/site/customers.ts";

const ADA: SandboxCustomer = {
  customerId: "C-1",
  firstName: "Ada",
  lastName: "Example",
  accountName: "Analytical Engines Ltd",
  phones: ["+15550199999"],
  emails: ["ada@example.com"],
  cases: [
    aCase("260101-000001", "Toner never arrived", "2026-01-04T12:00:00Z"),
    aCase("260104-000004", "Printer on fire", "2026-01-05T11:00:00Z", {
      status: "Waiting on us",
      state: "active",
    }),
    aCase("251201-000009", "Old", "2026-01-05T11:30:00Z", { status: "Solved", state: "closed" }),
  ],
};

/** The customers of every dialect's simulator in the contract. The id is `C-<number>`. */
export const customers: readonly SandboxCustomer[] = [
  ADA,
  {
    ...named(2, "Grace", "Sample"),
    phones: ["+442071838750"],
    cases: Array.from({ length: 23 }, (_, i) =>
      aCase(
        `2602${10 + i}-000001`,
        `Delivery ${i} is late`,
        new Date(1_767_000_000_000 - i * 60_000).toISOString(),
      ),
    ),
  },
  {
    ...named(3, "Konrad", "Muster"),
    phones: ["01701234567"],
    cases: [
      aCase(
        "260103-000003",
        "Card 4111 1111 1111 1111, konrad@example.net",
        "2026-01-03T00:00:00Z",
      ),
    ],
  },
  { ...named(4, "Hedy", "Probe"), phones: ["+4930901820"] },
  { ...named(5, "George", "Probe"), accountName: "Logic & Sons", phones: ["+4930901820"] },
  { ...named(6, "Mary", "Example"), phones: ["+15550100006"] },
  {
    ...named(7, "Tim", "Sample"),
    // Office and mobile have the same number. The facade compares text, so it needs each spelling.
    phones: ["+15550100007", "15550100007", "(555) 010-0007"],
    cases: [aCase("260107-000007", "Link is broken", "2026-01-02T00:00:00Z")],
  },
  {
    ...named(8, "Barbara", "Sample"),
    phones: ["+15550100008"],
    cases: [aCase("260108-000008", "Invoice", "2026-01-02T00:00:00Z")],
  },
  {
    ...named(9, "Unknown", "Caller"),
    phones: ["+15550100008", "+15550100009"],
    cases: [aCase("260109-000009", "Somebody else's", "2026-01-02T00:00:00Z")],
  },
  // A switchboard: three contacts of one organisation.
  { ...acme(10, "Alan", "Probe"), cases: [late("260110-000010"), late("260110-000011")] },
  {
    ...acme(11, "Joan", "Probe"),
    cases: [late("260111-000011"), { ...late("260111-000012"), state: "closed" }],
  },
  { ...acme(12, "Jean", "Probe"), cases: [late("260112-000012")] },
  // A household: the account is called after one of the persons.
  { ...named(13, "Emil", "Muster"), accountName: "Muster, Emil", phones: ["+15550100013"] },
  { ...named(14, "Erna", "Muster"), accountName: "Muster, Emil", phones: ["+15550100013"] },
  // The second one has the digits of the first one without the country code.
  { ...named(15, "Rosa", "Probe"), phones: ["+12025550115"], cases: [late("260115-000015")] },
  { ...named(16, "Rita", "Probe"), phones: ["2025550115"], cases: [late("260116-000016")] },
  // A Dane, and an American: foreign numbers have the same national digits.
  { ...named(17, "Dan", "Muster"), phones: ["20304050"] },
  { ...named(18, "Uma", "Muster"), phones: ["2025550123"] },
  { ...named(19, "Pat", "O'Brien"), phones: ["+15550100022"], emails: ["Pat.O'Brien@Example.com"] },
  {
    ...named(20, "Uwe", "Muster"),
    ...{ phones: ["+15550100021"], emails: ["uwe@m\u00fcller.example"], accountNumber: "000417" },
  },
];

function acme(number: number, firstName: string, lastName: string): SandboxCustomer {
  return { ...named(number, firstName, lastName), accountName: "Acme", phones: ["+15550100010"] };
}

function late(caseNumber: string): SandboxCase {
  return aCase(caseNumber, "Delivery is late", "2026-01-02T00:00:00Z");
}

function named(number: number, firstName: string, lastName: string): SandboxCustomer {
  return { ...ADA, customerId: `C-${number}`, firstName, lastName, emails: [], cases: [] };
}

function aCase(
  caseNumber: string,
  subject: string,
  lastUpdateDate: string,
  more: Partial<SandboxCase> = {},
): SandboxCase {
  return { caseNumber, subject, status: "Open", state: "open", lastUpdateDate, ...more };
}
