import { type DialectName, dialectOf } from "../oracle/dialects.ts";
import type { AssertionKey, KeyName } from "../resilience/sign-in/assertion.ts";
import type { ClientProof } from "../resilience/sign-in/grant.ts";
import type { Login } from "../resilience/sign-in/sign-in.ts";
import { type Sources, secretOf } from "./sources.ts";

/** The variables of the sign-in to Oracle, each with a valid value. */
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

const USELESS_WITH_PASSWORD = [
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
 * [pure] Conflicts between the variables of the sign-in to Oracle.
 * @param dialect undefined if its value is wrong
 * @param isSet whether a variable is set, be its value right or wrong
 */
export function loginConflicts(dialect: DialectName | undefined, isSet: IsSet): string[] {
  if (isSet("ORACLE_PASSWORD")) return passwordConflicts(dialect, isSet);
  const someClient = isSet("ORACLE_CLIENT_ID") || isSet("ORACLE_CLIENT_SECRET");
  if (!someClient && !isSet("ORACLE_PRIVATE_KEY")) {
    return isSet("ORACLE_USERNAME")
      ? ["ORACLE_PASSWORD is required with ORACLE_USERNAME, unless a client acts on its behalf"]
      : [
          "ORACLE_CLIENT_ID is required, with ORACLE_CLIENT_SECRET or ORACLE_PRIVATE_KEY; or ORACLE_USERNAME and ORACLE_PASSWORD if the site has no OAuth",
        ];
  }
  return [...proofConflicts(isSet), ...keyConflicts(isSet), ...tokenUrlConflicts(dialect, isSet)];
}

/** The client authenticates with a secret or a key; a user needs the key. */
function proofConflicts(isSet: IsSet): string[] {
  const problems: string[] = [];
  const [secret, key] = [isSet("ORACLE_CLIENT_SECRET"), isSet("ORACLE_PRIVATE_KEY")];
  const user = isSet("ORACLE_USERNAME");
  if (!isSet("ORACLE_CLIENT_ID")) {
    const proof = secret ? "ORACLE_CLIENT_SECRET" : "ORACLE_PRIVATE_KEY";
    problems.push(`ORACLE_CLIENT_ID is required with ${proof}`);
  }
  if (user && !key) {
    problems.push(
      "ORACLE_PRIVATE_KEY is required with ORACLE_USERNAME: it signs the user's assertion",
    );
  } else if (!secret && !key) {
    problems.push("ORACLE_CLIENT_SECRET or ORACLE_PRIVATE_KEY is required with ORACLE_CLIENT_ID");
  }
  if (secret && key && !user) {
    problems.push(
      "ORACLE_CLIENT_SECRET and ORACLE_PRIVATE_KEY must not both be set, unless the key signs for ORACLE_USERNAME: unset one of them",
    );
  }
  return problems;
}

function keyConflicts(isSet: IsSet): string[] {
  if (isSet("ORACLE_PRIVATE_KEY")) {
    return isSet("ORACLE_KEY_ID")
      ? []
      : ["ORACLE_KEY_ID is required with ORACLE_PRIVATE_KEY: Oracle finds the key by it"];
  }
  return (["ORACLE_KEY_ID", "ORACLE_AUDIENCE"] as const)
    .filter(isSet)
    .map(
      (name) => `${name} has no effect without ORACLE_PRIVATE_KEY: set that key, or unset ${name}`,
    );
}

function tokenUrlConflicts(dialect: DialectName | undefined, isSet: IsSet): string[] {
  if (dialect === undefined || isSet("ORACLE_TOKEN_URL")) return [];
  if (dialectOf(dialect).signIn.tokenAtBaseUrl) return [];
  return [
    `ORACLE_TOKEN_URL is required with ORACLE_DIALECT=${dialect}, unless ORACLE_USERNAME and ORACLE_PASSWORD sign in`,
  ];
}

function passwordConflicts(dialect: DialectName | undefined, isSet: IsSet): string[] {
  const problems: string[] = [];
  if (!isSet("ORACLE_USERNAME")) {
    problems.push("ORACLE_USERNAME is required with ORACLE_PASSWORD");
  }
  if (dialect !== undefined && !dialectOf(dialect).signIn.password) {
    problems.push(
      `ORACLE_PASSWORD has no effect with ORACLE_DIALECT=${dialect}, which accepts tokens only: set ORACLE_CLIENT_ID and ORACLE_CLIENT_SECRET`,
    );
    return problems;
  }
  for (const name of USELESS_WITH_PASSWORD) {
    if (isSet(name)) {
      problems.push(
        `${name} has no effect with ORACLE_PASSWORD, which signs in without a token: unset one of them`,
      );
    }
  }
  return problems;
}

/**
 * [pure] The sign-in to Oracle.
 * @param values without {@link loginConflicts}
 * @param token the token endpoint
 */
export function oracleLogin(
  values: LoginValues,
  sources: Sources,
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
    return { by: "password", username, password: secretOf(sources, "ORACLE_PASSWORD", password) };
  }
  const key = assertionKey(values, sources);
  const proof: ClientProof =
    secret === undefined && key !== undefined
      ? { by: "key", key }
      : { by: "secret", secret: secretOf(sources, "ORACLE_CLIENT_SECRET", secret ?? "") };
  const user = key === undefined || username === "" ? {} : { user: { name: username, key } };
  return { by: "token", ...token, client: { clientId, proof, ...user, scope } };
}

function assertionKey(values: LoginValues, sources: Sources): AssertionKey | undefined {
  const { ORACLE_PRIVATE_KEY: pem, ORACLE_KEY_ID: name, ORACLE_AUDIENCE: audience } = values;
  if (pem === undefined || name === undefined) return undefined;
  return {
    privateKey: secretOf(sources, "ORACLE_PRIVATE_KEY", pem),
    name,
    audience: audience ?? AUDIENCE,
  };
}
