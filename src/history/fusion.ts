import { z } from "zod";
import { Failure } from "../failure.ts";
import type { Send } from "../http/authorized.ts";
import type { HttpAnswer } from "../http/client.ts";
import { parseExactly } from "../http/exact-json.ts";
import { readJson } from "../http/read-json.ts";
import { type Asked, failureOfStatus } from "../http/status.ts";
import type { Call } from "../protection/call.ts";
import { type CustomerField, shownFields } from "./customer-fields.ts";
import { newestFirst, onlyOne, shown, shownIfAny, shownWord, timeOf } from "./match.ts";
import { contactsWith, requestsOf } from "./row-match.ts";
import { safeReference } from "./safe-text.ts";
import type { Case, HistorySource } from "./source.ts";

export interface FusionOptions {
  readonly send: Send;
  /** How many of the latest open service requests are shown. */
  readonly cases: number;
  /** Ids and full names, lower case, of contacts that stand for nobody; names need `names`. */
  readonly placeholders: ReadonlySet<string>;
  /** Whether contacts' names are asked for: what nobody shows is not fetched. */
  readonly names: boolean;
  /** The attributes of a contact that hold telephone numbers; each must be queryable. */
  readonly phoneAttributes: readonly string[];
  /** Values of `StatusTypeCd` and `StatusCd` that mean that nothing is left to do. */
  readonly closedStatuses: ReadonlySet<string>;
  /** Asked for beside what the summary needs. */
  readonly customerFields?: readonly CustomerField[];
  readonly now: () => number;
}

const RESOURCES = "/crmRestApi/resources/11.13.18.05";
/** What attributes a contact has in this tenant. */
export const CONTACTS_DESCRIBE = `${RESOURCES}/contacts/describe`;
/** From 2 on `q` is in rowmatch form; 4 is what Oracle's pages show with it. */
const FRAMEWORK_VERSION = "4";
/** More than one, so that ambiguity shows, and a few placeholders besides. */
const MOST_CONTACTS = 6;
/** One page. Closed ones are among them, for tenants make statuses of their own. */
const MOST_REQUESTS = 100;

/** A party that was merged or taken out of use. */
const GONE = new Set(["I", "M", "D"]);

const text = z.string().nullish();
/** 18 digits: as text where a number could not hold them ({@link parseExactly}). */
const partyId = z.union([z.string().regex(/^\d{1,18}$/), z.number().int().positive()]);
const contactsSchema = z.object({
  items: z.array(
    z.looseObject({
      PartyId: partyId.transform(String),
      PartyNumber: text,
      ContactName: text,
      FirstName: text,
      LastName: text,
      AccountName: text,
      PartyStatus: text,
    }),
  ),
});
const requestsSchema = z.object({
  items: z.array(
    z.object({
      SrNumber: z.string().min(1),
      Title: text,
      StatusCd: text,
      StatusCdMeaning: text,
      StatusTypeCd: text,
      LastUpdateDate: text,
      ClosedDate: text,
    }),
  ),
  hasMore: z.boolean().optional(),
});
type Contact = z.output<typeof contactsSchema>["items"][number];
type ServiceRequest = z.output<typeof requestsSchema>["items"][number];

const REQUEST_FIELDS = [
  ...["SrNumber", "Title", "StatusCd", "StatusCdMeaning", "StatusTypeCd"],
  ...["LastUpdateDate", "ClosedDate"],
];

/**
 * The `fusion` dialect: Oracle Fusion Service through its REST API. Contacts first, then the service
 * requests of the one.
 */
