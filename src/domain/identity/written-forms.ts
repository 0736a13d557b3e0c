/** A number in the groups of digits in which people write it. */
export interface WrittenNumber {
  readonly code: string;
  /** The trunk prefix of its country; empty if there is none. */
  readonly trunk: string;
  /** As after the country code: `20`, `7183`, `8750`. */
  readonly international: readonly string[];
  /** As in its country, usually with the trunk prefix: `020`, `7183`, `8750`. */
  readonly national: readonly string[];
  /** In the format of its country, if that is known: `020 7183 8750`. */
  readonly formatted: string | undefined;
}

/**
 * [pure] The ways to write a number without its country code, likeliest first.
 * @param prefixes what people write before the national digits beside the trunk prefix
 */
export function nationalForms(number: WrittenNumber, prefixes: readonly string[]): string[] {
  const { trunk, international, national, formatted } = number;
  const digits = international.join("");
  // Where the trunk prefix is a group of its own, the area code is the group after it.
  const [area = "", ...rest] = national[0] === trunk ? national.slice(1) : national;
  const byArea =
    rest.length === 0
      ? []
      : [
          `(${area}) ${rest.join("-")}`,
          `${area} ${rest.join("")}`,
          `(${area}) ${rest.join(" ")}`,
          `${area}/${rest.join("")}`,
          `${area}-${rest.join("")}`,
        ];
  return [
    digits,
    national.join(""),
    ...(formatted === undefined ? [] : [formatted]),
    ...byArea.slice(0, 1),
    national.join("-"),
    national.join(" "),
    `${trunk}${digits}`,
    ...byArea.slice(1),
    national.join("."),
    international.join(" "),
    international.join("-"),
    ...prefixes.flatMap((prefix) => [`${prefix}${digits}`, `${prefix} ${international.join(" ")}`]),
  ];
}

/**
 * [pure] The ways to write a number with its country code, likeliest first, without its E.164 form.
 * @param prefixes international prefixes such as 011, beside 00
 */
export function internationalForms(number: WrittenNumber, prefixes: readonly string[]): string[] {
  const { code, trunk, international, formatted = "" } = number;
  const digits = international.join("");
  const spaced = international.join(" ");
  const hyphenated = international.join("-");
  const [area = "", ...rest] = international;
  const hasTrunk = trunk !== "" && trunk !== code;
  const mixed = [`+${code} ${[area, rest.join("-")].join(" ")}`, `+${code} ${hyphenated}`];
  const isHyphenated = formatted.includes("-");
  return [
    `${code}${digits}`,
    `+${code} ${spaced}`,
    ...(isHyphenated ? mixed : []),
    `00${code}${digits}`,
    ...(hasTrunk ? [`+${code} (${trunk})${spaced}`, `${code}${trunk}${digits}`] : []),
    `+${code}-${hyphenated}`,
    ...prefixes.map((prefix) => `${prefix}${code}${digits}`),
    `+${code} ${digits}`,
    ...(rest.length > 0 ? [`+${code} (${area}) ${rest.join("-")}`] : []),
    `00${code} ${spaced}`,
    `${code} ${spaced}`,
    `${code}-${hyphenated}`,
    ...(hasTrunk
      ? [
          `00${code} (${trunk})${spaced}`,
          `+${code}(${trunk})${digits}`,
          `+${code} (${trunk}) ${spaced}`,
        ]
      : []),
    ...(rest.length > 0
      ? [`+${code} ${area} ${rest.join("")}`, `${code} (${area}) ${rest.join("-")}`]
      : []),
    ...(isHyphenated ? [] : mixed),
    `+${code}.${international.join(".")}`,
    ...prefixes.map((prefix) => `${prefix} ${code} ${spaced}`),
    ...(rest.length > 0 ? [`+${code} (${area}) ${rest.join(" ")}`] : []),
  ];
}

/** A change of the digits of a number: some are replaced by others. */
export interface DigitChange {
  /** How many digits stand before the change. */
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

/** [pure] Groups after a change of their digits. Digits before all others become a group of their own. */
export function changedGroups(groups: readonly string[], change: DigitChange): readonly string[] {
  const { at, removed, inserted } = change;
  if (at === 0 && removed === 0) return [inserted, ...groups];
  let before = 0;
  const changed = groups.map((group) => {
    const from = Math.min(Math.max(at - before, 0), group.length);
    const to = Math.min(Math.max(at + removed - before, 0), group.length);
    const begins = at >= before && at < before + group.length;
    before += group.length;
    return group.slice(0, from) + (begins ? inserted : "") + group.slice(to);
  });
  return changed.filter((group) => group !== "");
}
