import { z } from "zod";

/** What `cdk deploy` is told with `-c name=value`. */
export interface Context {
  /**
   * The partner event source that Genesys made; the event bus gets its name. Without it the bus is a
   * plain one, to try the stack before the integration exists.
   */
  readonly eventSourceName: string | undefined;
  /** What the attributes' names begin with, as the worker's ATTRIBUTE_PREFIX. */
  readonly attributePrefix: string;
}

const schema = z.object({
  eventSourceName: z
    .string()
    .regex(
      /^aws\.partner\/genesys\.com(\.test)?\/cloud\/[0-9a-f-]{36}\/[\w.-]{1,64}$/,
      "must be aws.partner/genesys.com/cloud/<org id>/<suffix>, as EventBridge shows it",
    )
    .optional(),
  attributePrefix: z
    .string()
    .regex(/^[A-Za-z][\w.-]{0,30}$/, "must begin with a letter")
    .default("oracle_"),
});

/**
 * Reads the context values.
 * @throws {Error} one message that names every wrong value.
 */
export function readContext(contextValue: (name: string) => unknown): Context {
  const names = Object.keys(schema.shape);
  const given = schema.safeParse(
    Object.fromEntries(names.map((name) => [name, contextValue(name)])),
  );
  if (given.success) {
    const { eventSourceName, attributePrefix } = given.data;
    return { eventSourceName, attributePrefix };
  }
  const wrong = given.error.issues.map(
    ({ path, message }) => `  -c ${path.join(".")}=… ${message}`,
  );
  throw new Error(`The context has mistakes:\n${wrong.join("\n")}`);
}
