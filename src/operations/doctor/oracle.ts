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
  /** Somebody whom Oracle is known to hold; undefined where nobody was named. */
  readonly known: Extract<LookupRequest, { by: "phone" | "email" }> | undefined;
  readonly signal: AbortSignal;
}

/** The token, what the client may see, and whether a known customer is found. */
export async function checkOracle(options: OracleCheckDeps): Promise<readonly Finding[]> {
  const tell = about("Oracle");
  const why = "Agents see `unavailable`, or nobody is found.";
  try {
    await options.api.warm();
  } catch (error) {
    const { message, cure } = asFailure(error);
    return [tell.broken({ what: message, why, cure })];
  }
  const findings = [tell.ok("it can be signed in to")];
  findings.push(...(await checkSite(options)));
  findings.push(await knownCustomer(options));
  return findings;
}

async function knownCustomer({ known, lookup }: OracleCheckDeps): Promise<Finding> {
  const tell = about("known customer");
  const why = "Nobody would be found by this kind of number or address.";
  if (known === undefined) {
    return tell.skipped("name somebody whom Oracle holds: --phone +15550199999 or --email …");
  }
  try {
    const { match } = await lookup(known, CALL_DEADLINE_MS);
    switch (match) {
      case "found":
        return tell.ok(`found by ${known.by}`);
      case "ambiguous": {
        const cure = "Are there duplicates in Oracle, or placeholders (ORACLE_PLACEHOLDERS)?";
        return tell.warning({ what: `more than one has this ${known.by}`, why, cure });
      }
      case "anonymous": {
        const cure = "Is DEFAULT_PHONE_REGION right, or the number written with its country code?";
        return tell.broken({ what: `this is no usable ${known.by}`, why, cure });
      }
      case "not_found": {
        const cure =
          "Is it stored in another spelling (DEFAULT_PHONE_REGION, docs/reference/oracle.md), and may the client see that customer?";
        return tell.broken({ what: `nobody is found by this ${known.by}`, why, cure });
      }
      case "pending": {
        const cure = "Look at Oracle's response times.";
        return tell.broken({ what: `no answer after ${CALL_DEADLINE_MS / 1000} s`, why, cure });
      }
    }
  } catch (error) {
    const { message, cure } = asFailure(error);
    return tell.broken({ what: message, why, cure });
  }
}

/** What only this dialect needs of a site. */
async function checkSite({ api, config, signal }: OracleCheckDeps): Promise<readonly Finding[]> {
  const call: Call = { signal, priority: Priority.live };
  const check = await dialectOf(config.ORACLE_DIALECT).checkSite?.(config, api.send, call);
  if (check === undefined) return [];
  const tell = about(check.subject);
  const { result } = check;
  switch (result.is) {
    case "ok":
      return [tell.ok(result.detail)];
    case "broken":
      return [tell.broken(result)];
    case "skipped":
      return [tell.skipped(result.reason)];
  }
}
