import type { Case, Count, History, Organisation } from "../history/history.ts";
import { shorten } from "../history/safe-text.ts";
import type { EpochMs } from "../time.ts";
import { type Language, type Phrases, phrases } from "./languages.ts";
import { MAX_PART_LENGTH } from "./limits.ts";

export type FoundHistory = Extract<History, { match: "found" }>;

/** [pure] The number of open cases: `2`, or `20+` if there may be more. */
export function openCount({ count, exact }: Count): string {
  return exact ? `${count}` : `${count}+`;
}

/** [pure] A case on one line: `00042 "Printer on fire", Waiting, updated 2 Jan`. `at`: the current time. */
export function caseLine(one: Case, language: Language, at: EpochMs): string {
  const words = phrases(language);
  const reference = shorten(one.reference, MAX_PART_LENGTH.reference);
  const subject = shorten(one.subject, MAX_PART_LENGTH.subject);
  const [open, close] = words.quotes;
  const parts = [
    subject === "" ? reference : `${reference} ${open}${subject}${close}`,
    shorten(one.status, MAX_PART_LENGTH.status),
    one.updatedAt === undefined
      ? ""
      : words.updated.replace("{date}", date(one.updatedAt, words, at)),
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/**
 * [pure] The summary line of a found customer: name, number of open cases, latest case, and the time of
 * the data. The time has the day, because an email may be answered days later.
 */
export function foundLine(
  history: FoundHistory,
  name: string | undefined,
  language: Language,
  at: EpochMs,
): string {
  const words = phrases(language);
  const { count, exact } = history.openCases;
  const none = count === 0 && exact;
  const who = name ? shorten(name, MAX_PART_LENGTH.name) : none ? words.knownCustomer : undefined;
  const cases = none ? words.noOpenCases : openCases(history.openCases, words);
  const head = who === undefined ? cases : `${who} - ${cases}`;
  const last = history.cases[0];
  const tail = last && words.lastCase.replace("{case}", () => caseLine(last, language, at));
  return `${tail === undefined ? head : `${head}. ${tail}`} (${asOf(words, at)})`;
}

/**
 * [pure] The summary line of several customers of one organisation: `3 contacts at Acme, 4 open cases`,
 * what to do, and the time of the data.
 */
export function organisationLine(
  { name, contacts, openCases: open }: Organisation,
  language: Language,
  at: EpochMs,
): string {
  const words = phrases(language);
  const organisation = shorten(name, MAX_PART_LENGTH.account);
  const who =
    contacts === undefined
      ? organisation
      : words.contactsAt
          .replace("{count}", openCount(contacts))
          .replace("{organisation}", () => organisation);
  const none = open?.count === 0 && open.exact;
  const cases = open && (none ? words.noOpenCases : openCases(open, words));
  const head = cases === undefined ? who : `${who}, ${cases}`;
  return `${head} - ${words.askWho} (${asOf(words, at)})`;
}

function openCases(open: Count, words: Phrases): string {
  const one = open.exact && new Intl.PluralRules(words.locale).select(open.count) === "one";
  const phrase = (one ? words.openCases.one : undefined) ?? words.openCases.other;
  return phrase.replace("{count}", openCount(open));
}

function asOf(words: Phrases, at: EpochMs): string {
  const time = dateFormat(words.locale, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: "UTC",
  }).format(at);
  return words.asOf.replace("{time}", time);
}

/** The day, with the year if it is not the current year. */
function date(time: EpochMs, words: Phrases, at: EpochMs): string {
  const thisYear = new Date(time).getUTCFullYear() === new Date(at).getUTCFullYear();
  return dateFormat(words.locale, {
    day: "numeric",
    month: "short",
    ...(!thisYear && { year: "numeric" }),
    timeZone: "UTC",
  }).format(time);
}

/** Creating a format takes longer than the rest of a summary, so formats are cached. */
const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format;
}
