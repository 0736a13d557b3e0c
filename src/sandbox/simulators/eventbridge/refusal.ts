import type { z } from "zod";

/** The names of the errors in the API ("Common errors" and those of each action). */
export type EventBridgeRefusalCode =
  | "InternalException"
  | "InvalidEventPatternException"
  | "LimitExceededException"
  | "ResourceAlreadyExistsException"
  | "ResourceNotFoundException"
  | "SerializationException"
  | "UnknownOperationException"
  | "ValidationException";

/** Thrown by an operation: the request is answered with this error. The SDK throws it with this name. */
export class EventBridgeRefusal extends Error {
  override readonly name = "Refusal";
  readonly code: EventBridgeRefusalCode;

  constructor(code: EventBridgeRefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * [pure] Validates the input of an operation.
 * @throws {EventBridgeRefusal} `ValidationException` that names the first invalid member. A member that is
 * not simulated is invalid
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
