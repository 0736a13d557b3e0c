import { type DialectName, dialectOf } from "../oracle/dialects.ts";
import type { AssertionKey, KeyName } from "../resilience/sign-in/assertion.ts";
import type { ClientProof } from "../resilience/sign-in/grant.ts";
import type { Login } from "../resilience/sign-in/sign-in.ts";
import { type Sources, secretOf } from "./sources.ts";

/** The variables that say how Oracle is signed in to, each of them checked by itself. */
export interface LoginValues {
  readonly ORACLE_DIALECT: DialectName;
  readonly ORACLE_TOKEN_URL: string | undefined;
  readonly ORACLE_SCOPE: string | undefined;
  readonly ORACLE_CLIENT_ID: string | undefined;
  readonly ORACLE_CLIENT_SECRET: string | undefined;
  readonly ORACLE_PRIVATE_KEY: string | undefined;
  readonly ORACLE_KEY_ID: KeyName | undefined;
  readonly ORACLE_AUDIENCE: string | undefined;
  readonly ORACLE_USERNAME: string | undefined;
  readonly ORACLE_PASSWORD: string | undefined;
}

type LoginVariable = keyof LoginValues;

/** What identity domains expect (Oracle Identity Cloud, "Using a Client Assertion"). */
const AUDIENCE = "https://identity.oraclecloud.com/";

const WITH_PASSWORD_USELESS = [
  "ORACLE_CLIENT_ID",
  "ORACLE_CLIENT_SECRET",
  "ORACLE_PRIVATE_KEY",
  "ORACLE_KEY_ID",
  "ORACLE_AUDIENCE",
  "ORACLE_TOKEN_URL",
  "ORACLE_SCOPE",
] as const satisfies LoginVariable[];

type IsSet = (name: LoginVariable) => boolean;

/**
 * [pure] What is wrong between the variables that say how Oracle is signed in to.
 * @param dialect undefined where it is wrong itself
 * @param isSet whether a variable was set at all, be its value right or wrong
 */
export function checkLogin(dialect: DialectName | undefined, isSet: IsSet): string[] {
  if (isSet("ORACLE_PASSWORD")) return checkPassword(dialect, isSet);
  const someClient = isSet("ORACLE_CLIENT_ID") || isSet("ORACLE_CLIENT_SECRET");
  if (!someClient && !isSet("ORACLE_PRIVATE_KEY")) {
    return isSet("ORACLE_USERNAME")
      ? ["ORACLE_PASSWORD is required with ORACLE_USERNAME, unless a client asks on its behalf"]
      : [
          "ORACLE_CLIENT_ID is required, with ORACLE_CLIENT_SECRET or ORACLE_PRIVATE_KEY; or ORACLE_USERNAME and ORACLE_PASSWORD where a site has no OAuth",
        ];
  }
  return [...checkProof(isSet), ...checkKey(isSet), ...checkTokenUrl(dialect, isSet)];
}

/** The client has one way to prove that it is itself, and the user none of its own. */
function checkProof(isSet: IsSet): string[] {
  const problems: string[] = [];
  const [secret, key] = [isSet("ORACLE_CLIENT_SECRET"), isSet("ORACLE_PRIVATE_KEY")];
  const user = isSet("ORACLE_USERNAME");
  if (!isSet("ORACLE_CLIENT_ID")) {
    const given = secret ? "ORACLE_CLIENT_SECRET" : "ORACLE_PRIVATE_KEY";
    problems.push(`ORACLE_CLIENT_ID is required with ${given}`);
  }
  if (user && !key) {
    problems.push("ORACLE_PRIVATE_KEY is required with ORACLE_USERNAME: it signs on its behalf");
  } else if (!secret && !key) {
    problems.push("ORACLE_CLIENT_SECRET or ORACLE_PRIVATE_KEY is required with ORACLE_CLIENT_ID");
  }
  if (secret && key && !user) {
    problems.push(
      "ORACLE_CLIENT_SECRET and ORACLE_PRIVATE_KEY must not both be set, unless the key signs on behalf of an ORACLE_USERNAME: leave one unset",
    );
  }
  return problems;
}

function checkKey(isSet: IsSet): string[] {
  if (isSet("ORACLE_PRIVATE_KEY")) {
    return isSet("ORACLE_KEY_ID")
      ? []
      : ["ORACLE_KEY_ID is required with ORACLE_PRIVATE_KEY: Oracle finds the key by it"];
  }
  return (["ORACLE_KEY_ID", "ORACLE_AUDIENCE"] as const)
    .filter(isSet)
    .map((name) => `${name} has no effect without ORACLE_PRIVATE_KEY: set that, or leave it unset`);
}

function checkTokenUrl(dialect: DialectName | undefined, isSet: IsSet): string[] {
  if (dialect === undefined || isSet("ORACLE_TOKEN_URL")) return [];
  if (dialectOf(dialect).signIn.tokenAtBaseUrl) return [];
  return [
    `ORACLE_TOKEN_URL is required with ORACLE_DIALECT=${dialect}, unless ORACLE_USERNAME and ORACLE_PASSWORD sign in`,
  ];
}

function checkPassword(dialect: DialectName | undefined, isSet: IsSet): string[] {
  const problems: string[] = [];
  if (!isSet("ORACLE_USERNAME")) {
    problems.push("ORACLE_USERNAME is required with ORACLE_PASSWORD");
  }
  if (dialect !== undefined && !dialectOf(dialect).signIn.password) {
    problems.push(
      `ORACLE_PASSWORD has no effect with ORACLE_DIALECT=${dialect}, which takes tokens only: set ORACLE_CLIENT_ID and ORACLE_CLIENT_SECRET`,
    );
    return problems;
  }
  for (const name of WITH_PASSWORD_USELESS) {
    if (isSet(name)) {
      problems.push(
        `${name} has no effect with ORACLE_PASSWORD, which signs in without a token: leave one of them unset`,
      );
    }
  }
  return problems;
}

/**
 * [pure] How Oracle is signed in to, out of variables that {@link checkLogin} has nothing against.
 * @param token the token endpoint
 */
export function oracleLogin(
  values: LoginValues,
  given: Sources,
  token: { readonly origin: string; readonly path: string },
): Login {
  const {
    ORACLE_CLIENT_ID: clientId = "",
    ORACLE_CLIENT_SECRET: secret,
    ORACLE_USERNAME: username = "",
    ORACLE_PASSWORD: password,
    ORACLE_SCOPE: scope,
  } = values;
  if (password !== undefined) {
    return { by: "password", username, password: secretOf(given, "ORACLE_PASSWORD", password) };
  }
  const key = assertionKey(values, given);
  const proof: ClientProof =
    secret === undefined && key !== undefined
      ? { by: "key", key }
      : { by: "secret", secret: secretOf(given, "ORACLE_CLIENT_SECRET", secret ?? "") };
  const user = key === undefined || username === "" ? {} : { user: { name: username, key } };
  return { by: "token", ...token, client: { clientId, proof, ...user, scope } };
}

function assertionKey(values: LoginValues, given: Sources): AssertionKey | undefined {
  const { ORACLE_PRIVATE_KEY: pem, ORACLE_KEY_ID: name, ORACLE_AUDIENCE: audience } = values;
  if (pem === undefined || name === undefined) return undefined;
  return {
    privateKey: secretOf(given, "ORACLE_PRIVATE_KEY", pem),
    name,
    audience: audience ?? AUDIENCE,
  };
}
