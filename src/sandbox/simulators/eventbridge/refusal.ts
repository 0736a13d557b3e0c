import type { z } from "zod";

/** The errors that are given, by their names in the API ("Common errors" and each action's own). */
export type EventBridgeRefusalCode =
  | "InternalException"
  | "InvalidEventPatternException"
  | "LimitExceededException"
  | "ResourceAlreadyExistsException"
  | "ResourceNotFoundException"
  | "SerializationException"
  | "UnknownOperationException"
  | "ValidationException";

/** Thrown by an operation: the request is answered with this error, which the SDK throws as its own. */
export class EventBridgeRefusal extends Error {
  override readonly name = "Refusal";
  readonly code: EventBridgeRefusalCode;

  constructor(code: EventBridgeRefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * [pure] What an operation was asked for.
 * @throws {EventBridgeRefusal} `ValidationException` naming the first member that is wrong; one that changes
 * nothing here, while it would in AWS, is wrong too
 */
export function readInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  const { issues } = read.error;
  const unknown = issues.find(({ code }) => code === "unrecognized_keys");
  const issue = unknown ?? issues[0];
  const place = issue?.path.join(".") ?? "";
  const reason =
    issue?.code === "unrecognized_keys"
      ? `${issue.keys.join(", ")} is not simulated`
      : issue?.message;
  throw new EventBridgeRefusal(
    "ValidationException",
    `1 validation error detected: Value at '${place}' failed to satisfy constraint: ${reason}`,
  );
}
