import * as z from "zod/mini";

/** One case in the panel's list. */
export interface PanelCase {
  readonly reference: string;
  readonly subject: string;
  readonly status: string;
  /** Epoch ms. */
  readonly updatedAt: number | undefined;
}

/** The content of the panel. */
export type PanelView =
  /** The worker has written nothing yet. */
  | { readonly state: "waiting" }
  | {
      readonly state: "found";
      readonly summary: string;
      readonly name: string | undefined;
      readonly account: string | undefined;
      readonly customerId: string | undefined;
      readonly openCases: string | undefined;
      /** The latest first. */
      readonly cases: readonly PanelCase[];
      readonly url: string | undefined;
      readonly asOf: number | undefined;
    }
  | {
      readonly state: "not_found" | "ambiguous" | "anonymous" | "unavailable";
      readonly summary: string;
      readonly asOf: number | undefined;
    }
  /** The worker has erased the history: SCRUB_AFTER_MINUTES. */
  | { readonly state: "emptied" };

const states = z.enum(["found", "not_found", "ambiguous", "anonymous", "unavailable"]);
const history = z.array(
  z.object({
    ref: z.string(),
    subject: z.string(),
    status: z.string(),
    updated: z.optional(z.string()),
  }),
);

/** [pure] The participant's attributes as a view. It omits values that the worker did not write. */
export function viewOf(attributes: Readonly<Record<string, string>>, prefix: string): PanelView {
  const value = (name: string) => attributes[prefix + name] || undefined;
  const status = z.safeParse(states, value("status"));
  if (!status.success) return { state: "waiting" };
  const state = status.data;
  const summary = value("summary") ?? "";
  const asOf = timeOf(value("as_of"));
  if (state !== "found") return { state, summary, asOf };
  if (summary === "") return { state: "emptied" };
  return {
    ...{ state, summary, asOf },
    name: value("customer_name"),
    account: value("account"),
    customerId: value("customer_id"),
    openCases: value("open_cases"),
    cases: casesOf(value("history")),
    url: linkOf(value("case_url")),
  };
}

function casesOf(text: string | undefined): readonly PanelCase[] {
  try {
    return z.parse(history, JSON.parse(text ?? "[]")).map(({ ref, subject, status, updated }) => ({
      reference: ref,
      subject,
      status,
      updatedAt: timeOf(updated),
    }));
  } catch {
    // Other software may have truncated the value. The summary is still readable.
    return [];
  }
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/** Only HTTPS links are shown. */
function linkOf(text: string | undefined): string | undefined {
  return text !== undefined && /^https:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}
