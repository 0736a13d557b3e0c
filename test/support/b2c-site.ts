import { onTestFinished } from "vitest";
import { startOracleB2c } from "../../src/sandbox/simulators/oracle-cx/b2c/b2c.ts";
import type { SandboxCustomer } from "../../src/sandbox/simulators/oracle-cx/site/customers.ts";
import type { OracleSimulator } from "../../src/sandbox/simulators/oracle-cx/site/simulator.ts";
import { createAuthority, createSigningPair } from "./certificate.ts";
import { startTlsFront } from "./tls-front.ts";

export interface B2cSite {
  readonly oracle: OracleSimulator;
  readonly url: string;
  /** The variables that a worker needs to reach it and to sign in. */
  readonly environment: Readonly<Record<SiteVariable, string>>;
}

type SiteVariable =
  | "ORACLE_DIALECT"
  | "ORACLE_BASE_URL"
  | "ORACLE_TOKEN_URL"
  | "ORACLE_CLIENT_ID"
  | "ORACLE_CLIENT_SECRET"
  | "ORACLE_PRIVATE_KEY"
  | "ORACLE_KEY_ID"
  | "ORACLE_USERNAME"
  | "ORACLE_CA_FILE"
  | "ORACLE_CLIENT_CERT_FILE"
  | "ORACLE_CLIENT_KEY_FILE";

const AUDIENCE = "https://identity.oraclecloud.com/";

/** A B2C site behind TLS that wants a client certificate and a signed assertion. It ends with the test. */
export async function startB2cSite(customers: readonly SandboxCustomer[]): Promise<B2cSite> {
  const authority = createAuthority();
  const { privateKey, certificate } = createSigningPair();
  const oracle = await startOracleB2c({
    clientId: "ringahead",
    clientSecret: "none",
    customers,
    signingKey: { certificate, alias: "key", audience: AUDIENCE, users: ["INTEGRATION"] },
  });
  onTestFinished(async () => {
    authority.remove();
    await oracle.close();
  });
  const url = await startTlsFront(oracle.url, authority.issue(), authority);
  const client = authority.issue();
  return {
    oracle,
    url,
    environment: {
      ORACLE_DIALECT: "b2c",
      ORACLE_BASE_URL: url,
      ORACLE_TOKEN_URL: url,
      ORACLE_CLIENT_ID: "ringahead",
      ORACLE_CLIENT_SECRET: "",
      ORACLE_PRIVATE_KEY: privateKey,
      ORACLE_KEY_ID: "key",
      ORACLE_USERNAME: "INTEGRATION",
      ORACLE_CA_FILE: authority.cert,
      ORACLE_CLIENT_CERT_FILE: client.cert,
      ORACLE_CLIENT_KEY_FILE: client.key,
    },
  };
}
