import { onTestFinished } from "vitest";
import { systemClocks } from "../../src/app/clocks.ts";
import type { EmailAddress, Identity } from "../../src/domain/identity/identity.ts";
import { phoneIdentity } from "../../src/domain/identity/phone.ts";
import { readReference } from "../../src/domain/identity/reference.ts";
import { type B2cOptions, createB2cSource } from "../../src/oracle/b2c/b2c.ts";
import { queryOf } from "../../src/oracle/dialect/customer-query.ts";
import { createHttp, type HttpRequest } from "../../src/resilience/http/client.ts";
import type { Send } from "../../src/resilience/sign-in/authorized.ts";
import {
  type OracleB2cOptions,
  startOracleB2c,
} from "../../src/sandbox/simulators/oracle-cx/b2c/b2c.ts";
import { customers } from "./oracle-contract-customers.ts";

const BASIC = "staff:pass";
const CALL = { signal: new AbortController().signal, priority: 2 } as const;

export function phone(text: string): Identity {
  const identity = phoneIdentity(text, "US", "typed");
  if (identity === undefined) throw new Error(`${text} is no number`);
  return identity;
}

export function email(address: string): Identity {
  return { kind: "email", address: address as EmailAddress, spellings: [] };
}

export const ADA = phone("+15550199999");
export const NOBODY = phone("+15550100042");

/** The source on the simulator without token and protection. It records every request. */
export async function startB2cSource(
  site: Partial<OracleB2cOptions> = {},
  changes: Partial<B2cOptions> = {},
) {
  const oracle = await startOracleB2c({
    ...{ clientId: "id", clientSecret: "secret", basic: BASIC, customers },
    ...site,
  });
  const http = createHttp({
    ...{ source: "oracle", baseUrl: oracle.url, timeoutMs: 5_000, connections: 4 },
  });
  onTestFinished(async () => {
    http.close();
    await oracle.close();
  });
  const sent: HttpRequest[] = [];
  const refused: string[] = [];
  let downgrades = 0;
  const send: Send = (request, { signal }) => {
    sent.push(request);
    const authorization = `Basic ${Buffer.from(BASIC).toString("base64")}`;
    return http.send({ ...request, headers: { ...request.headers, authorization } }, signal);
  };
  const source = createB2cSource(
    {
      ...{ cases: 10, placeholders: new Set<string>(), names: true, phonePrefixes: [] },
      ...{ customFields: [], customerFields: [], acceptLanguage: undefined },
      referenceFields: ["ID"],
      ...changes,
    },
    {
      send,
      epochNow: systemClocks().epochNow,
      onTwoRequests: () => {
        downgrades += 1;
      },
      onColumnRefused: (column) => refused.push(column),
    },
  );
  return {
    oracle,
    sent,
    refused,
    find: (identity: Identity) => source.find(queryOf(identity, ["1"]), CALL),
    get downgrades() {
      return downgrades;
    },
  };
}

export function reference(text: string): Identity {
  const read = readReference(text);
  if (read === undefined) throw new Error(`${text} is no reference`);
  return { kind: "reference", reference: read };
}
