import type { GenesysEvent, ReferenceEvent } from "../domain/event/read-event.ts";
import type { Failure } from "../domain/failure.ts";

/** What is done with a message at the queue. */
export type MessageOutcome =
  | { readonly do: "delete" }
  | { readonly do: "requeue"; readonly delayMs: number }
  | {
      readonly do: "dead_letter";
      readonly failure: Failure;
      /** How many attempts were made. */
      readonly attempts: number;
      /** Undefined if the message holds no event that could be read. */
      readonly event?: GenesysEvent | ReferenceEvent | undefined;
    };

export const DELETE: MessageOutcome = { do: "delete" };
