import * as z from "zod/mini";

/** The part of a conversation that the page shows. */
export interface PanelConversation {
  readonly ended: boolean;
  /** The attributes of the customer. */
  readonly attributes: Readonly<Record<string, string>>;
}

const participant = z.object({
  purpose: z.nullish(z.string()),
  endTime: z.nullish(z.string()),
  attributes: z.nullish(z.record(z.string(), z.string())),
});
const conversation = z.object({
  endTime: z.nullish(z.string()),
  participants: z.nullish(z.array(participant)),
});

/**
 * [pure] Reads the answer of `GET /api/v2/conversations/{id}`. Of several customers, the first one with our
 * attributes counts.
 * @returns undefined if the body is not a conversation
 */
export function readConversation(body: unknown, prefix: string): PanelConversation | undefined {
  const read = z.safeParse(conversation, body);
  if (!read.success) return undefined;
  const customers = (read.data.participants ?? []).filter(
    ({ purpose }) => purpose === "customer" || purpose === "external",
  );
  const ours = customers.find(({ attributes }) => attributes?.[`${prefix}status`] !== undefined);
  const attributes = (ours ?? customers[0])?.attributes ?? {};
  return { ended: typeof read.data.endTime === "string", attributes };
}
