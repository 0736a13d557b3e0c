import { z } from "zod";
import { readReference } from "../src/config/secrets/reference.ts";
import { variables } from "../src/config/variables.ts";
import { wholeNumber } from "../src/domain/variable/rules.ts";
import { type Size, sizes } from "./sizes.ts";

/** The stack sets these variables from its own resources. */
const SET_BY_STACK = [
  ...["QUEUE_URL", "DEAD_LETTER_QUEUE_URL", "REDIS_URL", "REDIS_CLUSTER", "HTTP_PORT"],
  ...["LOOKUP_SECRET", "ORACLE_CONCURRENCY", "METRICS_EMF"],
];

const text = (rule: RegExp, message: string) => z.string().regex(rule, message);
const secretArn = text(
  /^arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:\S+$/,
  "must be the ARN of a secret",
).optional();

/** The variable that takes the secret for Oracle: one for each way to sign in (docs/reference/oracle.md). */
const oracleSecrets = ["ORACLE_CLIENT_SECRET", "ORACLE_PRIVATE_KEY", "ORACLE_PASSWORD"] as const;
/** Rules need these too, so they have a context value of their own. */
const usedByRules: Readonly<Record<string, string>> = {
  ATTRIBUTE_PREFIX: "attributePrefix",
  REFERENCE_ATTRIBUTE: "referenceAttribute",
};
const haveContextValue: readonly string[] = ["GENESYS_CLIENT_SECRET", ...oracleSecrets];

/** Variables of the worker as one JSON object. Each is checked as the worker checks it; secrets are ARNs. */
const environment = z
  .string()
  .default("{}")
  .transform((value, context) => {
    try {
      return z.record(z.string(), z.string()).parse(JSON.parse(value));
    } catch {
      context.addIssue({ code: "custom", message: 'must be JSON like {"LANGUAGE":"de"}' });
      return z.NEVER;
    }
  })
  .superRefine((entries, context) => {
    for (const [name, value] of Object.entries(entries)) {
      const message = problemOf(name, value);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    }
  });

function problemOf(name: string, value: string): string | undefined {
  if (SET_BY_STACK.includes(name)) return `${name} is set by the stack`;
  if (haveContextValue.includes(name)) {
    return `${name} comes from -c genesysSecretArn=… or -c oracleSecretArn=… with -c oracleSecret=…`;
  }
  const contextValue = usedByRules[name];
  if (contextValue !== undefined) {
    return `${name} comes from -c ${contextValue}=…: the EventBridge rules need it too`;
  }
  const variable = isVariable(name) ? variables[name] : undefined;
  if (variable === undefined) return `${name} is not a variable of the worker`;
  if (variable.secret) {
    return readReference(value) === undefined
      ? `${name} is a secret: set it to the ARN of a secret in Secrets Manager`
      : undefined;
  }
  const read = variable.schema.safeParse(value);
  return read.success ? undefined : `${name} ${read.error.issues[0]?.message ?? "is invalid"}`;
}

function isVariable(name: string): name is keyof typeof variables {
  return Object.hasOwn(variables, name);
}

const schema = z.object({
  size: z
    .enum(Object.keys(sizes) as [Size, ...Size[]], "must be dev, prod or secondary")
    .default("dev"),
  eventSourceName: text(
    /^aws\.partner\/genesys\.com(\.test)?\/cloud\/[0-9a-f-]{36}\/[\w.-]{1,64}$/,
    "must be aws.partner/genesys.com/cloud/<org id>/<suffix>, as EventBridge shows it",
  ).optional(),
  eventBusName: text(
    /^[\w./-]{1,256}$/,
    "must be the name of an event bus that exists in this account and region",
  ).optional(),
  referenceAttribute: text(
    /^[\w .:-]{1,100}$/,
    "must be the name of a participant attribute",
  ).optional(),
  attributePrefix: text(/^[A-Za-z][\w.-]{0,30}$/, "must begin with a letter").default("oracle_"),
  imageUri: text(
    /^[\w.-]+(:\d+)?\/[\w./-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$/,
    "must be registry/name:tag or registry/name@sha256:…",
  ).optional(),
  genesysRegion: text(/^[a-z0-9.-]{4,60}$/, "must be a region or a host of Genesys Cloud").default(
    "us-east-1",
  ),
  genesysClientId: text(/^[0-9a-f-]{36}$/, "must be the id of an OAuth client").optional(),
  genesysSecretArn: secretArn,
  oracleSecretArn: secretArn,
  oracleSecret: z
    .enum(oracleSecrets, `must be one of ${oracleSecrets.join(", ")}`)
    .default("ORACLE_CLIENT_SECRET"),
  oracleConcurrency: wholeNumber(1, 500).optional(),
  lookupCode: text(/\S/, "must be the folder that `npm run bundle` made: dist-lambda").optional(),
  lookupConcurrency: wholeNumber(1, 100).default(1),
  genesysOrgId: text(/^[0-9a-f-]{36}$/, "must be the id of the Genesys Cloud org").optional(),
  panel: z.enum(["true", "false"], "must be true or false").default("false"),
  environment,
  alarmEmail: z.email("must be an email address").optional(),
  businessHours: text(
    /^([01]?\d|2[0-3])-([01]?\d|2[0-4])$/,
    "must be hours in UTC, as 7-17",
  ).default("7-17"),
  monthlyBudgetUsd: text(/^\d{1,6}$/, "must be whole US dollars").optional(),
});

/** The values of `cdk deploy -c name=value`. */
export type Context = z.output<typeof schema>;

/** All mistakes in the context, one line each. */
export class ContextError extends Error {
  override readonly name = "ContextError";
}

/**
 * Reads the context values.
 * @throws {ContextError} one message that names every wrong value.
 */
export function readContext(contextValue: (name: string) => unknown): Context {
  const read = schema.safeParse(
    Object.fromEntries(Object.keys(schema.shape).map((name) => [name, contextValue(name)])),
  );
  const mistakes = read.success
    ? contradictions(read.data)
    : read.error.issues.map(({ path, message }) => `-c ${path.join(".")}=… ${message}`);
  if (read.success && mistakes.length === 0) return read.data;
  throw new ContextError(
    `The context has mistakes:\n${mistakes.map((line) => `  ${line}\n`).join("")}` +
      "docs/how-to/deploy.md explains every value.\n",
  );
}

function contradictions(context: Context): string[] {
  const { eventSourceName, eventBusName, imageUri, genesysClientId, environment } = context;
  const { alarmEmail, monthlyBudgetUsd, lookupCode } = context;
  const twoBuses = eventSourceName !== undefined && eventBusName !== undefined;
  return [
    ...(twoBuses ? ["-c eventBusName=… and -c eventSourceName=…: set only one of them"] : []),
    ...(imageUri !== undefined && genesysClientId === undefined
      ? ["-c genesysClientId=… is required with -c imageUri=…: the worker needs it"]
      : []),
    ...(imageUri !== undefined && environment.ORACLE_BASE_URL === undefined
      ? [
          '-c environment=\'{"ORACLE_BASE_URL":"https://…"}\' is required with -c imageUri=…: the worker needs it',
        ]
      : []),
    ...(lookupCode !== undefined && imageUri === undefined
      ? [
          "-c imageUri=… is required with -c lookupCode=…: lookups are deployed with the workers only",
        ]
      : []),
    ...(monthlyBudgetUsd !== undefined && alarmEmail === undefined
      ? ["-c alarmEmail=… is required with -c monthlyBudgetUsd=…: the warning needs a recipient"]
      : []),
  ];
}
