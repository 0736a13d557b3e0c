import { z } from "zod";
import { isPhoneRegion } from "../domain/identity/phone.ts";
import { languages } from "../domain/summary/languages.ts";
import { type PanelLabels, panelValues } from "../domain/summary/panel-labels.ts";
import {
  commaList,
  httpUrl,
  isProxyUrl,
  isRedisUrl,
  nonEmpty,
  queueUrl,
  sharedSecret,
  wholeNumber,
  yesOrNo,
} from "../domain/variable/rules.ts";
import { optional, pem, preset, required, type Variable } from "../domain/variable/variable.ts";
import { dialectTexts } from "../oracle/dialect-texts.ts";
import { DEFAULT_DIALECT, dialectNames, dialectVariables } from "../oracle/dialects.ts";
import { readKeyName } from "../resilience/sign-in/assertion.ts";
import { customerFields } from "./customer-fields.ts";
import { certificates, plainPrivateKey, signingKey } from "./pem.ts";

export type { Variable } from "../domain/variable/variable.ts";

/** Every variable that the worker reads. `docs/reference/configuration.md` is generated from this table. */
export const variables = {
  QUEUE_URL: required("URL of the SQS queue that EventBridge feeds", queueUrl),
  DEAD_LETTER_QUEUE_URL: required(
    "URL of the queue for messages that fail for good; the worker does not start without it",
    queueUrl,
  ),
  AWS_REGION: optional(
    "AWS region of the queues; without it the region in `QUEUE_URL` is taken, or else `us-east-1`",
    z.string().regex(/^[a-z]{2}[a-z-]*-\d$/, "must be an AWS region's name, as in eu-central-1"),
  ),
  AWS_ENDPOINT_URL: optional(
    "Endpoint of SQS and Secrets Manager where it is not AWS's own (a local one)",
    httpUrl,
  ),
  AWS_ENDPOINT_URL_SQS: optional(
    "The same, for SQS alone; comes before `AWS_ENDPOINT_URL`",
    httpUrl,
  ),
  AWS_ENDPOINT_URL_EVENTBRIDGE: optional(
    "The same, for EventBridge alone (`ringahead setup`, `doctor`)",
    httpUrl,
  ),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: optional("The same, for Secrets Manager alone", httpUrl),

  GENESYS_REGION: optional(
    "Genesys Cloud's region: an AWS region's name (`us-east-1`) or a host (`mypurecloud.com`). Needed unless both URLs below are set",
    z.string().regex(/^[a-z0-9.-]+$/, "must be an AWS region's name or a host"),
  ),
  GENESYS_API_URL: optional("Origin of the Platform API, where it is not the region's", httpUrl),
  GENESYS_LOGIN_URL: optional("Origin of the login service, where it is not the region's", httpUrl),
  GENESYS_CLIENT_ID: required("OAuth client (client credentials). One for all workers", nonEmpty),
  GENESYS_CLIENT_SECRET: required("Secret of that client", nonEmpty, true),
  GENESYS_REQUESTS_PER_MINUTE: preset(
    "Requests in any 60 s that this client may make; Genesys Cloud's own limit for a token is 300",
    wholeNumber(1, 100_000),
    "300",
  ),
  GENESYS_RESERVED_REQUESTS: preset(
    "How many of them are kept for conversations at their first try; must be less than all",
    wholeNumber(0, 10_000),
    "10",
  ),
  GENESYS_TIMEOUT_MS: preset(
    "Total time for one request to Genesys",
    wholeNumber(10, 120_000),
    "10000",
  ),

  ORACLE_DIALECT: preset(
    `Which Oracle API answers: ${dialectTexts.apis}`,
    z.enum(dialectNames, `must be ${dialectTexts.names}`),
    DEFAULT_DIALECT,
  ),
  ORACLE_BASE_URL: required(
    "Origin of Oracle's API, with a path prefix where there is one",
    httpUrl,
  ),
  ORACLE_TOKEN_URL: optional(
    `Origin of the token endpoint where it differs, or its whole URL. Needed for ${dialectTexts.needTokenUrl}, whose tokens come from an identity domain`,
    httpUrl,
  ),
  ORACLE_CLIENT_ID: optional(
    "OAuth client at Oracle. It needs a secret or a private key; without it, user and password (`docs/reference/oracle.md`, Signing in)",
    nonEmpty,
  ),
  ORACLE_CLIENT_SECRET: optional("Secret of that client", nonEmpty, true),
  ORACLE_PRIVATE_KEY: pem(
    "Private key (RSA, PEM, not encrypted) that signs for the client instead of a secret, and for `ORACLE_USERNAME`",
    signingKey,
    true,
  ),
  ORACLE_KEY_ID: optional(
    "How Oracle knows that key: the alias of its certificate (`kid`), or `x5t:` and the certificate's SHA-1 thumbprint, as openssl or as base64url writes it",
    z.string().transform((value, context) => {
      const name = readKeyName(value);
      if (name !== undefined) return name;
      const message = "must be an alias, or x5t: and a SHA-1 thumbprint in hex or base64url";
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }),
  ),
  ORACLE_AUDIENCE: optional(
    "Audience of what that key signs; without it `https://identity.oraclecloud.com/`",
    nonEmpty,
  ),
  ORACLE_USERNAME: optional(
    "User on whose behalf the client asks (with `ORACLE_PRIVATE_KEY`), or who signs in with `ORACLE_PASSWORD`",
    z.string().regex(/^[^:\p{Cc}]+$/u, "must be a user name without colon or control characters"),
  ),
  ORACLE_PASSWORD: optional(
    "Password of that user, where a site has no OAuth: no token is asked for then",
    nonEmpty,
    true,
  ),
  ORACLE_SCOPE: optional(
    `Scope of the token, words separated by spaces. Without it: ${dialectTexts.scopes}, else none`,
    nonEmpty,
  ),
  ORACLE_CONCURRENCY: optional(
    `Requests to Oracle at once, at most; without it ${dialectTexts.concurrency}`,
    wholeNumber(1, 500),
  ),
  ORACLE_REQUESTS_PER_MINUTE: optional(
    "Requests to Oracle in any 60 s, at most; without it only concurrency counts",
    wholeNumber(1, 100_000),
  ),
  ORACLE_TIMEOUT_MS: preset(
    "Total time for one request to Oracle; an agent has about ten seconds",
    wholeNumber(10, 120_000),
    "8000",
  ),
  ORACLE_PROXY_URL: optional(
    "HTTP or HTTPS proxy on the way to Oracle, `http://<user>:<password>@<host>:<port>`: tunnels (CONNECT) to API and token endpoint",
    z
      .string()
      .refine(
        isProxyUrl,
        "must be http(s)://<host>:<port>, with <user>:<password>@ before the host where the proxy wants them, percent-encoded",
      ),
    true,
  ),
  ORACLE_CA_FILE: pem(
    "Certificates of private authorities that Oracle's hosts, or a proxy, are trusted by, beside the well-known ones: PEM, or the path of a file",
    certificates,
  ),
  ORACLE_CLIENT_CERT_FILE: pem(
    "Certificate (with its chain) that is shown to Oracle's hosts in TLS: PEM, or the path of a file",
    certificates,
  ),
  ORACLE_CLIENT_KEY_FILE: pem(
    "Key of that certificate, not encrypted: PEM, or the path of a file",
    plainPrivateKey,
    true,
  ),
  ORACLE_CASES: preset("How many of the latest cases are fetched", wholeNumber(1, 100), "10"),
  ORACLE_CACHE_SECONDS: preset(
    "How long a history serves repeat callers without another request; 0 switches it off",
    wholeNumber(0, 3600),
    "60",
  ),
  ORACLE_PLACEHOLDERS: preset(
    "Customers that stand for nobody, separated by commas: ids, full names (`Unknown Caller`), or shared email addresses and numbers (`anonymous@example.com`, `+15550100000`), which are not looked up",
    commaList(nonEmpty, "must be ids, names, addresses or numbers, separated by commas").transform(
      (entries): ReadonlySet<string> => new Set(entries.map((entry) => entry.toLowerCase())),
    ),
    "",
  ),
  ORACLE_HOME_COUNTRIES: preset(
    "Country calling codes, as in `1,44`, whose numbers Oracle may hold without the code; numbers of others are matched in international form only, for abroad the same digits are somebody else's. Without it: every country",
    commaList(
      z.string().regex(/^[1-9]\d{0,2}$/),
      "must be country calling codes, digits only, separated by commas",
    ),
    "",
  ),
  ORACLE_CUSTOMER_FIELDS: preset(
    `Further fields of a customer for lookups on demand (\`docs/reference/lookup.md\`): \`tier=loyaltyTier\`, a name for flows and the field in Oracle (${dialectTexts.customerFields}). One that Oracle does not have fails every lookup`,
    customerFields,
    "",
  ),

  ...dialectVariables,

  ATTRIBUTE_PREFIX: preset(
    "What the names of the attributes begin with",
    z
      .string()
      .regex(/^[A-Za-z][\w.-]{0,30}$/, "must be a letter, then up to 30 letters, digits, _ . -"),
    "oracle_",
  ),
  AGENT_PANEL_LABELS: optional(
    "`true`, or pairs such as `summary=Oracle CX,open_cases=Open cases`: the headline values appear in Genesys Cloud's own interaction details",
    z.string().transform(readLabels),
  ),
  INCLUDE_CUSTOMER_NAME: preset("Write the customer's name too", yesOrNo, "false"),
  ORACLE_CASE_URL_TEMPLATE: optional(
    "Link to the case or customer, with `{caseNumber}` or `{customerId}`",
    z
      .string()
      .regex(
        /^https?:\/\/[^{}]*(\{(caseNumber|customerId)\}[^{}]*)+$/,
        "must be an http or https URL with {caseNumber} or {customerId} in it, and no other {}",
      ),
  ),
  LANGUAGE: preset(
    "Language of the summary",
    z.enum(languages, `must be one of ${languages.join(", ")}`),
    "en",
  ),
  DEFAULT_PHONE_REGION: preset(
    "Country of numbers that come without a country code, as in `US`",
    z
      .string()
      .refine(isPhoneRegion, "must be the two capital letters of a country with telephones"),
    "US",
  ),
  REDIS_URL: optional(
    "Redis or Valkey for what several workers share: budgets and histories. `rediss://` for TLS, with user and password where there are any. Without it: one worker",
    z.string().refine(isRedisUrl, "must be a redis:// or rediss:// URL with a host"),
    true,
  ),
  REDIS_CLUSTER: preset(
    "Whether `REDIS_URL` is a cluster's address; ElastiCache Serverless always is",
    yesOrNo,
    "false",
  ),
  SCRUB_AFTER_MINUTES: optional(
    "Empty what was written about a person so many minutes after the customer has left; one request to Genesys for each conversation, out of spare budget. Without it the attributes stay",
    wholeNumber(0, 600),
  ),
  SHADOW: preset("Do everything but the write to Genesys, and log it", yesOrNo, "false"),
  HTTP_PORT: optional(
    "Port for `/livez`, `/readyz` and `/metrics`, on all interfaces; without it the worker has no server, and `ringahead serve` takes 8080",
    wholeNumber(0, 65_535),
  ),
  LOOKUP_SECRET: optional(
    "What callers of the lookup API send as `Authorization: Bearer`; `ringahead serve` does not start without it",
    sharedSecret,
    true,
  ),
  LOOKUP_SECRET_PREVIOUS: optional(
    "Another one that is good as well, while callers change from one to the other",
    sharedSecret,
    true,
  ),
  LOOKUP_DEADLINE_MS: preset(
    "How long a lookup on demand may wait for Oracle before it is answered `pending`; Architect waits 3,000 ms",
    wholeNumber(10, 2_900),
    "2000",
  ),
  LOOKUP_REQUESTS_PER_MINUTE: preset(
    "Lookups on demand in a minute, for each process; more are answered 429. Genesys Cloud executes 2,500 data actions a minute at most",
    wholeNumber(1, 1_000_000),
    "3000",
  ),
  METRICS_EMF: preset(
    "Write metrics into the log every minute, in the form that CloudWatch reads (namespace `Ringahead`); the stack sets it, for its alarms look at them",
    yesOrNo,
    "false",
  ),
  OTEL_SERVICE_NAME: preset(
    "Name of the service in traces, and the dimension `Service` of metrics in CloudWatch",
    z.string().regex(/^[\w.-]{1,100}$/, "must be up to 100 letters, digits, _ . -"),
    "ringahead-worker",
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    "Origin of an OpenTelemetry collector that takes OTLP by HTTP, as in `http://127.0.0.1:4318`; without it there are no traces",
    httpUrl,
  ),
  OTEL_EXPORTER_OTLP_HEADERS: optional(
    "Headers for that collector, as `name=value,name=value`",
    z.string().transform(readHeaders),
    true,
  ),
  LOG_LEVEL: preset(
    "The least level that is logged",
    z.enum(["debug", "info", "warn", "error"], "must be debug, info, warn or error"),
    "info",
  ),
} satisfies Record<string, Variable>;

