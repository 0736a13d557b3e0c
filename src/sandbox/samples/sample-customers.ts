import type { SandboxCase, SandboxCustomer } from "../simulators/oracle-cx/site/customers.ts";

/**
 * The customers that the sandbox's Oracle knows. All are invented; the numbers are reserved for
 * examples. `now` (epoch ms) dates their cases.
 */
export function sampleCustomers(now: number): SandboxCustomer[] {
  return [
    {
      customerId: "CUST-1001",
      firstName: "Ada",
      lastName: "Example",
      accountName: "Analytical Engines Ltd",
      phones: ["+15550199999"],
      emails: ["ada.example@example.com"],
      cases: [
        sampleCase("260312-000042", "Printer on fire", "active", now - 2 * HOUR),
        sampleCase("260228-000017", "Toner never arrived", "open", now - 9 * DAY),
      ],
    },
    {
      customerId: "CUST-1002",
      firstName: "Grace",
      lastName: "Sample",
      accountName: "Compilers & Co",
      phones: ["+442071838750"],
      emails: ["grace@example.org"],
      cases: Array.from({ length: 23 }, (_, index) =>
        sampleCase(
          `260301-${String(index).padStart(6, "0")}`,
          `Delivery ${index + 1} is late`,
          "open",
          now - index * DAY,
        ),
      ),
    },
    {
      // Stored as somebody once typed it: found only by another spelling.
      customerId: "CUST-1003",
      firstName: "Konrad",
      lastName: "Muster",
      accountName: "Relais GmbH",
      phones: ["01701234567"],
      emails: [],
      cases: [
        sampleCase(
          "260311-000003",
          "Card 4111 1111 1111 1111 charged twice, write to konrad@example.net",
          "open",
          now - HOUR,
        ),
      ],
    },
    {
      customerId: "CUST-1004",
      firstName: "Hedy",
      lastName: "Probe",
      accountName: "Frequency Hopping Inc",
      phones: ["+4930901820"],
      emails: [],
      cases: [sampleCase("260105-000001", "Invoice", "open", now - 40 * DAY)],
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
      cases: [sampleCase("260310-000077", "Link is broken", "active", now - 3 * DAY)],
    },
  ];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function sampleCase(
  caseNumber: string,
  subject: string,
  status: SandboxCase["status"],
  updatedAt: number,
): SandboxCase {
  return { caseNumber, subject, status, lastUpdateDate: new Date(updatedAt).toISOString() };
}
