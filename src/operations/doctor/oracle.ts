import type { OracleConfig } from "../../config/load.ts";
import { CALL_DEADLINE_MS, type Call, Priority } from "../../domain/call.ts";
import { asFailure } from "../../domain/failure.ts";
import type { Lookup } from "../../lookup/lookup.ts";
import type { LookupRequest } from "../../lookup/request.ts";
import { dialectOf } from "../../oracle/dialects.ts";
import type { Api } from "../../resilience/api.ts";
import { about, type Finding } from "./finding.ts";

export interface OracleCheckDeps {
  readonly api: Api;
  readonly lookup: Lookup;
  readonly config: OracleConfig;
  /** A customer that Oracle has; undefined if none was named. */
  readonly known: Extract<LookupRequest, { by: "phone" | "email" }> | undefined;
  readonly signal: AbortSignal;
}

/** Checks the sign-in, the site and whether a known customer is found. */
export async function checkOracle(deps: OracleCheckDeps): Promise<readonly Finding[]> {
  const report = about("Oracle");
  const why = "Agents see `unavailable`, or no customer is found.";
  try {
    await deps.api.warm();
  } catch (error) {
    const { message, cure } = asFailure(error);
    return [report.broken({ what: message, why, cure })];
  }
  const findings = [report.ok("the sign-in works")];
  findings.push(...(await checkSite(deps)));
  findings.push(await checkKnownCustomer(deps));
  return findings;
}

async function checkKnownCustomer({ known, lookup }: OracleCheckDeps): Promise<Finding> {
  const report = about("known customer");
  const why = "Customers are not found by this kind of number or address.";
  if (known === undefined) {
    return report.skipped("name a customer in Oracle: --phone +15550199999 or --email …");
  }
  try {
    const answer = await lookup(known, CALL_DEADLINE_MS);
    switch (answer.match) {
      case "found":
        return report.ok(`found by ${known.by} (${answer.history.matchedBy})`);
      case "ambiguous": {
        const cure = "Check Oracle for duplicates and placeholders (ORACLE_PLACEHOLDERS).";
        return report.warning({ what: `more than one customer has this ${known.by}`, why, cure });
      }
      case "anonymous": {
        const cure = "Check DEFAULT_PHONE_REGION, or give the number with its country code.";
        return report.broken({ what: `it is not a usable ${known.by}`, why, cure });
      }
      case "not_found": {
        const cure =
          "Check how Oracle stores it (DEFAULT_PHONE_REGION, docs/reference/oracle.md), and whether the client can see that customer.";
        return report.broken({ what: `no customer is found by this ${known.by}`, why, cure });
      }
      case "pending": {
        const cure = "Check Oracle's response times.";
        return report.broken({ what: `no answer after ${CALL_DEADLINE_MS / 1000} s`, why, cure });
      }
    }
  } catch (error) {
    const { message, cure } = asFailure(error);
    return report.broken({ what: message, why, cure });
  }
}

/** The check that the dialect adds; none if it has no check. */
async function checkSite({ api, config, signal }: OracleCheckDeps): Promise<readonly Finding[]> {
  const call: Call = { signal, priority: Priority.live };
  const check = await dialectOf(config.ORACLE_DIALECT).checkSite?.(config, api.send, call);
  if (check === undefined) return [];
  const report = about(check.subject);
  const { result } = check;
  switch (result.is) {
    case "ok":
      return [report.ok(result.detail)];
    case "broken":
      return [report.broken(result)];
    case "skipped":
      return [report.skipped(result.reason)];
  }
}