/** As in the OpenTelemetry specification ("OTLP exporter configuration"): values may be percent-encoded. */
function readHeaders(
  value: string,
  context: z.RefinementCtx,
): Readonly<Record<string, string>> | undefined {
  try {
    const pairs = value.split(",").map((pair) => /^\s*([\w-]+)\s*=(.+)$/.exec(pair) ?? []);
    return Object.fromEntries(
      pairs.map(([, header, content]) => {
        if (header === undefined || content === undefined) throw new TypeError("no header");
        return [header, decodeURIComponent(content.trim())];
      }),
    );
  } catch {
    context.addIssue({ code: "custom", message: "must be name=value,name=value" });
    return undefined;
  }
}

const standardLabels: PanelLabels = {
  summary: "Oracle CX",
  open_cases: "Open cases",
  last_case: "Last case",
  case_url: "Oracle link",
};

function readLabels(value: string, context: z.RefinementCtx): PanelLabels | undefined {
  if (value === "false" || value === "0") return undefined;
  if (value === "true" || value === "1") return standardLabels;
  const wrong = (message: string): undefined => {
    context.addIssue({ code: "custom", message });
  };
  const labels: { -readonly [Key in keyof PanelLabels]: PanelLabels[Key] } = {};
  for (const pair of value.split(",")) {
    const [key, label = ""] = pair.split("=", 2).map((part) => part.trim());
    const known = panelValues.find((value) => value === key);
    if (known === undefined || label === "" || label.length > LONGEST_LABEL) {
      return wrong(
        `must be true, false, or pairs key=Label with keys out of ${panelValues.join(", ")}, labels of ${LONGEST_LABEL} characters at most`,
      );
    }
    // Both would be written under one name, and one of them lost.
    if (Object.values(labels).includes(label))
      return wrong("must give each value a label of its own");
    labels[known] = label;
  }
  return labels;
}

/** An agent reads it beside its value. */
const LONGEST_LABEL = 40;

/** [pure] What is wrong with a variable's value, in words that hold nothing of it. */
export function variableFault(name: string, value: string): string | undefined {
  const variable: Variable | undefined = Object.entries(variables).find(
    ([one]) => one === name,
  )?.[1];
  const result = variable?.schema.safeParse(value);
  if (result === undefined || result.success) return undefined;
  return `${name} ${result.error.issues[0]?.message ?? "is wrong"}`;
}
