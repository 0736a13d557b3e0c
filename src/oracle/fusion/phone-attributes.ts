import { z } from "zod";
import type { Call } from "../../domain/call.ts";
import { asFailure } from "../../domain/failure.ts";
import { parseExactly } from "../../resilience/http/exact-json.ts";
import type { Send } from "../../resilience/sign-in/authorized.ts";
import type { SiteCheck } from "../dialect/descriptor.ts";
import { RESOURCES } from "./crm-rest.ts";

/** Describes the attributes of a contact in this tenant. */
const CONTACTS_DESCRIBE = `${RESOURCES}/contacts/describe`;

/** The part of the answer of `/describe` that says which attributes may be used in a query. */
const describeSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ attributes: z.array(z.object({ name: z.string(), queryable: z.boolean() })) }),
  ),
});

/** The configured telephone attributes that do not work as search criteria in a tenant. */
export interface AttributeComparison {
  readonly missing: readonly string[];
  readonly notQueryable: readonly string[];
}

/**
 * [pure] Compares the configured telephone attributes with the answer of `contacts/describe`.
 * @throws {z.ZodError} if the answer is not a description.
 */
export function comparePhoneAttributes(
  description: unknown,
  attributes: readonly string[],
): AttributeComparison {
  const known = new Map(
    describeSchema
      .parse(description)
      .Resources.contacts?.attributes.map(({ name, queryable }) => [name, queryable]),
  );
  return {
    missing: attributes.filter((name) => !known.has(name)),
    notQueryable: attributes.filter((name) => known.get(name) === false),
  };
}

/** Checks that a tenant has the configured telephone attributes and can be searched by them. */
export async function checkPhoneAttributes(
  attributes: readonly string[],
  send: Send,
  call: Call,
): Promise<SiteCheck> {
  const subject = "ORACLE_PHONE_ATTRIBUTES";
  const skipped = (reason: string): SiteCheck => ({ subject, result: { is: "skipped", reason } });
  try {
    const headers = { accept: "application/json" };
    const { status, text } = await send({ method: "GET", path: CONTACTS_DESCRIBE, headers }, call);
    if (status !== 200) return skipped(`contacts/describe answered ${status}`);
    const { missing, notQueryable } = comparePhoneAttributes(parseExactly(text), attributes);
    const wrong = [...missing, ...notQueryable];
    if (wrong.length === 0) return { subject, result: { is: "ok", detail: attributes.join(", ") } };
    return {
      subject,
      result: {
        is: "broken",
        what: `missing, or not queryable: ${wrong.join(", ")}`,
        why: "Oracle refuses searches by telephone number, or finds nobody.",
        cure: "Set it to queryable attributes of the contact, as contacts/describe lists them.",
      },
    };
  } catch (error) {
    return skipped(`contacts/describe cannot be read: ${asFailure(error).message}`);
  }
}
