import { z } from "zod";
import { type ConversationId, conversationId } from "../domain/event/ids.ts";
import type { Reference } from "../domain/identity/identity.ts";
import { readReference } from "../domain/identity/reference.ts";

/** The customer to look up; a reference finds the customer if the rest does not. */
export type LookupRequest =
  | {
      readonly by: "phone" | "email";
      readonly address: string;
      readonly reference?: Reference | undefined;
    }
  | {
      readonly by: "conversation";
      readonly conversationId: ConversationId;
      readonly reference?: Reference | undefined;
    }
  /** Undefined: the caller has sent an unreadable one, and nothing else. */
  | { readonly by: "reference"; readonly reference: Reference | undefined };

/** Longer than any number, address or id. */
const LONGEST = 512;
/** A flow may send a number without quotes, and an empty text for a missing value. */
const input = z
  .union([z.string().max(LONGEST), z.int().transform(String)])
  .transform((value) => value.trim())
  .nullish();

/** As typed. The digits of a number beyond 2^53 are lost, so it is no reference. */
const typedReference = z.union([input, z.number().transform(() => "?")]);

/** The input of a caller. The first that is not empty counts; the reference is used with it, or alone. */
export const lookupInput = z.object({
  phoneNumber: input,
  email: input,
  conversationId: input.pipe(z.literal("").or(conversationId).nullish()),
  reference: typedReference,
});

type ReadRequest =
  | { readonly ok: true; readonly request: LookupRequest }
  | { readonly ok: false; readonly missing: true }
  | {
      readonly ok: false;
      readonly missing: false;
      readonly invalid: keyof typeof lookupInput.shape;
    };

/**
 * [pure] Reads the input of a caller and ignores unknown fields. A customer may mistype a reference, so an
 * unreadable one is no error: whatever else was sent is looked up.
 */
export function readLookupRequest(body: unknown): ReadRequest {
  const read = lookupInput.safeParse(body);
  if (!read.success) {
    const name = String(read.error.issues[0]?.path[0]);
    const invalid = lookupInput.keyof().safeParse(name);
    return invalid.success
      ? { ok: false, missing: false, invalid: invalid.data }
      : { ok: false, missing: true };
  }
  const { phoneNumber, email, conversationId, reference: collected } = read.data;
  const reference = readReference(collected ?? undefined);
  if (phoneNumber) return { ok: true, request: { by: "phone", address: phoneNumber, reference } };
  if (email) return { ok: true, request: { by: "email", address: email, reference } };
  if (conversationId) {
    return { ok: true, request: { by: "conversation", conversationId, reference } };
  }
  if (collected) return { ok: true, request: { by: "reference", reference } };
  // An unknown caller: flows send an empty number, and must not take their error path.
  if (phoneNumber !== undefined || collected !== undefined)
    return { ok: true, request: { by: "phone", address: "" } };
  return { ok: false, missing: true };
}
