import { callingCodeOf, isPhoneRegion } from "../../domain/identity/phone.ts";
import { type CustomerCounts, type Customers, foundOf, sumOf } from "./customers.ts";
import { shareText } from "./table.ts";

/** A share of fewer conversations is not significant. */
const MIN_CONVERSATIONS = 20;
/** A country is named if its callers are found this much less often than all. */
const NOTABLE_DIFFERENCE = 0.2;
const MANY_NATIONAL = 0.2;
const MANY_NOT_FOUND = 0.2;
const MANY_AMBIGUOUS = 0.05;
const MOST_COUNTRIES = 5;

/** [pure] How to find more customers, and to be surer of them, as sentences. */
export function customerAdvice(customers: Customers): readonly string[] {
  if (customers.conversations < MIN_CONVERSATIONS) return [];
  return [
    ...nationalAdvice(customers),
    ...countryAdvice(customers),
    ...notFoundAdvice(customers),
    ...ambiguousAdvice(customers),
  ];
}

function nationalAdvice({ foundBy }: Customers): readonly string[] {
  const national = foundBy["phone:national"] ?? 0;
  const byNumber = national + (foundBy["phone:exact"] ?? 0);
  if (byNumber < MIN_CONVERSATIONS || national / byNumber < MANY_NATIONAL) return [];
  return [
    `${shareText(national, byNumber)} of the numbers that were found are stored without their country code: ` +
      "store numbers in Oracle with it, as in +49 30 1234567, so that such a match is exact.",
  ];
}

/** Countries that seem not to be home countries: nobody was found by a number without the code. */
function countryAdvice(customers: Customers): readonly string[] {
  const all = shareFound(customers);
  const countries = new Map<string, CustomerCounts[]>();
  for (const group of customers.groups) {
    countries.set(group.country, [...(countries.get(group.country) ?? []), group]);
  }
  return [...countries]
    .map(([country, groups]) => ({ country, counts: sumOf(groups) }))
    .filter(
      ({ counts }) =>
        counts.conversations >= MIN_CONVERSATIONS &&
        counts.national === 0 &&
        all - shareFound(counts) > NOTABLE_DIFFERENCE,
    )
    .slice(0, MOST_COUNTRIES)
    .flatMap(({ country, counts }) => {
      if (!isPhoneRegion(country)) return [];
      const code = callingCodeOf(country);
      return [
        `Callers from ${country} are found much less often (${shareText(foundOf(counts), counts.conversations)}) than all (${shareText(foundOf(customers), customers.conversations)}), ` +
          "and none by a number without country code. If Oracle holds such numbers without it: " +
          `measure that with \`report --try-spellings\`, then add ${code} to ORACLE_HOME_COUNTRIES, unless it is there.`,
      ];
    });
}

function notFoundAdvice({ notFound, conversations }: Customers): readonly string[] {
  if (notFound / conversations < MANY_NOT_FOUND) return [];
  return [
    `${shareText(notFound, conversations)} of the conversations found nobody. Whether Oracle holds these numbers in other forms: ` +
      "set SHADOW_SAMPLE_FILE in shadow mode, then run `report --try-spellings` with that file.",
  ];
}

function ambiguousAdvice({ ambiguous, conversations }: Customers): readonly string[] {
  if (ambiguous / conversations <= MANY_AMBIGUOUS) return [];
  return [
    `${shareText(ambiguous, conversations)} of the conversations found several customers, and show none of them: ` +
      "merge duplicate customers in Oracle, and list placeholders in ORACLE_PLACEHOLDERS. " +
      "A flow can also ask for a customer or case number (REFERENCE_ATTRIBUTE).",
  ];
}

function shareFound(counts: CustomerCounts): number {
  return foundOf(counts) / counts.conversations;
}
