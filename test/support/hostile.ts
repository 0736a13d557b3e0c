import fc from "fast-check";

/** Texts of injection attacks mixed with parts of valid identifiers, in any order. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        "''",
        "\\'",
        "\\",
        '"',
        ";",
        "; ",
        "--",
        "#",
        "/*",
        "*/",
        "\0",
        "\n",
        "%",
      ),
      fc.constantFrom(
        "DELETE FROM incidents",
        ";DELETE FROM contacts WHERE ID != 0",
        "';DELETE FROM incidents;SELECT ID FROM Contacts WHERE Name.Last = '",
        " OR '1' = '1",
        " UNION SELECT Password FROM Accounts",
        "' OR C.ID IS NOT NULL LIMIT 9",
        "USE REPORT;",
        ") OR (1=1",
      ),
      fc.constantFrom(
        "%27",
        "%3B",
        "&#39;",
        "\u02bc",
        "\u2019",
        "\uff07",
        "\ud800",
        "\u037e",
        "\u202e",
      ),
      fc.constantFrom(
        "ada",
        "@",
        "example.com",
        "@example.com",
        ".",
        "o'brien",
        "+1555019",
        "9999",
        "0",
      ),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((pieces) => pieces.join(""));

/**
 * Checks a property with 100,000 texts, the same ones each time. It makes as many failures: without
 * their stacks it takes half the time.
 * @throws with the seed and the smallest text that breaks it
 */
export function holdsForMany<T>(property: fc.IProperty<T>): void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    fc.assert(property, { numRuns: 100_000, seed: 6 });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** A pure check that looks once at each text. */
export function once(isGood: (text: string) => boolean): (text: string) => boolean {
  const good = new Set<string>();
  return (text) => {
    if (good.has(text)) return true;
    const result = isGood(text);
    if (result) good.add(text);
    return result;
  };
}
