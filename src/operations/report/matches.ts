import type { LogLine } from "../../observability/facts/line.ts";

/** How well one kind of identifier finds customers. */
export interface MatchRow {
  /** `phone, national`, `email`, or why there was nothing to look up by. */
  readonly identifier: string;
  readonly found: number;
  readonly notFound: number;
  readonly ambiguous: number;
  /** Not looked up. */
  readonly unusable: number;
}

/** A share that is this much lower than that of numbers with a country code is worth a word. */
const MARKED_DIFFERENCE = 0.2;
/** Below that, a share says nothing. */
const ENOUGH = 20;

/** Counts found, none and ambiguous, by kind of identifier and form of number. */
export function countMatches() {
  const rows = new Map<string, { -readonly [K in keyof MatchRow]: MatchRow[K] }>();

  function row(identifier: string) {
    const known = rows.get(identifier);
    if (known !== undefined) return known;
    const created = { identifier, found: 0, notFound: 0, ambiguous: 0, unusable: 0 };
    rows.set(identifier, created);
    return created;
  }

  return {
    take(line: LogLine): void {
      if (line.fact === "identity.tried" && line.masked === undefined) {
        row(line.identifiedBy).unusable += 1;
      }
      if (line.fact !== "customer.looked_up") return;
      const { identifiedBy, form, match } = line;
      const one = row(form === undefined ? identifiedBy : `${identifiedBy}, ${form}`);
      if (match === "found") one.found += 1;
      if (match === "not_found") one.notFound += 1;
      if (match === "ambiguous") one.ambiguous += 1;
    },
    /** The most frequent first. */
    rows: (): readonly MatchRow[] => [...rows.values()].toSorted((a, b) => sizeOf(b) - sizeOf(a)),
  };
}

/** [pure] The share of lookups that found one customer; undefined where there were none. */
export function foundShare({ found, notFound, ambiguous }: MatchRow): number | undefined {
  const asked = found + notFound + ambiguous;
  return asked === 0 ? undefined : found / asked;
}

/** [pure] What the table says to somebody who wants it better. */
export function matchAdvice(rows: readonly MatchRow[]): readonly string[] {
  const share = (identifier: string) => {
    const row = rows.find((one) => one.identifier === identifier);
    return row === undefined || sizeOf(row) < ENOUGH ? undefined : foundShare(row);
  };
  const best = share("phone, e164");
  const national = share("phone, national");
  const advice: string[] = [];
  if (best !== undefined && national !== undefined && best - national > MARKED_DIFFERENCE) {
    advice.push(
      "Numbers in national form are found much less often than those with a country code: " +
        "is DEFAULT_PHONE_REGION right, and how does Oracle store such numbers?",
    );
  }
  const ambiguous = rows.reduce((sum, row) => sum + row.ambiguous, 0);
  const all = rows.reduce((sum, row) => sum + sizeOf(row) - row.unusable, 0);
  if (all >= ENOUGH && ambiguous / all > 0.05) {
    advice.push(
      "More than one lookup in twenty finds several customers: nothing of them is shown. " +
        "Oracle's duplicates are worth a clean-up.",
    );
  }
  return advice;
}

function sizeOf({ found, notFound, ambiguous, unusable }: MatchRow): number {
  return found + notFound + ambiguous + unusable;
}
