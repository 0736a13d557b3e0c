import type { z } from "zod";
import type { Call } from "../../domain/call.ts";
import { Failure } from "../../domain/failure.ts";
import type { HttpAnswer } from "../../resilience/http/client.ts";
import { parseExactly } from "../../resilience/http/exact-json.ts";
import { readJson } from "../../resilience/http/read-json.ts";
import { failureOfStatus, type RequestInfo } from "../../resilience/http/status.ts";
import type { SourceDeps } from "../dialect/descriptor.ts";

/** The path of the REST resources (Oracle Fusion Cloud, "REST API for CX Sales and Fusion Service"). */
export const RESOURCES = "/crmRestApi/resources/11.13.18.05";
/** `q` is in rowmatch form from version 2 on. Oracle's examples use 4. */
const FRAMEWORK_VERSION = "4";

/** A page of a resource. */
interface CrmRequest<T> {
  readonly resource: "contacts" | "serviceRequests" | "accounts";
  readonly query: Readonly<Record<"q" | "fields" | "limit", string>> &
    Readonly<Partial<Record<"orderBy", string>>>;
  readonly schema: z.ZodType<T>;
  /** The variable that names attributes of this query; for the cure of a refusal. */
  readonly variable: string | undefined;
}

/** Gets a page. @throws {Failure} */
export type CrmRest = <T>(request: CrmRequest<T>, call: Call) => Promise<T>;

export function createCrmRest({ send, epochNow }: Pick<SourceDeps, "send" | "epochNow">): CrmRest {
  return async ({ resource, query, schema, variable }, call) => {
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
    if (answer.status !== 200) throw failureOfCrm(answer, info, resource, variable);
    return readJson(answer, schema, info, parseExactly);
  };
}

/** [pure] Whether the tenant refuses the query itself. */
export function isRefusedQuery(error: unknown): boolean {
  return error instanceof Failure && error.source === "oracle" && error.status === 400;
}

/**
 * The failure of an answer of Fusion's REST API. All queries come from fixed templates, so the cause of a
 * refusal is the set-up, not the conversation. Bodies are not read: they may repeat the query.
 */
function failureOfCrm(
  answer: HttpAnswer,
  info: RequestInfo,
  resource: CrmRequest<unknown>["resource"],
  variable: string | undefined,
): Failure {
  const general = failureOfStatus(answer, info);
  const cure = cureOf(answer.status, resource, variable);
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

function cureOf(
  status: number,
  resource: string,
  variable: string | undefined,
): string | undefined {
  if (status === 404) {
    return "Check ORACLE_BASE_URL: it must be the origin of the pod, without a path.";
  }
  if (status !== 400) return undefined;
  const described = `The ${resource} resource's /describe lists them.`;
  return variable === undefined
    ? `Check the attributes of ${resource} in this tenant: one that Ringahead needs may be missing or not queryable. ${described}`
    : `Check ${variable}: an attribute may be missing or not queryable in this tenant. ${described}`;
}
