import { z } from "zod";
import { isCallingCode } from "../../domain/identity/phone.ts";
import {
  commaList,
  httpUrl,
  isProxyUrl,
  nonEmpty,
  wholeNumber,
} from "../../domain/variable/rules.ts";
import {
  optional,
  pem,
  preset,
  required,
  type VariableTable,
} from "../../domain/variable/variable.ts";
import { dialectTexts } from "../../oracle/dialect-texts.ts";
import { DEFAULT_DIALECT, dialectNames, dialectVariables } from "../../oracle/dialects.ts";
import { readKeyName } from "../../resilience/sign-in/assertion.ts";
import { customerFields } from "./customer-fields.ts";
import { certificates, plainPrivateKey, signingKey } from "./pem.ts";
import { MOST_REFERENCE_FIELDS } from "./reference-fields.ts";

const apiVariables = {
  ORACLE_DIALECT: preset(
    `Which Oracle API answers: ${dialectTexts.apis}`,
    z.enum(dialectNames, `must be ${dialectTexts.names}`),
    DEFAULT_DIALECT,
  ),
  ORACLE_BASE_URL: required(
    "Origin of Oracle's API, followed by a path prefix if it has one",
    httpUrl,
  ),
} satisfies VariableTable;

const signInVariables = {
  ORACLE_TOKEN_URL: optional(
    `Origin of the token endpoint if it differs, or the whole URL of the endpoint. Required for ${dialectTexts.needTokenUrl}, whose tokens come from an identity domain`,
    httpUrl,
  ),
  ORACLE_CLIENT_ID: optional(
    "OAuth client at Oracle. It needs a secret or a private key. Without it: user and password (`docs/reference/oracle.md`, Signing in)",
    nonEmpty,
  ),
  ORACLE_CLIENT_SECRET: optional("Secret of that client", nonEmpty, true),
  ORACLE_PRIVATE_KEY: pem(
    "Private key (RSA, PEM, not encrypted) that signs for the client instead of a secret, and for `ORACLE_USERNAME`",
    signingKey,
    true,
  ),
  ORACLE_KEY_ID: optional(
    "The name of that key at Oracle: the alias of its certificate (`kid`), or `x5t:` and the certificate's SHA-1 thumbprint, in openssl's format or as base64url",
    z.string().transform((value, context) => {
      const name = readKeyName(value);
      if (name !== undefined) return name;
      const message = "must be an alias, or x5t: and a SHA-1 thumbprint in hex or base64url";
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }),
  ),
  ORACLE_AUDIENCE: optional(
    "Audience of the assertions that this key signs. Without it: `https://identity.oraclecloud.com/`",
    nonEmpty,
  ),
  ORACLE_USERNAME: optional(
    "User on whose behalf the client makes requests (with `ORACLE_PRIVATE_KEY`), or who signs in with `ORACLE_PASSWORD`",
    z.string().regex(/^[^:\p{Cc}]+$/u, "must be a user name without colon or control characters"),
  ),
  ORACLE_PASSWORD: optional(
    "Password of that user, if a site has no OAuth. No token is requested then",
    nonEmpty,
    true,
  ),
  ORACLE_SCOPE: optional(
    `Scope of the token, words separated by spaces. Without it: ${dialectTexts.scopes}, otherwise none`,
    nonEmpty,
  ),
} satisfies VariableTable;

const requestVariables = {
  ORACLE_CONCURRENCY: optional(
    `The most requests to Oracle at once. Without it: ${dialectTexts.concurrency}`,
    wholeNumber(1, 500),
  ),
  ORACLE_REQUESTS_PER_MINUTE: optional(
    "The most requests to Oracle in any 60 s. Without it only `ORACLE_CONCURRENCY` limits them",
    wholeNumber(1, 100_000),
  ),
  ORACLE_TIMEOUT_MS: preset(
    "Total time for one request to Oracle. An agent has about ten seconds",
    wholeNumber(10, 120_000),
    "8000",
  ),
} satisfies VariableTable;

const networkVariables = {
  ORACLE_PROXY_URL: optional(
    "HTTP or HTTPS proxy between the worker and Oracle, `http://<user>:<password>@<host>:<port>`. Requests to API and token endpoint go through its tunnels (CONNECT)",
    z
      .string()
      .refine(
        isProxyUrl,
        "must be http(s)://<host>:<port>, with <user>:<password>@ before the host if the proxy needs them, percent-encoded",
      ),
    true,
  ),
  ORACLE_CA_FILE: pem(
    "Certificates of private authorities to trust for Oracle's hosts and for a proxy, in addition to the public ones: PEM, or the path of a file",
    certificates,
  ),
  ORACLE_CLIENT_CERT_FILE: pem(
    "Client certificate (with its chain) for TLS with Oracle's hosts: PEM, or the path of a file",
    certificates,
  ),
  ORACLE_CLIENT_KEY_FILE: pem(
    "Key of that certificate, not encrypted: PEM, or the path of a file",
    plainPrivateKey,
    true,
  ),
} satisfies VariableTable;

const historyVariables = {
  ORACLE_CASES: preset("How many of the latest cases are fetched", wholeNumber(1, 100), "10"),
  ORACLE_CACHE_SECONDS: preset(
    "How long a history is cached, so that repeat callers cost no request; 0 turns the cache off",
    wholeNumber(0, 3600),
    "60",
  ),
  ORACLE_PLACEHOLDERS: preset(
    "Placeholder customers, who are not real persons, separated by commas: ids, full names (`Unknown Caller`), or shared email addresses and numbers (`anonymous@example.com`, `+15550100000`), which are not looked up",
    commaList(nonEmpty, "must be ids, names, addresses or numbers, separated by commas").transform(
      (entries): ReadonlySet<string> => new Set(entries.map((entry) => entry.toLowerCase())),
    ),
    "",
  ),
  ORACLE_HOME_COUNTRIES: preset(
    "Country calling codes, as in `1,44`, of the countries whose numbers Oracle may hold without the code. Numbers of other countries are matched in international form only, because the same digits may belong to somebody else here. Without it: the country of `DEFAULT_PHONE_REGION`",
    commaList(
      z.string().refine(isCallingCode),
      "must be country calling codes, digits only, separated by commas",
    ),
    "",
  ),
  ORACLE_CUSTOMER_FIELDS: preset(
    `Further fields of a customer for lookups on demand (\`docs/reference/lookup.md\`): \`tier=loyaltyTier\`, a name for flows and the field in Oracle (${dialectTexts.customerFields}). If Oracle does not have one of them, every lookup fails; \`b2c\` leaves it out instead`,
    customerFields,
    "",
  ),
  ORACLE_REFERENCE_FIELDS: preset(
    `Fields of a customer that may hold the number that a caller typed, separated by commas, ${MOST_REFERENCE_FIELDS} at most: ${dialectTexts.referenceFields}`,
    commaList(
      z.string().regex(/^[\w.]{1,150}$/),
      `must be names of fields, separated by commas, ${MOST_REFERENCE_FIELDS} at most`,
      MOST_REFERENCE_FIELDS,
    ),
    "",
  ),
} satisfies VariableTable;

export const oracleVariables = {
  ...apiVariables,
  ...signInVariables,
  ...requestVariables,
  ...networkVariables,
  ...historyVariables,
  ...dialectVariables,
} satisfies VariableTable;
