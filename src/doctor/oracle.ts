import type { OracleConfig } from "../config/load.ts";
import { asFailure } from "../failure.ts";
import { CONTACTS_DESCRIBE, checkPhoneAttributes } from "../history/fusion.ts";
import { parseExactly } from "../http/exact-json.ts";
import type { Lookup } from "../lookup/lookup.ts";
import type { LookupRequest } from "../lookup/request.ts";
import type { Api } from "../protection/api.ts";
import { type Call, PATIENCE_MS, Priority } from "../protection/call.ts";
import { about, type Finding } from "./finding.ts";

export interface OracleOptions {
  readonly api: Api;
  readonly lookup: Lookup;
  readonly config: OracleConfig;
  /** Somebody whom Oracle is known to hold; undefined where nobody was named. */
  readonly known: Extract<LookupRequest, { by: "phone" | "email" }> | undefined;
  readonly signal: AbortSignal;
}

/** The token, what the client may see, and whether a known customer is found. */
export async function checkOracle(options: OracleOptions): Promise<readonly Finding[]> {
  const tell = about("Oracle");
  const why = "Agents see `unavailable`, or nobody is found.";
  try {
    await options.api.warm();
  } catch (error) {
    const { message, cure } = asFailure(error);
    return [tell.broken({ what: message, why, cure })];
  }
  const findings = [tell.ok("it can be signed in to")];
  if (options.config.ORACLE_DIALECT === "fusion") findings.push(await phoneAttributes(options));
  findings.push(await knownCustomer(options));
  return findings;
}

async function knownCustomer({ known, lookup }: OracleOptions): Promise<Finding> {
  const tell = about("known customer");
  const why = "Nobody would be found by this kind of number or address.";
  if (known === undefined) {
    return tell.skipped("name somebody whom Oracle holds: --phone +15550199999 or --email …");
  }
  try {
    const { match } = await lookup(known, PATIENCE_MS);
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
          "Is it stored in another spelling (DEFAULT_PHONE_REGION, docs/oracle.md), and may the client see that customer?";
        return tell.broken({ what: `nobody is found by this ${known.by}`, why, cure });
      }
      case "pending": {
        const cure = "Look at Oracle's response times.";
        return tell.broken({ what: `no answer after ${PATIENCE_MS / 1000} s`, why, cure });
      }
    }
  } catch (error) {
    const { message, cure } = asFailure(error);
    return tell.broken({ what: message, why, cure });
  }
}

/** Fusion Service: telephone numbers are asked for by attributes that a tenant may not have. */
async function phoneAttributes({ api, config, signal }: OracleOptions): Promise<Finding> {
  const tell = about("ORACLE_PHONE_ATTRIBUTES");
  const why = "Searches by telephone number are refused, or find nobody.";
  const cure = "Take queryable attributes of the contact, as contacts/describe lists them.";
  const call: Call = { signal, priority: Priority.live };
  const wanted = config.ORACLE_PHONE_ATTRIBUTES;
  try {
    const request = {
      method: "GET",
      path: CONTACTS_DESCRIBE,
      headers: { accept: "application/json" },
    } as const;
    const { status, text } = await api.send(request, call);
    if (status !== 200) return tell.skipped(`contacts/describe answered ${status}`);
    const { missing, notQueryable } = checkPhoneAttributes(parseExactly(text), wanted);
    const wrong = [...missing, ...notQueryable];
    if (wrong.length === 0) return tell.ok(wanted.join(", "));
    return tell.broken({
      what: `not there, or not to be searched by: ${wrong.join(", ")}`,
      why,
      cure,
    });
  } catch (error) {
    return tell.skipped(`contacts/describe cannot be read: ${asFailure(error).message}`);
  }
}
