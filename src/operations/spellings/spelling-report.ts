import { callingCodeOf, isPhoneRegion } from "../../domain/identity/phone.ts";
import type { HomeCountries } from "../../domain/identity/rank.ts";
import { tableLines } from "../report/table.ts";
import type { SpellingRow } from "./tally.ts";

/** What further forms would find. It holds no number and no name. */
export interface SpellingReport {
  /** The same seed and file give the same numbers. */
  readonly seed: number;
  /** Lines with a number in the file. */
  readonly lines: number;
  /** Lines without a telephone number. */
  readonly wrongLines: number;
  /** Numbers that were chosen. */
  readonly numbers: number;
  readonly end: "done" | "interrupted" | "failed";
  /** Requests to Oracle, retries included. */
  readonly requests: number;
  readonly rows: readonly SpellingRow[];
  readonly advice: readonly string[];
}

const FORMS: Readonly<Record<SpellingRow["forms"], string>> = {
  live: "as a live lookup",
  beyond: "further spellings",
  national: "without country code",
};
const HEADING = ["country", "forms", "asked", "found", "ambiguous", "failed", "left out"];

/** [pure] */
export function spellingReportText(report: SpellingReport): string {
  const { seed, lines, wrongLines, numbers, requests, end, rows, advice } = report;
  const wrong = wrongLines === 0 ? "" : `, ${wrongLines} lines without a number skipped`;
  const ending = end === "done" ? "" : `; ${end}: not all numbers were asked`;
  return [
    `${numbers} numbers chosen from ${lines} lines (seed ${seed})${wrong}`,
    `${requests} requests to Oracle${ending}`,
    "",
    ...tableLines(HEADING, rows.map(cellsOf), 2),
    "",
    ...advice,
  ].join("\n");
}

function cellsOf(row: SpellingRow): readonly string[] {
  const { country, forms, asked, found, ambiguous, failed, reserved } = row;
  return [country, FORMS[forms], ...[asked, found, ambiguous, failed, reserved].map(String)];
}

/** [pure] What the rows mean, and what to configure, as sentences. */
export function spellingAdvice(
  rows: readonly SpellingRow[],
  home: HomeCountries,
): readonly string[] {
  if (rows.length === 0) return [];
  const further = rows.filter(({ forms }) => forms !== "live");
  const leftOut = further
    .filter(({ found, reserved }) => found === 0 && reserved > 0)
    .map(leftOutText);
  if (!further.some(({ found, ambiguous }) => found + ambiguous > 0)) {
    return [nothingFoundText(rows, further), ...leftOut];
  }
  const national = further.filter(({ forms, found }) => forms === "national" && found > 0);
  const codes = new Set(
    national.flatMap(({ country }) => (isPhoneRegion(country) ? [callingCodeOf(country)] : [])),
  );
  return [
    ...national.map(nationalText),
    ...(codes.size === 0
      ? []
      : [
          `To find them: ORACLE_HOME_COUNTRIES=${[...home, ...codes].join(",")}. Safer is to store these numbers in Oracle with their country code: national digits may belong to somebody else in another home country.`,
        ]),
    ...leftOut,
    ...further.filter(({ forms, found }) => forms === "beyond" && found > 0).map(beyondText),
    ...further.filter(({ ambiguous }) => ambiguous > 0).map(ambiguousText),
  ];
}

function nothingFoundText(all: readonly SpellingRow[], further: readonly SpellingRow[]): string {
  if (all.some(({ failed }) => failed > 0)) {
    return "No further form found anybody, but some lookups failed: measure again.";
  }
  if (further.every(({ asked }) => asked === 0)) {
    return "No further form was tried: a live lookup found these numbers, or asks for every form of them that is safe.";
  }
  return "No further form found anybody: the forms of a live lookup are enough for this sample. Who is not found is not in Oracle, or in a form that no setting reaches.";
}

function leftOutText({ country, forms, reserved }: SpellingRow): string {
  return `${country}, ${FORMS[forms]}: ${reserved} left out, because their digits are a valid number of a home country and a match could be somebody else. Store these numbers in Oracle with their country code.`;
}

function nationalText({ country, found, asked, reserved }: SpellingRow): string {
  const left =
    reserved === 0
      ? ""
      : ` ${reserved} more were left out: their digits are a valid number of a home country, so a match could be somebody else.`;
  return `${country}: ${found} of ${asked} are stored without country code, and ${country} is not a home country.${left}`;
}

function beyondText({ country, found, asked }: SpellingRow): string {
  return `${country}: ${found} of ${asked} are stored in a spelling that does not fit into the request of a live lookup. Store them in international form, as in +49 30 1234567.`;
}

function ambiguousText({ country, forms, ambiguous }: SpellingRow): string {
  return `${country}, ${FORMS[forms]}: ${ambiguous} would be ambiguous. Merge duplicate customers in Oracle first.`;
}
