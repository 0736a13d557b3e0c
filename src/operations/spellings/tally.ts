import type { FormGroup } from "./further-forms.ts";

/** What one group of forms has found, for the numbers of one country. Numbers, not requests. */
export interface SpellingRow {
  /** ISO 3166-1, or `001` for numbers of no country. */
  readonly country: string;
  /** `live`: the forms of a live lookup. The others were asked only if these found nobody. */
  readonly forms: "live" | FormGroup;
  readonly asked: number;
  readonly found: number;
  readonly ambiguous: number;
  readonly failed: number;
  /** Not asked: the digits without country code are a valid number of a home country. */
  readonly reserved: number;
}

export type SpellingResult = "found" | "ambiguous" | "not_found" | "failed" | "reserved";

/** Counts the results by country and group of forms. */
export function createTally() {
  const rows = new Map<string, { -readonly [Name in keyof SpellingRow]: SpellingRow[Name] }>();

  return {
    add(country: string, forms: SpellingRow["forms"], result: SpellingResult): void {
      const key = `${country} ${forms}`;
      const counts = { asked: 0, found: 0, ambiguous: 0, failed: 0, reserved: 0 };
      const row = rows.get(key) ?? { country, forms, ...counts };
      rows.set(key, row);
      if (result !== "reserved") row.asked += 1;
      if (result !== "not_found") row[result] += 1;
    },
    /** The countries with most numbers first; of one country the live forms first. */
    rows(): readonly SpellingRow[] {
      const numbers = (country: string) => rows.get(`${country} live`)?.asked ?? 0;
      return [...rows.values()].toSorted(
        (a, b) =>
          numbers(b.country) - numbers(a.country) ||
          (a.country < b.country ? -1 : a.country > b.country ? 1 : 0) ||
          ORDER.indexOf(a.forms) - ORDER.indexOf(b.forms),
      );
    },
  };
}

export type Tally = ReturnType<typeof createTally>;

const ORDER: readonly SpellingRow["forms"][] = ["live", "beyond", "national"];
