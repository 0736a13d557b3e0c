import type { Call } from "../../domain/call.ts";
import { asFailure, type Failure } from "../../domain/failure.ts";
import type { History } from "../../domain/history/history.ts";
import type { E164 } from "../../domain/identity/identity.ts";
import { numberGroup } from "../../domain/identity/number-kind.ts";
import { rankOfStored } from "../../domain/identity/stored-number.ts";
import { type CustomerQuery, queryOf } from "../../oracle/dialect/customer-query.ts";
import { type FormsOptions, type FurtherForms, furtherForms } from "./further-forms.ts";
import type { SpellingRow, Tally } from "./tally.ts";

export interface TrialDeps extends FormsOptions {
  /** Asks Oracle. @throws {Failure} */
  readonly find: (query: CustomerQuery, call: Call) => Promise<History>;
  readonly call: Call;
  readonly tally: Tally;
  /** Called after each number, with how many are done. */
  readonly progress: (done: number) => void;
}

/** How a trial ended. A failure of Oracle ended it if it would meet every further number too. */
export type TrialEnd =
  | { readonly end: "done" | "interrupted" }
  | { readonly end: "failed"; readonly failure: Failure };

/** So many failed lookups in sequence mean that Oracle is not available. */
const MOST_FAILURES = 5;

/**
 * Asks Oracle for each number: first with the forms of a live lookup; if these find nobody, with each
 * group of further forms. One lookup at a time. Never rejects: results and failures are in the tally.
 */
export async function trySpellings(
  numbers: readonly E164[],
  { tally, progress, ...deps }: TrialDeps,
): Promise<TrialEnd> {
  const { signal } = deps.call;
  let failures = 0;
  let ended: TrialEnd | undefined;

  /** The first result that is not `not_found`. Undefined if a lookup failed, or the trial has ended. */
  async function ask(
    country: string,
    forms: SpellingRow["forms"],
    queries: readonly CustomerQuery[],
  ): Promise<History["match"] | undefined> {
    if (signal.aborted) ended ??= { end: "interrupted" };
    if (ended !== undefined) return undefined;
    try {
      const match = await firstMatch(queries, deps);
      failures = 0;
      tally.add(country, forms, match);
      return match;
    } catch (error) {
      if (signal.aborted) return undefined;
      const failure = asFailure(error);
      failures += 1;
      tally.add(country, forms, "failed");
      if (failure.kind === "misconfigured" || failures >= MOST_FAILURES) {
        ended = { end: "failed", failure };
      }
      return undefined;
    }
  }

  for (const [index, number] of numbers.entries()) {
    const { country } = numberGroup(number);
    const live = await ask(country, "live", [queryOf({ kind: "phone", number }, deps.home)]);
    for (const further of live === "not_found" ? furtherForms(number, deps) : []) {
      if (further.reserved) tally.add(country, further.group, "reserved");
      else await ask(country, further.group, queriesOf(number, further));
    }
    if (signal.aborted) ended ??= { end: "interrupted" };
    if (ended !== undefined) return ended;
    progress(index + 1);
  }
  return { end: "done" };
}

async function firstMatch(
  queries: readonly CustomerQuery[],
  { find, call }: Pick<TrialDeps, "find" | "call">,
): Promise<History["match"]> {
  for (const query of queries) {
    const { match } = await find(query, call);
    if (match !== "not_found") return match;
  }
  return "not_found";
}

/** The lookups of one group. A dialect also asks for the E.164 form in each, which found nobody. */
function queriesOf(number: E164, { lookups, home }: FurtherForms): readonly CustomerQuery[] {
  return lookups.map((spellings) => ({
    kind: "phone",
    number,
    spellings,
    rankOf: (stored) => rankOfStored(stored, number, home),
  }));
}
