import { z } from "zod";
import type { Call } from "../../domain/call.ts";
import { Failure } from "../../domain/failure.ts";
import { type CustomerField, shownFields } from "../../domain/history/customer-fields.ts";
import type { Case, HistorySource } from "../../domain/history/history.ts";
import {
  newestFirst,
  onlyOne,
  shown,
  shownIfAny,
  shownWord,
  timeOf,
} from "../../domain/history/match.ts";
import { safeReference } from "../../domain/history/safe-text.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { HttpAnswer } from "../../resilience/http/client.ts";
import { parseExactly } from "../../resilience/http/exact-json.ts";
import { readJson } from "../../resilience/http/read-json.ts";
import { failureOfStatus, type RequestInfo } from "../../resilience/http/status.ts";
import type { Send } from "../../resilience/sign-in/authorized.ts";
import { contactsWith, requestsOf } from "./row-match.ts";

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
  readonly now: () => EpochMs;
}

/** Where the REST resources are (Oracle Fusion Cloud, "REST API for CX Sales and Fusion Service"). */
export const RESOURCES = "/crmRestApi/resources/11.13.18.05";
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
    const asked: RequestInfo = { source: "oracle", what: `GET ${path}`, now: now() };
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
export function failureOfFusion(answer: HttpAnswer, asked: RequestInfo): Failure {
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
