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
  | { readonly by: "reference"; readonly reference: Reference };

/** Longer than any number, address or id. */
const LONGEST = 512;
/** A flow may send a number without quotes, and an empty text for a missing value. */
const input = z
  .union([z.string().max(LONGEST), z.int().transform(String)])
  .transform((value) => value.trim())
  .nullish();

/** The input of a caller. The first that is not empty counts; the reference is used with it, or alone. */
export const lookupInput = z.object({
  phoneNumber: input,
  email: input,
  conversationId: input.pipe(z.literal("").or(conversationId).nullish()),
  reference: input,
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
 * [pure] Reads the input of a caller and ignores unknown fields. A text that is no reference is invalid if it
 * is alone. Beside another field it is ignored: callers may type anything.
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
  if (reference) return { ok: true, request: { by: "reference", reference } };
  // An unknown caller: flows send an empty number, and must not take their error path.
  if (phoneNumber !== undefined) return { ok: true, request: { by: "phone", address: "" } };
  if (collected) return { ok: false, missing: false, invalid: "reference" };
  return { ok: false, missing: true };
}
