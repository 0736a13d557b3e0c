import type { SandboxCase, SandboxCustomer } from "../simulators/oracle-cx/site/customers.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A case, dated by its age in ms. */
interface SampleCase extends Pick<SandboxCase, "caseNumber" | "subject" | "status"> {
  readonly ageMs: number;
}

interface SampleCustomer extends Omit<SandboxCustomer, "cases"> {
  readonly cases: readonly SampleCase[];
}

const GRACES_CASES: readonly SampleCase[] = Array.from({ length: 23 }, (_, index) => ({
  caseNumber: `260301-${String(index).padStart(6, "0")}`,
  subject: `Delivery ${index + 1} is late`,
  status: "open",
  ageMs: index * DAY,
}));

const CUSTOMERS: readonly SampleCustomer[] = [
  {
    customerId: "CUST-1001",
    firstName: "Ada",
    lastName: "Example",
    accountName: "Analytical Engines Ltd",
    phones: ["+15550199999"],
    emails: ["ada.example@example.com"],
    cases: [
      {
        caseNumber: "260312-000042",
        subject: "Printer on fire",
        status: "active",
        ageMs: 2 * HOUR,
      },
      {
        caseNumber: "260228-000017",
        subject: "Toner never arrived",
        status: "open",
        ageMs: 9 * DAY,
      },
    ],
  },
  {
    customerId: "CUST-1002",
    firstName: "Grace",
    lastName: "Sample",
    accountName: "Compilers & Co",
    phones: ["+442071838750"],
    emails: ["grace@example.org"],
    cases: GRACES_CASES,
  },
  {
    // Stored in national format: found only by another spelling.
    customerId: "CUST-1003",
    firstName: "Konrad",
    lastName: "Muster",
    accountName: "Relais GmbH",
    phones: ["01701234567"],
    emails: [],
    cases: [
      {
        caseNumber: "260311-000003",
        subject: "Card 4111 1111 1111 1111 charged twice, write to konrad@example.net",
        status: "open",
        ageMs: HOUR,
      },
    ],
  },
  {
    customerId: "CUST-1004",
    firstName: "Hedy",
    lastName: "Probe",
    accountName: "Frequency Hopping Inc",
    phones: ["+4930901820"],
    emails: [],
    cases: [{ caseNumber: "260105-000001", subject: "Invoice", status: "open", ageMs: 40 * DAY }],
  },
  {
    customerId: "CUST-1005",
    firstName: "George",
    lastName: "Probe",
    accountName: "Frequency Hopping Inc",
    phones: ["+4930901820"],
    emails: [],
    cases: [],
  },
  {
    customerId: "CUST-1006",
    firstName: "Mary",
    lastName: "Example",
    accountName: "Orbit Travel",
    phones: ["+15550100006"],
    emails: ["mary@example.com"],
    cases: [],
  },
  {
    customerId: "CUST-1007",
    firstName: "Tim",
    lastName: "Sample",
    accountName: "Hypertext Ltd",
    phones: ["+15550100007", "+15550100008"],
    emails: ["tim@example.com"],
    cases: [
      {
        caseNumber: "260310-000077",
        subject: "Link is broken",
        status: "active",
        ageMs: 3 * DAY,
      },
    ],
  },
];

/**
 * The customers of the sandbox's Oracle. All are invented. Their numbers are reserved for examples.
 * @param now epoch ms; the cases are dated relative to it
 */
export function sampleCustomers(now: number): SandboxCustomer[] {
  return CUSTOMERS.map((customer) => ({
    ...customer,
    cases: customer.cases.map(({ ageMs, ...item }) => ({
      ...item,
      lastUpdateDate: new Date(now - ageMs).toISOString(),
    })),
  }));
}
