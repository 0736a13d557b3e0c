import { z } from "zod";
import type { Call } from "../../domain/call.ts";
import { Failure } from "../../domain/failure.ts";
import { shownFields } from "../../domain/history/customer-fields.ts";
import type { Case } from "../../domain/history/history.ts";
import {
  bestMatch,
  newestFirst,
  shown,
  shownIfAny,
  shownWord,
  timeOf,
} from "../../domain/history/match.ts";
import { safeReference } from "../../domain/history/safe-text.ts";
import type { HttpAnswer } from "../../resilience/http/client.ts";
import { parseExactly } from "../../resilience/http/exact-json.ts";
import { readJson } from "../../resilience/http/read-json.ts";
import { failureOfStatus, type RequestInfo } from "../../resilience/http/status.ts";
import type { DialectSource, SourceDeps, SourceOptions } from "../dialect/descriptor.ts";
import { contactsWith, requestsOf } from "./row-match.ts";

export interface FusionOptions extends SourceOptions {
  /** Whether to request the names of contacts. */
  readonly names: boolean;
  /** The attributes of a contact that hold telephone numbers. Each must be queryable. */
  readonly phoneAttributes: readonly string[];
  /** Values of `StatusTypeCd` and `StatusCd` that mean that a service request is closed. */
  readonly closedStatuses: ReadonlySet<string>;
}

/** The path of the REST resources (Oracle Fusion Cloud, "REST API for CX Sales and Fusion Service"). */
export const RESOURCES = "/crmRestApi/resources/11.13.18.05";
/** `q` is in rowmatch form from version 2 on. Oracle's examples use 4. */
const FRAMEWORK_VERSION = "4";
/** More than one, to detect ambiguity, and room for some placeholders. */
const MOST_CONTACTS = 6;
/** One page. It includes closed requests: tenants define their own statuses, so no query can exclude them. */
const MOST_REQUESTS = 100;

/** The statuses of a party that was merged, deactivated or deleted. */
const GONE = new Set(["I", "M", "D"]);

const text = z.string().nullish();
/** 18 digits: text if a number cannot hold them exactly ({@link parseExactly}). */
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
 * The `fusion` dialect: Oracle Fusion Service through its REST API. The first request fetches contacts,
 * the second one the service requests of the match.
 */
export function createFusionSource(
  options: FusionOptions,
  { send, epochNow }: SourceDeps,
): DialectSource {
  const { placeholders, closedStatuses, customerFields } = options;
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
    const info: RequestInfo = { source: "oracle", what: `GET ${path}`, now: epochNow() };
    // URLSearchParams writes a space as `+`. Oracle does not document that it accepts this.
    const pairs = Object.entries({ onlyData: "true", ...query });
    const search = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
    const answer = await send(
      {
        method: "GET",
        path: `${path}?${search}`,
        headers: { "rest-framework-version": FRAMEWORK_VERSION },
      },
      call,
    );
    if (answer.status !== 200) throw failureOfFusion(answer, info);
    return readJson(answer, schema, info, parseExactly);
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
      const inUse = items.filter(({ PartyStatus }) => !GONE.has(PartyStatus ?? ""));
      const match = bestMatch(inUse, {
        idOf,
        rankOf: () => "exact",
        organisationOf: ({ AccountName }) => AccountName ?? undefined,
        nameOf: ({ ContactName }) => ContactName ?? "",
        placeholders,
        limit: MOST_CONTACTS,
      });
      if (match.match !== "one") return { match: match.match };
      const { customer } = match;
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
        rank: "exact",
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

/** The party number, which users see, or the id if there is none. */
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
 * [pure] The failure of an answer of Fusion's REST API. All queries come from fixed templates, so the
 * cause of a refusal is the set-up, not the conversation. Bodies are not read: they may repeat the query.
 */
function failureOfFusion(answer: HttpAnswer, info: RequestInfo): Failure {
  const general = failureOfStatus(answer, info);
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
  400: "Check ORACLE_PHONE_ATTRIBUTES: an attribute may be missing or not queryable in this tenant. The contacts resource's /describe lists them.",
  404: "Check ORACLE_BASE_URL: it must be the origin of the pod, without a path.",
};
