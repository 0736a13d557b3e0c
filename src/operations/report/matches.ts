import type { LogLine } from "../../observability/facts/line.ts";

/** Lookups by one kind of identifier. */
export interface MatchRow {
  /** Such as `phone, national` or `email`, or why no lookup was possible. */
  readonly identifier: string;
  readonly found: number;
  readonly notFound: number;
  readonly ambiguous: number;
  /** No lookup was possible. */
  readonly unusable: number;
}

/** Advice is given if national numbers are found this much less often than E.164 numbers. */
const NOTABLE_DIFFERENCE = 0.2;
/** A share of fewer lookups is not significant. */
const MIN_LOOKUPS = 20;

/** Counts lookups by kind of identifier and form of number. */
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
    /** Most frequent first. */
    rows: (): readonly MatchRow[] => [...rows.values()].toSorted((a, b) => sizeOf(b) - sizeOf(a)),
  };
}

/** [pure] The share of lookups that found one customer; undefined if there was no lookup. */
function foundShare({ found, notFound, ambiguous }: MatchRow): number | undefined {
  const asked = found + notFound + ambiguous;
  return asked === 0 ? undefined : found / asked;
}

/** [pure] What the forms in which numbers arrive say about the configuration, as sentences. */
export function matchAdvice(rows: readonly MatchRow[]): readonly string[] {
  const share = (identifier: string) => {
    const row = rows.find((one) => one.identifier === identifier);
    return row === undefined || sizeOf(row) < MIN_LOOKUPS ? undefined : foundShare(row);
  };
  const best = share("phone, e164");
  const national = share("phone, national");
  if (best === undefined || national === undefined) return [];
  if (best - national <= NOTABLE_DIFFERENCE) return [];
  return [
    "Numbers that arrive in national form are found much less often than those with a country code: " +
      "check DEFAULT_PHONE_REGION, and the form in which Oracle stores such numbers.",
  ];
}

function sizeOf({ found, notFound, ambiguous, unusable }: MatchRow): number {
  return found + notFound + ambiguous + unusable;
}
