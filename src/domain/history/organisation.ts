import type { Count, History, Organisation } from "./history.ts";
import { shown, type Together } from "./match.ts";

/**
 * [pure] Whether the name of an organisation may be shown beside a count: it holds no name of one of the
 * persons. A household or a business may be called after a person (`Ada Example`, `Example, Ada (private)`).
 * @param names full names, as far as they are known
 */
export function isOnlyOrganisation(organisation: string, names: readonly string[]): boolean {
  const words = new Set(wordsOf(organisation));
  return names.map(wordsOf).every((name) => {
    // One word alone is often a family name: `Sample` may work at `Sample & Sons`.
    if (name.length < 2) return name.length === 0 || name.join() !== [...words].join();
    return !name.every((word) => words.has(word));
  });
}

function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

/**
 * [pure] An ambiguous history. It names the organisation of all matching customers, if they have one, and
 * nothing of a person.
 * @param openCases undefined if counting them would cost a further request
 */
export function ambiguousHistory<Found>(
  together: Together<Found> | undefined,
  nameOf: (customer: Found) => string,
  openCases?: Count | undefined,
): History {
  if (together === undefined) return { match: "ambiguous" };
  const { organisation, customers, exact } = together;
  if (!isOnlyOrganisation(organisation, customers.map(nameOf))) return { match: "ambiguous" };
  const contacts: Count = { count: customers.length, exact };
  // Contacts that are missing from the count may have cases, too.
  const cases = openCases && { ...openCases, exact: openCases.exact && exact };
  const known: Organisation = { name: shown(organisation), contacts, openCases: cases };
  return { match: "ambiguous", organisation: known };
}
