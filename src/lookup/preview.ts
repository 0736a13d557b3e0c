import type { Attributes } from "../domain/summary/attributes.ts";
import { type Language, languages } from "../domain/summary/languages.ts";
import { MAX_HISTORY_LENGTH, MAX_TOTAL_BYTES, MAX_VALUE_LENGTH } from "../domain/summary/limits.ts";
import { type SummaryOptions, summarise } from "../domain/summary/summarise.ts";
import type { EpochMs } from "../domain/time.ts";
import { type LookupAnswer, outcomeOf } from "./lookup.ts";

/** The attributes that the worker would write to a conversation of this customer. */
export interface Preview {
  /** In the configured language. */
  readonly attributes: Attributes;
  /** In every language. */
  readonly languages: Readonly<Record<Language, Attributes>>;
}

/** [pure] The attributes for an answer, in every language. @param now epoch ms */
export function previewOf(
  answer: Exclude<LookupAnswer, { match: "pending" }>,
  options: SummaryOptions,
  now: EpochMs,
): Preview {
  const outcome = outcomeOf(answer);
  const at = answer.match === "anonymous" ? now : answer.asOf;
  const inLanguage = (language: Language) => summarise(outcome, { ...options, language }, at);
  const all = languages.map((language) => [language, inLanguage(language)] as const);
  return {
    attributes: inLanguage(options.language),
    // The list has every language.
    languages: Object.fromEntries(all) as Record<Language, Attributes>,
  };
}

/** [pure] A preview as text: every value with its length, but for empty ones, then the values that differ in other languages. */
export function previewText(preview: Preview, options: SummaryOptions): string {
  const { attributes } = preview;
  const width = Math.max(...Object.keys(attributes).map((name) => name.length));
  const line = (name: string, value: string) =>
    `  ${name.padEnd(width)}  ${lengthOf(name, value, options).padStart(11)}  ${value}`;
  const bytes = Buffer.byteLength(JSON.stringify(attributes));
  const own = Object.entries(attributes)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => line(name, value));
  const others = languages
    .filter((language) => language !== options.language)
    .flatMap((language) => {
      const differing = Object.entries(preview.languages[language]).filter(
        ([name, value]) => attributes[name] !== value,
      );
      return [`${language}:`, ...differing.map(([name, value]) => line(name, value))];
    });
  return [
    `${options.language}: (${bytes} of ${MAX_TOTAL_BYTES} bytes)`,
    ...own,
    "",
    "Differences in the other languages:",
    ...others,
  ].join("\n");
}

/** In UTF-16 units, which the limits count. */
function lengthOf(name: string, value: string, { prefix }: SummaryOptions): string {
  const most = name === `${prefix}history` ? MAX_HISTORY_LENGTH : MAX_VALUE_LENGTH;
  return `${value.length} of ${most}`;
}
