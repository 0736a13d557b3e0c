import { createHmac } from "node:crypto";
import { z } from "zod";
import type { HistoryStore, StoredHistory } from "../domain/history/history-store.ts";
import { safeReference, safeText } from "../domain/history/safe-text.ts";
import { ranks } from "../domain/identity/rank.ts";
import { epochMs } from "../domain/time.ts";
import type { SharedState } from "./redis.ts";

export interface SharedHistoriesOptions {
  readonly shared: SharedState;
  /** The source of the histories. Histories of another source are not read. */
  readonly scope: string;
  /** The same for all workers. Keys are HMACs with it, so they do not reveal a customer's number. */
  readonly secret: string;
  readonly keepNames: boolean;
  readonly freshForMs: number;
}

const LONGEST_TEXT = 200;
const reference = z.string().transform(safeReference);
const text = z.string().transform((value) => safeText(value, LONGEST_TEXT));
const count = z.object({ count: z.number(), exact: z.boolean() });
const storedSchema = z.object({
  asOf: z.number().transform(epochMs),
  history: z.discriminatedUnion("match", [
    z.object({
      match: z.literal("found"),
      rank: z.enum(ranks),
      customer: z.object({
        id: reference,
        name: text.optional(),
        account: text.optional(),
        firstName: text.optional(),
        lastName: text.optional(),
        fields: z.record(z.string(), text).optional(),
      }),
      cases: z.array(
        z.object({
          ...{ reference, subject: text, status: text },
          updatedAt: z.number().transform(epochMs).optional(),
        }),
      ),
      openCases: count,
    }),
    z.object({ match: z.literal("not_found") }),
    z.object({
      match: z.literal("ambiguous"),
      organisation: z
        .object({ name: text, contacts: count.optional(), openCases: count.optional() })
        .transform(({ name, contacts, openCases }) => ({ name, contacts, openCases }))
        .optional(),
    }),
  ]),
});

/**
 * Histories that all workers share in Redis. They expire after `freshForMs`. Free text is masked
 * before it is written, and again when it is read. If Redis fails, `get` finds nothing.
 */
export function sharedHistories(options: SharedHistoriesOptions): HistoryStore {
  const { shared, scope, secret, keepNames, freshForMs } = options;

  function keyOf(identityKey: string): string {
    const digest = createHmac("sha256", secret).update(`${scope}\n${identityKey}`);
    return `ringahead:history:${digest.digest("base64url")}`;
  }

  return {
    async get(identityKey) {
      const value = await shared.get(keyOf(identityKey)).catch(() => null);
      return value === null ? undefined : readStored(value);
    },
    async set(identityKey, stored) {
      const value = JSON.stringify(keepNames ? stored : withoutName(stored));
      await shared.set(keyOf(identityKey), value, freshForMs).catch(() => undefined);
    },
  };
}

/** Undefined if another version of Ringahead has written another format. */
function readStored(value: string): StoredHistory | undefined {
  try {
    const { asOf, history } = storedSchema.parse(JSON.parse(value));
    if (history.match !== "found") return { asOf, history };
    const { name, account, id, ...rest } = history.customer;
    const cases = history.cases.map((each) => ({ ...each, updatedAt: each.updatedAt }));
    return { asOf, history: { ...history, customer: { id, name, account, ...rest }, cases } };
  } catch {
    return undefined;
  }
}

function withoutName({ asOf, history }: StoredHistory): StoredHistory {
  if (history.match !== "found") return { asOf, history };
  const nameless = { name: undefined, firstName: undefined, lastName: undefined };
  return { asOf, history: { ...history, customer: { ...history.customer, ...nameless } } };
}
