import type { SandboxCase, SandboxCustomer } from "../site/customers.ts";
import type { Path } from "./roql-parse.ts";
import type { JoinedRow, Table } from "./roql-run.ts";

/** The data and features of a site. */
export interface B2cSite {
  readonly customers: readonly SandboxCustomer[];
  /** Paths of the incidents' custom fields, in lower case. The values are in the cases' `custom`. */
  readonly customFields: readonly Path[];
  /** Whether incidents can be filtered by the telephone numbers of their contact. */
  readonly phonesThroughContact: boolean;
  /** Paths of contacts that cannot be selected, in lower case. They can be compared with. */
  readonly refusedColumns: readonly Path[];
}

type Cells = readonly (readonly [Path, string | null])[];

const CONTACT_FIELDS = [
  "id",
  "name.first",
  "name.last",
  "organization.name",
  "updatedtime",
  "disabled",
  "customfields.c.tier",
  "customfields.c.account_no",
];
const LISTS = ["phones.rawnumber", "phones.number", "emails.address"];
const INCIDENT_FIELDS = [
  "id",
  "referencenumber",
  "subject",
  "statuswithtype.statustype.id",
  "statuswithtype.status.lookupname",
  "createdtime",
  "updatedtime",
  "closedtime",
];
const THROUGH = "primarycontact.parentcontact.";

/** The tables of a site, by singular and plural name. */
export function tablesOf(site: B2cSite): ReadonlyMap<string, Table> {
  const lists = site.phonesThroughContact ? LISTS : ["emails.address"];
  const contacts: Table = {
    paths: new Set([...CONTACT_FIELDS, ...LISTS]),
    notSelectable: new Set(site.refusedColumns),
    rows: (touched) => site.customers.flatMap((customer) => contactRows(customer, "", touched)),
  };
  const incidents: Table = {
    paths: new Set([
      ...INCIDENT_FIELDS,
      ...site.customFields,
      ...[...CONTACT_FIELDS, ...lists].map((path) => THROUGH + path),
    ]),
    notSelectable: new Set(),
    rows: (touched) =>
      site.customers.flatMap((customer) =>
        contactRows(customer, THROUGH, touched).flatMap((row) =>
          customer.cases.map((item, index): JoinedRow => {
            const id = `${contactIdOf(customer)}${String(index).padStart(3, "0")}`;
            return new Map([...row, ...incidentCells(item, id)]);
          }),
        ),
      ),
  };
  return new Map([
    ["contact", contacts],
    ["contacts", contacts],
    ["incident", incidents],
    ["incidents", incidents],
  ]);
}

/** The digits of the customer id, because ids of Connect REST are numbers. */
function contactIdOf(customer: SandboxCustomer): string {
  return String(Number(customer.customerId.replace(/\D/g, "")));
}

/** One row, or one for each phone and email if the query names these lists. */
function contactRows(
  customer: SandboxCustomer,
  prefix: string,
  touched: ReadonlySet<Path>,
): JoinedRow[] {
  const own: Cells = [
    ["id", contactIdOf(customer)],
    ["name.first", customer.firstName],
    ["name.last", customer.lastName],
    ["organization.name", customer.accountName || null],
    ["disabled", customer.disabled === true ? "1" : "0"],
    ["customfields.c.tier", customer.tier ?? null],
    ["customfields.c.account_no", customer.accountNumber ?? null],
    ["updatedtime", null],
  ];
  const touches = (list: string) => [...touched].some((path) => path.startsWith(prefix + list));
  // `RawNumber` has only the digits of the number.
  const phones: Cells[] = touches("phones.")
    ? customer.phones.map((number) => [
        ["phones.number", number],
        ["phones.rawnumber", number.replace(/\D/g, "")],
      ])
    : [[]];
  const emails: Cells[] = touches("emails.")
    ? customer.emails.map((address) => [["emails.address", address]])
    : [[]];
  return phones.flatMap((phone) =>
    emails.map(
      (email) => new Map([...own, ...phone, ...email].map(([path, cell]) => [prefix + path, cell])),
    ),
  );
}

const STATUS_TYPES = { open: "1", active: "3", closed: "2" } as const;

function incidentCells(item: SandboxCase, id: string): Cells {
  const { state = "open", lastUpdateDate: updated } = item;
  return [
    ["id", id],
    ["referencenumber", item.caseNumber],
    ["subject", item.subject],
    ["statuswithtype.statustype.id", STATUS_TYPES[state]],
    ["statuswithtype.status.lookupname", item.status],
    ["createdtime", updated],
    ["updatedtime", updated],
    ["closedtime", state === "closed" ? updated : null],
    ...Object.entries(item.custom ?? {}).map(([path, cell]) => [path.toLowerCase(), cell] as const),
  ];
}
