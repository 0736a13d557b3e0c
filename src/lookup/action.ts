import { z } from "zod";
import { lookupData } from "../domain/summary/lookup-data.ts";

const text = (meaning: string) => z.string().describe(meaning);

/** The input of a data action: one of the first three, the reference, or both. */
const actionInput = z.object({
  phoneNumber: text("The caller's number: E.164, without its +, or punctuated").optional(),
  email: text("The customer's address, instead of a number").optional(),
  conversationId: text("The conversation, instead of number and address").optional(),
  reference: text(
    "An account, customer or case number that a flow collected: finds the customer if the rest does not",
  ).optional(),
});

/** The output of a data action: flat, only text, and every field is always present, so no mapping fails. */
export const actionOutput = z.object({
  result: text("success, not_found, ambiguous, pending or error"),
  error: text("What went wrong, in one sentence; empty otherwise"),
  ...lookupData.shape,
});

/** JSON Schema in the form that the Platform API accepts in a contract. */
export interface ContractSchema {
  readonly $schema: string;
  readonly title: string;
  readonly type: "object";
  readonly properties: Readonly<
    Record<string, { readonly type: "string"; readonly description: string }>
  >;
}

const field = z.object({ type: z.literal("string"), description: z.string() });
const document = z.object({
  $schema: z.string(),
  type: z.literal("object"),
  properties: z.record(z.string(), field),
});

/** It has no `required` and `additionalProperties`, so that a field added later breaks no flow. */
function contractSchema(title: string, schema: z.ZodType): ContractSchema {
  const { $schema, type, properties } = document.parse(
    z.toJSONSchema(schema, { target: "draft-4", io: "input" }),
  );
  return { $schema, title, type, properties };
}

/** [pure] The schemas of both data actions. @param fields further outputs */
export function actionSchemas(fields: readonly string[]): {
  readonly input: ContractSchema;
  readonly output: ContractSchema;
} {
  const more = Object.fromEntries(
    fields.map((name) => [name, text("From ORACLE_CUSTOMER_FIELDS")]),
  );
  return {
    input: contractSchema("Customer", actionInput),
    output: contractSchema("History", actionOutput.extend(more)),
  };
}