export function createFusionSource(options: FusionOptions): HistorySource {
  const { send, now, placeholders, closedStatuses, customerFields = [] } = options;
  const contactFields = [
    ...["PartyId", "PartyNumber", "AccountName", "PartyStatus"],
    ...(options.names ? ["ContactName", "FirstName", "LastName"] : []),
    ...customerFields.map(({ field }) => field),
  ];

  async function get<T>(
    resource: "contacts" | "serviceRequests",
    query: Readonly<Record<string, string>>,
    schema: z.ZodType<T>,
    call: Call,
  ): Promise<T> {
    const path = `${RESOURCES}/${resource}`;
    const asked: Asked = { source: "oracle", what: `GET ${path}`, now: now() };
    // Not URLSearchParams: whether Oracle reads its `+` as a space is not known.
    const pairs = Object.entries({ onlyData: "true", ...query });
    const address = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
    const answer = await send(
      {
        method: "GET",
        path: `${path}?${address}`,
        headers: { "rest-framework-version": FRAMEWORK_VERSION },
      },
      call,
    );
    if (answer.status !== 200) throw failureOfFusion(answer, asked);
    return readJson(answer, schema, asked, parseExactly);
  }

  function isOpen({ StatusTypeCd, StatusCd, ClosedDate }: ServiceRequest): boolean {
    const isClosed = (status: string | null | undefined) =>
      status ? closedStatuses.has(status) : false;
    return !isClosed(StatusTypeCd) && !isClosed(StatusCd) && !ClosedDate;
  }

  return {
    async find(identity, call) {
      const { items } = await get(
        "contacts",
        {
          limit: String(MOST_CONTACTS),
          fields: contactFields.join(","),
          q: contactsWith(identity, options.phoneAttributes),
        },
        contactsSchema,
        call,
      );
      const living = items.filter(({ PartyStatus }) => !GONE.has(PartyStatus ?? ""));
      const one = onlyOne(living, {
        idOf,
        nameOf: ({ ContactName }) => ContactName ?? "",
        placeholders,
        limit: MOST_CONTACTS,
      });
      if (one.match !== "one") return one;
      const { customer } = one;
      const requests = await get(
        "serviceRequests",
        {
          limit: String(MOST_REQUESTS),
          fields: REQUEST_FIELDS.join(","),
          orderBy: "LastUpdateDate:desc",
          q: requestsOf(customer.PartyId),
        },
        requestsSchema,
        call,
      );
      const open = requests.items.filter(isOpen);
      return {
        match: "found",
        customer: {
          id: safeReference(idOf(customer)),
          name: shownIfAny(customer.ContactName),
          account: shownIfAny(customer.AccountName),
          firstName: shownIfAny(customer.FirstName),
          lastName: shownIfAny(customer.LastName),
          ...(customerFields.length > 0 && {
            fields: shownFields(customerFields, (field) => customer[field]),
          }),
        },
        cases: newestFirst(open.map(toCase)).slice(0, options.cases),
        openCases: { count: open.length, exact: requests.hasMore !== true },
      };
    },
  };
}

/** The number that people see; the id where there is none. */
function idOf({ PartyNumber, PartyId }: Contact): string {
  return PartyNumber || PartyId;
}

function toCase(request: ServiceRequest): Case {
  return {
    reference: safeReference(request.SrNumber),
    subject: shown(request.Title ?? ""),
    status: shownWord(request.StatusCdMeaning ?? request.StatusCd ?? ""),
    updatedAt: timeOf(request.LastUpdateDate),
  };
}

/**
 * [pure] The failure of an answer of Fusion's REST API. The queries are fixed templates, so a refusal
 * is the set-up's fault and no conversation's. Bodies stay unread: they may repeat the query.
 */
export function failureOfFusion(answer: HttpAnswer, asked: Asked): Failure {
  const general = failureOfStatus(answer, asked);
  const cure = CURES[answer.status];
  if (cure === undefined || general.kind === "retryable") return general;
  return new Failure({
    kind: "misconfigured",
    code: general.code,
    source: "oracle",
    status: answer.status,
    message: general.message,
    cure,
  });
}

const CURES: Readonly<Record<number, string>> = {
  400: "An attribute of ORACLE_PHONE_ATTRIBUTES may be missing or not queryable in this tenant: look at the contacts resource's /describe.",
  404: "Check ORACLE_BASE_URL: it is the pod's origin, with no path.",
};

/** What an attribute of `/describe` must say of itself to stand in a query. */
const describeSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ attributes: z.array(z.object({ name: z.string(), queryable: z.boolean() })) }),
  ),
});

/** How the configured telephone attributes stand in a tenant. */
export interface PhoneAttributeCheck {
  readonly missing: readonly string[];
  readonly notQueryable: readonly string[];
}

/**
 * [pure] Compares the configured telephone attributes with what `contacts/describe` answers.
 * @throws {z.ZodError} where that is no description.
 */
export function checkPhoneAttributes(
  description: unknown,
  attributes: readonly string[],
): PhoneAttributeCheck {
  const known = new Map(
    describeSchema
      .parse(description)
      .Resources.contacts?.attributes.map(({ name, queryable }) => [name, queryable]),
  );
  return {
    missing: attributes.filter((name) => !known.has(name)),
    notQueryable: attributes.filter((name) => known.get(name) === false),
  };
}
