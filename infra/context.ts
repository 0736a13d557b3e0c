import { z } from "zod";
import { variables } from "../src/config/variables.ts";
import { type Size, sizes } from "./sizes.ts";

const names = Object.keys(variables);

/** Set by the stack itself, from what it makes. */
const OWN = ["QUEUE_URL", "DEAD_LETTER_QUEUE_URL", "REDIS_URL", "REDIS_CLUSTER", "HTTP_PORT"];

const text = (rule: RegExp, message: string) => z.string().regex(rule, message);
const secretArn = text(
  /^arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:\S+$/,
  "must be the ARN of a secret",
).optional();

/** Variables of the worker as one JSON object; secrets have ways of their own. */
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
  .superRefine((given, context) => {
    for (const name of Object.keys(given)) {
      const why = OWN.includes(name)
        ? `${name} is set by the stack`
        : names.includes(name)
          ? undefined
          : `${name} is no variable of the worker`;
      if (why !== undefined) context.addIssue({ code: "custom", message: why });
    }
  });

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
  environment,
  alarmEmail: z.email("must be an e-mail address").optional(),
  businessHours: text(
    /^([01]?\d|2[0-3])-([01]?\d|2[0-4])$/,
    "must be hours in UTC, as 7-17",
  ).default("7-17"),
  monthlyBudgetUsd: text(/^\d{1,6}$/, "must be whole US dollars").optional(),
});

/** What `cdk deploy` is told with `-c name=value`. */
export type Context = z.output<typeof schema>;

/**
 * Reads the context values.
 * @throws {Error} one message that names every wrong value.
 */
export function readContext(contextValue: (name: string) => unknown): Context {
  const given = schema.safeParse(
    Object.fromEntries(Object.keys(schema.shape).map((name) => [name, contextValue(name)])),
  );
  const wrong = given.success
    ? contradictions(given.data)
    : given.error.issues.map(({ path, message }) => `-c ${path.join(".")}=… ${message}`);
  if (given.success && wrong.length === 0) return given.data;
  throw new Error(
    `The context has mistakes:\n${wrong.map((line) => `  ${line}\n`).join("")}` +
      "Every value is explained in docs/deploy.md.",
  );
}

function contradictions(context: Context): string[] {
  const { eventSourceName, eventBusName, imageUri, genesysClientId } = context;
  const twoBuses = eventSourceName !== undefined && eventBusName !== undefined;
  return [
    ...(twoBuses ? ["-c eventBusName=… and -c eventSourceName=…: only one of them"] : []),
    ...(imageUri !== undefined && genesysClientId === undefined
      ? ["-c genesysClientId=… is required with -c imageUri=…: the worker needs it"]
      : []),
  ];
}
